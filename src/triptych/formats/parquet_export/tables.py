"""The tables of an export as Parquet: their names and columns."""

from __future__ import annotations

import pyarrow as pa

ITEMS = "items.parquet"
ANNOTATIONS = "annotations.parquet"
CLASSES = "classes.parquet"

ITEM_SCHEMA = pa.schema(
    [
        pa.field("key", pa.string(), nullable=False),
        pa.field("path", pa.string(), nullable=False),
        pa.field("study", pa.string(), nullable=False),
        pa.field("series", pa.string()),
        pa.field("position", pa.int32()),
        pa.field("part", pa.string()),
        pa.field("sha256", pa.string(), nullable=False),
        pa.field("bytes", pa.int64(), nullable=False),
        pa.field("width", pa.int32(), nullable=False),
        pa.field("height", pa.int32(), nullable=False),
        pa.field("bit_depth", pa.int32(), nullable=False),
        pa.field("bands", pa.int32(), nullable=False),
    ]
)
"""One row for each item, in the natural order of keys; `path` is where its picture lies in the export."""

ANNOTATION_SCHEMA = pa.schema(
    [
        pa.field("set", pa.string(), nullable=False),
        pa.field("item", pa.int64(), nullable=False),
        pa.field("key", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("class_id", pa.int32()),
        pa.field("class", pa.string()),
        pa.field("value", pa.float64()),
        pa.field("x", pa.float64()),
        pa.field("y", pa.float64()),
        pa.field("width", pa.float64()),
        pa.field("height", pa.float64()),
        pa.field("shape", pa.string()),
    ]
)
"""One row for each label; `item` is the row of items.parquet, from 0; boxes are in pixels.

`shape` is the form of what is drawn and no box, as a document of JSON (`core.labels.Shape`)."""

CLASS_SCHEMA = pa.schema(
    [
        pa.field("set", pa.string(), nullable=False),
        pa.field("task", pa.string(), nullable=False),
        pa.field("id", pa.int32(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        pa.field("color", pa.string(), nullable=False),
        pa.field("opacity", pa.float64(), nullable=False),
        pa.field("weight", pa.float64()),
    ]
)
"""One row for each class of each annotation set."""
