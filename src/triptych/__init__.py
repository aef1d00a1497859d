"""Triptych: one home for image datasets of three kinds.

>>> import triptych
>>> train = triptych.load("blood_cells@1", split="train")  # doctest: +SKIP
>>> train[0].image.shape  # doctest: +SKIP
(480, 640, 3)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from triptych.client.loading import connect as connect
    from triptych.client.loading import load as load

__version__ = "0.1.0"
__all__ = ["__version__", "connect", "load"]


def __getattr__(name: str) -> object:
    # The web client is imported on first use: `triptych --help` and `import triptych` stay quick.
    if name in ("connect", "load"):
        from triptych.client import loading

        return getattr(loading, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
