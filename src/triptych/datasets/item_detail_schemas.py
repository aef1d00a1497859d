"""Documents of a single item, of studies and of series. Pydantic reads these annotations at run time."""

from pydantic import BaseModel

from triptych.core.findings import Severity
from triptych.datasets.item_schemas import ItemView, MaskView
from triptych.datasets.pixel_schemas import BandStatistics
from triptych.datasets.raster_schemas import IndexView, PlaceView, RasterLayerView, SameGround


class StudyPosition(BaseModel):
    """Where an item's study stands among all studies of the version, in the order of their first items.

    `index` counts from 0 and is null while that is not counted yet; `previous` and `next` are the keys of the first
    items of the studies before and behind.
    """

    index: int | None
    total: int
    previous: str | None
    next: str | None


class RescaleView(BaseModel):
    """From samples, as tiles have them, to values: value = slope × sample + intercept."""

    slope: float
    intercept: float


class ImageView(BaseModel):
    """What an item's picture is, upright. `levels` of tiles: level 0 is full size, each further one half of it;
    `tile` is the side of a tile in pixels. `original` is null for those who may not export.

    `frames` are the planes of a picture with several, shown every `frame_time` milliseconds where the file says so.
    Tiles hold samples; all other numbers are values, of which `rescale` tells how they come from samples, in `unit`
    ("HU"). `inverted`: the file asks for the least value to be shown white. `overlays`: it has overlay planes.
    """

    sha256: str
    width: int
    height: int
    bands: list[str]
    dtype: str
    bit_depth: int
    levels: int
    tile: int
    format: str
    frames: int
    frame_time: float | None
    rescale: RescaleView
    unit: str
    inverted: bool
    overlays: bool
    media_type: str
    original: str | None


class Interval(BaseModel):
    """Values of samples from `low` to `high`."""

    low: float
    high: float


class NamedWindow(Interval):
    """A window that the file itself asks for, with the width and the center as it writes them: in its usual form the
    values of a window of 400 at 40 lie from -160 to 239 (PS3.3, C.11.2.1.2.1)."""

    name: str
    width: float
    center: float


class ItemFinding(BaseModel):
    """A finding that the item has of its own."""

    severity: Severity
    code: str
    message: str
    hint: str


class MetadataEntry(BaseModel):
    """One thing that the item's file says of itself, or where it came from."""

    group: str
    name: str
    value: str


class TagView(BaseModel):
    """A tag of a DICOM file. `depth` is 0 for the file's own, 1 inside a sequence; `personal`: about a person."""

    tag: str
    keyword: str
    name: str
    vr: str
    value: str
    depth: int
    personal: bool


class TagList(BaseModel):
    """The tags of a DICOM file; `withheld` is how many are shown only to those who may edit."""

    tags: list[TagView]
    withheld: int


class OverlayView(BaseModel):
    """An overlay plane of a DICOM file on one frame; `region` tells a region of interest from graphics."""

    name: str
    region: bool
    mask: MaskView


class OverlayList(BaseModel):
    """The overlay planes on a frame."""

    overlays: list[OverlayView]


class ItemDetail(ItemView):
    """Everything about an item. `index`, `total`, `previous` and `next` are its place under the filters.

    `index` is null for an item that does not pass, and both numbers are null while the list is not counted that
    far; asked again, they are there. `spacing` is the size of a pixel in millimetres, [per row, per column].
    Titles are what DICOM files call their study and series, else "". `metadata_withheld` is how many entries are
    shown only to those who may edit, since they may be of a person.

    `layers`, `place` and `indices` are of rasters, else empty. `same_ground` are other items of the same footprint in
    order of time, the 500 nearest in time at most.
    """

    index: int | None
    total: int | None
    previous: str | None
    next: str | None
    study_position: StudyPosition
    study_title: str
    series_title: str
    series_items: int
    series_index: int
    image: ImageView
    windows: list[NamedWindow]
    automatic: Interval
    full: Interval
    extent: Interval
    statistics: list[BandStatistics]
    spacing: list[float] | None
    findings: list[ItemFinding]
    metadata: list[MetadataEntry]
    metadata_withheld: int
    layers: list[RasterLayerView]
    place: PlaceView | None
    indices: list[IndexView]
    same_ground: list[SameGround]


class SeriesItem(BaseModel):
    """An item of a series."""

    key: str
    sha256: str
    position: int | None
    width: int
    height: int


class SeriesView(BaseModel):
    """A series of a study; `series` is null for items that name none. `first_key` is its first item, `title` what
    DICOM files call it, else ""."""

    series: str | None
    title: str
    items: int
    first_key: str
    thumbnail: str


class StudyView(BaseModel):
    """A study with its series, in the order of their first items. `title` is what DICOM files call it, else ""."""

    study: str
    title: str
    items: int
    series: list[SeriesView]
