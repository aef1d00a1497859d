"""How a geospatial source is to be read: purpose, data sources with suffixes and bands, labels.

A recipe is proposed from the names and headers of a source, corrected by a person, and kept with the dataset. Its
document follows the vocabulary of the Geospatial Studio's Dataset Factory:

    {"type": "geospatial-recipe", "version": 1, "purpose": "Segmentation",
     "data_sources": [{"modality_tag": "S2L2A", "file_suffix": "_img.tif", "connector": "sentinelhub",
                       "collection": "s2_l2a", "nodata": null, "resolution": 10.0,
                       "bands": [{"index": 0, "band_name": "B04", "RGB_band": "R", "scaling_factor": 0.0001,
                                  "offset": 0.0, "description": "", "wavelength": 664.6}],
                       "dates": ["2016-07-30"], "band_order": "dates_first"}],
     "label_suffix": "_mask.tif", "label_layer": "mask",
     "label_categories": [{"id": -1, "name": "Ignore", "color": "#000000", "opacity": 0.0, "weight": null,
                           "ignore": true, "description": ""}],
     "scene": null}

Texts stand for numbers where forms write them so ("index": "0"), and are read as such.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, NoReturn, cast

from triptych.core.errors import InvalidInput
from triptych.core.labels import LabelClass, palette_color

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPE = "geospatial-recipe"
VERSION = 1
CLASS_IDS = (-(2**31), 2**31 - 1)
"""Ids that a class may have; rasters of labels hold up to 65,535 and negative values."""

MOST_BANDS = 4_096
MOST_CLASSES = 65_536

Color = Literal["R", "G", "B"]
BandOrder = Literal["dates_first", "bands_first"]


class Purpose(StrEnum):
    """What a dataset is for; it decides what is expected of labels."""

    SEGMENTATION = "Segmentation"
    REGRESSION = "Regression"
    CLASSIFICATION = "Classification"
    DETECTION = "Detection"
    GENERATION = "Generation"
    OTHER = "Other"


PURPOSE_ALIASES = {"classify": Purpose.CLASSIFICATION, "generate": Purpose.GENERATION, "ner": Purpose.OTHER}
"""The original's other words, in lower case."""


@dataclass(frozen=True, slots=True)
class Band:
    """A band that is used. `index` is its place in the file, from 0; value = scale × sample + offset.

    `color` is its role in the picture, `wavelength` its centre in nanometres.
    """

    index: int
    name: str
    color: Color | None = None
    scale: float = 1.0
    offset: float = 0.0
    description: str = ""
    wavelength: float | None = None


@dataclass(frozen=True, slots=True)
class DataSource:
    """One raster of every chip: files called stem + `suffix`, shown as the layer `name` (modality tag).

    `bands` are those that are used, in the order in which they are used. `nodata` is a value that means
    nothing was measured, besides what the files declare. `resolution` is in metres. `dates` (ISO 8601) are given
    where the file stacks several dates: with dates_first all bands of the first date come first, with
    bands_first all dates of the first band; `bands` then are those of one date, with their index in it.
    """

    name: str
    suffix: str
    bands: tuple[Band, ...]
    connector: str = ""
    collection: str = ""
    nodata: float | None = None
    resolution: float | None = None
    dates: tuple[str, ...] = ()
    band_order: BandOrder = "dates_first"

    def place(self, band: Band, date: int = 0) -> int:
        """Where a band of a date lies in the file, from 0."""
        if not self.dates:
            return band.index
        width = max(each.index for each in self.bands) + 1 if self.bands else 1
        return (
            date * width + band.index
            if self.band_order == "dates_first"
            else band.index * len(self.dates) + date
        )

    def placed(self) -> list[tuple[int, str, Band]]:
        """Place in the file, name and band of everything that is used, in the order in which it is used.

        With dates a name begins with its date, and the order is that of the file.
        """
        if not self.dates:
            return [(band.index, band.name, band) for band in self.bands]
        return sorted(
            ((self.place(band, number), f"{date}_{band.name}", band))
            for number, date in enumerate(self.dates)
            for band in self.bands
        )

    def rgb(self) -> tuple[int, ...]:
        """Places in the file of red, green and blue of the last date; the first bands where no role is given."""
        roles = {band.color: band for band in self.bands if band.color}
        chosen = [roles[color] for color in ("R", "G", "B")] if len(roles) == 3 else list(self.bands[:3])
        if len(chosen) == 2:
            chosen = chosen[:1]
        return tuple(self.place(band, max(0, len(self.dates) - 1)) for band in chosen)


