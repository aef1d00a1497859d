"""Labels for a dataset that is there: read from any label file, as a version of their own, whole or not at all."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from tests.support import pictures
from tests.support.processes_outcome import unreadable
from tests.support.studio import Studio, open_studio
from tests.support.versions import contents, curated_zip, published
from triptych.client.connection import dataset_path
from triptych.core.errors import Conflict, InvalidInput, TriptychError, Unavailable
from triptych.db.tables import (
    annotation_rows,
    annotation_sets,
    classes,
    kept_files,
    sources,
)
from triptych.jobs.context import WorkerStops
from triptych.onboarding import annotating_publish
from triptych.storage.uploads import UploadFolder, UploadGone

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


def annotate(studio: Studio, dataset: str, source: Path, **body: Any) -> dict[str, Any]:
    """Add the labels of a source and wait; the job's result."""
    document = {"source": {"kind": "path", "path": str(source)}, **body}
    begun = studio.connection.post(dataset_path(dataset, "annotations"), document)
    assert begun["job"]["kind"] == "annotate"
    assert begun["dataset"]["name"] == dataset
    result: dict[str, Any] = studio.wait(begun["job"]["id"])["result"]
    return result


def refused(studio: Studio, dataset: str, source: Path, **body: Any) -> dict[str, Any]:
    """The error of a job that adds labels and fails."""
    document = {"source": {"kind": "path", "path": str(source)}, **body}
    begun = studio.connection.post(dataset_path(dataset, "annotations"), document)
    with pytest.raises(TriptychError):
        studio.wait(begun["job"]["id"])
    error: dict[str, Any] = studio.connection.get(f"/jobs/{begun['job']['id']}")["error"]
    return error


def file(tmp_path: Path, text: str | bytes, called: str = "second.csv") -> Path:
    """A file with some text."""
    path = tmp_path / called
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def labels(studio: Studio, dataset: str, of_set: str) -> dict[str, list[Any]]:
    """Labels of a set by key: class, value and box."""
    return {
        item["key"]: found
        for item in studio.items(dataset)
        if (
            found := [
                (label["class"], label["value"], label["box"])
                for label in item["labels"]
                if label["set"] == of_set
            ]
        )
    }


def rows_of(studio: Studio, dataset: str) -> dict[str, int]:
    """How many rows there are of sets, classes, labels and sources of a dataset, whichever version they hold for."""
    id_ = studio.show(dataset)["id"]
    own = sa.select(annotation_sets.c.id).where(annotation_sets.c.dataset_id == id_)
    from_source = sa.select(sources.c.id).where(sources.c.dataset_id == id_)
    counted = {
        annotation_sets: annotation_sets.c.dataset_id == id_,
        classes: classes.c.set_id.in_(own),
        annotation_rows: annotation_rows.c.set_id.in_(own),
        sources: sources.c.dataset_id == id_,
        kept_files: kept_files.c.source_id.in_(from_source),
    }
    with studio.installation.database.read() as connection:
        return {
            table.name: connection.execute(
                sa.select(sa.func.count()).select_from(table).where(condition)
            ).scalar_one()
            for table, condition in counted.items()
        }


def test_a_label_file_becomes_a_set_of_the_next_version(studio: Studio, name: str, tmp_path: Path) -> None:
    before = contents(studio, name, 1)
    text = "S0/Series1/0.png,round\nS0/Series1/1.png,square\nS4/Series1/3.png,round\n"
    result = annotate(studio, name, file(tmp_path, text))
    assert result == {"version": 2, "sets": ["second"], "labels": 3}
    assert labels(studio, name, "second") == {
        "S0/Series1/0.png": [("round", None, None)],
        "S0/Series1/1.png": [("square", None, None)],
        "S4/Series1/3.png": [("round", None, None)],
    }
    shown = studio.show(name)
    added = shown["annotation_sets"][-1]
    assert (added["name"], added["task"], added["items"], added["source"]) == (
        "second", "single_label", 3, "second.csv",
    )  # fmt: skip
    assert {each["name"]: each["count"] for each in added["classes"]} == {"round": 2, "square": 1}
    parts = {item["key"]: item["part"] for item in studio.items(name)}
    in_train = [found[0][0] for key, found in labels(studio, name, "second").items() if parts[key] == "train"]
    assert shown["training"]["sets"]["second"]["counts"] == {
        each: in_train.count(each) for each in ("round", "square")
    }
    statistics = published(studio, name, 2).statistics
    assert statistics["classes"]["second"]["all"] == {"round": 2, "square": 1}
    assert set(statistics["weights"]) == {"label", "boxes", "second"}
    assert shown["counts"]["files"] == before["counts"]["files"] + 1
    assert shown["sources"][-1]["filename"] == "second.csv"
    assert keys_of(studio, name, "second:round") == ["S0/Series1/0.png", "S4/Series1/3.png"]
    assert contents(studio, name, 1) == before


