"""Windows within a picture."""

from __future__ import annotations

from triptych.core.raster import Window


def clipped(window: Window | None, height: int, width: int) -> Window:
    """The window within a picture of this size; ValueError when nothing of it lies inside."""
    if window is None:
        return Window(0, 0, height, width)
    return Window(window.top, window.left, min(window.bottom, height), min(window.right, width))
