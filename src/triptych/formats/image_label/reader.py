"""`image_label`: pictures in `image` or anywhere, and one or more label files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triptych.formats.base import Match, Refusal
from triptych.formats.pictures.answers import NO_PICTURES, count, has_series, main_area
from triptych.formats.pictures.inventory import inventory_of
from triptych.formats.pictures.keys import loose
from triptych.formats.pictures.layout import Area, layout_of

if TYPE_CHECKING:
    from triptych.core.dataset import Inventory
    from triptych.formats.base import ReaderOptions, SourceView


class ImageLabelReader:
    """Reads pictures with label files."""

    def detect(self, view: SourceView) -> Match | Refusal:
        """Yes where there are pictures outside class folders, and a csv file."""
        layout = view.once(layout_of)
        if not layout.pictures:
            return NO_PICTURES
        if not layout.tables:
            return Refusal(
                "No label file lies beside the pictures.", "Put label.csv beside the folder image."
            )
        if layout.in_class == len(layout.pictures):
            return Refusal(
                "All pictures lie in folders of classes below Classes/.",
                "Call the folder image to take labels from the label file alone.",
            )
        if has_series(layout):
            return Refusal(
                f"{count(layout.in_series, 'picture')} in folders of studies and series.",
                "Put the pictures directly into image/ to import each as a study of its own.",
            )
        tables = count(len(layout.tables), "label file")
        if layout.counts[Area.IMAGE]:
            return Match(0.85, f"image/ holds {count(layout.counts[Area.IMAGE], 'picture')}; {tables}.")
        return Match(0.7, f"{count(len(layout.pictures), 'picture')}, no folder called image; {tables}.")

    def inventory(self, view: SourceView, options: ReaderOptions) -> Inventory:
        """Pictures as items, each a study of its own, and a set for each label file; see `inventory_of`."""
        return inventory_of(view, options, "image_label", main_area(view), loose)