def keys_of(studio: Studio, dataset: str, class_: str) -> list[str]:
    """Keys of the items on which a class stands."""
    return [item["key"] for item in studio.items(dataset, class_=class_)]


def test_the_order_of_rows_does_not_matter_and_boxes_are_kept(
    studio: Studio, name: str, tmp_path: Path
) -> None:
    text = "S4/Series1/3.png,a,1,2,3,4\nS0/Series1/0.png,b,5,6,7.5,8\nS4/Series1/3.png,a,30,2,30,4\n"
    annotate(studio, name, file(tmp_path, text), name="drawn")
    assert labels(studio, name, "drawn") == {
        "S0/Series1/0.png": [("b", None, [5, 6, 7.5, 8])],
        "S4/Series1/3.png": [("a", None, [1, 2, 3, 4]), ("a", None, [30, 2, 30, 4])],
    }
    (outside,) = [each for each in studio.findings(name) if each["code"] == "box_outside_picture"]
    assert (outside["count"], outside["examples"], outside["subject"]) == (1, ["S4/Series1/3.png"], "drawn")


def test_rows_that_name_no_item_are_a_finding_with_examples(
    studio: Studio, name: str, tmp_path: Path
) -> None:
    text = "S0/Series1/0.png,a\nnowhere.png,a\nS9/Series1/none.png,b\n"
    annotate(studio, name, file(tmp_path, text))
    found = {each["code"]: each for each in studio.findings(name) if each["subject"] == "second.csv"}
    assert found["label_without_image"]["count"] == 2
    assert found["label_without_image"]["examples"] == ["row 2: nowhere.png", "row 3: S9/Series1/none.png"]
    assert "not in the dataset" in found["label_without_image"]["message"]
    assert found["image_without_label"]["count"] == 19
    assert found["image_without_label"]["examples"][0] == "S0/Series1/1.png"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("image/S1/Series1/2.png", None),
        ("S1/1/2.png", None),
        ("s1/series1/2.PNG", "matched_by_case"),
        ("image/S1/series1/2", "matched_without_ending"),
        ("S1\\Series1\\2.png", "matched_by_separator"),
        ("./S1/Series1/2.png", None),
    ],
)
def test_paths_are_matched_as_in_an_import(
    studio: Studio, tmp_path: Path, row: str, code: str | None, request: pytest.FixtureRequest
) -> None:
    dataset = f"paths {request.node.name}".replace("/", "_").replace("\\", "_")
    studio.add(curated_zip(tmp_path / "curated.zip"), name=dataset)
    annotate(studio, dataset, file(tmp_path, f"{row},x\n"))
    assert labels(studio, dataset, "second") == {"S1/Series1/2.png": [("x", None, None)]}
    codes = {each["code"] for each in studio.findings(dataset) if each["subject"] == "second.csv"}
    assert {each for each in codes if each.startswith("matched")} == ({code} if code else set())


def test_a_name_that_several_items_have_is_matched_with_none(
    studio: Studio, name: str, tmp_path: Path
) -> None:
    annotate(studio, name, file(tmp_path, "2.png,x\nS0/Series1/2.png,x\n"))
    assert list(labels(studio, name, "second")) == ["S0/Series1/2.png"]
    assert "match_ambiguous" in studio.finding_codes(name)


def test_an_encoding_is_found_by_the_keys_or_named(studio: Studio, tmp_path: Path) -> None:
    members: dict[str, bytes | str] = {f"image/図{n}.png": pictures.png(n) for n in range(3)}
    studio.add(pictures.archive(tmp_path / "jp.zip", members), name="encoded")
    text = "図0.png,日本\n図1.png,中国\n".encode("shift_jis")
    annotate(studio, "encoded", file(tmp_path, text, "guess.csv"))
    annotate(studio, "encoded", file(tmp_path, text, "said.csv"), options={"csv_encoding": "shift_jis"})
    assert labels(studio, "encoded", "guess") == labels(studio, "encoded", "said")
    assert labels(studio, "encoded", "said")["図0.png"] == [("日本", None, None)]


