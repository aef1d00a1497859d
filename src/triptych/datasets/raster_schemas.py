"""Documents of rasters, their places and footprints. Pydantic reads these annotations at run time."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from triptych.datasets.pixel_schemas import BandStatistics


class RasterBand(BaseModel):
    """A band of a file. `index` is its place in the file, from 0; value = scale × sample + offset.

    `name` is unique in the file. Of a stack of dates `date` is the place of the band's date among the layer's
    `dates`, and `band` what the recipe calls the band on every date. `color` is its role R, G or B in the picture,
    `wavelength` its centre in nanometres. `used`: the recipe uses it.
    """

    index: int
    name: str
    band: str
    description: str
    wavelength: float | None
    color: Literal["R", "G", "B"] | None
    scale: float
    offset: float
    date: int | None
    used: bool


class ValueCount(BaseModel):
    """How many pixels have a value."""

    value: int
    count: int


class Ranges(BaseModel):
    """Values between the 2nd and the 98th percentile of each band, [low, high]; null for a band without values.

    `item` are those of the item, `dataset` of all items, from a sample of them."""

    item: list[tuple[float, float] | None]
    dataset: list[tuple[float, float] | None]


class RasterLayerView(BaseModel):
    """A raster of an item. `role` is image, source, label or target.

    Tiles hold samples; all other numbers are values. `nodata` are the samples that mean nothing was measured, of
    the file and of the recipe; NaN ("nan") means so always. `masked`: the file says by a mask or alpha where it
    holds nothing, which `tiles/…?mask=1` gives. `levels` of tiles: level 0 is full size, each further one half of it.

    `statistics` are of the item, `dataset_statistics` of at most 256 items spread evenly over the dataset; of files
    with more than 64 bands their histograms are left out. `value_counts` of rasters of classes tells the 1,000 most
    frequent values, null elsewhere; `colormap` is the file's palette, #rrggbbaa by value. `rgb` are the places of
    red, green and blue; one place of a picture in grey.
    """

    name: str
    role: Literal["image", "source", "label", "target"]
    sha256: str
    format: str
    width: int
    height: int
    dtype: str
    bands: list[RasterBand]
    rgb: list[int]
    dates: list[str]
    band_order: Literal["dates_first", "bands_first"]
    nodata: list[float | str]
    masked: bool
    levels: int
    tile: int
    statistics: list[BandStatistics]
    dataset_statistics: list[BandStatistics]
    ranges: Ranges
    value_counts: list[ValueCount] | None
    colormap: dict[str, str] | None
    thumbnail: str
    original: str | None


class PlaceView(BaseModel):
    """Where and when an item was taken. `crs` is "EPSG:32633", WKT, or "" where the file names none.

    `transform` [a, b, c, d, e, f] leads from a pixel's corner to the coordinate system: x = a·column + b·row + c,
    y = d·column + e·row + f; `resolution` is [x, y] in metres. `outline` is a geometry of GeoJSON in degrees
    (WGS 84), the box around it lies from `west` to `east`, with west > east where it crosses the antimeridian. All
    are null where the file has no place. `time` is in seconds since 1970, UTC.
    """

    crs: str
    transform: list[float] | None
    resolution: list[float] | None
    outline: dict[str, Any] | None
    west: float | None
    south: float | None
    east: float | None
    north: float | None
    time: float | None
    scene: str | None


class IndexView(BaseModel):
    """An index that the bands of a layer allow, as an expression over their names."""

    name: str
    title: str
    layer: str
    expression: str


class SameGround(BaseModel):
    """Another item of the same footprint; `time` is null where it is not known."""

    key: str
    time: float | None
    part: str | None


class ExtentBox(BaseModel):
    """A rectangle in degrees (WGS 84); west > east where it crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float


class FootprintExtent(BaseModel):
    """Where a version lies: the rectangle around all items that have a place, null without any; how many items have
    one and how many do not; and the times of the first and the last, in seconds since 1970, UTC."""

    bounds: ExtentBox | None
    placed: int
    unplaced: int
    first: float | None
    last: float | None


class FootprintProperties(BaseModel):
    """What a map shows of an item. `class` is the one that covers or stands on it most, where classes are asked for;
    `color` is that class's."""

    key: str
    part: str | None
    time: float | None
    scene: str | None
    class_: str | None = Field(alias="class")
    color: str | None
    sha256: str
    thumbnail: str


class Footprint(BaseModel):
    """An item on the map, as a feature of GeoJSON; `bbox` is west, south, east, north, with west > east where it
    crosses the antimeridian (RFC 7946, 5.2)."""

    type: Literal["Feature"]
    id: int
    bbox: tuple[float, float, float, float]
    geometry: dict[str, Any]
    properties: FootprintProperties


class ClusterView(BaseModel):
    """How many items lie in one square of the map, and the rectangle around them: west, south, east, north."""

    items: int
    bbox: tuple[float, float, float, float]


class FootprintCollection(BaseModel):
    """Items that meet a rectangle, as a FeatureCollection of GeoJSON. Not `complete`: there are more than the limit,
    and `clusters` tell how many lie where instead of the features."""

    type: Literal["FeatureCollection"]
    features: list[Footprint]
    complete: bool
    clusters: list[ClusterView]


class BandValue(BaseModel):
    """What a pixel holds in one band; null where it holds no number."""

    index: int
    name: str
    sample: float | None
    value: float | None


class PixelValues(BaseModel):
    """A pixel of a raster: all its bands, whether it is `valid`, and where its centre lies: `x`, `y` in the file's
    reference system, longitude and latitude in degrees (WGS 84); null where the file has no place."""

    column: int
    row: int
    valid: bool
    bands: list[BandValue]
    x: float | None
    y: float | None
    longitude: float | None
    latitude: float | None
