"""What happens to a dataset after it was brought in: decided, searched, split, trashed, verified."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from tests.support import pictures
from triptych.client.connection import dataset_path
from triptych.client.uploads import upload
from triptych.core.errors import Conflict, InvalidInput, NotFound, TriptychError
from triptych.db.tables import uploads

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.studio import Studio


def _partly_broken(path: Path) -> Path:
    return pictures.archive(
        path,
        {
            "image/good0.jpg": pictures.jpeg(0),
            "image/good1.jpg": pictures.jpeg(1),
            "image/good2.jpg": pictures.jpeg(2),
            "image/cut.jpg": pictures.jpeg(3)[:400],
            "image/none.png": b"",
            "label.csv": "good0.jpg,a\ngood1.jpg,b\ngood2.jpg,a\ncut.jpg,b\n",
            "__MACOSX/image/._good0.jpg": b"\0\5\26\7",
        },
    )


def test_rejected_files_leave_a_dataset_for_a_decision_and_keep_publishes_the_rest(
    studio: Studio, tmp_path: Path
) -> None:
    source = _partly_broken(tmp_path / "decide.zip")
    waiting = studio.add(source, keep=False)
    assert (waiting["state"], waiting["version"]) == ("needs_decision", 0)
    assert waiting["bins"] == {"imported": 4, "ignored": 1, "rejected": 2}
    assert waiting["counts"]["items"] == 0, "nothing is published"
    rejected = {each["path"]: each["code"] for each in studio.members("decide") if each["bin"] == "rejected"}
    assert rejected == {"image/cut.jpg": "truncated", "image/none.png": "empty_file"}
    begun = studio.connection.post(dataset_path("decide", "keep"))
    studio.wait(begun["job"]["id"])
    kept = studio.show("decide")
    assert (kept["state"], kept["version"], kept["counts"]["items"]) == ("ready", 1, 3)
    assert kept["bins"] == waiting["bins"]
    assert {"file_rejected", "labels_of_rejected"} <= studio.finding_codes("decide")
    at_once = studio.add(source, name="decide-at-once")
    assert at_once["content_hash"] == kept["content_hash"]
    with pytest.raises(Conflict) as caught:
        studio.connection.post(dataset_path("decide", "keep"))
    assert caught.value.code == "nothing_to_decide"


def test_a_dataset_that_needs_a_decision_can_be_discarded(studio: Studio, tmp_path: Path) -> None:
    studio.add(_partly_broken(tmp_path / "discard.zip"), keep=False)
    assert studio.connection.delete(dataset_path("discard"))["state"] == "trashed"
    assert "discard" not in studio.names()


def test_what_never_had_a_version_makes_room_for_the_mended_source(studio: Studio, tmp_path: Path) -> None:
    studio.add(_partly_broken(tmp_path / "mend.zip"), keep=False)
    with pytest.raises(Conflict) as caught:
        studio.add(tmp_path / "mend.zip")
    assert caught.value.code == "name_taken", "it still waits for a decision"
    studio.connection.delete(dataset_path("mend"))
    mended = studio.add(pictures.detection_zip(tmp_path / "mend.zip"))
    assert (mended["state"], mended["counts"]["items"]) == ("ready", 12)


def test_the_trash_gives_back_what_it_took(studio: Studio, tmp_path: Path) -> None:
    before = studio.add(pictures.detection_zip(tmp_path / "trash.zip"))
    studio.connection.delete(dataset_path("trash"))
    assert "trash" not in studio.names()
    with pytest.raises(Conflict) as caught:
        studio.add(tmp_path / "trash.zip")
    assert caught.value.code == "name_taken"
    studio.connection.post(dataset_path("trash", "restore"))
    assert studio.show("trash") == before


def test_items_are_found_by_key_class_part_study_and_size(studio: Studio, tmp_path: Path) -> None:
    studio.add(pictures.series_zip(tmp_path / "find.zip", studies=6))
    every = studio.items("find")
    assert len(every) == 24
    assert [item["key"] for item in every] == sorted(item["key"] for item in every)
    assert {item["key"] for item in studio.items("find", search="nt2/ser")} == {
        item["key"] for item in every if item["study"] == "Patient2"
    }
    assert studio.items("find", study="Patient4") == [each for each in every if each["study"] == "Patient4"]
    for part in ("train", "validation", "test"):
        assert studio.items("find", part=part) == [each for each in every if each["part"] == part]
    found = studio.items("find", class_="CT")
    assert found == [each for each in every if each["labels"][0]["class"] == "CT"]
    assert len(studio.items("find", class_="label:CT", part="train")) == sum(
        each["part"] == "train" for each in found
    )
    assert studio.items("find", size="64×48", bit_depth=16) == every
    assert studio.items("find", size="1×1") == []
    with pytest.raises(NotFound) as caught:
        studio.items("find", class_="PET")
    assert caught.value.code == "class_not_found"
    page = studio.connection.page(dataset_path("find", "items"), limit=5)
    assert page["items"] == every[:5]
    following = studio.connection.page(dataset_path("find", "items"), limit=5, after=page["next"])
    assert following["items"] == every[5:10]


def test_facets_agree_with_what_the_filters_find(studio: Studio, tmp_path: Path) -> None:
    studio.add(pictures.series_zip(tmp_path / "facets.zip", studies=6))
    for query in ({}, {"study": "Patient1"}, {"search": "patient"}):
        document = studio.connection.get(dataset_path("facets", "facets"), **query)
        facets = {each["name"]: each["values"] for each in document["facets"]}
        assert {value["label"] for value in facets["class"]} == {"CT", "MR"}
        assert {value["value"] for value in facets["finding"]} == {"more_than_8_bits"}
        assert len(facets["study"]) == 6
        for name in ("part", "class", "study", "series", "finding", "duplicates"):
            for value in facets[name]:
                assert value["exact"]
                found = studio.items("facets", **(query | {name: value["value"]}))
                assert value["count"] == len(found), (name, value)


def test_several_values_of_a_filter_are_any_of_them(studio: Studio, tmp_path: Path) -> None:
    studio.add(pictures.series_zip(tmp_path / "several.zip", studies=6))
    every = studio.items("several")
    two = studio.items("several", study=["Patient1", "Patient4"])
    assert two == [each for each in every if each["study"] in ("Patient1", "Patient4")]
    assert studio.items("several", study=["Patient1", "Patient4"], class_=["CT", "label:MR"]) == two
    assert (
        studio.items("several", finding=["more_than_8_bits", "animation"], duplicates=["none", "true"])
        == every
    )
    assert studio.items("several", duplicates="false", part=["train", "test", "validation"]) == every
    assert [each["labels"][0]["color"] for each in every[:1]] == [
        entry["color"]
        for entry in studio.show("several")["annotation_sets"][0]["classes"]
        if entry["name"] == every[0]["labels"][0]["class"]
    ]
    for query in ({"size": ["1×1", "big"]}, {"duplicates": "some"}, {"bit_depth": [0]}, {"part": ["all"]}):
        with pytest.raises(InvalidInput):
            studio.items("several", **query)
    with pytest.raises(NotFound):
        studio.items("several", class_=["CT", "PET"])


def test_an_item_leads_to_its_neighbours_and_through_its_series(studio: Studio, tmp_path: Path) -> None:
    studio.add(pictures.series_zip(tmp_path / "walk.zip", studies=6))
    keys = [item["key"] for item in studio.items("walk", class_="CT")]
    walked = [keys[0]]
    while True:
        found = studio.connection.get(dataset_path("walk", "item"), key=walked[-1], class_="CT")
        assert (found["index"], found["total"]) == (len(walked) - 1, len(keys))
        assert found["previous"] == (walked[-2] if len(walked) > 1 else None)
        if found["next"] is None:
            break
        walked.append(found["next"])
    assert walked == keys
    assert (found["series_index"], found["series_items"]) == (3, 4)
    assert found["study_position"]["index"] == int(found["study"].removeprefix("Patient"))
    series = studio.connection.get(dataset_path("walk", "series"), study=found["study"], series="Series1")
    assert [each["position"] for each in series["items"]] == [0, 1, 2, 3]
    studies = studio.connection.get(dataset_path("walk", "studies"), search="patient")
    assert [each["study"] for each in studies["items"]] == [f"Patient{number}" for number in range(6)]
    milestones = studio.connection.get(dataset_path("walk", "items", "milestones"), step=50)
    assert milestones == {"total": 24, "step": 50, "exact": True, "cursors": [None]}
    assert found["metadata"]
    assert sum(found["statistics"][0]["histogram"]["counts"]) == 64 * 48


def test_a_new_split_is_a_new_version_and_the_old_one_stays(studio: Studio, tmp_path: Path) -> None:
    first = studio.add(pictures.detection_zip(tmp_path / "split.zip", count=20))
    made = studio.connection.post(
        dataset_path("split", "split"), {"ratios": [0.5, 0.25, 0.25], "seed": 7, "by": "item"}
    )
    assert made["version"] == 2
    assert made["split"] == {"train": 10, "validation": 5, "test": 5}
    again = studio.connection.post(
        dataset_path("split", "split"), {"ratios": [0.5, 0.25, 0.25], "seed": 7, "by": "item"}
    )
    assert again["version"] == 3
    assert studio.show("split@3")["content_hash"] == studio.show("split@2")["content_hash"]
    old = studio.show("split@1")
    assert (old["split"], old["content_hash"]) == (first["split"], first["content_hash"])
    parts = [item["part"] for item in studio.items("split@1")]
    assert {part: parts.count(part) for part in first["split"]} == first["split"]
    with pytest.raises(NotFound) as caught:
        studio.show("split@9")
    assert caught.value.code == "version_not_found"
    with pytest.raises(InvalidInput) as refused:
        studio.connection.post(dataset_path("split", "split"), {"ratios": [0.9, 0.2, 0.2]})
    assert refused.value.code == "bad_ratios"


@pytest.mark.parametrize(
    "name", ["a/b\\c", "quote'\"", "smile 😀", "x" * 250, "<script>alert(1)</script>", "ends@3", "..", "%2F"]
)
def test_a_name_is_stored_as_given(studio: Studio, tmp_path: Path, name: str) -> None:
    shown = studio.add(pictures.detection_zip(tmp_path / "any.zip", count=3), name=name)
    assert shown["name"] == name
    assert studio.show(name)["id"] == shown["id"]
    assert name in studio.names()


def test_datasets_are_searched_and_described(studio: Studio, tmp_path: Path) -> None:
    studio.add(pictures.detection_zip(tmp_path / "searchable.zip"))
    studio.connection.patch(
        dataset_path("searchable"), {"description": "Ärzte zählen Zellen", "tags": ["Blood", "2026"]}
    )
    for search in ("SEARCH", "ärzte zellen", "blood"):
        rows = list(studio.connection.all("/datasets", search=search))
        assert [row["name"] for row in rows] == ["searchable"], search
    assert list(studio.connection.all("/datasets", search="blood nothing")) == []
    assert [row["name"] for row in studio.connection.all("/datasets", tag="Blood")] == ["searchable"]


def test_a_source_without_a_picture_is_refused_and_leaves_nothing(studio: Studio, tmp_path: Path) -> None:
    source = pictures.archive(tmp_path / "empty.zip", {"readme.txt": "no pictures here"})
    before = set(studio.installation.objects.names())
    with pytest.raises(TriptychError) as caught:
        studio.add(source)
    assert caught.value.code == "nothing_to_import"
    assert "empty" not in studio.names()
    assert set(studio.installation.objects.names()) == before


def test_an_upload_becomes_a_dataset_and_its_file_goes(studio: Studio, tmp_path: Path) -> None:
    source = pictures.detection_zip(tmp_path / "sent.zip")
    upload_id = upload(studio.connection, source, lambda _sent, _total: None)
    begun = studio.connection.post("/datasets", {"source": {"kind": "upload", "id": upload_id}})
    studio.wait(begun["job"]["id"])
    direct = studio.add(source, name="sent-direct")
    assert studio.show("sent")["content_hash"] == direct["content_hash"]
    with studio.installation.database.read() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(uploads)).scalar_one() == 0
    assert [name for name, _ in studio.installation.objects.names("uploads")] == []
    assert not list((studio.installation.staging / "uploads").glob("*.part"))
