"""When and in which scene chips were taken."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from triptych.core.names import base_name, cut_front
from triptych.formats.geotiff_pairs.dates import date_in_name, date_of_tag

if TYPE_CHECKING:
    from triptych.core.recipe import Recipe
    from triptych.formats.geotiff_pairs.propose import Kind
    from triptych.formats.geotiff_pairs.survey import Survey
    from triptych.formats.tally import Tally

MATCHED = 1_000
"""Letters of a key that a person's pattern is tried on."""


def times_of(survey: Survey, recipe: Recipe, kinds: dict[int, Kind], tally: Tally) -> dict[str, float]:
    """Seconds since 1970, UTC, by key: from names, else the last date of a stack, else from tags of headers."""
    chips = survey.chips.chips
    found: dict[str, float] = {}
    for key in chips:
        date = date_in_name(base_name(key)) or (date_in_name(key) if "/" in key else None)
        if date is not None:
            found[key] = date.seconds
            tally.add("dates_from_names", f"{cut_front(key, 120)}: {date.text}")
    if found:
        missing = [key for key in chips if key not in found]
        for key in missing:
            tally.add("date_missing", cut_front(key, 160))
        return found
    stacked = next((source for source in recipe.sources if source.dates), None)
    if stacked is not None:
        last = datetime.fromisoformat(max(stacked.dates))
        seconds = (last if last.tzinfo else last.replace(tzinfo=UTC)).timestamp()
        return dict.fromkeys(chips, seconds)
    for key, files in chips.items():
        for number in survey.sources:
            header = kinds[number].headers.get(survey.rasters[files[number]]) if number in files else None
            date = date_of_tag(header.time) if header is not None else None
            if date is not None:
                found[key] = date.seconds
                tally.add("dates_from_tags", f"{cut_front(key, 120)}: {date.text}")
                break
    return found


def scene_of(key: str, recipe: Recipe, tally: Tally) -> str | None:
    """What the recipe's pattern finds in a key, None without a pattern or where it does not fit."""
    if recipe.scene is None:
        return None
    match = re.search(recipe.scene, key[:MATCHED])
    if match is None or not match.group(1):
        tally.add("scene_missing", cut_front(key, 160))
        return None
    return match.group(1)[:200]
