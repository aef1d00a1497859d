"""What a picture of rasters is to show, as an address puts it: bands or an expression, stretch, colours."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from triptych.api.raster_painting import MEDIA_TYPES, color_table
from triptych.core.band_math import Expression, parse
from triptych.core.errors import InvalidInput
from triptych.datasets.raster_document import names_at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from triptych.datasets.raster_document import FileBand

MOST_BANDS = 3

Stretch = Literal["item", "dataset"]
Kind = Literal["png", "webp", "jpeg"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. `bands` and `expression` are texts, of which one at most is given; `low` and `high` are
    limits in values, one for all bands or one each. `date` is a place among the dates of a stack; `classes` are ids
    of the classes to show, None for all."""

    bands: str = ""
    expression: str = ""
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    colormap: str | None = None
    stretch: Stretch = "item"
    date: int | None = None
    classes: frozenset[int] | None = None
    kind: Kind = "png"

    @property
    def plain(self) -> bool:
        """Whether nothing is asked of bands and colours, so that a thumbnail would do."""
        return not (self.bands or self.expression or self.low or self.high or self.colormap or self.date)


@dataclass(frozen=True, slots=True)
class Shown:
    """What is read and shown of one file: places from 0; with an expression what is shown is one value."""

    places: tuple[int, ...]
    expression: Expression | None = None


def wish_of(query: Mapping[str, str], *, stretch: Stretch = "item", kind: str = "") -> Wish:
    """The wish of a query; InvalidInput `bad_bands`, `bad_stretch`, `bad_colormap`, `bad_choice`."""
    if query.get("bands") and query.get("expression"):
        raise InvalidInput(
            "Both bands and an expression are given.", code="bad_bands", hint="Give bands=… or expression=…."
        )
    colormap = query.get("colormap") or None
    if colormap is not None:
        color_table(colormap)
    return Wish(
        query.get("bands", ""),
        query.get("expression", ""),
        _numbers(query.get("low", ""), "low"),
        _numbers(query.get("high", ""), "high"),
        colormap,
        _chosen(query.get("stretch") or stretch, ("item", "dataset"), "stretch"),  # type: ignore[arg-type]
        _date(query.get("date")),
        _classes(query.get("classes")),
        _chosen(kind or query.get("format") or "png", tuple(MEDIA_TYPES), "format"),  # type: ignore[arg-type]
    )


def shown_of(wish: Wish, bands: Sequence[FileBand], rgb: Sequence[int]) -> Shown:
    """Which bands of a file a wish means; InvalidInput `bad_bands`, `bad_expression`, `bad_date`.

    Without one the places in `rgb`, of another date where that is asked for.
    """
    dates = {band.date for band in bands if band.date is not None}
    if wish.date is not None and wish.date not in dates:
        raise InvalidInput(
            f"There is no date {wish.date}; the file holds {len(dates)}.",
            code="bad_date",
            hint="Dates are counted from 0.",
        )
    if wish.expression:
        expression = parse(wish.expression, names_at(bands, wish.date))
        return Shown(expression.bands, expression)
    if wish.bands:
        places = places_of(wish.bands, names_at(bands, wish.date))
        if len(places) not in (1, MOST_BANDS):
            raise InvalidInput(
                f"{len(places)} bands are no picture.",
                code="bad_bands",
                hint="Give one band, or three: 3,2,1.",
            )
        return Shown(places)
    if wish.date is None:
        return Shown(tuple(rgb))
    names = [bands[place].band for place in rgb]
    found = {band.band: band.index for band in bands if band.date == wish.date}
    return Shown(tuple(found.get(name, place) for name, place in zip(names, rgb, strict=True)))


def places_of(text: str, names: Sequence[str]) -> tuple[int, ...]:
    """Places in the file of bands given as numbers from 0 or as names, with commas; InvalidInput `bad_bands`."""
    found = []
    for part in (each.strip() for each in text.split(",")):
        if part in names and not part.isdecimal():
            found.append(names.index(part))
        elif re.fullmatch(r"\d{1,5}", part, re.ASCII) and int(part) < len(names):
            found.append(int(part))
        else:
            raise InvalidInput(
                f"There is no band “{part[:60]}”; the file has {len(names)}.",
                code="bad_bands",
                hint="Give places in the file, counted from 0, with commas: bands=3,2,1.",
            )
    return tuple(found)


def limits_of(
    wish: Wish, ranges: Sequence[Sequence[float] | None], count: int
) -> list[tuple[float, float] | None]:
    """Lower and upper limit of each of the `count` values shown: those asked for, else those given."""
    if len(wish.low) not in (0, 1, count) or len(wish.high) not in (0, 1, count):
        raise _bad_stretch(f"{count} values are shown, and {max(len(wish.low), len(wish.high))} limits given")
    found: list[tuple[float, float] | None] = []
    for index, given in enumerate(ranges):
        low, high = given if given is not None else (0.0, 1.0)
        if wish.low:
            low = wish.low[index % len(wish.low)]
        if wish.high:
            high = wish.high[index % len(wish.high)]
        found.append(None if given is None and not (wish.low and wish.high) else (low, high))
    return found


def _numbers(text: str, name: str) -> tuple[float, ...]:
    if not text:
        return ()
    parts = text.split(",")
    try:
        found = tuple(float(part) for part in parts[: MOST_BANDS + 1])
    except ValueError:
        raise _bad_stretch(f"“{text[:60]}” is not a list of numbers") from None
    if len(parts) > MOST_BANDS or not all(math.isfinite(value) for value in found):
        raise _bad_stretch(f"{name} is not one to {MOST_BANDS} finite numbers")
    return found


def _bad_stretch(why: str) -> InvalidInput:
    return InvalidInput(
        f"The stretch cannot be used: {why}.",
        code="bad_stretch",
        hint="Give low and high for all bands, or one each with commas: low=0,0,0&high=0.3,0.3,0.4.",
    )


def _chosen(text: str, known: Sequence[str], name: str) -> str:
    if text not in known:
        raise InvalidInput(
            f"“{text[:40]}” is no {name}.", code="bad_choice", hint=f"Give one of {', '.join(known)}."
        )
    return text


def _date(text: str | None) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"\d{1,5}", text, re.ASCII):
        raise InvalidInput(f"“{text[:40]}” is no date.", code="bad_date", hint="Dates are counted from 0.")
    return int(text)


def _classes(text: str | None) -> frozenset[int] | None:
    if text is None:
        return None
    parts = [part for part in text.split(",") if part]
    if not all(re.fullmatch(r"-?\d{1,10}", part, re.ASCII) for part in parts):
        raise InvalidInput(
            f"“{text[:60]}” are no ids of classes.",
            code="bad_choice",
            hint="Give ids with commas: classes=0,1.",
        )
    return frozenset(map(int, parts))
