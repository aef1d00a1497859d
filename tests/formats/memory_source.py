"""A version of a dataset in memory, for writers, and what of a dataset must survive an export."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from triptych.formats.base import ExportItem, ExportLayer, ExportSet

if TYPE_CHECKING:
    from tests.formats.memory_root import MemoryRoot
    from triptych.core.dataset import Inventory, Modality, Part
    from triptych.core.labels import Label, LabelClass
    from triptych.core.recipe import Recipe


@dataclass
class MemorySource:
    """Items with their bytes, and annotation sets."""

    name: str
    version: int
    modality: Modality
    items: list[ExportItem] = field(default_factory=list)
    sets: list[ExportSet] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=dict)
    recipe: Recipe | None = None

    def add(
        self,
        key: str,
        data: bytes,
        *,
        study: str | None = None,
        series: str | None = None,
        position: int | None = None,
        part: Part | None = None,
    ) -> None:
        """Add an item."""
        digest = sha256(data).hexdigest()
        self.items.append(
            ExportItem(key, study or key, series, position, part, digest, len(data), 2, 2, 8, 1)
        )
        self.contents[key] = data

    def read(self, item: ExportItem | ExportLayer) -> bytes:
        """The file of an item, or of a layer by its hash."""
        return self.contents[item.key if isinstance(item, ExportItem) else item.sha256]


Described = dict[str, Any]


def _labels(labels: list[Label], keys: list[str]) -> list[tuple[Any, ...]]:
    return sorted((repr(keys[label.item]), repr(label[1:])) for label in labels)


def _classes(classes: list[LabelClass]) -> list[tuple[Any, ...]]:
    return [(c.id, c.name, c.color, c.opacity, c.weight) for c in classes]


def content_of_source(source: MemorySource) -> Described:
    """What a dataset is: items with their bytes, studies, parts, and sets with their classes and labels."""
    keys = [item.key for item in source.items]
    return {
        "items": {
            item.key: (item.study, item.series, item.position, item.part, source.contents[item.key])
            for item in source.items
        },
        "sets": {
            entry.name: (entry.task, _classes(entry.classes), _labels(list(entry.labels), keys))
            for entry in source.sets
        },
    }


def content_of_inventory(inventory: Inventory, root: MemoryRoot) -> Described:
    """The same of what a reader found."""
    keys = [item.key for item in inventory.items]
    return {
        "items": {
            item.key: (
                item.study,
                item.series,
                item.position,
                item.part,
                root.read(root.members[item.member]),
            )
            for item in inventory.items
        },
        "sets": {
            made.name: (made.task, _classes(made.classes), _labels(made.labels, keys))
            for made in inventory.annotation_sets
        },
    }
