"""The laws of reading tables: what is broken refuses the export, what is missing is reported."""

from __future__ import annotations

import io
import json
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.formats.drawn_source import TRIANGLE, areas, ring, version
from tests.formats.reading import complaints, places, read
from tests.formats.samples import parquet, png
from triptych.core.errors import Refused
from triptych.formats.registry import find_format


def changed(name: str, column: str, values: list[Any]) -> dict[str, bytes]:
    """An export in which the first values of a column are others."""
    files = parquet()
    table = pq.read_table(io.BytesIO(files[name]))
    whole = values + table.column(column).to_pylist()[len(values) :]
    field = pa.field(column, pa.array(whole).type)
    table = table.set_column(table.column_names.index(column), field, pa.array(whole))
    out = io.BytesIO()
    pq.write_table(table, out)
    return files | {name: out.getvalue()}


@pytest.mark.parametrize(
    ("name", "column", "values"),
    [
        ("items.parquet", "key", ["../../etc/passwd"]),
        ("items.parquet", "key", ["d.png"]),
        ("items.parquet", "key", [7, 8, 9, 10]),
        ("items.parquet", "path", ["/etc/passwd"]),
        ("items.parquet", "part", ["holdout"]),
        ("items.parquet", "position", [-1]),
        ("annotations.parquet", "class_id", [77]),
        ("annotations.parquet", "set", ["unknown"]),
        ("annotations.parquet", "kind", ["polygon"]),
        ("annotations.parquet", "kind", ["blob"]),
        ("annotations.parquet", "value", [float("nan")]),
        ("annotations.parquet", "shape", ['{"frame":-1}']),
        ("annotations.parquet", "shape", ['{"frame":true}']),
        ("annotations.parquet", "shape", ['{"parts":[[1,2,NaN]]}']),
        ("annotations.parquet", "shape", ['{"size":[99999,99999],"counts":"1"}']),
        ("annotations.parquet", "shape", ['{"other":1}']),
        ("annotations.parquet", "shape", ["[" * 100_000]),
        ("annotations.parquet", "shape", ["no json"]),
    ],
)
def test_tables_that_contradict_themselves_refuse_the_export(
    name: str, column: str, values: list[Any]
) -> None:
    with pytest.raises(Refused) as refused:
        read(changed(name, column, values))
    assert refused.value.code == "export_unreadable"


@pytest.mark.parametrize("data", [b"", b"PAR1", b"PAR1" + bytes(50) + b"PAR1"])
@pytest.mark.parametrize("name", ["items.parquet", "annotations.parquet"])
def test_tables_that_are_none_refuse_the_export(name: str, data: bytes) -> None:
    with pytest.raises(Refused) as refused:
        read(parquet() | {name: data})
    assert refused.value.code == "export_unreadable"


def test_a_table_without_its_columns_refuses_the_export() -> None:
    out = io.BytesIO()
    pq.write_table(pa.table({"key": ["a"]}), out)
    with pytest.raises(Refused) as refused:
        read(parquet() | {"items.parquet": out.getvalue()})
    assert refused.value.code == "export_unreadable"


def test_tables_of_earlier_versions_have_no_shapes_and_are_read() -> None:
    files = parquet()
    table = pq.read_table(io.BytesIO(files["annotations.parquet"]))
    out = io.BytesIO()
    pq.write_table(table.drop_columns(["shape"]), out)
    earlier = read(files | {"annotations.parquet": out.getvalue()})
    assert earlier.annotation_sets == read(files).annotation_sets
    assert complaints(earlier) == set()


def test_areas_are_text_that_others_can_read() -> None:
    files = dict(find_format("parquet").load_writer().write(version(areas())))
    rows = pq.read_table(io.BytesIO(files["annotations.parquet"])).to_pylist()
    assert [row["kind"] for row in rows] == ["polygon", "polygon", "mask", "point", "line", "nothing"]
    assert json.loads(rows[0]["shape"]) == {"parts": [list(TRIANGLE)]}
    assert json.loads(rows[1]["shape"])["instance"] == 7
    assert json.loads(rows[2]["shape"])["size"] == [30, 40]
    assert rows[2]["value"] == ring().sum()
    assert rows[5]["shape"] is None


def test_pictures_taken_and_added_are_reported() -> None:
    files = parquet()
    del files["image/d.png"]
    inventory = read(files | {"image/new.png": png(99)})
    assert [item.key for item in inventory.items] == ['=b, "c".png', "A/Series1/1.png", "A/Series1/2.png"]
    assert complaints(inventory) == {"sidecar_member_missing", "not_in_tables"}
    assert places(inventory) == list(range(len(files) + 1))
    assert all(label.item < 3 for made in inventory.annotation_sets for label in made.labels)


def test_without_the_sidecar_the_pictures_are_imported_alone() -> None:
    files = parquet()
    del files["triptych.json"]
    inventory = read(files)
    assert inventory.format == "study_series"
    assert len(inventory.items) == 4


def test_labels_can_be_left_out() -> None:
    assert read(parquet(), labels="ignore").annotation_sets == []
