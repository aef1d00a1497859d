"""Rows become facts about items: each path is matched, each number read, and what does not fit is counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from triptych.core.names import cut_front
from triptych.formats.label_csv.boxes import box_of, number
from triptych.formats.label_csv.masks import UnknownCodec, mask_of_cell, size_of_cells
from triptych.formats.label_csv.rows import RowKind
from triptych.masks.runs import mask_label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from triptych.core.labels import Box, Label
    from triptych.formats.label_csv.matching import PathMatcher
    from triptych.formats.label_csv.rows import Row
    from triptych.formats.tally import Tally

NAME_LIMIT = 1000
"""Characters that the name of a class may have."""


@dataclass(slots=True)
class Gathered:
    """What the rows of one file say. Items are indices; `listed` are all that a readable row names.

    `placed` counts rows that were understood and name a picture, whether or not they give it a label. `looked_at`
    are items and classes of empty masks.
    """

    nothing: dict[int, None] = field(default_factory=dict)
    classes: list[tuple[int, str]] = field(default_factory=list)
    values: list[tuple[int, str, int]] = field(default_factory=list)
    boxes: list[tuple[int, str, Box]] = field(default_factory=list)
    masks: list[tuple[str, Label]] = field(default_factory=list)
    looked_at: dict[tuple[int, str], None] = field(default_factory=dict)
    listed: set[int] = field(default_factory=set)
    placed: int = 0
    unmatched: int = 0
    odd_widths: set[int] = field(default_factory=set)


class Gatherer:
    """Reads rows into facts; `folder` is where the file lies, `size_of` tells (height, width) of an item, None
    where that is not known."""

    def __init__(
        self,
        matcher: PathMatcher,
        tally: Tally,
        folder: str,
        *,
        decimal_comma: bool,
        corners: bool,
        size_of: Callable[[int], tuple[int, int] | None] | None = None,
    ) -> None:
        self._size_of = size_of
        self._matcher = matcher
        self._tally = tally
        self._folder = folder
        self._decimal_comma = decimal_comma
        self._corners = corners
        self._names: dict[str, str] = {}

    def gather(self, rows: Iterable[Row]) -> Gathered:
        """All rows of a file."""
        gathered = Gathered()
        for row in rows:
            if row.kind is RowKind.ODD:
                gathered.odd_widths.add(len(row.cells))
                self._unreadable(row, f"{len(row.cells)} columns; 1, 2, 3, 5 or 6 are known")
                continue
            item = self._item(row)
            if item is None:
                gathered.unmatched += 1
                continue
            self._place(row, item, gathered)
        return gathered

    def _item(self, row: Row) -> int | None:
        found = self._matcher.find(row.path, self._folder)
        if found.code:
            self._tally.add(found.code, f"row {row.number}: {cut_front(row.path, 120)}")
        elif found.item is None:
            self._tally.add("label_without_image", f"row {row.number}: {cut_front(row.path, 120)}")
        return found.item

    def _place(self, row: Row, item: int, gathered: Gathered) -> None:
        if row.kind is RowKind.NOTHING:
            gathered.nothing[item] = None
        elif not row.name:
            self._tally.add("class_empty", f"row {row.number}")
        elif row.kind is RowKind.CLASS:
            gathered.classes.append((item, self._name(row)))
        elif row.kind is RowKind.VALUE:
            value = number(row.cells[0], decimal_comma=self._decimal_comma)
            if value not in (0, 1):
                self._tally.add("value_not_binary", f"row {row.number}: {row.cells[0][:40]!r}")
                return
            gathered.values.append((item, self._name(row), int(value)))
        elif not (self._place_mask if row.kind is RowKind.MASK else self._place_box)(row, item, gathered):
            return
        gathered.listed.add(item)
        gathered.placed += 1

    def _place_box(self, row: Row, item: int, gathered: Gathered) -> bool:
        left, top, third, fourth = row.cells
        cells = (left, top, third, fourth)
        box = box_of(cells, corners=self._corners, decimal_comma=self._decimal_comma)
        if box is None:
            self._unreadable(row, f"{', '.join(cell[:20] for cell in cells)} are not four numbers")
            return False
        place = f"row {row.number}: {box.width:g} × {box.height:g}"
        if box.width < 0 or box.height < 0:
            self._tally.add("box_negative_size", place)
        else:
            if box.width == 0 or box.height == 0:
                self._tally.add("box_zero_size", place)
            if self._decimal_comma and any("," in cell for cell in cells):
                self._tally.add("csv_decimal_comma", f"row {row.number}")
            gathered.boxes.append((item, self._name(row), box))
        return True

    def _place_mask(self, row: Row, item: int, gathered: Gathered) -> bool:
        """Whether the row was understood; a mask of another size is understood and left out."""
        width, height, cell = row.cells
        size = size_of_cells(width, height)
        if size is None:
            self._unreadable(row, f"{width[:20]} × {height[:20]} is no size of a picture")
            return False
        try:
            mask = mask_of_cell(cell, size) if cell else None
        except UnknownCodec as error:
            self._tally.add("unknown_mask_codec", f"row {row.number}: {error}")
            return False
        known = self._size_of(item) if self._size_of is not None else None
        if known is not None and known != size:
            told = f"{size[1]} × {size[0]}, the picture {known[1]} × {known[0]}"
            self._tally.add("mask_size_differs", f"row {row.number}: {told}")
        elif mask is not None and mask.any():
            gathered.masks.append((self._name(row), mask_label(item, None, mask)))
        else:
            self._tally.add("mask_empty", f"row {row.number}: {row.name[:80]}")
            gathered.looked_at[item, self._name(row)] = None
        return True

    def _unreadable(self, row: Row, why: str) -> None:
        self._tally.add("row_unreadable", f"row {row.number}: {why}")

    def _name(self, row: Row) -> str:
        name = self._names.get(row.name)
        if name is None:
            name = self._names[row.name] = shortened(row.name)
        if name is not row.name and len(row.name) > NAME_LIMIT:
            self._tally.add("class_name_long", f"row {row.number}: {row.name[:40]}…")
        return name


def shortened(name: str) -> str:
    """The name, or its beginning and a fingerprint where it is too long: different names stay different."""
    if len(name) <= NAME_LIMIT:
        return name
    return f"{name[: NAME_LIMIT - 17]}…{sha256(name.encode()).hexdigest()[:16]}"
