"""Temporary files of the home: written piece by piece, with a plain word when the disk is full."""

from __future__ import annotations

import errno
from typing import BinaryIO

from triptych.core.errors import Unavailable


def write_piece(file: BinaryIO, piece: bytes) -> None:
    """Write to a file of the home. Raises Unavailable (`disk_full`)."""
    try:
        file.write(piece)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Unavailable(
                "The disk that holds the home is full.",
                code="disk_full",
                hint="Free space or enlarge the disk, then retry; what arrived so far is kept.",
            ) from error
        raise
