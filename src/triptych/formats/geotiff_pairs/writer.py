"""`geotiff_pairs` on the way out: every raster unchanged, its recipe, and the split as files of stems.

recipe.json                 how the files are paired and read, with the classes
split_files/train_data.txt  one stem a line, as TerraTorch takes them; val_data.txt, test_data.txt
<stem><suffix>              the files, byte for byte, where the suffixes of the recipe find them
label.csv, triptych.json    labels that are no rasters: classes of chips, boxes, outlines
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from triptych.core.dataset import Part, Role
from triptych.core.errors import InvalidInput
from triptych.core.labels import Kind, Task
from triptych.formats.base import SIDECAR_NAME
from triptych.formats.export_paths import safe_path, unique_paths
from triptych.formats.geotiff_pairs.pairing import Slot
from triptych.formats.geotiff_pairs.recipe_file import RECIPE_NAME
from triptych.formats.label_files import label_files
from triptych.formats.sidecar import Sidecar, SidecarSet, dump

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triptych.core.findings import Finding
    from triptych.core.recipe import Recipe
    from triptych.formats.base import ExportItem, ExportLayer, ExportSet, ExportSource


SPLIT_FILES = {Part.TRAIN: "train", Part.VALIDATION: "val", Part.TEST: "test"}


class GeotiffPairsWriter:
    """Writes chips as they came, beside a recipe that reads them as they were read."""

    def losses(self, source: ExportSource) -> list[Finding]:
        """Nothing: rasters go out as they are, and all other labels beside them."""
        return []

    def write(self, source: ExportSource) -> Iterator[tuple[str, bytes]]:
        """Recipe, labels, split, then the files. InvalidInput for a dataset without a recipe."""
        recipe = source.recipe
        if recipe is None:
            raise InvalidInput(
                f"“{source.name}” has no recipe: its files are no chips.", code="format_cannot_hold"
            )
        stems = unique_paths(safe_path(item.key) for item in source.items)
        yield RECIPE_NAME, (json.dumps(recipe.document(), ensure_ascii=False, indent=1) + "\n").encode()
        beside = [entry for entry in source.sets if not _is_raster(entry, recipe)]
        if beside:
            described: list[SidecarSet] = []
            yield from label_files(beside, source.items, stems, described)
            told = Sidecar(
                "geotiff_pairs", source.name, source.version, source.modality, None, tuple(described)
            )
            yield SIDECAR_NAME, dump(told)
        for part, name in SPLIT_FILES.items():
            own = [stem for item, stem in zip(source.items, stems, strict=True) if item.part is part]
            if own:
                yield f"split_files/{name}_data.txt", "".join(f"{stem}\n" for stem in own).encode()
        for item, stem in zip(source.items, stems, strict=True):
            for layer in _layers(item):
                yield Slot.of(_suffix(recipe, layer)).path_of(stem), source.read(layer)


def _is_raster(entry: ExportSet, recipe: Recipe) -> bool:
    """Whether the labels of a set are the pixels of layers, which go out as files."""
    if entry.task is Task.REGRESSION:
        return True
    kinds = {label.kind for label in entry.labels}
    if kinds <= {Kind.NOTHING}:
        return entry.task is Task.SEGMENTATION and entry.name == recipe.label_layer
    return kinds <= {Kind.PIXELS, Kind.NOTHING}


def _layers(item: ExportItem) -> list[ExportLayer]:
    order = [Role.IMAGE, Role.SOURCE, Role.TARGET, Role.LABEL]
    return sorted(item.layers, key=lambda layer: (order.index(layer.role), layer.name))


def _suffix(recipe: Recipe, layer: ExportLayer) -> str:
    source = recipe.source(layer.name)
    if source is not None:
        return source.suffix
    return recipe.label_suffix or f"_{layer.name}.{'tif' if layer.format == 'gtiff' else layer.format}"