@dataclass(frozen=True, slots=True)
class Recipe:
    """A whole recipe. `label_suffix` is "" where labels do not come as rasters beside the chips; `categories` are
    the classes that a person gave or that were proposed. `scene` is a regular expression whose first group, found
    in a chip's key, names its scene."""

    purpose: Purpose
    sources: tuple[DataSource, ...]
    label_suffix: str = ""
    label_layer: str = "label"
    categories: tuple[LabelClass, ...] = ()
    scene: str | None = None

    def document(self) -> dict[str, Any]:
        """As stored, sent and edited."""
        return {
            "type": TYPE,
            "version": VERSION,
            "purpose": self.purpose.value,
            "data_sources": [_source_document(source) for source in self.sources],
            "label_suffix": self.label_suffix,
            "label_layer": self.label_layer,
            "label_categories": [category_document(each) for each in self.categories],
            "scene": self.scene,
        }

    def source(self, name: str) -> DataSource | None:
        """The data source that the layer of this name is, None for labels and targets."""
        return next((source for source in self.sources if source.name == name), None)

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Recipe:
        """The recipe of a document; InvalidInput (`bad_recipe`) says what is wrong, and where."""
        if not isinstance(document, dict):
            _refuse("the recipe", "is not an object")
        scene = document.get("scene") or None
        if scene is not None:
            _check_pattern(scene)
        sources = tuple(
            _source(entry, f"data_sources[{number}]")
            for number, entry in enumerate(_list(document, "data_sources", "the recipe", 64))
        )
        _unique([source.name for source in sources], "modality_tag")
        _unique([source.suffix for source in sources], "file_suffix")
        categories = tuple(
            _category(entry, f"label_categories[{number}]")
            for number, entry in enumerate(_list(document, "label_categories", "the recipe", MOST_CLASSES))
        )
        _unique([each.id for each in categories], "id of a label category")
        return cls(
            purpose_of(document.get("purpose") or Purpose.SEGMENTATION),
            sources,
            _text(document, "label_suffix", "the recipe"),
            _text(document, "label_layer", "the recipe") or "label",
            categories,
            scene,
        )


def purpose_of(text: object) -> Purpose:
    """The purpose of a text, whatever its case; InvalidInput (`bad_recipe`)."""
    wanted = str(text).strip().lower()
    if wanted in PURPOSE_ALIASES:
        return PURPOSE_ALIASES[wanted]
    found = {purpose.value.lower(): purpose for purpose in Purpose}.get(wanted)
    return found or _refuse("purpose", f"is “{str(text)[:40]}”; it is one of {', '.join(Purpose)}")


def category_document(entry: LabelClass) -> dict[str, Any]:
    """A label category as it is stored and sent."""
    return {
        "id": entry.id,
        "name": entry.name,
        "color": entry.color,
        "opacity": entry.opacity,
        "weight": entry.weight,
        "ignore": entry.ignore,
    }


def _source_document(source: DataSource) -> dict[str, Any]:
    return {
        "modality_tag": source.name,
        "file_suffix": source.suffix,
        "connector": source.connector,
        "collection": source.collection,
        "nodata": None if source.nodata is None else _json_number(source.nodata),
        "resolution": source.resolution,
        "dates": list(source.dates),
        "band_order": source.band_order,
        "bands": [
            {
                "index": band.index,
                "band_name": band.name,
                "RGB_band": band.color,
                "scaling_factor": band.scale,
                "offset": band.offset,
                "description": band.description,
                "wavelength": band.wavelength,
            }
            for band in source.bands
        ],
    }


def _json_number(value: float) -> float | str:
    return "nan" if math.isnan(value) else value


def _source(entry: Any, where: str) -> DataSource:
    if not isinstance(entry, dict):
        _refuse(where, "is not an object")
    for required in ("modality_tag", "file_suffix", "bands"):
        if not entry.get(required):
            _refuse(where, f"needs {required}")
    bands = tuple(
        _band(band, f"{where}.bands[{number}]")
        for number, band in enumerate(_list(entry, "bands", where, MOST_BANDS))
    )
    _unique([band.index for band in bands], f"index in {where}.bands")
    _unique([band.name for band in bands], f"band_name in {where}.bands")
    _unique([band.color for band in bands if band.color], f"RGB_band in {where}.bands")
    order = entry.get("band_order") or "dates_first"
    if order not in ("dates_first", "bands_first"):
        _refuse(f"{where}.band_order", "is neither dates_first nor bands_first")
    nodata = _number(entry, "nodata", where, None, finite=False)
    resolution = _number(entry, "resolution", where, None)
    return DataSource(
        _name(_text(entry, "modality_tag", where), f"{where}.modality_tag"),
        _text(entry, "file_suffix", where),
        bands,
        _text(entry, "connector", where),
        _text(entry, "collection", where),
        nodata,
        resolution,
        tuple(_date(date, f"{where}.dates") for date in _list(entry, "dates", where, MOST_BANDS)),
        cast("BandOrder", order),
    )


