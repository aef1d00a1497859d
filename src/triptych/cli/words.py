"""Values in words: sizes, counts, times, names. What terminals must not obey is shown, not sent."""

from __future__ import annotations

import time
import unicodedata
from datetime import datetime

_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
# Controls and lone surrogates; line and paragraph separators; and the marks that reverse what follows them.
_UNSHOWN = ("Cc", "Cs", "Zl", "Zp")
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def shown(text: str) -> str:
    """A name exactly as it is, but for what would move the cursor, colour the screen or turn text around:
    such characters are written as escapes (`\\x1b`, `\\u202e`)."""
    if text.isprintable() and text.isascii():
        return text
    return "".join(
        _escape(letter) if unicodedata.category(letter) in _UNSHOWN or letter in _BIDI else letter
        for letter in text
    )


def _escape(letter: str) -> str:
    code = ord(letter)
    return _ESCAPES.get(letter) or (f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}")


def count(number: int) -> str:
    """A number with thousands marks: 12,345."""
    return f"{number:,}"


def counted(number: int, one: str, many: str = "") -> str:
    """A number and its noun: "1 item", "2 items", "3 studies"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def size(number: int) -> str:
    """Bytes in decimal units, three figures: 980 B, 12.3 kB, 217 MB."""
    value = float(number)
    for unit in _UNITS:
        if value < 999.5 or unit == _UNITS[-1]:
            break
        value /= 1000
    if unit == "B":
        return f"{number} B"
    return (
        f"{value:.2f} {unit}"
        if value < 9.995
        else f"{value:.1f} {unit}"
        if value < 99.95
        else f"{value:.0f} {unit}"
    )


def duration(seconds: float) -> str:
    """A stretch of time as a person says it: 8 s, 3 min 20 s, 2 h 5 min, 3 days."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        rest = f" {whole % 60} s" if whole % 60 and whole < 600 else ""
        return f"{whole // 60} min{rest}"
    if whole < 2 * 86_400:
        return f"{whole // 3600} h {whole % 3600 // 60} min"
    return f"{whole // 86_400} days"


def moment(value: float | str | None, now: float | None = None) -> str:
    """A time of this machine's clock: "today 14:02", "yesterday 09:30", "2026-03-01". "" for None.

    `value` is seconds since 1970, UTC, or a text in the form of ISO 8601.
    """
    if value is None:
        return ""
    then = (
        datetime.fromisoformat(value).astimezone()
        if isinstance(value, str)
        else datetime.fromtimestamp(value).astimezone()
    )
    today = datetime.fromtimestamp(time.time() if now is None else now).astimezone().date()
    days = (today - then.date()).days
    if days == 0:
        return f"today {then:%H:%M}"
    if days == 1:
        return f"yesterday {then:%H:%M}"
    return f"{then:%Y-%m-%d}"


def figure(value: float | None, digits: int = 4) -> str:
    """A measured number with so many significant figures; "–" where there is none."""
    if value is None:
        return "–"
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:.{digits}g}" if abs(value) < 10 ** (digits - 1) else f"{value:,.1f}"
