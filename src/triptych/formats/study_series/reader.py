"""`study_series`: `image/<Study>/Series<N>/<file>`, the hierarchy that DICOM tags would carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triptych.formats.base import Match, Refusal
from triptych.formats.pictures.answers import NO_PICTURES, count, has_series, main_area
from triptych.formats.pictures.inventory import inventory_of
from triptych.formats.pictures.keys import by_folders
from triptych.formats.pictures.layout import layout_of

if TYPE_CHECKING:
    from triptych.core.dataset import Inventory
    from triptych.formats.base import ReaderOptions, SourceView


class StudySeriesReader:
    """Reads pictures in folders of studies and series."""

    def detect(self, view: SourceView) -> Match | Refusal:
        """Yes where most pictures lie below a study and a numbered series."""
        layout = view.once(layout_of)
        if not layout.pictures:
            return NO_PICTURES
        if not has_series(layout):
            return Refusal(
                f"{count(layout.in_series, 'picture')} of {len(layout.pictures)} in folders of studies and "
                "series.",
                "The layout is image/STUDY/Series1/picture.",
            )
        return Match(0.9, f"{count(layout.in_series, 'picture')} in folders of studies and series.")

    def inventory(self, view: SourceView, options: ReaderOptions) -> Inventory:
        """Pictures as items with study, series and position, and label files; see `inventory_of`."""
        return inventory_of(view, options, "study_series", main_area(view), by_folders)
