"""Figures of work that lasts less than a sampling of memory would notice: the kernel's own high-water mark."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measuring import Figures

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 7
"""Of a function that is timed by the file."""


def measure(work: Callable[[], object]) -> Figures:
    """Run a function once in this process; `peak` is the largest resident size during it, in bytes.

    The size counts what was there before, interpreter and input included. Linux only.
    """
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # resets the high-water mark
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    status = Path("/proc/self/status").read_text(encoding="ascii")
    mark = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return Figures(wall, cpu, int(mark.split()[1]) * 1024)


def cost(work: Callable[[bytes], object], files: list[bytes]) -> float:
    """CPU milliseconds per file, the best of some rounds for each."""
    total = 0.0
    for data in files:
        best = float("inf")
        for _ in range(ROUNDS):
            start = time.thread_time()
            work(data)
            best = min(best, time.thread_time() - start)
        total += best
    return total / len(files) * 1000
