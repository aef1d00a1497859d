"""What a process of the pool does before its first chunk; imports nothing by itself."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def import_all(modules: Sequence[str]) -> None:
    """Import modules by their names."""
    for name in modules:
        import_module(name)
