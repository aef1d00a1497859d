"""Annotation sets as label files beside what they are about, with what `triptych.json` says of them.

What a row cannot hold (polygons, single objects, planes of a picture) stands in a second file beside the label file,
`<set>.shapes.jsonl`, which is read in its place while neither was changed.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from triptych.core.labels import Task
from triptych.core.names import fold
from triptych.formats.export_paths import safe_part
from triptych.formats.label_csv.exact import write_masks, write_rows
from triptych.formats.shape_rows import write_lines
from triptych.formats.sidecar import SidecarSet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from triptych.formats.base import ExportItem, ExportSet


def label_files(
    sets: Sequence[ExportSet], items: Sequence[ExportItem], paths: list[str], described: list[SidecarSet]
) -> Iterator[tuple[str, bytes]]:
    """The files of the sets, in the reference's dialect: commas, UTF-8, no header; `paths` are those of the items.

    A single set is written as `label.csv`, several each under their name. What each is comes to be in `described`.
    """
    for entry, name in zip(sets, _file_names(sets), strict=True):
        data = _rows(entry, items, paths)
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


def _rows(entry: ExportSet, items: Sequence[ExportItem], paths: list[str]) -> bytes:
    names = {known.id: known.name for known in entry.classes}
    if entry.task is Task.SEGMENTATION:
        return write_masks(entry.labels, paths, names, [(item.height, item.width) for item in items])
    return write_rows(entry.labels, paths, names)


def _file_names(sets: Sequence[ExportSet]) -> list[str]:
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
