"""What runs in a decoding process to count the values of masks that are pictures. It knows no database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from triptych.core.source import MemberError
from triptych.core.value_counts import MOST_VALUES, pack_value_counts
from triptych.modalities.planar.classes import class_values
from triptych.storage.objects import Objects

if TYPE_CHECKING:
    from triptych.storage.packs import Place


@dataclass(frozen=True, slots=True)
class ValueErrand:
    """Masks that one process counts in one go, by where their bytes are stored."""

    storage_url: str
    max_pixels: int
    items: tuple[Place, ...]


def count_values(errand: ValueErrand) -> list[tuple[bytes, bytes]]:
    """Hash and packed counts of every mask with few enough values."""
    objects = Objects(errand.storage_url)
    found = []
    for place in errand.items:
        try:
            pixels = class_values(
                objects.get(place.object, place.start, place.length), max_pixels=errand.max_pixels
            )
        except MemberError:
            continue  # its chip was rejected for that
        values, counts = np.unique(pixels, return_counts=True)
        if values.size <= MOST_VALUES:
            found.append((place.digest, pack_value_counts(values.astype(np.int64), counts.astype(np.int64))))
    return found
