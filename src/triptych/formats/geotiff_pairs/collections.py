"""The collections that rasters come from, with their bands: a table shipped with the package, extensible by a file.

The table is that of the data sources of TerraKit; wavelengths of Sentinel-2A are ESA's, those of Landsat 8 OLI and
TIRS the USGS's, as centres in nanometres. A file of the administrator's has the same form; its collections come
first, and one of the same connector and name replaces the shipped one.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, cast

from triptych.core.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from triptych.core.recipe import Color

TABLE = Path(__file__).with_name("collections.json")
LARGEST = 16 * 1024 * 1024
MOST = 2_000
MOST_BANDS = 4_096


@dataclass(frozen=True, slots=True)
class CollectionBand:
    """A band of a collection. `resolution` in metres, `wavelength` in nanometres; value = scale × sample."""

    name: str
    resolution: float | None = None
    color: Color | None = None
    wavelength: float | None = None
    scale: float = 1.0
    description: str = ""


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection of a connector. `variables` is how many bands there are where they are not listed."""

    connector: str
    name: str
    modality_tag: str
    resolution: float | None
    bands: tuple[CollectionBand, ...]
    nodata: float | None = None
    variables: int = 0

    @property
    def title(self) -> str:
        """As the list of data sources shows it."""
        return f"{self.connector} - {self.name}"


class BandMatch(NamedTuple):
    """Bands of a file as bands of a collection: one for each band of the file, and what that rests on."""

    collection: Collection
    bands: tuple[CollectionBand, ...]
    why: str


def collections(extra: str = "") -> tuple[Collection, ...]:
    """All collections; `extra` is the path of a file with more. InvalidInput (`bad_collections`) says what is wrong
    in it."""
    shipped = _shipped()
    if not extra:
        return shipped
    try:
        changed = Path(extra).stat().st_mtime_ns
    except OSError as error:
        _refuse(extra, f"cannot be opened ({error.strerror})")
    own = _file(extra, changed)
    names = {(each.connector, each.name) for each in own}
    return own + tuple(each for each in shipped if (each.connector, each.name) not in names)


@lru_cache(maxsize=1)
def _shipped() -> tuple[Collection, ...]:
    return parse_collections(TABLE.read_text(encoding="utf-8"), TABLE.name)


@lru_cache(maxsize=4)
def _file(path: str, changed: int) -> tuple[Collection, ...]:
    """The collections of a file, read again when it was changed."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        _refuse(path, f"cannot be read ({error.strerror})")
    if len(data) > LARGEST:
        _refuse(path, f"has more than {LARGEST:,} bytes")
    return parse_collections(data.decode("utf-8-sig", "replace"), path)


def parse_collections(text: str, name: str) -> tuple[Collection, ...]:
    """The collections of a document. InvalidInput (`bad_collections`) says what is wrong in the file `name`."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        _refuse(name, "is no JSON")
    entries = document.get("collections") if isinstance(document, dict) else document
    if not isinstance(entries, list) or len(entries) > MOST:
        _refuse(name, f"has no list of at most {MOST:,} collections")
    found = tuple(
        _collection(entry, f"collection {number} of {name}") for number, entry in enumerate(entries, 1)
    )
    keys = [(each.connector, each.name) for each in found]
    if len(set(keys)) != len(keys):
        _refuse(name, "has a collection twice")
    return found


def _collection(entry: Any, where: str) -> Collection:
    if not isinstance(entry, dict):
        _refuse(where, "is not an object")
    bands = entry.get("bands", [])
    if not isinstance(bands, list) or len(bands) > MOST_BANDS:
        _refuse(where, f"has no list of at most {MOST_BANDS:,} bands")
    read = tuple(_band(band, f"band {number} of {where}") for number, band in enumerate(bands, 1))
    if len({band.name for band in read}) != len(read):
        _refuse(where, "has two bands of one name")
    variables = entry.get("variables", 0)
    if not isinstance(variables, int) or isinstance(variables, bool) or variables < 0:
        _refuse(where, "has a number of variables that is none")
    return Collection(
        _text(entry, "connector", where),
        _text(entry, "collection_name", where),
        _text(entry, "modality_tag", where),
        _number(entry, "resolution_m", where),
        read,
        _number(entry, "nodata", where),
        variables,
    )


def _band(entry: Any, where: str) -> CollectionBand:
    if not isinstance(entry, dict):
        _refuse(where, "is not an object")
    color = entry.get("RGB_band")
    if color not in (None, "R", "G", "B"):
        _refuse(where, "has an RGB_band that is none of R, G and B")
    scale = _number(entry, "scaling_factor", where)
    if scale == 0:
        _refuse(where, "has the scaling_factor 0")
    description = entry.get("description", "")
    if not isinstance(description, str) or len(description) > 300:
        _refuse(where, "has a description that is no text of at most 300 characters")
    return CollectionBand(
        _text(entry, "band_name", where),
        _number(entry, "resolution", where),
        cast("Color | None", color),
        _number(entry, "wavelength", where),
        1.0 if scale is None else scale,
        description,
    )


