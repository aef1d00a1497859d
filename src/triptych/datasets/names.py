"""Names of datasets, and `NAME@3`: a dataset at a version."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from triptych.core.errors import InvalidInput
from triptych.core.names import natural_key, nfc

LONGEST_NAME = 1000
LONGEST_SORT_NAME = 200
"""Letters of a name that lists are sorted by; what begins alike for longer follows the ids."""
_AT_VERSION = re.compile(r"(?P<name>.+)@(?P<number>[1-9]\d{0,8})", re.DOTALL)

ARCHIVE_ENDINGS = (".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst", ".tgz", ".tbz2", ".txz", ".zip", ".tar")


class DatasetAddress(NamedTuple):
    """A dataset by name or id, and the version that is meant; None is the current one."""

    name: str
    version: int | None


def addresses(text: str) -> tuple[DatasetAddress, ...]:
    """What a text may mean, likeliest first: a dataset called just so, or `NAME@3`."""
    whole = DatasetAddress(text, None)
    match = _AT_VERSION.fullmatch(text)
    return (whole,) if match is None else (whole, DatasetAddress(match["name"], int(match["number"])))


def check_name(name: str) -> str:
    """The name as given; InvalidInput when it is empty, longer than 1,000 letters or holds control characters."""
    if not name.strip():
        raise InvalidInput("A dataset needs a name.", code="name_empty", hint="Give one with --name.")
    if len(name) > LONGEST_NAME:
        raise InvalidInput(
            f"The name has {len(name):,} letters; at most {LONGEST_NAME:,} fit.",
            code="name_too_long",
            hint="Shorten it and put the rest into the description.",
        )
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in name):
        raise InvalidInput(
            "The name holds control characters.", code="name_unprintable", hint="Leave them out of the name."
        )
    return name


def name_from_filename(filename: str) -> str:
    """The archive's name without its ending: `cells.tar.gz` gives `cells`."""
    lowered = filename.lower()
    for ending in ARCHIVE_ENDINGS:
        if lowered.endswith(ending) and len(filename) > len(ending):
            return filename[: -len(ending)]
    return filename


def search_text(*parts: str) -> str:
    """What a search looks through: parts in NFC with case folded, one a line."""
    return "\n".join(unicodedata.normalize("NFC", part).casefold() for part in parts if part)


def sort_name(display_name: str) -> str:
    """What a list by name is sorted by: "scan 2" before "Scan 10"."""
    return natural_key(nfc(display_name))[0][:LONGEST_SORT_NAME]
