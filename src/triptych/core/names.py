"""Names of files and classes: their natural order, when two of them look alike, and how to shorten one."""

from __future__ import annotations

import re
from unicodedata import normalize

_DIGITS = re.compile("[0-9]+")


def natural_key(text: str) -> tuple[str, str]:
    """A sort key under which "a2" comes before "a10", case does not matter, and folders stay together.

    Runs of the digits 0 to 9 compare by value, whatever their length; texts that differ in case or in
    leading zeros alone are ordered by their code points, so the order is total.
    """
    return _DIGITS.sub(_by_value, text.casefold().replace("/", "\x01")), text


def _by_value(digits: re.Match[str]) -> str:
    # A longer number is a larger one once its leading zeros are gone, so its length goes first, as a letter.
    value = digits.group().lstrip("0")
    return f"0{chr(0x100 + min(len(value), 0xD000))}{value}"


def nfc(text: str) -> str:
    """The text in Unicode's composed form, as Windows and Linux write it (macOS decomposes)."""
    return text if text.isascii() else normalize("NFC", text)


def fold(text: str) -> str:
    """A form that is equal for texts that differ in case or in Unicode's composition alone."""
    if text.isascii():
        return text.lower()
    return normalize("NFC", normalize("NFC", text).casefold())


def base_name(path: str) -> str:
    """What follows the last slash."""
    return path[path.rfind("/") + 1 :]


def ending(path: str) -> str:
    """The ending of a path's base name in lower case, with its dot: ".png"; "" where there is none."""
    base = base_name(path)
    dot = base.rfind(".")
    return base[dot:].lower() if dot > 0 else ""


def without_ending(path: str) -> str:
    """The path without its ending."""
    return path[: len(path) - len(ending(path))]


def cut_front(text: str, length: int) -> str:
    """The last `length` characters of a text, "…" in place of what was cut: the end of a path tells most."""
    return text if len(text) <= length else "…" + text[len(text) - length + 1 :]
