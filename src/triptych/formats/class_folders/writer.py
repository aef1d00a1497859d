"""`class_folders` on the way out: `Classes/<class>/<file>` for one single-label set, and `triptych.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triptych.core.errors import InvalidInput
from triptych.core.labels import Kind, Task
from triptych.formats.base import SIDECAR_NAME
from triptych.formats.export_paths import safe_path, unique_paths
from triptych.formats.losses import items_left_out, sets_left_out
from triptych.formats.sidecar import Sidecar, SidecarItem, SidecarSet, dump

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triptych.core.findings import Finding
    from triptych.core.labels import LabelClass
    from triptych.formats.base import ExportSet, ExportSource

_SEVERAL = -1


class ClassFoldersWriter:
    """Writes the pictures of the first single-label set into a folder for each class.

    Pictures without a class, and with several, have no folder: they are left out and reported by `losses`.
    """

    def losses(self, source: ExportSource) -> list[Finding]:
        """All annotation sets but the first single-label one, and the pictures without exactly one class."""
        chosen = _single(source)
        if chosen is None:
            return sets_left_out(source.sets, "none of them gives each picture one class") + items_left_out(
                [item.key for item in source.items], "no annotation set gives each picture one class"
            )
        others = [entry for entry in source.sets if entry is not chosen]
        classes = _class_of(chosen)
        without = [item.key for index, item in enumerate(source.items) if classes.get(index, _SEVERAL) < 0]
        return sets_left_out(others, "class folders hold one") + items_left_out(
            without, f"they do not have exactly one class of {chosen.name}"
        )

    def write(self, source: ExportSource) -> Iterator[tuple[str, bytes]]:
        """triptych.json first, then the pictures, unchanged; InvalidInput without a single-label set."""
        chosen = _single(source)
        if chosen is None:
            raise InvalidInput(
                f"{source.name} has no single-label annotation set, and class folders need one.",
                code="format_cannot_hold",
                hint="Export as image_label or parquet.",
            )
        folders = _folders(chosen.classes)
        classes = {index: number for index, number in _class_of(chosen).items() if number >= 0}
        kept = sorted(classes)
        names = {entry.id: entry.name for entry in chosen.classes}
        paths = unique_paths(
            _path(folders[classes[index]], source.items[index].key, names[classes[index]]) for index in kept
        )
        items = tuple(
            SidecarItem(path, item.key, item.study, item.series, item.position, item.part)
            for item, path in zip((source.items[index] for index in kept), paths, strict=True)
        )
        pairs = tuple((folder, number) for number, folder in folders.items())
        described = SidecarSet(chosen.name, chosen.task, tuple(chosen.classes), folders=pairs)
        yield (
            SIDECAR_NAME,
            dump(Sidecar("class_folders", source.name, source.version, source.modality, items, (described,))),
        )
        for index, path in zip(kept, paths, strict=True):
            yield path, source.read(source.items[index])


def _single(source: ExportSource) -> ExportSet | None:
    return next((entry for entry in source.sets if entry.task is Task.SINGLE_LABEL), None)


def _class_of(chosen: ExportSet) -> dict[int, int]:
    """Class id by item; _SEVERAL for items with more than one."""
    classes: dict[int, int] = {}
    for label in chosen.labels:
        if label.kind is Kind.CLASS and label.class_id is not None:
            known = classes.setdefault(label.item, label.class_id)
            if known != label.class_id:
                classes[label.item] = _SEVERAL
    return classes


def _folders(classes: list[LabelClass]) -> dict[int, str]:
    """A folder below `Classes/` for each class id, the class's name wherever that is safe."""
    taken: set[str] = set()
    folders: dict[int, str] = {}
    for entry in classes:
        wanted = safe_path(entry.name)
        folder, number = wanted, 2
        while folder in taken:
            folder, number = f"{wanted} ({number})", number + 1
        taken.add(folder)
        folders[entry.id] = folder
    return folders


def _path(folder: str, key: str, class_name: str) -> str:
    """The picture directly in its folder: a folder more would be another class."""
    return f"Classes/{folder}/{safe_path(key.removeprefix(f'{class_name}/').replace('/', '_'))}"
