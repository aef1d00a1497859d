"""Ways from one reference system of coordinates to another, kept for the requests that follow."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyproj import Transformer

DEGREES = "EPSG:4326"
"""Longitude and latitude, WGS 84."""


def projection(source: str, target: str) -> Transformer | None:
    """From one system to another, by names like EPSG:32633 or WKT, x or longitude first; None where one of them is
    unknown. Each thread has its own, for pyproj's are not made to be shared."""
    return _projection(source, target, threading.get_ident())


@lru_cache(maxsize=256)
def _projection(source: str, target: str, _thread: int) -> Transformer | None:
    from pyproj import Transformer  # takes long to import, and only rasters need it
    from pyproj.exceptions import ProjError

    try:
        return Transformer.from_crs(source, target, always_xy=True)
    except ProjError:
        return None