def _text(entry: dict[str, Any], name: str, where: str) -> str:
    found = entry.get(name)
    if not isinstance(found, str) or not re.fullmatch(r"[^\s/\\]{1,100}", found):
        _refuse(where, f"needs {name}, a text of at most 100 characters without blanks and slashes")
    return found


def _number(entry: dict[str, Any], name: str, where: str) -> float | None:
    found = entry.get(name)
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
        _refuse(where, f"has a {name} that is no number")
    return float(found)


def _refuse(where: str, why: str) -> NoReturn:
    raise InvalidInput(
        f"The table of collections cannot be used: {where} {why}.",
        code="bad_collections",
        hint="docs/formats/geotiff_pairs.md describes it; TRIPTYCH_COLLECTIONS names the file.",
    )


def match_bands(
    descriptions: Sequence[str], words: Iterable[str], known: Sequence[Collection]
) -> BandMatch | None:
    """The collection whose bands the bands of a file are, None where nothing says so.

    `descriptions` are the file's, "" where a band has none; `words` are those of its suffix and folder, in lower
    case. Names count first; without them a sensor that is named, and the number of bands. What it rests on is
    half a sentence.
    """
    told = {re.sub(r"[^a-z0-9]", "", word.lower()) for word in words}
    sensors = [_named(each, told) for each in known]
    if descriptions and all(descriptions):
        best: tuple[tuple[int, int], BandMatch] | None = None
        for each, named in zip(known, sensors, strict=True):
            bands = _by_name(each, descriptions, loosely=named > 0)
            if bands is None or (len(bands) == 1 and not named and each.name != "dem"):
                continue
            rank = (named, -len(each.bands))
            if best is None or rank > best[0]:
                best = rank, BandMatch(each, bands, "the descriptions of its bands")
        if best is not None:
            return best[1]
    if any(descriptions) or not descriptions:
        return None
    # Of collections that are named alike clearly the first one counts.
    for each, named in sorted(zip(known, sensors, strict=True), key=lambda pair: -pair[1]):
        bands = _by_count(each, len(descriptions)) if named else None
        if bands is not None:
            return BandMatch(each, bands, "its name and the number of its bands")
    return None


_SENSORS = {
    "S2L2A": ("s2l2a", "s2", "sentinel2", "s2hand"), "S2L1C": ("s2l1c", "s2", "sentinel2", "s2hand"),
    "S1GRD": ("s1grd", "s1", "sentinel1", "s1rtc", "sar", "s1hand"), "DEM": ("dem",),
    "HLS_L30": ("hls", "hlsl30", "l30"), "HLS_S30": ("hls", "hlss30", "s30"),
}  # fmt: skip
_SUBSETS = {
    ("HLS_S30", 6): ("Blue", "Green", "Red", "NIR_Narrow", "SWIR1", "SWIR2"),
    ("HLS_L30", 6): ("Blue", "Green", "Red", "NIR_Narrow", "SWIR1", "SWIR2"),
    ("S1GRD", 2): ("VV", "VH"),
    ("S2L2A", 12): ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B11", "B12"),
}
"""What files of so many bands usually hold: the six bands of Prithvi, both polarisations, Level-2A without B10."""


_SHARED = frozenset(
    word
    for words in _SENSORS.values()
    for word in words
    if sum(word in each for each in _SENSORS.values()) > 1
)


def _named(each: Collection, told: set[str]) -> int:
    """How clearly words name a collection: 3 by its modality tag, 2 by a word for it alone, 1 by one that others have
    too, 0 not at all."""
    if re.sub(r"[^a-z0-9]", "", each.modality_tag.lower()) in told:
        return 3
    found = told.intersection(_SENSORS.get(each.modality_tag, ()))
    return 2 if found - _SHARED else 1 if found else 0


def _plain(name: str) -> str:
    plain = re.sub(r"[^a-z0-9]", "", name.lower())
    match = re.fullmatch(r"b(?:and)?0?([0-9]{1,2}a?)", plain)
    return f"b{match.group(1)}" if match else plain


def _by_name(
    each: Collection, descriptions: Sequence[str], *, loosely: bool
) -> tuple[CollectionBand, ...] | None:
    form = _plain if loosely else str.lower
    bands = {form(band.name): band for band in each.bands}
    found = [bands.get(form(text.strip())) for text in descriptions]
    kept = tuple(band for band in found if band is not None)
    return kept if len(kept) == len(found) == len({band.name for band in kept}) else None


def _by_count(each: Collection, count: int) -> tuple[CollectionBand, ...] | None:
    bands = {band.name: band for band in each.bands}
    names = _SUBSETS.get((each.modality_tag, count))
    if names is not None and bands.keys() >= set(names):
        return tuple(bands[name] for name in names)
    return each.bands if len(each.bands) == count else None
