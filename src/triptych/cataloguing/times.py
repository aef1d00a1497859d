"""Times as STAC has them: RFC 3339 in UTC; and what stands for a time that is not known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

EARLIEST = "1900-01-01T00:00:00Z"
"""The begin of the range of a chip whose time is not known: STAC asks for one, and pictures from the air are hardly
older. Its end is when the version was published."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def rfc3339(seconds: float) -> str:
    """Seconds since 1970 as a text, to the microsecond where there is one; times beyond the years 1 to 9999 as the
    nearest of these."""
    try:
        moment = _EPOCH + timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        moment = datetime.max.replace(tzinfo=UTC) if seconds > 0 else datetime.min.replace(tzinfo=UTC)
    return moment.isoformat().replace("+00:00", "Z")


def item_times(time: float | None, dates: Sequence[str], published: float) -> dict[str, Any]:
    """`datetime` of a chip; null with `start_datetime` and `end_datetime` for a stack of several dates (ISO 8601),
    and where the time is not known: then from 1900 until the version was published."""
    if dates:
        moments = sorted(map(seconds_of, dates))
        start, end = rfc3339(moments[0]), rfc3339(moments[-1])
        return {"datetime": None, "start_datetime": start, "end_datetime": end}
    if time is not None:
        return {"datetime": rfc3339(time)}
    return {"datetime": None, "start_datetime": EARLIEST, "end_datetime": rfc3339(published)}


def seconds_of(date: str) -> float:
    """Seconds since 1970 of a date or time in ISO 8601; without an offset it is in UTC."""
    moment = datetime.fromisoformat(date)
    return ((moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)) - _EPOCH).total_seconds()
