"""Rows of a label file by kind: a path alone, path and class, path and class and 0 or 1, a mask, or a box."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from triptych.formats.label_csv.header import Columns, columns_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from triptych.formats.label_csv.dialect import Table
    from triptych.formats.tally import Tally

NOTHING_TO_LABEL = "nothing to label"
"""The class name that is reserved for "looked at, nothing there"; capitals do not matter."""

SPACES = " \u00a0\u3000"
"""Spaces that are cut off around a cell. A tab stays: it may be part of a name."""

_POSITIONS = {
    2: Columns(path=0, name=1),
    3: Columns(path=0, name=1, value=2),
    5: Columns(path=0, name=1, mask=(2, 3, 4)),
    6: Columns(path=0, name=1, box=(2, 3, 4, 5)),
}


class RowKind(StrEnum):
    """What a row says about a picture."""

    NOTHING = "nothing"
    CLASS = "class"
    VALUE = "value"
    BOX = "box"
    MASK = "mask"
    ODD = "odd"


_KIND_OF_WIDTH = {1: RowKind.NOTHING, 2: RowKind.CLASS, 3: RowKind.VALUE, 5: RowKind.MASK, 6: RowKind.BOX}


class Row(NamedTuple):
    """A row: its number in the file (1 is the first), its kind, path, class name and the other cells.

    `cells` are ("1",) for VALUE, four numbers as text for BOX, width, height and mask
    for MASK, all cells for ODD, and nothing else.
    """

    number: int
    kind: RowKind
    path: str
    name: str
    cells: tuple[str, ...]


@dataclass(slots=True)
class Survey:
    """What a first walk through all rows showed."""

    first: list[str] = field(default_factory=list)
    width: int = 0
    blank: int = 0
    filled: int = 0
    widths: Counter[int] = field(default_factory=Counter)


def survey(table: Table) -> Survey:
    """Counts rows and widths. `width` is the commonest number of cells, less columns that are always blank."""
    seen = Survey()
    used: Counter[int] = Counter()
    reserved_only = True
    for number, row in enumerate(table.rows(), 1):
        last = len(row)
        while last and not row[last - 1].strip():
            last -= 1
        if not last or (number == 1 and row[0].startswith("sep=")):
            seen.blank += 1
            continue
        seen.filled += 1
        seen.first = seen.first or row
        seen.widths[len(row)] += 1
        used[last] += 1
        if reserved_only and len(row) > 1 and row[1].strip().lower() != NOTHING_TO_LABEL:
            reserved_only = False
    if seen.filled:
        seen.width = min(seen.widths, key=lambda width: (-seen.widths[width], -width))
        if not reserved_only and max(used) >= 2:
            seen.width = min(seen.width, max(used))
    return seen


class RowReader:
    """Walks through the rows of a table, each with its kind."""

    def __init__(self, table: Table, seen: Survey, tally: Tally, resolves: Callable[[str], bool]) -> None:
        """Raises HeaderNotUnderstood."""
        self._table = table
        self._width = seen.width
        self._tally = tally
        self.header = columns_of(seen.first, resolves) if seen.first else None
        if self.header is not None:
            self._report_header(self.header, seen.first)
        if seen.blank:
            tally.add("blank_rows", count=seen.blank)

    def _report_header(self, header: Columns, first: list[str]) -> None:
        self._tally.add("header_found", "row 1", detail=f"Columns read: {header.describe(first)}.")
        for name in header.ignored:
            self._tally.add("columns_ignored", name[:100])

    def __iter__(self) -> Iterator[Row]:
        header = self.header
        skip = header is not None
        trimmed = 0
        for number, raw in enumerate(self._table.rows(), 1):
            row = [cell.strip(SPACES) for cell in raw]
            if not any(row) or not any(cell.strip() for cell in row):
                continue
            if number == 1 and row[0].startswith("sep="):
                continue
            if skip:
                skip = False
                continue
            if row != raw:
                trimmed += 1
            yield self._by_header(number, row, header) if header is not None else self._by_width(number, row)
        if trimmed:
            self._tally.add("spaces_trimmed", count=trimmed)

    def _by_width(self, number: int, row: list[str]) -> Row:
        if len(row) != self._width:
            while len(row) > 1 and not row[-1]:
                row.pop()
        width = len(row)
        if width == 2:
            name = row[1]
            kind = RowKind.NOTHING if name.lower() == NOTHING_TO_LABEL else RowKind.CLASS
            return Row(number, kind, row[0], name, ())
        columns = _POSITIONS.get(width)
        if columns is None:
            if width == 1:
                return Row(number, RowKind.NOTHING, row[0], "", ())
            return Row(number, RowKind.ODD, row[0], "", tuple(row))
        return self._by_header(number, row, columns)

    def _by_header(self, number: int, row: list[str], columns: Columns) -> Row:
        def cell(column: int | None) -> str:
            return row[column] if column is not None and column < len(row) else ""

        path, name = cell(columns.path), cell(columns.name)
        reserved = name.lower() == NOTHING_TO_LABEL
        if columns.box is not None:
            cells = tuple(cell(column) for column in columns.box)
            blank = not any(cells)
            kind = RowKind.NOTHING if blank and (reserved or not name) else RowKind.BOX
            return Row(number, kind, path, name, () if kind is RowKind.NOTHING else cells)
        if columns.mask is not None:
            cells = tuple(cell(column) for column in columns.mask)
            blank = not any(cells)
            kind = RowKind.NOTHING if blank and (reserved or not name) else RowKind.MASK
            return Row(number, kind, path, name, () if kind is RowKind.NOTHING else cells)
        if columns.value is not None and not reserved:
            return Row(number, RowKind.VALUE, path, name, (cell(columns.value),))
        return Row(number, RowKind.NOTHING if reserved else RowKind.CLASS, path, name, ())
