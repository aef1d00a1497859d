"""What the pool's processes do in tests; an item says what becomes of the process that works on it."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from triptych.core.errors import Unavailable

if TYPE_CHECKING:
    from pathlib import Path

KILL = -1
SEGFAULT = -2
ALLOCATE = -3
HANG = -4
LEAVE = -5
KILL_ONCE = -6


@dataclass(frozen=True)
class Numbers:
    """Items with something that all share."""

    items: tuple[int, ...]
    factor: int
    folder: Path | None = None


def scale(chunk: Numbers) -> list[int]:
    """Each item times the factor."""
    return [_one(item, chunk.folder) * chunk.factor for item in chunk.items]


def squares(chunk: list[int]) -> list[int]:
    """Each item squared."""
    return [_one(item, None) ** 2 for item in chunk]


def _one(item: int, folder: Path | None) -> int:
    if item == KILL:
        os.kill(os.getpid(), signal.SIGKILL)
    if item == SEGFAULT:
        ctypes.string_at(0)
    if item == ALLOCATE:
        bytearray(8_000_000_000)
    if item == HANG:
        while True:
            time.sleep(1)
    if item == LEAVE:
        os._exit(3)
    if item == KILL_ONCE:
        assert folder is not None
        mark = folder / "killed"
        if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
    return item


def bug(chunk: list[int]) -> None:
    """Raises what nobody expects."""
    raise ZeroDivisionError(f"at {chunk[0]}")


def full_disk(_chunk: list[int]) -> None:
    """Raises an error of the product."""
    raise Unavailable("The disk is full.", code="disk_full", hint="Free space.")


class Awkward(Exception):
    """Cannot be pickled and made again."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(first)
        self.second = second


def awkward(_chunk: list[int]) -> None:
    """Raises an exception that does not travel."""
    raise Awkward("first", "second")


def sleep(chunk: list[float]) -> int:
    """Sleeps for the first item's seconds; its process."""
    time.sleep(chunk[0])
    return os.getpid()


def sleep_for_ever(chunk: Numbers) -> None:
    """Leaves a file named by its process, then sleeps."""
    assert chunk.folder is not None
    (chunk.folder / str(os.getpid())).touch()
    while True:
        time.sleep(1)


def loaded(_chunk: list[int]) -> list[str]:
    """The modules that this process has imported."""
    return sorted(sys.modules)


def megabytes(chunk: list[int]) -> bytes:
    """As many bytes as the items say, in megabytes."""
    return bytes(1_000_000 * sum(chunk))


def take(chunk: list[bytes]) -> int:
    """How many bytes came in."""
    return sum(len(item) for item in chunk)
