"""How much memory a tree of processes takes: the sum of PSS, so that shared pages count once."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.processes import marked

if TYPE_CHECKING:
    from collections.abc import Iterator

PAUSE_SECONDS = 0.02
LOOKS = 5
"""Looks at known processes between two searches for new ones."""


@dataclass
class Peak:
    """The highest sum that was seen, in bytes, and how often was looked."""

    bytes: int = 0
    looks: int = 0
    _ended: threading.Event = field(default_factory=threading.Event)

    def watch(self, mark: str) -> None:
        """Look until told to end."""
        while not self._ended.is_set():
            numbers = marked(mark)
            for _ in range(LOOKS):
                self.bytes = max(self.bytes, sum(map(pss, numbers)))
                self.looks += 1
                if self._ended.wait(PAUSE_SECONDS):
                    return

    def end(self) -> None:
        """Stop to look."""
        self._ended.set()


@contextmanager
def peak_of(mark: str) -> Iterator[Peak]:
    """The peak of all processes that carry the mark, while the block runs."""
    peak = Peak()
    thread = threading.Thread(target=peak.watch, args=(mark,))
    thread.start()
    try:
        yield peak
    finally:
        peak.end()
        thread.join()


def pss(number: int) -> int:
    """Proportional set size of a process in bytes (`/proc/<pid>/smaps_rollup`); 0 when it is gone."""
    try:
        text = Path(f"/proc/{number}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:")), 0)
