"""`image_label` on the way out: `image/…`, a label file for each annotation set, and `triptych.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triptych.formats.base import SIDECAR_NAME
from triptych.formats.export_paths import safe_path, unique_paths
from triptych.formats.label_files import label_files
from triptych.formats.losses import LABEL_TASKS, sets_left_out
from triptych.formats.sidecar import Sidecar, SidecarItem, SidecarSet, dump

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triptych.core.findings import Finding
    from triptych.formats.base import ExportSource


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
        yield from label_files(sets, source.items, paths, described)
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
