"""The recipe of a source: what a person gave, completed by what is proposed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from triptych.core.recipe import DataSource, Purpose, Recipe
from triptych.formats.geotiff_pairs.collections import collections
from triptych.formats.geotiff_pairs.propose import (
    free_name,
    propose_categories,
    propose_source,
    purpose_of_labels,
    tag_of,
)

if TYPE_CHECKING:
    from triptych.formats.base import ReaderOptions
    from triptych.formats.geotiff_pairs.label_values import LabelValues
    from triptych.formats.geotiff_pairs.pairing import Slot
    from triptych.formats.geotiff_pairs.propose import Kind
    from triptych.formats.geotiff_pairs.survey import Survey
    from triptych.formats.tally import Tally


def recipe_of(
    survey: Survey, kinds: dict[int, Kind], values: LabelValues, options: ReaderOptions, tally: Tally
) -> Recipe:
    """The recipe; `survey.sources` come out in its order, the leading source first."""
    wishes = options.rasters
    given = wishes.recipe
    sources = _sources(survey, kinds, options, tally)
    if given is not None:
        _check(given, survey, kinds, tally)
    label = kinds.get(survey.label) if survey.label is not None else None
    purpose = wishes.purpose or (given.purpose if given else None)
    if purpose is None:
        purpose = purpose_of_labels(label, values)
        if label is not None:
            tally.add("purpose_guessed", purpose.value)
    taken = [source.name for source in sources]
    layer = given.label_layer if given else (tag_of(label.slot) if label else "label")
    categories = given.categories if given else ()
    if not categories and label is not None and purpose not in (Purpose.REGRESSION, Purpose.GENERATION):
        header = label.typical
        categories = propose_categories(values, header.nodata if header else None, tally)
    return Recipe(
        purpose,
        sources,
        label.slot.text if label else "",
        free_name(layer, taken),
        categories,
        wishes.scene or (given.scene if given else None),
    )


def _sources(
    survey: Survey, kinds: dict[int, Kind], options: ReaderOptions, tally: Tally
) -> tuple[DataSource, ...]:
    wishes = options.rasters
    given = {source.suffix: source for source in wishes.recipe.sources} if wishes.recipe else {}
    known = collections(options.collections)
    found: dict[int, DataSource] = {}
    for number in survey.sources:
        text = survey.chips.slots[number].text
        if text in given:
            source = given[text]
            found[number] = source if wishes.nodata is None else replace(source, nodata=wishes.nodata)
            continue
        taken = {source.name for source in (*found.values(), *given.values())}
        found[number] = propose_source(kinds[number], known, taken, wishes.nodata, tally)
    if not wishes.data_suffixes and wishes.recipe is None:
        survey.sources.sort(key=lambda number: _rank(found[number], survey.chips.slots[number]))
    return tuple(found[number] for number in survey.sources)


def _rank(source: DataSource, slot: Slot) -> tuple[bool, int, str]:
    """What is looked at first: a source in colours, then one of many bands."""
    return not any(band.color for band in source.bands), -len(source.bands), slot.text


def _check(given: Recipe, survey: Survey, kinds: dict[int, Kind], tally: Tally) -> None:
    suffixes = {survey.chips.slots[number].text: number for number in survey.sources}
    for source in given.sources:
        number = suffixes.get(source.suffix)
        if number is None:
            tally.add("recipe_source_unused", f"{source.name}: {source.suffix}")
            continue
        places = [
            source.place(band, date) for band in source.bands for date in range(max(1, len(source.dates)))
        ]
        short = [
            header for header in kinds[number].headers.values() if header.bands <= max(places, default=0)
        ]
        if short:
            tally.add(
                "recipe_band_outside",
                f"{source.name}: band {max(places) + 1} of {short[0].bands}",
                count=len(short),
            )
