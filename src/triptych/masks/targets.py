"""The pictures that masks lie on."""

from __future__ import annotations

from typing import NamedTuple

Position = tuple[float, float, float]


class Target(NamedTuple):
    """A picture that a mask may lie on: its item, its size in pixels, and ImagePositionPatient (x, y, z) in mm."""

    item: int
    width: int
    height: int
    position: Position | None = None