def test_an_archive_gives_a_set_for_each_label_file_and_notes_the_rest(
    studio: Studio, name: str, tmp_path: Path
) -> None:
    path = pictures.archive(
        tmp_path / "labels.zip",
        {
            "work/label.csv": "S0/Series1/0.png,a\n",
            "work/more/grade.csv": "S0/Series1/1.png,low,1\nS0/Series1/1.png,high,1\n",
            "work/notes.csv": "remember,the,milk,and,bread\n",
            "work/a.png": pictures.png(1),
        },
    )
    result = annotate(studio, name, path)
    assert result["sets"] == ["label-2", "grade"]
    members = [each for each in studio.members(name) if each["path"].startswith("work/")]
    assert {each["path"]: (each["bin"], each["code"]) for each in members} == {
        "work/label.csv": ("imported", "label_file"),
        "work/more/grade.csv": ("imported", "label_file"),
        "work/notes.csv": ("ignored", "csv_not_labels"),
        "work/a.png": ("ignored", "not_a_label_file"),
    }
    source = studio.show(name)["sources"][-1]
    assert (source["imported"], source["ignored"]) == (2, 2)
    assert unreadable(studio.installation.database, studio.installation.objects) == []


def test_what_was_exported_comes_back_with_its_name_and_colours(
    studio: Studio, name: str, tmp_path: Path
) -> None:
    exported = studio.connection.content(dataset_path(name, "export"), format="image_label")
    with zipfile.ZipFile(io.BytesIO(exported)) as archive:
        kept: dict[str, bytes | str] = {
            path: archive.read(path) for path in archive.namelist() if not path.startswith("image/")
        }
    assert "triptych.json" in kept
    before = {entry["name"]: entry for entry in studio.show(name)["annotation_sets"]}
    result = annotate(studio, name, pictures.archive(tmp_path / "again.zip", kept))
    assert sorted(result["sets"]) == ["boxes-2", "label-2"]
    after = {entry["name"]: entry for entry in studio.show(name)["annotation_sets"]}
    for known in ("label", "boxes"):
        assert after[f"{known}-2"]["classes"] == before[known]["classes"]
        assert labels(studio, name, f"{known}-2") == labels(studio, name, known)
    assert "=owl" in {each["name"] for each in after["label-2"]["classes"]}
    assert "sidecar_labels_changed" not in studio.finding_codes(name)


@pytest.mark.parametrize(
    ("text", "called", "code"),
    [
        ("nowhere.png,a\n", "label.csv", "labels_unreadable"),
        ("nowhere.png,a\n", "second.csv", "labels_unreadable"),
        ("", "second.csv", "labels_unreadable"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "second.csv", "labels_unreadable"),
        ("a,b,c,d,e\n", "second.csv", "labels_unreadable"),
    ],
)
def test_nothing_is_left_of_labels_that_match_nothing(
    studio: Studio, tmp_path: Path, text: str | bytes, called: str, code: str, request: pytest.FixtureRequest
) -> None:
    dataset = f"refused {abs(hash(request.node.name))}"
    studio.add(curated_zip(tmp_path / "curated.zip"), name=dataset)
    before, rows = contents(studio, dataset, 1), rows_of(studio, dataset)
    error = refused(studio, dataset, file(tmp_path, text, called))
    assert error["code"] == code
    assert called in error["message"]
    shown = studio.show(dataset)
    assert (shown["version"], shown["state"]) == (1, "ready")
    assert rows_of(studio, dataset) == rows
    assert contents(studio, dataset, 1) == before


def test_an_archive_without_a_label_file_is_refused(studio: Studio, name: str, tmp_path: Path) -> None:
    path = pictures.archive(tmp_path / "none.zip", {"a.png": pictures.png(1)})
    assert refused(studio, name, path)["code"] == "no_label_file"


def test_an_upload_is_gone_once_its_labels_are_there(studio: Studio, name: str) -> None:
    text = b"S0/Series1/0.png,a\n"
    created = studio.connection.request(
        "POST",
        "/uploads",
        content=text,
        headers={
            "Tus-Resumable": "1.0.0",
            "Upload-Length": str(len(text)),
            "Upload-Metadata": "filename dXBsb2FkZWQuY3N2",
            "Content-Type": "application/offset+octet-stream",
        },
    )
    upload = created.headers["location"].rpartition("/")[2]
    folder = UploadFolder(studio.installation.settings.home)
    assert folder.resolve(upload).is_file()
    body = {"source": {"kind": "upload", "id": upload}}
    begun = studio.connection.post(dataset_path(name, "annotations"), body)
    assert studio.wait(begun["job"]["id"])["result"]["sets"] == ["uploaded"]
    with pytest.raises(UploadGone):
        folder.resolve(upload)


