"""The bands of a data source as TerraTorch's data modules take them: names by place, those that come out, numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from triptych.tuning.facts import BandNumbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from triptych.core.recipe import Band
    from triptych.tuning.facts import SourceFacts


@dataclass(frozen=True, slots=True)
class SourceBands:
    """Of one data source.

    `in_file` names every band of the file in its order, `out` those that the loader gives, in its order; `means` and
    `stds` are of samples times `scale`, one for each of `out`. `rgb` are places in `out` of red, green and blue. With
    `expanded` the loader makes (channels, time) of the bands, and `out` are the channels. `empty` and `constant`
    name bands that have no valid pixel, or one value everywhere, in the train part.
    """

    in_file: tuple[str, ...]
    out: tuple[str, ...]
    scale: float
    means: tuple[float, ...]
    stds: tuple[float, ...]
    rgb: tuple[int, ...]
    expanded: bool = False
    empty: tuple[str, ...] = ()
    constant: tuple[str, ...] = ()


def source_bands(facts: SourceFacts, *, may_expand: bool) -> SourceBands:
    """How the bands of a source are read. `may_expand`: whether the data module makes a time axis of a stack.

    The loader multiplies all bands by one number, so `scale` is the bands' common scale, else 1. Standardised values
    are the same with any scale and offset: (a·x + b - (a·m + b)) / (a·s) = (x - m) / s.
    """
    source = facts.source
    scales = {band.scale for band in source.bands}
    scale = scales.pop() if len(scales) == 1 else 1.0
    placed = source.placed()
    expanded = may_expand and _is_channels_first(facts)
    if expanded:
        out = [band.name for band in source.bands]
        numbers = [pooled(_of_band(facts, band)) for band in source.bands]
    else:
        out = [name for _, name, _ in placed]
        numbers = [facts.numbers.get(name, BandNumbers(name)) for name in out]
    return SourceBands(
        in_file=tuple(out) if expanded else _in_file(facts),
        out=tuple(out),
        scale=scale,
        means=tuple((each.mean or 0.0) * scale for each in numbers),
        stds=tuple((each.std or 0.0) * abs(scale) or 1.0 for each in numbers),
        rgb=_rgb(source.bands) if expanded else _rgb_of_places(facts),
        expanded=expanded,
        empty=tuple(name for name, each in zip(out, numbers, strict=True) if not each.n),
        constant=tuple(name for name, each in zip(out, numbers, strict=True) if each.n and not each.std),
    )


def pooled(bands: Iterable[BandNumbers]) -> BandNumbers:
    """The numbers of several bands, at least one, as those of all their pixels together; the name is the first's."""
    found = list(bands)
    counted = [(each.n, each.mean, each.std) for each in found if each.n and each.mean is not None]
    total = sum(n for n, _, _ in counted)
    if not total:
        return BandNumbers(found[0].name)
    mean = sum(n * mean for n, mean, _ in counted) / total
    square = sum(n * ((std or 0.0) ** 2 + (each - mean) ** 2) for n, each, std in counted)
    return BandNumbers(found[0].name, total, mean, math.sqrt(square / total))


def _is_channels_first(facts: SourceFacts) -> bool:
    """Whether a stack is laid out as TerraTorch unfolds it, (channels time), with no band left out or moved."""
    source = facts.source
    whole = [band.index for band in source.bands] == list(range(len(source.bands)))
    return (
        len(source.dates) > 1
        and source.band_order == "bands_first"
        and whole
        and facts.bands_in_file in (0, len(source.bands) * len(source.dates))
    )


def _of_band(facts: SourceFacts, wanted: Band) -> list[BandNumbers]:
    """The numbers of a band of each date."""
    names = [name for _, name, band in facts.source.placed() if band.index == wanted.index]
    return [facts.numbers.get(name, BandNumbers(wanted.name)) for name in names]


def _in_file(facts: SourceFacts) -> tuple[str, ...]:
    placed = facts.source.placed()
    length = max(facts.bands_in_file, 1 + max(place for place, _, _ in placed))
    names = [f"unused_{place + 1}" for place in range(length)]
    for place, name, _ in placed:
        names[place] = name
    return tuple(names)


def _rgb(bands: Sequence[Band]) -> tuple[int, ...]:
    """Places of red, green and blue, in this order, among bands."""
    roles = {band.color: place for place, band in enumerate(bands) if band.color}
    if len(roles) == 3:
        return tuple(roles[color] for color in ("R", "G", "B"))
    return (0, 1, 2) if len(bands) > 2 else (0, 0, 0)


def _rgb_of_places(facts: SourceFacts) -> tuple[int, ...]:
    """The same among the bands that come out where every date has its own: those of the last date."""
    order = [place for place, _, _ in facts.source.placed()]
    found = [order.index(place) for place in facts.source.rgb()]
    return tuple(found) if len(found) == 3 else (found[0],) * 3
