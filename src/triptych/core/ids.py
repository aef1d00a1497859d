"""Identifiers of datasets, people, jobs and links: 24 hexadecimal digits that sort by time of creation."""

from __future__ import annotations

import re
import secrets
import time

_ID = re.compile(r"[0-9a-f]{24}")


def new_id() -> str:
    """A new id: 12 digits of milliseconds since 1970, then 12 random ones; later ids sort later."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(6)}"


def is_id(text: str) -> bool:
    """Whether the text has the form of an id."""
    return _ID.fullmatch(text) is not None
