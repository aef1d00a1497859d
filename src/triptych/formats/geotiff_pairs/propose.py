"""What the bands of a source are and what its labels mean, proposed from headers, names and values."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from triptych.core.labels import LabelClass, palette_color
from triptych.core.recipe import Band, DataSource, Purpose
from triptych.formats.geotiff_pairs.collections import match_bands
from triptych.formats.geotiff_pairs.dates import Stack, stack_of
from triptych.formats.geotiff_pairs.words import TARGETS

if TYPE_CHECKING:
    from collections.abc import Collection as Values
    from collections.abc import Iterable, Sequence

    from triptych.core.recipe import Color
    from triptych.formats.geotiff_pairs.collections import BandMatch, Collection, CollectionBand
    from triptych.formats.geotiff_pairs.header import RasterHeader
    from triptych.formats.geotiff_pairs.label_values import LabelValues
    from triptych.formats.geotiff_pairs.pairing import Slot
    from triptych.formats.tally import Tally

FEW = 64
"""Classes beside which -1, 255 and a declared no-data value are taken for pixels to ignore."""

MANY = 1_024
"""Different values beyond which labels look like measurements."""

_COLORS: tuple[tuple[Color, float, frozenset[str]], ...] = (
    ("R", 665.0, frozenset({"red", "r"})),
    ("G", 560.0, frozenset({"green", "g"})),
    ("B", 490.0, frozenset({"blue", "b"})),
)
_NEAR = 40.0
"""Nanometres around a colour in which a band shows it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file with the headers that were read of it, by member."""

    slot: Slot
    members: Sequence[int]
    headers: dict[int, RasterHeader]

    @property
    def typical(self) -> RasterHeader | None:
        """The header that stands for most: of those with the usual number of bands and type, the first one."""
        if not self.headers:
            return None
        forms = Counter((header.bands, header.dtype, header.descriptions) for header in self.headers.values())
        usual = max(forms, key=lambda form: forms[form])
        return next(
            header
            for header in self.headers.values()
            if (header.bands, header.dtype, header.descriptions) == usual
        )


def propose_source(
    kind: Kind, known: Sequence[Collection], taken: Values[str], nodata: float | None, tally: Tally
) -> DataSource:
    """A data source of one kind of file: modality tag, collection, bands, roles, scales and wavelengths."""
    header = kind.typical
    suffix = kind.slot.text
    if header is None:
        tag = free_name(tag_of(kind.slot), taken)
        return DataSource(tag, suffix, (Band(0, "1"),), nodata=nodata)
    stack = stack_of(header.descriptions)
    descriptions = header.descriptions if stack is None else stack.names
    match = match_bands(descriptions, kind.slot.words, known)
    tag = free_name(match.collection.modality_tag if match else tag_of(kind.slot), taken)
    bands = _bands(header, descriptions, stack, match)
    _tell(tag, bands, descriptions, match, stack, tally)
    if nodata is None and match is not None and header.nodata is None:
        nodata = match.collection.nodata
    metres = header.metres
    return DataSource(
        tag,
        suffix,
        bands,
        match.collection.connector if match else "",
        match.collection.name if match else "",
        nodata,
        round(metres, 4) if metres is not None and math.isfinite(metres) else None,
        stack.dates if stack else (),
        "dates_first" if stack is None or stack.dates_first else "bands_first",
    )


def _bands(
    header: RasterHeader, descriptions: Sequence[str], stack: Stack | None, match: BandMatch | None
) -> tuple[Band, ...]:
    names = band_names(descriptions)
    places = _places(len(names), stack)
    waves = [header.wavelengths[place] if place < len(header.wavelengths) else None for place in places]
    found: list[Band] = []
    for index, name in enumerate(names):
        place = places[index]
        known: CollectionBand | None = match.bands[index] if match else None
        whole = header.dtype.startswith(("int", "uint"))
        scale = header.scales[place] if header.scales else known.scale if known and whole else 1.0
        found.append(
            Band(
                index,
                known.name if known else name,
                known.color if known else None,
                scale or 1.0,
                header.offsets[place] if header.offsets else 0.0,
                known.description if known else "",
                waves[index] or (known.wavelength if known else None),
            )
        )
    return _coloured(found, header, match)


def _places(count: int, stack: Stack | None) -> list[int]:
    """Where the bands of the first date lie in the file."""
    step = len(stack.dates) if stack is not None and not stack.dates_first else 1
    return [index * step for index in range(count)]


def _coloured(bands: list[Band], header: RasterHeader, match: BandMatch | None) -> tuple[Band, ...]:
    """The bands with red, green and blue, where all three are known: by collection, name, wavelength or the file."""
    if match is not None and {band.color for band in bands} >= {"R", "G", "B"}:
        return tuple(bands)
    roles: dict[int, Color] = {}
    for number, (color, wave, names) in enumerate(_COLORS):
        by_name = [band.index for band in bands if band.name.lower() in names]
        by_wave = sorted(
            (abs(band.wavelength - wave), band.index)
            for band in bands
            if band.wavelength is not None and abs(band.wavelength - wave) <= _NEAR
        )
        if by_name:
            roles[by_name[0]] = color
        elif by_wave:
            roles[by_wave[0][1]] = color
        elif header.rgb and len(bands) >= 3:
            roles.setdefault(number, color)
    whole = set(roles.values()) == {"R", "G", "B"}
    return tuple(replace(band, color=roles.get(band.index) if whole else None) for band in bands)


def _tell(
    tag: str, bands: Sequence[Band], descriptions: Sequence[str], match: BandMatch | None, stack: Stack | None,
    tally: Tally,
) -> None:  # fmt: skip
    if match is not None:
        tally.add("bands_guessed", f"{tag}: {match.collection.title}, by {match.why}")
    elif not any(descriptions):
        tally.add("bands_unnamed", f"{tag}: {len(bands)}")
    elif [band.name for band in bands] != list(descriptions):
        tally.add("band_names_changed", f"{tag}: {', '.join(band.name for band in bands[:8])}")
    if stack is not None:
        order = "all bands of a date together" if stack.dates_first else "all dates of a band together"
        tally.add("stack_guessed", f"{tag}: {len(stack.dates)} dates × {len(stack.names)} bands, {order}")


def band_names(descriptions: Sequence[str]) -> list[str]:
    """Descriptions as names: unique, without blanks and slashes; the number of the band where there is none."""
    found: list[str] = []
    for number, text in enumerate(descriptions, 1):
        name = re.sub(r"[\s/\\]+", "_", "".join(letter for letter in text.strip() if letter.isprintable()))[
            :90
        ]
        found.append(free_name(name or str(number), found))
    return found


def free_name(name: str, taken: Iterable[str]) -> str:
    """The name, with a number behind it where it is taken."""
    used = set(taken)
    free, number = name, 2
    while free in used:
        free, number = f"{name}_{number}", number + 1
    return free


def tag_of(slot: Slot) -> str:
    """What a kind of file is called as a layer: its suffix without separators and ending, else its folder."""
    plain = slot.suffix.rpartition(".")[0].strip("-_. /") or slot.folder or "image"
    return (
        re.sub(r"[\s/\\]+", "_", "".join(letter for letter in plain if letter.isprintable()))[:90] or "image"
    )


def purpose_of_labels(kind: Kind | None, values: LabelValues) -> Purpose:
    """What labels as rasters are for; OTHER without any."""
    if kind is None:
        return Purpose.OTHER
    header = kind.typical
    is_float = header is not None and header.dtype.startswith("float")
    if is_float and (values.fractions or values.many or not values.looked or kind.slot.words & TARGETS):
        return Purpose.REGRESSION
    return Purpose.SEGMENTATION


def propose_categories(values: LabelValues, nodata: float | None, tally: Tally) -> tuple[LabelClass, ...]:
    """The values that labels hold as classes; those that look like pixels without a class are to be ignored."""
    numbers = sorted(values.counts)
    if len(numbers) > MANY or values.many:
        tally.add("class_values_many", f"{len(numbers):,} different values")
    ignored = _ignored(numbers, nodata)
    found: list[LabelClass] = []
    for number in numbers:
        if number in ignored:
            name = "Ignore" if len(ignored) == 1 else f"Ignore_{number}"
            found.append(LabelClass(number, name, "#000000", 0.0, None, True))
        else:
            found.append(LabelClass(number, str(number), palette_color(number)))
    if ignored:
        tally.add("ignore_guessed", ", ".join(str(number) for number in sorted(ignored)))
    if found:
        tally.add("classes_guessed", ", ".join(str(number) for number in numbers[:20]), count=len(numbers))
    return tuple(found)


def _ignored(numbers: Sequence[int], nodata: float | None) -> set[int]:
    declared = (
        {int(nodata)} if nodata is not None and math.isfinite(nodata) and nodata == int(nodata) else set()
    )
    # A declared 0 is the background that most masks have, and is learnt.
    suspects = {-1, 255} | (declared - {0})
    classes = [number for number in numbers if number not in suspects]
    # Alone they are all that a mask has, and then they are its classes: 0 and 255 is a mask of one class.
    if len(classes) > FEW or not classes or (classes == [0] and -1 not in numbers):
        return set()
    if max(classes) >= FEW:
        return declared.intersection(numbers)
    return suspects.intersection(numbers)
