"""`dicom`: DICOM files in any folders, with or without endings; studies and series come from their tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triptych.formats.base import Match, Refusal
from triptych.formats.pictures.answers import count, main_area
from triptych.formats.pictures.inventory import inventory_of
from triptych.formats.pictures.keys import loose
from triptych.formats.pictures.layout import layout_of

if TYPE_CHECKING:
    from triptych.core.dataset import Inventory
    from triptych.formats.base import ReaderOptions, SourceView

MOST = 0.5
"""The share of DICOM among the pictures from which a source is one of DICOM."""


class DicomReader:
    """Reads DICOM without label files. With them, the formats of the labels read DICOM too."""

    def detect(self, view: SourceView) -> Match | Refusal:
        """Yes where most pictures are DICOM, and neither a label file nor folders of classes lie beside them."""
        layout = view.once(layout_of)
        pictures = len(layout.survey.places) + len(layout.survey.segmentations)
        if not pictures:
            return Refusal("It holds no DICOM picture.", "Add DICOM files; their names do not matter.")
        if pictures < MOST * len(layout.pictures):
            return Refusal(
                f"Most pictures are no DICOM: {count(pictures, 'file')} of {len(layout.pictures):,} are.",
                "Add the DICOM files as a dataset of their own.",
            )
        if layout.tables:
            return Refusal(
                f"{view.paths[layout.tables[0]]} lies beside the pictures.",
                "Remove it to import the pictures alone; image_label reads it.",
            )
        if layout.in_class:
            return Refusal("They lie in folders of classes below Classes/.", "class_folders reads them.")
        series = len({(place.study, place.series) for place in layout.survey.places.values()})
        # Above pictures alone, below every format that reads labels beside them.
        return Match(0.62, f"{count(pictures, 'DICOM file')} in {series:,} series.")

    def inventory(self, view: SourceView, options: ReaderOptions) -> Inventory:
        """Instances with pixels as items, in the order of studies, series and positions; see `inventory_of`."""
        return inventory_of(view, options, "dicom", main_area(view), loose)
