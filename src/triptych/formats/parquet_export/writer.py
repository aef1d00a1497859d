"""`parquet` on the way out: all items, labels and classes as tables, and the pictures beside them."""

from __future__ import annotations

import io
from itertools import islice
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from triptych.formats.base import SIDECAR_NAME
from triptych.formats.export_paths import safe_path, unique_paths
from triptych.formats.losses import LABEL_TASKS, sets_left_out
from triptych.formats.parquet_export.tables import (
    ANNOTATION_SCHEMA,
    ANNOTATIONS,
    CLASS_SCHEMA,
    CLASSES,
    ITEM_SCHEMA,
    ITEMS,
)
from triptych.formats.sidecar import Sidecar, SidecarSet, dump

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from triptych.core.findings import Finding
    from triptych.formats.base import ExportSource

_BATCH = 50_000


class ParquetWriter:
    """Writes items.parquet, annotations.parquet, classes.parquet, triptych.json and `image/…`."""

    def losses(self, source: ExportSource) -> list[Finding]:
        """Annotation sets whose labels are pictures."""
        return sets_left_out(
            (entry for entry in source.sets if entry.task not in LABEL_TASKS),
            "their labels are pictures",
        )

    def write(self, source: ExportSource) -> Iterator[tuple[str, bytes]]:
        """Tables first, then triptych.json, then the pictures, unchanged."""
        paths = [f"image/{path}" for path in unique_paths(safe_path(item.key) for item in source.items)]
        sets = [entry for entry in source.sets if entry.task in LABEL_TASKS]
        yield ITEMS, _parquet(ITEM_SCHEMA, _item_rows(source, paths))
        yield ANNOTATIONS, _parquet(ANNOTATION_SCHEMA, _annotation_rows(source))
        yield CLASSES, _parquet(CLASS_SCHEMA, _class_rows(source))
        described = tuple(SidecarSet(entry.name, entry.task, tuple(entry.classes)) for entry in sets)
        yield (
            SIDECAR_NAME,
            dump(Sidecar("parquet", source.name, source.version, source.modality, None, described)),
        )
        for item, path in zip(source.items, paths, strict=True):
            yield path, source.read(item)


def _item_rows(source: ExportSource, paths: list[str]) -> Iterator[tuple[Any, ...]]:
    for item, path in zip(source.items, paths, strict=True):
        part = None if item.part is None else item.part.value
        yield (item.key, path, item.study, item.series, item.position, part, *item[5:11])


def _annotation_rows(source: ExportSource) -> Iterator[tuple[Any, ...]]:
    for entry in source.sets:
        if entry.task not in LABEL_TASKS:
            continue
        names = {known.id: known.name for known in entry.classes}
        for label in entry.labels:
            name = None if label.class_id is None else names[label.class_id]
            box = label.box or (None, None, None, None)
            key = source.items[label.item].key
            shape = None if label.shape is None else label.shape.text()
            yield (
                entry.name,
                label.item,
                key,
                label.kind.value,
                label.class_id,
                name,
                label.value,
                *box,
                shape,
            )


def _class_rows(source: ExportSource) -> Iterator[tuple[Any, ...]]:
    for entry in source.sets:
        for known in entry.classes:
            yield (
                entry.name, entry.task.value, known.id, known.name, known.color, known.opacity, known.weight
            )  # fmt: skip


def _parquet(schema: pa.Schema, rows: Iterable[tuple[Any, ...]]) -> bytes:
    out = io.BytesIO()
    stream = iter(rows)
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        while batch := list(islice(stream, _BATCH)):
            columns = zip(*batch, strict=True)
            arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
            writer.write_batch(pa.record_batch(arrays, schema=schema))
    return out.getvalue()
