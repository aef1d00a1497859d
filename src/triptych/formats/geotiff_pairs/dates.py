"""When chips were taken: dates in names, in tags and in the descriptions of bands.

A name may hold several dates (taken, processed): the first one counts. A time of a day follows its date directly,
after T, "_" or "-". What has no zone is UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

FIRST_YEAR, LAST_YEAR = 1900, 2100

_YEAR = r"(?P<y>(?:19|20)\d{2})"
_TIME = r"(?:[T_-]?(?P<H>[01]\d|2[0-3]):?(?P<M>[0-5]\d):?(?P<S>[0-5]\d)(?!\d))?"
_FORMS = (
    re.compile(rf"(?<!\d){_YEAR}(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?![0-9]{{1,5}}(?!\d)){_TIME}"),
    re.compile(rf"(?<!\d){_YEAR}[-_.](?P<m>0[1-9]|1[0-2])[-_.](?P<d>0[1-9]|[12]\d|3[01])(?!\d){_TIME}"),
    re.compile(rf"(?<!\d){_YEAR}(?P<j>[0-2]\d{{2}}|3[0-5]\d|36[0-6])(?!\d){_TIME}"),
)
_SOME_YEAR = re.compile(r"(?:19|20)\d\d")
_BAND = re.compile(r"(?P<date>(?:19|20)\d{2}(?:[-_]?\d{2}){0,2})[-_ .:]+(?P<name>\S.*)")
_BAND_AFTER = re.compile(r"(?P<name>.*\S)[-_ .:]+(?P<date>(?:19|20)\d{2}(?:[-_]?\d{2}){0,2})")


class Found(NamedTuple):
    """A date that was found: seconds since 1970, UTC, and as ISO 8601 (a date alone where there is no time)."""

    seconds: float
    text: str


def date_in_name(name: str) -> Found | None:
    """The first date in a name: YYYYMMDD, YYYY-MM-DD or YYYYDDD, with or without a time."""
    if _SOME_YEAR.search(name) is None:
        return None
    matches = [match for form in _FORMS for match in form.finditer(name)]
    for match in sorted(matches, key=lambda match: match.start()):
        told = match.groupdict()
        try:
            if told.get("j"):
                day = datetime(int(told["y"]), 1, 1, tzinfo=UTC) + timedelta(days=int(told["j"]) - 1)
                if day.year != int(told["y"]):
                    continue
            else:
                day = datetime(int(told["y"]), int(told["m"]), int(told["d"]), tzinfo=UTC)
        except ValueError:
            continue
        if told["H"] is None:
            return Found(day.timestamp(), day.date().isoformat())
        return _found(day.replace(hour=int(told["H"]), minute=int(told["M"]), second=int(told["S"])))
    return None


def date_of_tag(text: str | None) -> Found | None:
    """The date of a tag: TIFF's "2015:07:11 10:00:08" (TIFF 6.0, DateTime) or ISO 8601; None for anything else."""
    if not text:
        return None
    tidy = re.sub(r"^(\d{4}):(\d{2}):(\d{2})", r"\1-\2-\3", text.strip())
    # HLS writes several times where a chip joins several takes (HLS user guide, SENSING_TIME).
    tidy = re.split(r"[;,]", tidy)[0].strip()
    try:
        moment = datetime.fromisoformat(tidy)
    except ValueError:
        return date_in_name(tidy) if len(tidy) < 40 else None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    if len(tidy) <= 10:
        moment = moment.replace(tzinfo=UTC)
        return Found(moment.timestamp(), moment.date().isoformat())
    return _found(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _found(moment: datetime) -> Found:
    moment = moment.astimezone(UTC).replace(microsecond=0)
    return Found(moment.timestamp(), moment.strftime("%Y-%m-%dT%H:%M:%SZ"))


class Stack(NamedTuple):
    """Bands that are several dates: the dates in ISO 8601, the names of one date's bands, and what runs first."""

    dates: tuple[str, ...]
    names: tuple[str, ...]
    dates_first: bool


def stack_of(descriptions: tuple[str, ...]) -> Stack | None:
    """What descriptions like "1985_b1" say: the same bands for each of two dates or more, in either order."""
    for form in (_BAND, _BAND_AFTER):
        matches = [form.fullmatch(text.strip()) for text in descriptions]
        pairs = [(match["date"], match["name"]) for match in matches if match is not None]
        if len(pairs) != len(descriptions):
            continue
        dates = tuple(dict.fromkeys(date for date, _ in pairs))
        names = tuple(dict.fromkeys(name for _, name in pairs))
        if len(dates) < 2 or len(dates) * len(names) != len(pairs):
            continue
        days = [_day(date) for date in dates]
        if any(day is None for day in days) or len(set(days)) != len(days):
            continue
        if pairs == [(date, name) for date in dates for name in names]:
            return Stack(tuple(day for day in days if day), names, dates_first=True)
        if pairs == [(date, name) for name in names for date in dates]:
            return Stack(tuple(day for day in days if day), names, dates_first=False)
    return None


def _day(text: str) -> str | None:
    digits = re.sub(r"\D", "", text)
    year, month, day = digits[:4], digits[4:6] or "01", digits[6:8] or "01"
    try:
        return datetime(int(year), int(month), int(day), tzinfo=UTC).date().isoformat()
    except ValueError:
        return None
