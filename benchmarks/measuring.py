"""Whole-process figures: wall seconds, CPU seconds and peak memory of a process tree."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SAMPLE_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Figures:
    """What a run cost; `peak` is the largest proportional set size (PSS) of the process tree, in bytes."""

    wall: float
    cpu: float
    peak: int


def run(command: Sequence[str], environment: dict[str, str] | None = None) -> Figures:
    """Run a command to its end and measure it with all its children. RuntimeError when it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    process = subprocess.Popen(
        command,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    peak = _Peak(process.pid)
    output, errors = process.communicate()
    wall = time.perf_counter() - start
    largest = peak.stop()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}: {output.decode()} {errors.decode()}")
    cpu = (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)
    return Figures(wall, cpu, largest)


def call(work: Callable[[], object]) -> Figures:
    """Run a function in this process and measure it; the peak is that of this process tree."""
    peak = _Peak(os.getpid())
    before = _cpu()
    start = time.perf_counter()
    work()
    wall = time.perf_counter() - start
    return Figures(wall, _cpu() - before, peak.stop())


def _cpu() -> float:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


class _Peak:
    """Samples the memory of a process tree until stopped."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._largest = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        """The largest sum that was seen, in bytes."""
        self._done.set()
        self._thread.join()
        return self._largest

    def _sample(self) -> None:
        while not self._done.wait(SAMPLE_SECONDS):
            self._largest = max(self._largest, tree_pss(self._pid))


def tree_pss(pid: int) -> int:
    """Proportional set size of a process and all its descendants, in bytes."""
    try:
        root = psutil.Process(pid)
        family = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    total = 0
    for process in family:
        try:
            total += process.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            continue
    return total


def row(what: str, figures: Figures, bar: str, *, missed: bool = False) -> str:
    """A line of the table. A bar that is missed says so: `≤ 2 s` and `< 100 ms` are held against the wall
    seconds, `< 500 MB` against the peak; `missed` is for bars of other kinds."""
    over = missed or any(_is_over(figures, *each) for each in _LIMIT.findall(bar))
    return (
        f"{what:<58} {figures.wall:>9.3f} s {figures.cpu:>9.2f} s {figures.peak / 1e6:>8.0f} MB   "
        f"{'MISSED: ' if over else ''}{bar}"
    )


_LIMIT = re.compile(r"([<≤]) ([\d.,]+) (s|ms|MB)\b")
_UNITS = {"s": 1.0, "ms": 1e-3, "MB": 1e6}


def _is_over(figures: Figures, sign: str, number: str, unit: str) -> bool:
    limit = float(number.replace(",", "")) * _UNITS[unit]
    figure = figures.peak if unit == "MB" else figures.wall
    return figure > limit or (sign == "<" and figure == limit)


HEADER = f"{'what':<58} {'wall':>11} {'CPU':>11} {'peak':>11}   bar"
