"""What an item's rasters are: layers with their bands, as the recipe names them, and what was measured of each.

Nothing here decodes a pixel. Measurements are of samples; values = scale × sample + offset are made here.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.dataset import Role
from triptych.core.histogram import percentiles
from triptych.core.spectral_indices import SpectralBand, indices_for
from triptych.core.statistics import merge_packed, unpack_histograms, unpack_moments
from triptych.core.value_counts import unpack_value_counts
from triptych.datasets.item_filter import holding
from triptych.datasets.pixel_document import Rescale, band_document
from triptych.db.id_lists import among
from triptych.db.tables import contents, items, layers, measures
from triptych.modalities.planar.header import TILE, scales_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from triptych.core.histogram import Histogram
    from triptych.core.recipe import Band, DataSource, Recipe
    from triptych.datasets.item_filter import Scope

FORMAT = "GTIFF"
"""`contents.format` of rasters; labels may be pictures beside them."""

RANGE = (2, 98)
"""Percentiles between which a band is shown unless told otherwise."""

MOST_HISTOGRAMS = 64
"""Bands up to which histograms are told: those of 4,096 bands are 5 MB of JSON."""

MOST_VALUES = 1_000
"""Values of a raster of classes that are told."""

SAMPLED = 256
"""Items that stand for the dataset where its values are asked for: read once for each version, in 50 ms."""

KEPT = 256
"""Layers of versions of which the measurements are kept in this process, those asked for last."""

REFLECTANCE_SCALE = 0.01
"""Bands of whole numbers that are scaled to this or less hold reflectances; so do all that are no whole numbers."""

_ROLES = (Role.IMAGE.value, Role.SOURCE.value, Role.LABEL.value, Role.TARGET.value)


@dataclass(frozen=True, slots=True)
class FileBand:
    """A band of a file: its place from 0, its name in the file and in the recipe, and what the recipe says of it.

    `date` is its place among the dates of a stack, None where the file holds one. `used`: the recipe names it.
    """

    index: int
    name: str
    band: str
    description: str = ""
    wavelength: float | None = None
    color: str | None = None
    scale: float = 1.0
    offset: float = 0.0
    date: int | None = None
    used: bool = True

    @property
    def rescale(self) -> Rescale:
        """From its samples to values."""
        return Rescale(self.scale, self.offset)


@dataclass(frozen=True, slots=True)
class Measure:
    """Moments (bands, 6) and histograms of the bands of one file or of many, of samples."""

    moments: NDArray[np.float64]
    histograms: tuple[Histogram, ...]

    def ranges(self, bands: Sequence[FileBand], qs: tuple[float, float] = RANGE) -> list[list[float] | None]:
        """Values at two percentiles of each band; None for a band without any."""
        found: list[list[float] | None] = []
        for band, row, histogram in zip(bands, self.moments, self.histograms, strict=True):
            (low, high), _ = percentiles(histogram, qs)
            if math.isnan(low):
                found.append(None)
                continue
            low, high = max(low, float(row[3])), min(high, float(row[4]))
            found.append(list(band.rescale.interval(low, max(low, high))))
        return found

    def documents(self, bands: Sequence[FileBand]) -> list[dict[str, Any]]:
        """`BandStatistics` of each band; of many bands without histograms."""
        found = [
            band_document(band.name, row, histogram, band.rescale)
            for band, row, histogram in zip(bands, self.moments, self.histograms, strict=True)
        ]
        if len(found) > MOST_HISTOGRAMS:
            for each in found:
                each["histogram"]["counts"] = []
        return found


def file_bands(content: sa.Row[Any], source: DataSource | None) -> list[FileBand]:
    """Every band of a file in its order, named by the recipe where it names them."""
    names = content.bands.split()
    details: dict[str, Any] = content.details or {}
    descriptions = _padded(details.get("descriptions"), len(names), "")
    wavelengths = _padded(details.get("wavelengths"), len(names), None)
    placed = {} if source is None else _placed(source)
    found = []
    for index, name in enumerate(names):
        band, date = placed.get(index, (None, None))
        plain = FileBand(
            index, name, name, descriptions[index] or "", wavelengths[index], used=source is None
        )
        found.append(plain if band is None else _named(plain, band, date))
    return found


def _placed(source: DataSource) -> dict[int, tuple[Band, int | None]]:
    dates: Sequence[int | None] = range(len(source.dates)) if source.dates else (None,)
    return {source.place(band, date or 0): (band, date) for date in dates for band in source.bands}


def _named(plain: FileBand, band: Band, date: int | None) -> FileBand:
    return FileBand(
        plain.index,
        plain.name if date is not None else band.name,
        band.name,
        band.description or plain.description,
        plain.wavelength if band.wavelength is None else band.wavelength,
        band.color,
        band.scale,
        band.offset,
        date,
    )


def _padded(given: Any, length: int, absent: Any) -> list[Any]:
    known = list(given)[:length] if isinstance(given, list) else []
    return known + [absent] * (length - len(known))


def names_at(bands: Sequence[FileBand], date: int | None = None) -> list[str]:
    """The names that expressions use, one for each place in the file: those of the recipe for the bands of a date
    (the last one unless told otherwise), those of the file for all others."""
    dates = [band.date for band in bands if band.date is not None]
    wanted = date if date is not None else max(dates, default=None)
    taken = {band.band for band in bands if band.date == wanted}
    return [
        band.band if band.date == wanted else band.name if band.name not in taken else f"{band.name} "
        for band in bands
    ]


def rgb_of(content: sa.Row[Any], source: DataSource | None) -> list[int]:
    """Places of red, green and blue in a file, or one place in grey; those that the recipe gives, else what the
    file says of its colours, else its first bands."""
    count = len(content.bands.split())
    given = [place for place in (source.rgb() if source is not None else ()) if place < count]
    if len(given) in (1, 3):
        return given
    colors = [str(color).lower() for color in (content.details or {}).get("colors") or ()]
    if all(color in colors for color in ("red", "green", "blue")):
        return [colors.index(color) for color in ("red", "green", "blue")]
    shown = [index for index in range(count) if index >= len(colors) or colors[index] != "alpha"]
    return shown[:3] if len(shown) >= 3 else (shown[:1] or [0])


def layer_rows(connection: sa.Connection, scope: Scope, item_id: int) -> list[sa.Row[Any]]:
    """The layers of an item with their contents: the picture first, then data, labels and targets, by name."""
    rows = connection.execute(
        sa.select(layers.c.name, layers.c.role, layers.c.reading, contents)
        .join(contents, contents.c.sha256 == layers.c.sha256)
        .where(layers.c.item_id == item_id, layers.c.since <= scope.version, layers.c.until > scope.version)
        .order_by(contents.c.code_version)
    )
    newest = {row.name: row for row in rows}
    return sorted(newest.values(), key=lambda row: (_ROLES.index(row.role), row.name))


def source_named(recipe: Recipe | None, name: str) -> DataSource | None:
    """The data source of a recipe that a layer is of; None for labels, and without a recipe."""
    sources = () if recipe is None else recipe.sources
    return next((source for source in sources if source.name == name), None)


def measure_of(connection: sa.Connection, row: sa.Row[Any]) -> Measure:
    """What was measured of a layer: with its declared value of nothing where it is read so."""
    if row.reading:
        own = connection.execute(
            sa.select(measures.c.moments, measures.c.histograms)
            .where(measures.c.sha256 == row.sha256, measures.c.reading == row.reading)
            .order_by(measures.c.code_version.desc())
            .limit(1)
        ).first()
        if own is not None:
            return _unpacked(own)
    return _unpacked(row)


def _unpacked(row: Any) -> Measure:
    return Measure(unpack_moments(bytes(row.moments)), unpack_histograms(bytes(row.histograms)))


_lock = threading.Lock()
_known: OrderedDict[tuple[str, str, int, str, int], Measure] = OrderedDict()


def dataset_measure(connection: sa.Connection, scope: Scope, name: str, count: int) -> Measure | None:
    """What was measured of a layer over the whole version: of at most 256 items, evenly spread, whose files have
    `count` bands. None where none has. Kept, since versions never change."""
    key = (str(connection.engine.url), scope.dataset_id, scope.version, name, count)
    with _lock:
        if key in _known:
            _known.move_to_end(key)
            return _known[key]
    rows = [row for row in _sampled_rows(connection, scope, name) if len(row.bands.split()) == count]
    if not rows:
        return None
    ((moments, histograms),) = merge_packed(
        [count] * len(rows), [bytes(row.moments) for row in rows], [bytes(row.histograms) for row in rows]
    ).values()
    found = Measure(moments, histograms)
    with _lock:
        _known[key] = found
        while len(_known) > KEPT:
            _known.popitem(last=False)
    return found


def _sampled_rows(connection: sa.Connection, scope: Scope, name: str) -> list[Any]:
    ids = _spread_ids(connection, scope)
    rows = connection.execute(
        sa.select(
            layers.c.item_id,
            contents.c.bands,
            sa.func.coalesce(measures.c.moments, contents.c.moments).label("moments"),
            sa.func.coalesce(measures.c.histograms, contents.c.histograms).label("histograms"),
        )
        .join(contents, contents.c.sha256 == layers.c.sha256)
        .outerjoin(
            measures, sa.and_(measures.c.sha256 == layers.c.sha256, measures.c.reading == layers.c.reading)
        )
        .where(
            among(connection, layers.c.item_id, ids),
            layers.c.name == name,
            layers.c.since <= scope.version,
            layers.c.until > scope.version,
        )
        .order_by(layers.c.item_id, contents.c.code_version)
    )
    return list({row.item_id: row for row in rows}.values())


def _spread_ids(connection: sa.Connection, scope: Scope) -> list[int]:
    held = sa.select(items.c.id).where(holding(scope)).limit(1)
    first = connection.execute(held.order_by(items.c.id)).scalar()
    last = connection.execute(held.order_by(items.c.id.desc())).scalar()
    if first is None or last is None:
        return []
    after = sa.bindparam("after", type_=sa.BigInteger)
    following = held.where(items.c.id >= after).order_by(items.c.id)
    targets = {first + (last - first) * step // (SAMPLED - 1) for step in range(SAMPLED)}
    return sorted({connection.execute(following, {"after": target}).scalar_one() for target in targets})


def layer_documents(
    connection: sa.Connection, scope: Scope, recipe: Recipe | None, item_id: int
) -> list[dict[str, Any]]:
    """`RasterLayerView` of each layer of an item, without addresses; [] where none of them is a raster."""
    rows = layer_rows(connection, scope, item_id)
    if all(row.format != FORMAT for row in rows):
        return []
    return [_layer_document(connection, scope, source_named(recipe, row.name), row) for row in rows]


def _layer_document(
    connection: sa.Connection, scope: Scope, source: DataSource | None, row: sa.Row[Any]
) -> dict[str, Any]:
    bands = file_bands(row, source)
    details: dict[str, Any] = row.details or {}
    own = measure_of(connection, row)
    whole = dataset_measure(connection, scope, row.name, len(bands)) or own
    declared = None if source is None or source.nodata is None else source.nodata
    nodata = [details.get("nodata"), "nan" if declared is not None and math.isnan(declared) else declared]
    return {
        "name": row.name,
        "role": row.role,
        "sha256": bytes(row.sha256).hex(),
        "format": row.format,
        "width": row.width,
        "height": row.height,
        "dtype": row.dtype,
        "bands": [_band_document(band) for band in bands],
        "rgb": rgb_of(row, source),
        "dates": list(source.dates) if source is not None else [],
        "band_order": source.band_order if source is not None else "dates_first",
        "nodata": list(dict.fromkeys(value for value in nodata if value is not None)),
        "masked": bool(details.get("alpha") or details.get("mask")),
        "levels": len(scales_of(row.width, row.height)),
        "tile": TILE,
        "statistics": own.documents(bands),
        "dataset_statistics": whole.documents(bands),
        "ranges": {"item": own.ranges(bands), "dataset": whole.ranges(bands)},
        "value_counts": _value_counts(row),
        "colormap": details.get("colormap"),
    }


def _band_document(band: FileBand) -> dict[str, Any]:
    return {
        "index": band.index,
        "name": band.name,
        "band": band.band,
        "description": band.description,
        "wavelength": band.wavelength,
        "color": band.color,
        "scale": band.scale,
        "offset": band.offset,
        "date": band.date,
        "used": band.used,
    }


def _value_counts(row: sa.Row[Any]) -> list[dict[str, int]] | None:
    if row.value_counts is None or row.role not in (Role.LABEL.value, Role.TARGET.value):
        return None
    counts = unpack_value_counts(bytes(row.value_counts))
    most = sorted(counts, key=lambda value: -counts[value])[:MOST_VALUES]
    return [{"value": value, "count": counts[value]} for value in sorted(most)]


def index_documents(
    connection: sa.Connection, scope: Scope, recipe: Recipe | None, item_id: int
) -> list[dict[str, str]]:
    """`IndexView` of each index that the bands of the item's data sources allow."""
    found = []
    for row in layer_rows(connection, scope, item_id):
        if row.format != FORMAT or row.role not in (Role.IMAGE.value, Role.SOURCE.value):
            continue
        bands = file_bands(row, source_named(recipe, row.name))
        latest = max((band.date for band in bands if band.date is not None), default=None)
        own = [band for band in bands if band.date == latest and band.used]
        scaled = row.dtype.startswith("float") or all(abs(band.scale) <= REFLECTANCE_SCALE for band in own)
        found += [
            {"name": index.name, "title": index.title, "layer": row.name, "expression": index.expression}
            for index in indices_for(
                [SpectralBand(band.band, band.wavelength, band.color) for band in own], reflectance=scaled
            )
        ]
    return found


def place_document(content: sa.Row[Any], footprint: sa.Row[Any] | None) -> dict[str, Any] | None:
    """`PlaceView` of an item; None where nothing is known of where or when it was taken."""
    details: dict[str, Any] = content.details or {}
    sides = {side: getattr(footprint, side, None) for side in ("west", "south", "east", "north")}
    outline, time, scene = (getattr(footprint, name, None) for name in ("outline", "time", "scene"))
    crs = details.get("crs") or getattr(footprint, "crs", "")
    known = (details.get("transform"), sides["west"], time, scene)
    if not crs and all(each is None for each in known):
        return None
    return {
        "crs": crs,
        "transform": details.get("transform"),
        "resolution": details.get("resolution"),
        "outline": outline,
        **sides,
        "time": time,
        "scene": scene,
    }
