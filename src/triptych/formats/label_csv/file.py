"""One label file from bytes to annotation sets, or the reason why it is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from triptych.formats.label_csv.dialect import NotATable, open_table
from triptych.formats.label_csv.gather import Gatherer
from triptych.formats.label_csv.header import HeaderNotUnderstood
from triptych.formats.label_csv.notices import NOTICES
from triptych.formats.label_csv.rows import RowReader, survey
from triptych.formats.label_csv.sets import sets_of
from triptych.formats.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from triptych.core.labels import DraftSet
    from triptych.formats.label_csv.gather import Gathered
    from triptych.formats.label_csv.matching import PathMatcher
    from triptych.formats.tally import Notice


@dataclass(slots=True)
class FileRead:
    """What came out of a label file.

    `why_not` is "" or half a sentence that says why nothing in it can be used; `listed` are the items that
    it names; `empty` says that it holds no rows at all.
    """

    tally: Tally
    sets: list[DraftSet] = field(default_factory=list)
    listed: set[int] = field(default_factory=set)
    why_not: str = ""
    empty: bool = False


def read_label_file(
    data: bytes,
    path: str,
    stem: str,
    matcher: PathMatcher,
    encoding: str | None = None,
    notices: Mapping[str, Notice] = NOTICES,
    *,
    size_of: Callable[[int], tuple[int, int] | None] | None = None,
) -> FileRead:
    """Read a label file. `path` is its path below the wrapper, `stem` the name of its annotation set, `notices`
    say what findings say. `size_of` tells (height, width) of an item, to hold masks against it."""
    tally = Tally(path, notices)
    result = FileRead(tally)
    try:
        table = open_table(data, tally, encoding, matcher.exact)
        seen = survey(table)
        if not seen.filled:
            result.empty = True
            return result
        rows = RowReader(table, seen, tally, matcher.exact)
    except (NotATable, HeaderNotUnderstood) as error:
        result.why_not = str(error)
        return result
    gatherer = Gatherer(
        matcher,
        tally,
        path[: path.rfind("/") + 1],
        decimal_comma=table.delimiter != ",",
        corners=rows.header is not None and rows.header.corners,
        size_of=size_of,
    )
    gathered = gatherer.gather(rows)
    result.listed = gathered.listed
    if gathered.placed == 0:
        result.why_not = _why_not(gathered, tally, matcher.holder)
        return result
    result.sets = sets_of(gathered, stem, path, tally)
    if not result.sets:
        tally.add("label_file_without_labels")
    return result


def _why_not(gathered: Gathered, tally: Tally, holder: str) -> str:
    if gathered.unmatched:
        return f"none of its rows names a picture of the {holder}"
    if gathered.odd_widths:
        widths = ", ".join(str(width) for width in sorted(gathered.odd_widths)[:5])
        return f"its rows have {widths} columns, and label files of 1, 2, 3, 5 or 6 columns are read"
    if tally.count("unknown_mask_codec"):
        return "its rows have 5 columns, and the masks in them have no form that is known"
    if tally.count("value_not_binary"):
        return "its third column holds neither 0 nor 1"
    return "none of its rows can be read"
