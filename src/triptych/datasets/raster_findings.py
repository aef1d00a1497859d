"""What is said of a single chip: the findings that its rasters have of their own."""

from __future__ import annotations

from triptych.core.findings import Severity
from triptych.datasets.item_text import ItemText

RASTER_TEXTS: dict[str, ItemText] = {
    "raster_empty": ItemText(
        Severity.WARNING,
        "Nothing measured",
        "A raster holds no valid sample at all. It counts for no statistics.",
        "Remove the item, or find out why nothing was measured there.",
    ),
    "band_constant": ItemText(
        Severity.NOTE,
        "Constant band",
        "A band has one value throughout: {detail}.",
        "Check that the band is meant to be there; nothing can be learnt from it here.",
    ),
    "band_empty": ItemText(
        Severity.WARNING,
        "Empty band",
        "A band has no valid sample while others have some: {detail}.",
        "Check that the value that means nothing is right, and that the band was measured.",
    ),
    "values_not_finite": ItemText(
        Severity.WARNING,
        "NaN or infinite values",
        "The raster holds NaN or infinite samples that no nodata tag announces: {detail}.",
        "Replace them before training; a single NaN makes a loss NaN.",
    ),
    "georeference_missing": ItemText(
        Severity.WARNING,
        "No place",
        "The raster does not say where it lies. It is shown, but not on the map.",
        "Write the coordinate system and the transform with gdal_edit if places matter.",
    ),
    "control_points_only": ItemText(
        Severity.NOTE,
        "Ground control points",
        "The raster is placed by ground control points; its outline is fitted to them.",
        "Warp it to a grid (gdalwarp) if it should be drawn exactly on the map.",
    ),
    "footprint_unknown": ItemText(
        Severity.WARNING,
        "Place unknown",
        "No degrees can be computed from the raster's coordinate system. It is not on the map.",
        "Check the coordinate system and the transform of the file.",
    ),
    "several_images": ItemText(
        Severity.WARNING,
        "Several images",
        "The TIFF file holds several images. The first is taken.",
        "Write the others into files of their own if they matter.",
    ),
    "nodata_outside_range": ItemText(
        Severity.NOTE,
        "Nodata out of range",
        "The file declares a nodata value that its samples cannot have. No sample is left out for it.",
        "Write the tag again with a value of the type, if some samples mean nothing.",
    ),
    "nodata_by_band": ItemText(
        Severity.NOTE,
        "Nodata by band",
        "The nodata value differs from band to band. Each band is read with its own.",
        "Nothing to do; other tools may know only the first.",
    ),
    "colormap": ItemText(
        Severity.NOTE,
        "Table of colours",
        "The raster carries a table of colours. Its samples are taken as numbers.",
        "Nothing to do where they are classes. Expand a picture with few colours to RGB before the import.",
    ),
    "many_values_wide": ItemText(
        Severity.NOTE,
        "Very large numbers",
        "The raster holds whole numbers beyond ±9,007,199,254,740,992. Statistics are rounded there.",
        "Nothing to do; the samples themselves are kept exactly.",
    ),
    "label_size_differs": ItemText(
        Severity.ERROR,
        "Label of another size",
        "The label has another size than the chip, on other ground, and is left out.",
        "Save it in the size of its chip, by nearest neighbour.",
    ),
    "layer_size_differs": ItemText(
        Severity.WARNING,
        "Sources of other sizes",
        "The data sources differ in size and in the ground that they cover. They are kept as they are.",
        "Cut them from the same rectangle if a model is to see them together.",
    ),
    "layer_resolution_differs": ItemText(
        Severity.WARNING,
        "Layers of other resolution",
        "Layers cover the same ground in another resolution. They are kept as they are.",
        "Training has to resample them; labels by nearest neighbour.",
    ),
}
