"""Boxes and areas in COCO's JSON beside rasters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triptych.formats.coco.reader import candidates, read_files
from triptych.formats.pictures.layout import layout_of
from triptych.formats.pictures.notices import NOTICES
from triptych.formats.pictures.reading import reading_of
from triptych.formats.pictures.sizes import Sizes
from triptych.formats.tally import Tally

if TYPE_CHECKING:
    from triptych.core.dataset import DraftItem
    from triptych.formats.base import ReaderOptions, SourceView
    from triptych.formats.geotiff_pairs.heads import Heads
    from triptych.formats.label_csv.matching import Matcher
    from triptych.formats.pictures.reading import Reading


class _ChipSizes(Sizes):
    """Sizes of chips by their headers."""

    def __init__(self, view: SourceView, heads: Heads) -> None:
        super().__init__(view)
        self._heads = heads

    def _look(self, member: int) -> tuple[int, int] | None:
        header = self._heads.of(member)
        return None if header is None else (header.width, header.height)


def instances_beside(
    view: SourceView, options: ReaderOptions, items: list[DraftItem], heads: Heads, matcher: Matcher
) -> Reading | None:
    """What COCO files say of chips; None without one. Items get the parts that files are called after."""
    members = view.once(candidates)
    if not members:
        return None
    reading = reading_of(view, options, view.once(layout_of), items, Tally("", NOTICES))
    reading.matcher = matcher
    reading.sizes = _ChipSizes(view, heads)
    if reading.reads_labels:
        read_files(reading, members)
        items[:] = reading.parts.applied()
    else:
        reading.ignore_all(members)
    return reading
