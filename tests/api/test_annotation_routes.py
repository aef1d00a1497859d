"""Annotation sets are renamed, taken away and counted; every earlier version keeps what it had."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import pictures
from tests.support.studio import Studio, open_studio
from tests.support.versions import contents, curated_zip
from triptych.client.connection import dataset_path
from triptych.core.errors import Conflict, InvalidInput, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def studio(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """An installation on each database; each test adds a dataset of its own."""
    address = request.getfixturevalue("module_postgresql_url") if request.param == "postgresql" else ""
    with open_studio(tmp_path_factory.mktemp("home"), database=address) as opened:
        yield opened


@pytest.fixture
def name(studio: Studio, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A fresh dataset of five studies of four pictures, with classes and boxes."""
    wanted = request.node.name
    studio.add(curated_zip(tmp_path / "curated.zip"), name=wanted)
    return str(wanted)


def of_set(name: str, of: str) -> str:
    """The address of a set."""
    return dataset_path(name, "annotations", of)


def renamed(document: Any, old: str, new: str) -> Any:
    """A document in which a set has another name."""
    if isinstance(document, dict):
        return {(new if key == old else key): renamed(value, old, new) for key, value in document.items()}
    if isinstance(document, list):
        return [renamed(value, old, new) for value in document]
    if isinstance(document, tuple):
        return tuple(renamed(list(document), old, new))
    return new if document == old else document


def test_a_set_is_renamed_from_the_next_version_on(studio: Studio, name: str) -> None:
    before = contents(studio, name, 1)
    answer = studio.connection.patch(of_set(name, "boxes"), {"name": " fields / of view "})
    assert answer == {"version": 2, "changed": 0, "findings": []}
    after = contents(studio, name, 2)
    assert after["content_hash"] == before["content_hash"]
    for each in ("items", "statistics"):
        assert after[each] == renamed(before[each], "boxes", "fields / of view")
    assert [entry["name"] for entry in studio.show(name)["annotation_sets"]] == ["fields / of view", "label"]
    assert studio.connection.get(of_set(name, "fields / of view") + "/distribution")["items"] == 20
    assert contents(studio, name, 1) == before
    studio.connection.post(dataset_path(name, "revert"), {"version": 1})
    assert contents(studio, name, 3) == before


@pytest.mark.parametrize(
    ("new", "error", "code"),
    [
        ("label", Conflict, "name_taken"),
        ("", InvalidInput, "bad_set_name"),
        ("a\u0000b", InvalidInput, "not_text"),
        ("x" * 201, InvalidInput, "bad_set_name"),
    ],
)
def test_a_name_that_cannot_be_used_is_told(
    studio: Studio, tmp_path: Path, new: str, error: type[Exception], code: str
) -> None:
    dataset = f"names {len(new)} {code}"
    studio.add(curated_zip(tmp_path / "curated.zip"), name=dataset)
    with pytest.raises(error) as caught:
        studio.connection.patch(of_set(dataset, "boxes"), {"name": new})
    assert getattr(caught.value, "code", "") == code
    for body in ({"name": "boxes"}, {}):
        assert studio.connection.patch(of_set(dataset, "boxes"), body)["version"] == 1


def test_a_set_is_deleted_with_its_findings_and_comes_back(studio: Studio, tmp_path: Path) -> None:
    name = "deleted"
    members: dict[str, bytes | str] = {f"image/{n}.png": pictures.png(n) for n in range(6)}
    members["label.csv"] = "".join(f"{n}.png,{'ab'[n % 2]}\n" for n in range(6))
    members["boxes.csv"] = "0.png,cell,1,1,500,5\n1.png,cell,1,1,5,0\nnowhere.png,cell,1,1,5,5\n"
    studio.add(pictures.archive(tmp_path / "deleted.zip", members), name=name)
    before = contents(studio, name, 1)
    codes = {"box_outside_picture", "box_zero_size", "label_without_image"}
    assert codes <= studio.finding_codes(name)
    answer = studio.connection.delete(of_set(name, "boxes"))
    assert (answer["version"], answer["changed"]) == (2, 2)
    assert codes.isdisjoint(studio.finding_codes(name))
    shown = studio.show(name)
    assert [entry["name"] for entry in shown["annotation_sets"]] == ["label"]
    assert set(shown["training"]["sets"]) == {"label"}
    assert all(label["set"] == "label" for item in studio.items(name) for label in item["labels"])
    assert contents(studio, name, 1) == before
    assert studio.connection.post(dataset_path(name, "revert"), {"version": 1})["changed"] == 2
    assert contents(studio, name, 3) == before
    studio.connection.delete(of_set(name, "label"))
    studio.connection.delete(of_set(name, "boxes"))
    shown = studio.show(name)
    assert (shown["version"], shown["annotation_sets"]) == (5, [])
    studio.connection.post(dataset_path(name, "revert"), {"version": 3})
    assert contents(studio, name, 6) == before
    with pytest.raises(NotFound) as caught:
        studio.connection.delete(of_set(name, "nowhere"))
    assert caught.value.code == "set_not_found"


def test_a_distribution_counts_labels_items_and_parts(studio: Studio, name: str) -> None:
    items = studio.items(name)
    for of in ("label", "boxes"):
        document = studio.connection.get(of_set(name, of) + "/distribution")
        covered = [item for item in items if any(label["set"] == of for label in item["labels"])]
        assert (document["set"], document["items"]) == (of, len(covered))
        for row in document["classes"]:
            standing = [
                (item["key"], item["part"])
                for item in items
                for label in item["labels"]
                if (label["set"], label["class"]) == (of, row["name"])
            ]
            assert row["labels"] == len(standing) > 0
            assert row["items"] == len({key for key, _ in standing})
            for part in ("train", "validation", "test"):
                assert row[part] == sum(each == part for _, each in standing)


def test_a_distribution_as_a_table_holds_no_formula(studio: Studio, name: str) -> None:
    document = studio.connection.get(of_set(name, "label") + "/distribution")
    answer = studio.connection.request(
        "GET", of_set(name, "label") + "/distribution", query={"format": "csv"}
    )
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert not answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))
    assert [row["name"] for row in rows] == ["'=owl", "cat", "dog"]
    names = [each["name"] for each in document["classes"]]
    assert names == ["=owl", "cat", "dog"]
    for row, each in zip(rows, document["classes"], strict=True):
        assert {key: row[key] for key in row if key != "name"} == {
            key: str(value) for key, value in each.items() if key != "name"
        }


def test_the_distribution_of_an_earlier_version_stays(studio: Studio, name: str) -> None:
    before = studio.connection.get(of_set(f"{name}@1", "label") + "/distribution")
    studio.connection.post(dataset_path(name, "items", "remove"), {"filter": {"class": ["cat"]}})
    now = studio.connection.get(of_set(name, "label") + "/distribution")
    assert [row["labels"] for row in now["classes"] if row["name"] == "cat"] == [0]
    assert studio.connection.get(of_set(f"{name}@1", "label") + "/distribution") == before
    with pytest.raises(NotFound) as caught:
        studio.connection.get(of_set(name, "nowhere") + "/distribution")
    assert caught.value.code == "set_not_found"
