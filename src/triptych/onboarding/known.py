"""Which contents are measured already: a file of hashes that every decoding process maps into its memory.

A picture that is known is read and hashed but neither decoded nor stored again. The file holds the first eight
bytes of each hash, sorted; two contents that agree in them are told apart when the batch is committed.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


PREFIX = 8
"""Bytes of a hash that the file holds."""


def is_known(path: str, digest: bytes) -> bool:
    """Whether a content with this hash was measured when the file was written."""
    known = _mapped(path)
    if not known.size:
        return False
    prefix = np.frombuffer(digest[:PREFIX], np.uint64)[0]
    place = int(np.searchsorted(known, prefix))
    return place < known.size and bool(known[place] == prefix)


@lru_cache(maxsize=4)
def _mapped(path: str) -> NDArray[np.uint64]:
    if not path or Path(path).stat().st_size == 0:
        return np.zeros(0, np.uint64)
    return np.memmap(path, np.uint64, "r")
