"""Identifiers of datasets, people, jobs and links: 24 hexadecimal digits that sort by time of creation."""

from __future__ import annotations

import re
import secrets
import threading
import time

_ID = re.compile(r"[0-9a-f]{24}")


_lock = threading.Lock()
_last = 0


def new_id() -> str:
    """A new id: 12 digits of milliseconds since 1970, then 12 random ones; later ids sort later.

    Ids of one process sort in the order in which they were made, also within a millisecond.
    """
    global _last
    with _lock:
        _last = max(_last + 1, ((time.time_ns() // 1_000_000) << 48) | secrets.randbits(48))
        return f"{_last:024x}"


def first_id(seconds: float) -> str:
    """The lowest id that is made at a time, in seconds since 1970."""
    return f"{int(seconds * 1000) << 48:024x}"


def is_id(text: str) -> bool:
    """Whether the text has the form of an id."""
    return _ID.fullmatch(text) is not None
