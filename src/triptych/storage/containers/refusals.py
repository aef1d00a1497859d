"""The sentences with which a container is refused, where more than one module says them."""

from __future__ import annotations

from triptych.core.errors import Refused


def truncated(what: str = "The archive") -> Refused:
    """The end of the container is missing."""
    return Refused(
        f"{what} is cut off: its end is missing.",
        code="truncated",
        hint="Upload it again; compare its size with the original's first.",
    )


def contradicts(what: str) -> Refused:
    """The directory of an archive and its content say different things."""
    return Refused(
        f"The archive contradicts its own directory: {what}.",
        code="contradicts_directory",
        hint="Unpack the original files and pack them again with a common program.",
    )


def over_limit(what: str, limit: int, unit: str) -> Refused:
    """A limit on the whole source is passed."""
    return Refused(
        f"{what} passes the limit of {limit:,} {unit}.",
        code="over_limit",
        hint="Split the upload, or ask an administrator to raise the limit.",
    )


def source_changed(host: str) -> Refused:
    """The file is another one than before."""
    return Refused(
        f"The file on {host} changed while it was read.",
        code="source_changed",
        hint="Add it again once it stays the same.",
    )
