"""What the planar formats look at when they say yes or no, and words that they share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triptych.formats.base import Refusal
from triptych.formats.pictures.layout import Area, layout_of

if TYPE_CHECKING:
    from triptych.formats.base import SourceView
    from triptych.formats.pictures.layout import Layout

NO_PICTURES = Refusal("It holds no JPG, PNG or DICOM picture.", "Add .jpg, .png or DICOM files.")

SERIES_SHARE = 0.5
"""Pictures that must lie in numbered series, as a share of those outside `Classes`."""


def has_series(layout: Layout) -> bool:
    """Whether most pictures lie below a study and a series; without `image` the folder must say "Series"."""
    outside = len(layout.pictures) - layout.counts[Area.CLASSES]
    counted = layout.in_series if layout.counts[Area.IMAGE] else layout.named_series
    return counted > 0 and counted >= SERIES_SHARE * outside


def main_area(view: SourceView) -> Area:
    """`image` where it holds pictures, else everywhere."""
    return Area.IMAGE if view.once(layout_of).counts[Area.IMAGE] else Area.ELSEWHERE


def count(number: int, what: str) -> str:
    """ "1 picture", "1,200 pictures"."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"
