"""What is noticed about a single raster that is imported: stable codes with what they mean for a person."""

from __future__ import annotations

from triptych.core.findings import Severity
from triptych.modalities.planar.notes import NoteText

NOTES: dict[str, NoteText] = {
    "raster_empty": NoteText(
        Severity.WARNING,
        "Rasters hold no valid sample at all: {count}. They are imported, and count for no statistics.",
        "Remove these items, or find out why nothing was measured there.",
    ),
    "band_constant": NoteText(
        Severity.NOTE,
        "Rasters have a band with one value throughout: {count}.",
        "Check that the band is meant to be there; nothing can be learnt from it in these chips.",
    ),
    "band_empty": NoteText(
        Severity.WARNING,
        "Rasters have a band without a valid sample, while others have some: {count}.",
        "Check that the value that means nothing is right, and that the band was measured.",
    ),
    "values_not_finite": NoteText(
        Severity.WARNING,
        "Rasters hold NaN or infinite samples that no nodata tag announces: {count}. They count as invalid.",
        "Replace them before training; a single NaN makes a loss NaN.",
    ),
    "georeference_missing": NoteText(
        Severity.WARNING,
        "Rasters do not say where they lie: {count}. They are shown, but not on the map.",
        "Write the coordinate system and the transform with gdal_edit if places matter; splits cannot see overlaps.",
    ),
    "control_points_only": NoteText(
        Severity.NOTE,
        "Rasters are placed by ground control points: {count}. Their outline is fitted to the points.",
        "Warp them to a grid (gdalwarp) if they should be drawn exactly on the map.",
    ),
    "footprint_unknown": NoteText(
        Severity.WARNING,
        "Rasters have a coordinate system from which no degrees can be computed: {count}. They are not on the map.",
        "Check the coordinate system and the transform of these files.",
    ),
    "several_images": NoteText(
        Severity.WARNING,
        "TIFF files hold several images: {count}. The first of each is taken.",
        "Write the others into files of their own if they matter.",
    ),
    "nodata_outside_range": NoteText(
        Severity.NOTE,
        "Rasters declare a nodata value that their samples cannot have: {count}. No sample is left out for it.",
        "Write the tag again with a value of the type, if some samples mean nothing.",
    ),
    "nodata_by_band": NoteText(
        Severity.NOTE,
        "Rasters declare a nodata value that differs from band to band: {count}. Each band is read with its own.",
        "Nothing to do; other tools may know only the first.",
    ),
    "colormap": NoteText(
        Severity.NOTE,
        "Rasters carry a table of colours: {count}. Their samples are taken as numbers, not as colours.",
        "Nothing to do where they are classes. Expand a picture with few colours to RGB before the import.",
    ),
    "many_values_wide": NoteText(
        Severity.NOTE,
        "Rasters hold whole numbers beyond ±9,007,199,254,740,992: {count}. Statistics are rounded there.",
        "Nothing to do; the samples themselves are kept exactly.",
    ),
}
