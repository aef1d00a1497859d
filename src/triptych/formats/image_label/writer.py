"""`image_label` on the way out: `image/…`, a label file for each annotation set, and `triptych.json`.

What a row cannot hold (polygons, single objects, planes of a picture) stands in a second file beside the label file,
`<set>.shapes.jsonl`, which is read in its place while neither was changed.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from triptych.core.labels import Task
from triptych.core.names import fold
from triptych.formats.base import SIDECAR_NAME
from triptych.formats.export_paths import safe_part, safe_path, unique_paths
from triptych.formats.label_csv.exact import write_masks, write_rows
from triptych.formats.losses import LABEL_TASKS, sets_left_out
from triptych.formats.shape_rows import write_lines
from triptych.formats.sidecar import Sidecar, SidecarItem, SidecarSet, dump

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triptych.core.findings import Finding
    from triptych.formats.base import ExportSet, ExportSource


class ImageLabelWriter:
    """Writes pictures and label files in the reference's dialect: commas, UTF-8, no header.

    A single annotation set is written as `label.csv`, several each under their name.
    """

    def losses(self, source: ExportSource) -> list[Finding]:
        """Annotation sets whose labels are pictures."""
        return sets_left_out(
            (entry for entry in source.sets if entry.task not in LABEL_TASKS),
            "their labels are pictures",
        )

    def write(self, source: ExportSource) -> Iterator[tuple[str, bytes]]:
        """Label files first, then triptych.json, then the pictures, unchanged."""
        paths = unique_paths(safe_path(item.key) for item in source.items)
        sets = [entry for entry in source.sets if entry.task in LABEL_TASKS]
        described: list[SidecarSet] = []
        for entry, name in zip(sets, _file_names(sets), strict=True):
            data = _rows(entry, source, paths)
            shapes, digest = None, None
            if entry.task is Task.SEGMENTATION or any(label.shape is not None for label in entry.labels):
                names = {known.id: known.name for known in entry.classes}
                lines = b"".join(write_lines(entry.labels, paths, names))
                shapes, digest = f"{name.removesuffix('.csv')}.shapes.jsonl", sha256(lines).hexdigest()
                yield shapes, lines
            described.append(
                SidecarSet(
                    entry.name,
                    entry.task,
                    tuple(entry.classes),
                    name,
                    sha256(data).hexdigest(),
                    shapes=shapes,
                    shapes_sha256=digest,
                )
            )
            yield name, data
        items = tuple(
            SidecarItem(f"image/{path}", item.key, item.study, item.series, item.position, item.part)
            for item, path in zip(source.items, paths, strict=True)
        )
        yield (
            SIDECAR_NAME,
            dump(
                Sidecar("image_label", source.name, source.version, source.modality, items, tuple(described))
            ),
        )
        for item, path in zip(source.items, paths, strict=True):
            yield f"image/{path}", source.read(item)


def _rows(entry: ExportSet, source: ExportSource, paths: list[str]) -> bytes:
    names = {known.id: known.name for known in entry.classes}
    if entry.task is Task.SEGMENTATION:
        sizes = [(item.height, item.width) for item in source.items]
        return write_masks(entry.labels, paths, names, sizes)
    return write_rows(entry.labels, paths, names)


def _file_names(sets: list[ExportSet]) -> list[str]:
    if len(sets) == 1:
        return ["label.csv"]
    names: list[str] = []
    taken: set[str] = set()
    for entry in sets:
        stem = safe_part(entry.name.replace("/", "_") or "label")
        name, number = f"{stem}.csv", 2
        while fold(name) in taken:
            name, number = f"{stem} ({number}).csv", number + 1
        taken.add(fold(name))
        names.append(name)
    return names
