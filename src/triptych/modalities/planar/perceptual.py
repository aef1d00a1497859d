"""A perceptual hash: 64 bits that stay nearly the same when a picture is re-encoded, resized or brightened.

The 64 lowest frequencies, the mean left out, of the discrete cosine transform of the picture at 32 × 32 in
gray; each bit says whether one lies above their median. Unrelated pictures differ in about 32 bits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIDE = 32
_WIDE = 11  # frequencies along one side that the 64 lowest can reach


def _cosines() -> NDArray[np.float64]:
    # Whole numbers below 2**12: every sum of the two products stays below 2**53 and so is exact in float64,
    # in whatever order a machine adds. The same picture has the same hash everywhere.
    frequency, place = np.arange(_WIDE)[:, np.newaxis], np.arange(SIDE)
    waves: NDArray[np.float64] = np.cos(np.pi * frequency * (2 * place + 1) / (2 * SIDE))
    return np.rint(4096 * waves)


def _lowest() -> NDArray[np.intp]:
    # By the sum of the two frequencies, then the more even ones first; 0, 0 is the mean.
    pairs = [(v, h) for v in range(_WIDE) for h in range(_WIDE)]
    pairs.sort(key=lambda pair: (sum(pair), max(pair), pair))
    return np.array([v * _WIDE + h for v, h in pairs[1:65]])


_COSINES = _cosines()
_TURNED = np.ascontiguousarray(_COSINES.T)
_LOWEST = _lowest()


def perceptual_hash(image: Image.Image) -> int | None:
    """64 bits as a signed integer, from an L or RGB image; None when it is constant at 32 × 32."""
    gray = image if image.mode == "L" else image.convert("L")
    if gray.size != (SIDE, SIDE):
        gray = gray.resize((SIDE, SIDE), Image.Resampling.BOX)
    values = np.frombuffer(gray.tobytes(), np.uint8).reshape(SIDE, SIDE)
    if values.min() == values.max():
        return None
    waves = (_COSINES @ values.astype(np.float64) @ _TURNED).reshape(-1)[_LOWEST]
    # The median as the mean of the two in the middle would be between them; any number there gives these bits.
    middle = np.partition(waves, 31)[31]
    return int.from_bytes(np.packbits(waves > middle).tobytes(), "big", signed=True)
