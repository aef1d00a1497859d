"""Where in a long list an item stands, and where every 50th begins: counted once, since versions never change.

Counting takes a limited time for each request and goes on where the one before it ended. What is known is kept in
this process: 160 KB for a list of a million items.
"""

from __future__ import annotations

import threading
import time
from array import array
from bisect import bisect_left
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from triptych.datasets.item_walk import walk_ids

if TYPE_CHECKING:
    import sqlalchemy as sa

    from triptych.datasets.item_filter import ItemFilter, Scope

STEP = 50
"""Items from one mark to the next."""

BLOCK = 20_000
"""Items that are counted at a time, a multiple of the step."""

SECONDS = 1.0
"""Time that counting may take for a request that asks for nothing else."""

KEPT = 64
"""Lists that are kept, those asked for last."""


@dataclass(slots=True)
class Line:
    """What is known of a list: `marks` are the ids of the items at 49, 99, …; `complete`: `total` is all."""

    marks: array[int] = field(default_factory=lambda: array("q"))
    total: int = 0
    complete: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def after(self, step: int) -> list[int]:
        """The ids behind which the items at step, 2 × step, … begin; `step` is a multiple of `STEP`."""
        every = step // STEP
        ids = list(self.marks[every - 1 :: every])
        # What ends on a mark has nothing behind it.
        return ids[:-1] if self.complete and ids and len(ids) * step == self.total else ids


_lock = threading.Lock()
_lines: OrderedDict[tuple[str, Scope, ItemFilter], Line] = OrderedDict()


def line_of(connection: sa.Connection, scope: Scope, wanted: ItemFilter, seconds: float = SECONDS) -> Line:
    """What is known of a list once it was counted for another few moments; at least a block further."""
    key = (str(connection.engine.url), scope, wanted)
    with _lock:
        line = _lines.pop(key, None) or Line()
        _lines[key] = line
        while len(_lines) > KEPT:
            _lines.popitem(last=False)
    if not line.complete:
        with line.lock:
            _count(connection, scope, wanted, line, time.monotonic() + seconds)
    return line


def _count(connection: sa.Connection, scope: Scope, wanted: ItemFilter, line: Line, until: float) -> None:
    if line.complete:
        return
    last = time.monotonic()
    # A list is broken off on a mark only, behind which it goes on.
    for block in walk_ids(connection, scope, wanted, line.marks[-1] if line.marks else 0, BLOCK):
        line.marks.extend(block[STEP - 1 :: STEP])
        line.total += len(block)
        if len(block) < BLOCK:
            break
        now = time.monotonic()
        if now + (now - last) > until:
            return
        last = now
    line.complete = True


def place_of(
    connection: sa.Connection, scope: Scope, wanted: ItemFilter, line: Line, item_id: int
) -> int | None:
    """The place of an item in a list, from 0; None where it does not pass, or lies beyond what was counted."""
    mark = bisect_left(line.marks, item_id)
    if mark == len(line.marks) and not line.complete:
        return None
    around = next(walk_ids(connection, scope, wanted, line.marks[mark - 1] if mark else 0, STEP), [])
    return mark * STEP + around.index(item_id) if item_id in around else None