def test_names_are_made_unique_and_odd_requests_are_told_at_once(
    studio: Studio, name: str, tmp_path: Path
) -> None:
    path = file(tmp_path, "S0/Series1/0.png,a\n", "label.csv")
    assert annotate(studio, name, path)["sets"] == ["label-2"]
    assert annotate(studio, name, path)["sets"] == ["label-3"]
    assert annotate(studio, name, path, name="boxes")["sets"] == ["boxes-2"]
    for body, code in (
        ({"name": " "}, "bad_set_name"),
        ({"name": "a\nb"}, "bad_set_name"),
        ({"options": {"labels": "ignore"}}, "unknown_option"),
        ({"options": {"csv_encoding": "klingon"}}, "unknown_option"),
    ):
        with pytest.raises(InvalidInput) as caught:
            annotate(studio, name, path, **body)
        assert caught.value.code == code
    with pytest.raises(Conflict) as conflict:
        annotate(studio, f"{name}@1", path)
    assert conflict.value.code == "version_not_newest"


def test_labels_are_matched_with_the_newest_version_alone(studio: Studio, name: str, tmp_path: Path) -> None:
    studio.connection.post(dataset_path(name, "items", "remove"), {"filter": {"study": ["S0"]}})
    annotate(studio, name, file(tmp_path, "S0/Series1/0.png,a\nS1/Series1/0.png,a\n"))
    assert list(labels(studio, name, "second")) == ["S1/Series1/0.png"]
    studio.connection.post(dataset_path(name, "revert"), {"version": 1})
    studio.connection.post(dataset_path(name, "revert"), {"version": 3})
    assert list(labels(studio, name, "second")) == ["S1/Series1/0.png"]


def test_a_job_that_stops_between_batches_goes_on_and_comes_to_the_same(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f"S{study}/Series1/{place}.png,{'ab'[place % 2]}" for study in range(5) for place in range(4)]
    path = file(tmp_path, "\n".join(rows))
    for dataset in ("straight", "broken"):
        studio.add(curated_zip(tmp_path / "curated.zip"), name=dataset)
    monkeypatch.setattr(annotating_publish, "BATCH", 3)
    annotate(studio, "straight", path)
    expected = contents(studio, "straight", 2)
    write, calls = annotating_publish._write_batch, []

    def break_down(*arguments: Any) -> dict[str, Any]:
        calls.append(1)
        if len(calls) == 4:
            raise Unavailable("The database does not answer.", code="database_unavailable")
        return write(*arguments)

    before = rows_of(studio, "broken")
    body = {"source": {"kind": "path", "path": str(path)}}
    with monkeypatch.context() as patch:
        patch.setattr(annotating_publish, "_write_batch", break_down)
        begun = studio.connection.post(dataset_path("broken", "annotations"), body)
        with pytest.raises(TriptychError):
            studio.wait(begun["job"]["id"])
    assert len(calls) == 4
    assert studio.show("broken")["version"] == 1
    assert rows_of(studio, "broken") == before
    studio.connection.post(f"/jobs/{begun['job']['id']}/retry")
    studio.wait(begun["job"]["id"])
    assert contents(studio, "broken", 2) == expected


def test_a_job_that_its_worker_leaves_is_finished_from_the_kept_files(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f"S{study}/Series1/{place}.png,{'ab'[place % 2]}" for study in range(5) for place in range(4)]
    for dataset in ("stayed", "left"):
        studio.add(curated_zip(tmp_path / "curated.zip"), name=dataset)
    path = file(tmp_path, "\n".join(rows))
    monkeypatch.setattr(annotating_publish, "BATCH", 3)
    annotate(studio, "stayed", path)
    write, calls = annotating_publish._write_batch, []

    def leave(connection: Any, *arguments: Any) -> dict[str, Any]:
        calls.append(1)
        written = write(connection, *arguments)
        if len(calls) == 4:
            path.unlink()
            raise WorkerStops
        return written

    monkeypatch.setattr(annotating_publish, "_write_batch", leave)
    result = annotate(studio, "left", path)
    assert result["labels"] == 20
    assert len(calls) == 8, "a batch that was not finished is written again, and no other"
    assert contents(studio, "left", 2) == contents(studio, "stayed", 2)
    assert rows_of(studio, "left") == rows_of(studio, "stayed")


def test_labels_on_pictures_that_are_removed_meanwhile_are_left_out(
    studio: Studio, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish = annotating_publish._publish

    def remove_first(context: Any) -> None:
        studio.connection.post(dataset_path(name, "items", "remove"), {"keys": ["S0/Series1/0.png"]})
        publish(context)

    monkeypatch.setattr(annotating_publish, "_publish", remove_first)
    result = annotate(studio, name, file(tmp_path, "S0/Series1/0.png,a\nS0/Series1/1.png,b\n"))
    assert result["version"] == 3
    assert list(labels(studio, name, "second")) == ["S0/Series1/1.png"]
    (finding,) = [each for each in studio.findings(name) if each["code"] == "labels_of_removed"]
    assert finding["count"] == 1
    added = studio.show(name)["annotation_sets"][-1]
    assert {each["name"]: each["count"] for each in added["classes"]} == {"a": 0, "b": 1}
