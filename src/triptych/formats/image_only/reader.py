"""`image_only`: pictures and nothing else, in a folder `image` or anywhere."""

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


class ImageOnlyReader:
    """Reads pictures without labels."""

    def detect(self, view: SourceView) -> Match | Refusal:
        """Yes where there are pictures, and neither a label file nor folders that mean something."""
        layout = view.once(layout_of)
        if not layout.pictures:
            return NO_PICTURES
        if layout.tables:
            name = view.paths[layout.tables[0]]
            return Refusal(f"{name} lies beside the pictures.", "Remove it to import the pictures alone.")
        if layout.in_class:
            return Refusal(
                f"{count(layout.in_class, 'picture')} in folders of classes below Classes/.",
                "Call the folder image to import the pictures without classes.",
            )
        if has_series(layout):
            return Refusal(
                f"{count(layout.in_series, 'picture')} in folders of studies and series.",
                "Put the pictures directly into image/ to import each as a study of its own.",
            )
        if layout.counts[Area.IMAGE]:
            return Match(0.6, f"image/ holds {count(layout.counts[Area.IMAGE], 'picture')} and no labels.")
        return Match(0.4, f"{count(len(layout.pictures), 'picture')}, no labels, no folder called image.")

    def inventory(self, view: SourceView, options: ReaderOptions) -> Inventory:
        """Pictures as items, each a study of its own; see `inventory_of`."""
        return inventory_of(view, options, "image_only", main_area(view), loose)
