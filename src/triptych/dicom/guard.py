"""What keeps pydicom in its place: silent about what it reads, and failing in a known set of ways.

pydicom warns through the process-wide `warnings` and logs values of elements, which may name a patient. Both are
switched off here without saving and restoring anything, so that many threads can read at once: `catch_warnings`
restores a filter list that another thread may have changed meanwhile.
"""

from __future__ import annotations

import logging
import struct
import warnings
import zlib

from pydicom import config
from pydicom.errors import BytesLengthException, InvalidDicomError

FAILURES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BufferError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    StopIteration,
    BytesLengthException,
    InvalidDicomError,
    struct.error,
    zlib.error,
)
"""What pydicom and the decoders raise for damaged input; RuntimeError has RecursionError in it."""

# Values are judged where they are used; checking each against its VR costs a tenth of the time of reading.
config.settings.reading_validation_mode = config.IGNORE
logging.getLogger("pydicom").setLevel(logging.CRITICAL + 1)

_MODULE = r"pydicom\b"


def quiet() -> None:
    """Have warnings that arise inside pydicom ignored; cheap, and asked before each use of it.

    Asked anew because whoever enters `catch_warnings` may put stricter filters in front.
    """
    first = warnings.filters[0] if warnings.filters else None
    if first is None or first[0] != "ignore" or getattr(first[3], "pattern", first[3]) != _MODULE:
        warnings.filterwarnings("ignore", module=_MODULE)
