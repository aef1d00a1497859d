"""Words in names of files and folders that say what a raster is."""

from __future__ import annotations

import re

LABELS = frozenset({
    "mask", "masks", "msk", "label", "labels", "labelled", "lbl", "gt", "groundtruth", "truth", "annotation",
    "annotations", "annot", "seg", "segm", "segmentation", "segmentations", "class", "classes", "lulc", "lc",
    "landcover", "landuse", "reference", "y", "target", "targets", "output", "outputs",
})  # fmt: skip
"""Words of rasters that say what is to be learnt."""

TARGETS = frozenset({
    "hag", "agb", "agbm", "chm", "biomass", "height", "heights", "target", "targets", "yield", "regression",
    "ndsm", "canopyheight",
})  # fmt: skip
"""Words of rasters whose values are measured and to be learnt."""

ASIDE = frozenset({
    "cloud", "clouds", "clm", "clp", "cld", "scl", "qa", "fmask", "valid", "validity", "nodata", "udm", "udm2",
    "quality", "confidence",
})  # fmt: skip
"""Words of masks that say where a measurement holds; beside another label they are not what is to be learnt."""

PICTURES = frozenset({
    "image", "images", "img", "imgs", "data", "chip", "chips", "tile", "tiles", "raster", "rasters", "merged", "sat",
    "input", "inputs", "source", "sources", "x", "pan", "ms", "mss", "rgb", "rgbn", "multispectral", "train", "stack",
    "feature", "features", "s1", "s2", "s3", "sar", "s1grd", "s1rtc", "s2l1c", "s2l2a", "sentinel1", "sentinel2",
    "hls", "landsat", "l8", "l9", "naip", "planet", "dem", "dsm", "dtm", "ndvi", "optical", "radar", "vv", "vh",
    "before", "after", "pre", "post", "t1", "t2",
})  # fmt: skip
"""Words of rasters that are looked at."""

PARTS = frozenset({"train", "training", "val", "valid", "validation", "validate", "dev", "test", "testing"})
"""Folders of parts of a split: what lies in two of them is never one chip."""

_CAMEL = re.compile(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+")
_SEPARATORS = re.compile(r"[-_. /]+")


def words_of(text: str) -> frozenset[str]:
    """The words of a suffix or the name of a folder, in lower case: "LabelHand" gives label, hand and labelhand."""
    found: set[str] = set()
    for token in _SEPARATORS.split(text):
        if token:
            found.add(token.lower())
            found |= {part.lower() for part in _CAMEL.findall(token)}
    return frozenset(found)


def label_rank(words: frozenset[str]) -> int:
    """How clearly words name what is to be learnt: 0 not at all, 1 as a mask of validity, 2 as labels."""
    named = bool(words & (LABELS | TARGETS)) or any(
        word.endswith(("mask", "label", "labels")) and len(word) > 5 for word in words
    )
    aside = bool(words & ASIDE)
    return 2 * named if not aside else 1
