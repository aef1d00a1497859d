"""`geotiff_pairs` on the way out: every raster unchanged, its recipe, and the split as files of stems.

recipe.json                        how the files are paired and read, with the classes
split_files/train_data.txt         one stem a line, as TerraTorch takes them; val_data.txt, test_data.txt
chips/<stem><suffix of the layer>  the files, byte for byte
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from triptych.core.dataset import Part, Role
from triptych.core.errors import InvalidInput
from triptych.core.labels import Task
from triptych.formats.export_paths import safe_path, unique_paths
from triptych.formats.geotiff_pairs.pairing import Slot
from triptych.formats.geotiff_pairs.recipe_file import RECIPE_NAME
from triptych.formats.losses import sets_left_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triptych.core.findings import Finding
    from triptych.core.recipe import Recipe
    from triptych.formats.base import ExportItem, ExportLayer, ExportSource


SPLIT_FILES = {Part.TRAIN: "train", Part.VALIDATION: "val", Part.TEST: "test"}


class GeotiffPairsWriter:
    """Writes chips as they came, beside a recipe that reads them as they were read."""

    def losses(self, source: ExportSource) -> list[Finding]:
        """Annotation sets that are no layer of the chips: classes of whole chips, boxes, outlines."""
        held = (Task.SEGMENTATION, Task.REGRESSION)
        return sets_left_out(
            (entry for entry in source.sets if entry.task not in held), "they are not pixels of the chips"
        )

    def write(self, source: ExportSource) -> Iterator[tuple[str, bytes]]:
        """The recipe first, then the split, then the files. InvalidInput for a dataset without a recipe."""
        recipe = source.recipe
        if recipe is None:
            raise InvalidInput(
                f"“{source.name}” has no recipe: its files are no chips.", code="format_cannot_hold"
            )
        stems = unique_paths(safe_path(item.key) for item in source.items)
        yield RECIPE_NAME, (json.dumps(recipe.document(), ensure_ascii=False, indent=1) + "\n").encode()
        for part, name in SPLIT_FILES.items():
            own = [stem for item, stem in zip(source.items, stems, strict=True) if item.part is part]
            if own:
                yield f"split_files/{name}_data.txt", "".join(f"{stem}\n" for stem in own).encode()
        for item, stem in zip(source.items, stems, strict=True):
            for layer in _layers(item):
                yield Slot.of(_suffix(recipe, layer)).path_of(stem), source.read(layer)


def _layers(item: ExportItem) -> list[ExportLayer]:
    order = [Role.IMAGE, Role.SOURCE, Role.TARGET, Role.LABEL]
    return sorted(item.layers, key=lambda layer: (order.index(layer.role), layer.name))


def _suffix(recipe: Recipe, layer: ExportLayer) -> str:
    source = recipe.source(layer.name)
    if source is not None:
        return source.suffix
    return recipe.label_suffix or f"_{layer.name}.{'tif' if layer.format == 'gtiff' else layer.format}"
