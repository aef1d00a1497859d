"""Short ways to read a source in tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.formats.memory_root import MemoryRoot
from tests.formats.samples import png
from triptych.formats.base import ReaderOptions, view_of
from triptych.formats.registry import choose

if TYPE_CHECKING:
    from collections.abc import Mapping

    from triptych.core.dataset import Inventory
    from triptych.core.labels import DraftSet


def read(root: MemoryRoot | Mapping[str, bytes], format: str | None = None, **options: Any) -> Inventory:
    """The inventory of a source, read as a person's upload is: proposed, chosen, read."""
    view = view_of(root if isinstance(root, MemoryRoot) else MemoryRoot(root))
    spec, _ = choose(view, format)
    inventory = spec.load_reader().inventory(view, ReaderOptions(**options))
    inventory.findings = [*view.findings, *inventory.findings]
    return inventory


def pictures(*names: str) -> dict[str, bytes]:
    """Pictures of different content under these paths."""
    return {name: png(number) for number, name in enumerate(names)}


def six() -> dict[str, bytes]:
    """`image/cell_0.jpg` to `image/cell_5.jpg`."""
    return pictures(*(f"image/cell_{number}.jpg" for number in range(6)))


def with_csv(data: bytes | str, name: str = "label.csv") -> dict[str, bytes]:
    """Six pictures and a label file."""
    return six() | {name: data.encode() if isinstance(data, str) else data}


def codes(inventory: Inventory, *severities: str) -> set[str]:
    """The codes of the findings, of the given severities alone where there are any."""
    return {f.code for f in inventory.findings if not severities or f.severity in severities}


def complaints(inventory: Inventory) -> set[str]:
    """The codes of warnings and errors."""
    return codes(inventory, "warning", "error")


def labels_of(inventory: Inventory, made: DraftSet | None = None) -> list[tuple[Any, ...]]:
    """Labels with keys and names of classes: (key, class, value, box as a tuple)."""
    found = made if made is not None else inventory.annotation_sets[0]
    names: dict[int | None, str] = {entry.id: entry.name for entry in found.classes}
    return [
        (
            inventory.items[label.item].key,
            names.get(label.class_id),
            label.value,
            None if label.box is None else tuple(label.box),
        )
        for label in found.labels
    ]


def places(inventory: Inventory) -> list[int]:
    """All members that the inventory names, sorted: each once."""
    found = [item.member for item in inventory.items] + inventory.label_files
    return sorted(found + [entry.member for entry in inventory.ignored])
