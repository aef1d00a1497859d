"""A label file as rows of cells: encoding, delimiter, line ends, stray quotes and NUL bytes."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from triptych.formats.label_csv.encoding import encoding_of
from triptych.formats.pictures.kinds import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from triptych.formats.tally import Tally

DELIMITERS = ",;\t|"
CELL_LIMIT = 64 * 1024 * 1024
"""Characters in one cell: Python's csv stops at 131,072, and the cells of masks are longer."""

_SAMPLE_ROWS = 200
_SAMPLE_BYTES = 1024 * 1024
_KINDS_OF_ROWS = (2, 3, 5, 6)
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_BINARY = (
    (b"PK\x03\x04", "an Excel workbook (.xlsx) or another zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook (.xls)"),
    (b"%PDF-", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
)


class NotATable(Exception):
    """A file is no text in rows; the message says what it is."""


@dataclass(frozen=True, slots=True)
class Table:
    """A label file that can be walked through any number of times without being held as rows."""

    data: bytes
    codec: str
    delimiter: str = ","
    loose: bool = False
    skip_spaces: bool = False

    def rows(self) -> Iterator[list[str]]:
        """The rows as cells; a blank line is []. csv.Error where quotes do not pair up, unless `loose`."""
        lines = io.TextIOWrapper(io.BytesIO(self.data), encoding=self.codec, newline="")
        if self.loose:
            return self._loose_rows(lines)
        csv.field_size_limit(CELL_LIMIT)
        return csv.reader(lines, delimiter=self.delimiter, strict=True, skipinitialspace=self.skip_spaces)

    def _loose_rows(self, lines: Iterable[str]) -> Iterator[list[str]]:
        csv.field_size_limit(CELL_LIMIT)
        for line in lines:
            text = line.rstrip("\r\n")
            try:
                yield next(csv.reader([text], delimiter=self.delimiter, strict=True), [])
            except csv.Error:
                yield text.replace('"', "").split(self.delimiter)


def open_table(data: bytes, tally: Tally, wanted: str | None, resolves: Callable[[str], bool]) -> Table:
    """The file as a table; what had to be guessed is counted in `tally`.

    `resolves` says whether a path names a picture: under the right encoding and delimiter the first cells do.
    Raises NotATable when the file is no text.
    """
    for mark, what in _BINARY:
        if data.startswith(mark):
            raise NotATable(f"it is {what}")
    if kind := kind_of(data[:132]):
        raise NotATable(f"it is a {kind} picture")
    encoding = encoding_of(data, wanted, resolves)
    if encoding.guessed:
        tally.add("csv_encoding_guessed", detail=f"It is read as {encoding.title}.")
    if not encoding.codec.startswith(("utf-16", "utf-32")) and (nuls := data.count(0)):
        if nuls > 0.3 * len(data):
            raise NotATable("it is binary data")
        tally.add("nul_removed", count=nuls)
        data = data.replace(b"\0", b"")
    try:
        table = Table(data, encoding.codec)
        sample = _sample(table)
    except (UnicodeDecodeError, LookupError) as error:
        raise NotATable(f"it is not written in {encoding.title}") from error
    _note_line_ends(sample, tally)
    lines = [line for line in sample.splitlines() if line.strip(DELIMITERS + ' "')][:_SAMPLE_ROWS]
    delimiter = _delimiter(lines, resolves)
    if delimiter != ",":
        tally.add("csv_delimiter", detail=f"It is read as separated by {_NAMES[delimiter]}.")
    table = replace(table, delimiter=delimiter)
    if f'{delimiter} "' in sample:
        tally.add("spaces_trimmed")
        table = replace(table, skip_spaces=True)
    return _with_quotes(table, tally, encoding.title)


def _sample(table: Table) -> str:
    lines = io.TextIOWrapper(io.BytesIO(table.data), encoding=table.codec, newline="")
    return lines.read(_SAMPLE_BYTES)


def _note_line_ends(sample: str, tally: Tally) -> None:
    if "\r" in sample and "\n" not in sample:
        tally.add("csv_cr_line_ends")


def _delimiter(lines: list[str], resolves: Callable[[str], bool]) -> str:
    """The delimiter whose first cells name pictures; then the one whose rows have a known width."""

    def score(delimiter: str) -> tuple[int, int, int]:
        rows = [_cells(line, delimiter) for line in lines if delimiter in line]
        named = sum(1 for row in rows if resolves(row[0].strip()))
        known = sum(1 for row in rows if len(row) in _KINDS_OF_ROWS)
        return named, known, -DELIMITERS.index(delimiter)

    return max(DELIMITERS, key=score)


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [""])
    except csv.Error:
        return line.split(delimiter)


def _with_quotes(table: Table, tally: Tally, title: str) -> Table:
    try:
        for _ in table.rows():
            pass
    except csv.Error:
        tally.add("quote_unclosed")
        return replace(table, loose=True)
    except UnicodeDecodeError as error:
        raise NotATable(f"it is not written in {title}") from error
    return table
