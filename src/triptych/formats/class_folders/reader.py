"""`class_folders`: `Classes/<class>/…`; each picture has the folder as its single label."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triptych.formats.base import Match, Refusal
from triptych.formats.pictures.answers import NO_PICTURES, count
from triptych.formats.pictures.inventory import inventory_of
from triptych.formats.pictures.keys import loose
from triptych.formats.pictures.layout import Area, layout_of

if TYPE_CHECKING:
    from triptych.core.dataset import Inventory
    from triptych.formats.base import ReaderOptions, SourceView


class ClassFoldersReader:
    """Reads pictures in folders of classes."""

    def detect(self, view: SourceView) -> Match | Refusal:
        """Yes where pictures lie in a folder below `Classes`."""
        layout = view.once(layout_of)
        if not layout.pictures:
            return NO_PICTURES
        if not layout.in_class:
            return Refusal(
                "No picture lies in a folder of a class below Classes/.",
                "Make a folder Classes, in it a folder for each class, in it the pictures.",
            )
        why = f"Classes/ holds {count(layout.in_class, 'picture')} in folders of classes."
        return Match(0.7 if layout.counts[Area.IMAGE] else 0.95, why)

    def inventory(self, view: SourceView, options: ReaderOptions) -> Inventory:
        """Pictures as items and one single-label set without a name; see `inventory_of`."""
        return inventory_of(view, options, "class_folders", Area.CLASSES, loose)