def _band(entry: Any, where: str) -> Band:
    if not isinstance(entry, dict):
        _refuse(where, "is not an object")
    index = _number(entry, "index", where, None)
    if index is None or index != int(index) or not 0 <= index < MOST_BANDS:
        _refuse(f"{where}.index", f"is not a whole number from 0 to {MOST_BANDS - 1}")
    color = entry.get("RGB_band") or None
    if color not in (None, "R", "G", "B"):
        _refuse(f"{where}.RGB_band", "is none of R, G and B")
    scale = _number(entry, "scaling_factor", where, 1.0)
    if not scale:
        _refuse(f"{where}.scaling_factor", "is zero")
    name = _text(entry, "band_name", where) or str(int(index) + 1)
    return Band(
        int(index),
        _name(name, f"{where}.band_name"),
        cast("Color | None", color),
        scale,
        _number(entry, "offset", where, 0.0) or 0.0,
        _text(entry, "description", where),
        _number(entry, "wavelength", where, None),
    )


def _category(entry: Any, where: str) -> LabelClass:
    if not isinstance(entry, dict):
        _refuse(where, "is not an object")
    number = _number(entry, "id", where, None)
    if number is None or number != int(number) or not CLASS_IDS[0] <= number <= CLASS_IDS[1]:
        _refuse(f"{where}.id", "is not a whole number of 32 bits")
    name = _text(entry, "name", where) or str(int(number))
    color = _text(entry, "color", where) or palette_color(int(number))
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", color):
        _refuse(f"{where}.color", "is not a colour like #3366cc")
    opacity = _number(entry, "opacity", where, 1.0)
    if opacity is None or not 0 <= opacity <= 1:
        _refuse(f"{where}.opacity", "is not a number from 0 to 1")
    weight = _number(entry, "weight", where, None)
    if weight is not None and weight < 0:
        _refuse(f"{where}.weight", "is below zero")
    ignore = entry.get("ignore", False)
    if not isinstance(ignore, bool):
        _refuse(f"{where}.ignore", "is neither true nor false")
    return LabelClass(int(number), name[:200], color.upper(), opacity, weight, ignore)


def _check_pattern(pattern: Any) -> None:
    if not isinstance(pattern, str) or len(pattern) > 200:
        _refuse("scene", "is not a regular expression of at most 200 characters")
    try:
        groups = re.compile(pattern).groups
    except (re.error, RecursionError, OverflowError):
        _refuse("scene", "is not a regular expression")
    if groups < 1:
        _refuse("scene", "has no group in parentheses that names the scene")


def _list(entry: Mapping[str, Any], name: str, where: str, most: int) -> list[Any]:
    found = entry.get(name) or []
    if not isinstance(found, list) or len(found) > most:
        _refuse(f"{name} of {where}", f"is not a list of at most {most:,}")
    return found


def _text(entry: Mapping[str, Any], name: str, where: str) -> str:
    found = entry.get(name)
    if found is None:
        return ""
    if not isinstance(found, str | int | float) or isinstance(found, bool) or len(str(found)) > 300:
        _refuse(f"{name} of {where}", "is not a text of at most 300 characters")
    return str(found).strip()


def _name(text: str, where: str) -> str:
    if not text or re.search(r"[\s/\\]", text) or not text.isprintable() or len(text) > 100:
        _refuse(where, f"“{text[:40]}” is not a name of at most 100 characters without blanks and slashes")
    return text


def _number(
    entry: Mapping[str, Any], name: str, where: str, absent: float | None, *, finite: bool = True
) -> Any:
    found = entry.get(name)
    if found is None or found == "":
        return absent
    try:
        number = math.nan if isinstance(found, bool) else float(found)
    except (TypeError, ValueError, OverflowError):
        number = None
    if number is None or isinstance(found, bool) or (finite and not math.isfinite(number)):
        _refuse(f"{name} of {where}", "is not a number")
    return number


def _date(value: Any, where: str) -> str:
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError):
        _refuse(where, f"holds {str(value)[:40]!r}, which is not a date like 2016-07-30")
    return str(value)


def _unique(values: list[Any], what: str) -> None:
    if len(set(values)) != len(values):
        twice = next(value for value in values if values.count(value) > 1)
        _refuse(what, f"{twice!r} occurs twice")


def _refuse(where: str, why: str) -> NoReturn:
    raise InvalidInput(
        f"The recipe cannot be used: {where} {why}.",
        code="bad_recipe",
        hint="docs/formats/geotiff_pairs.md describes the recipe; a pre-scan prints one that fits the source.",
    )
