"""What a list shows of a dataset that was really brought in, and what its owner is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support import pictures
from triptych.client.connection import dataset_path
from triptych.core.errors import TriptychError
from triptych.onboarding import publishing

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.studio import Studio


def _row(studio: Studio, name: str) -> dict[str, Any]:
    [row] = [row for row in studio.connection.all("/datasets") if row["name"] == name]
    return row


def _told(studio: Studio, name: str) -> list[dict[str, Any]]:
    """Notifications about a dataset, newest first."""
    return [each for each in studio.connection.all("/notifications") if f"“{name}”" in each["title"]]


def test_a_row_shows_the_first_the_middle_and_the_last_picture_and_the_tasks(
    studio: Studio, tmp_path: Path
) -> None:
    studio.add(pictures.detection_zip(tmp_path / "sampled.zip", count=9))
    row = _row(studio, "sampled")
    hashes = [item["sha256"] for item in studio.items("sampled")]
    assert [address.rpartition("/")[2] for address in row["samples"]] == [hashes[0], hashes[4], hashes[8]]
    for address in row["samples"]:
        assert studio.connection.content(address.removeprefix("/api/v1"))[:2] in (b"\xff\xd8", b"\x89P")
    assert row["tasks"] == ["detection"]
    assert row["job"].items() >= {"state": "succeeded", "kind": "onboarding", "error": None}.items()
    facets = {each["name"]: each["values"] for each in studio.connection.get("/dataset-facets")["facets"]}
    assert {"value": "detection", "count": 1} in facets["task"]


@pytest.mark.parametrize("count", [1, 2])
def test_a_small_dataset_shows_each_of_its_pictures_once(studio: Studio, tmp_path: Path, count: int) -> None:
    name = f"small{count}"
    studio.add(pictures.detection_zip(tmp_path / f"{name}.zip", count=count))
    assert len(_row(studio, name)["samples"]) == count


def test_a_new_version_keeps_what_the_list_shows(studio: Studio, tmp_path: Path) -> None:
    studio.add(pictures.detection_zip(tmp_path / "again.zip", count=5))
    before = _row(studio, "again")
    studio.connection.post(dataset_path("again", "split"), {"seed": 5})
    after = _row(studio, "again")
    assert (after["version"], after["samples"], after["tasks"]) == (2, before["samples"], before["tasks"])


def test_whoever_began_an_onboarding_is_told_what_it_came_to(studio: Studio, tmp_path: Path) -> None:
    source = pictures.archive(
        tmp_path / "told.zip",
        {"image/a.jpg": pictures.jpeg(1), "image/b.jpg": pictures.jpeg(2), "image/c.png": b""},
    )
    studio.add(source, keep=False)
    [asked] = _told(studio, "told")
    assert (asked["kind"], asked["read"]) == ("needs_decision", False)
    assert asked["text"].startswith("1 file cannot be imported.")
    begun = studio.connection.post(dataset_path("told", "keep"))
    studio.wait(begun["job"]["id"])
    ready, _ = _told(studio, "told")
    assert (ready["kind"], ready["job"], ready["text"]) == ("dataset_ready", begun["job"]["id"], "2 items.")
    assert ready["dataset"] == {"id": begun["dataset"]["id"], "name": "told"}
    studio.connection.delete(dataset_path("told"))
    assert len(_told(studio, "told")) == 2, "what one does by hand is no news"


def test_a_refused_source_is_told_although_nothing_is_left_of_its_dataset(
    studio: Studio, tmp_path: Path
) -> None:
    source = pictures.archive(tmp_path / "refused.zip", {"readme.txt": "no pictures here"})
    with pytest.raises(TriptychError):
        studio.add(source)
    [failed] = _told(studio, "refused")
    assert (failed["kind"], failed["dataset"]) == ("dataset_failed", None)
    assert failed["title"] == "“refused” is not added"
    assert "picture" in failed["text"]


def test_each_attempt_that_fails_is_told_once(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> bytes:
        raise ValueError("a fault that was planted")

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "publish_version", broken)
        begun = studio.connection.post(
            "/datasets",
            {
                "source": {
                    "kind": "path",
                    "path": str(pictures.detection_zip(tmp_path / "fails.zip", count=3)),
                }
            },
        )
        job = begun["job"]["id"]
        for attempt in (1, 2):
            with pytest.raises(TriptychError):
                studio.wait(job)
            assert [each["kind"] for each in _told(studio, "fails")] == ["dataset_failed"] * attempt
            if attempt == 1:
                studio.connection.post(f"/jobs/{job}/retry")
    studio.connection.post(dataset_path("fails", "opened"))
    studio.connection.post(f"/jobs/{job}/retry")
    studio.wait(job)
    assert [each["kind"] for each in _told(studio, "fails")] == [
        "dataset_ready",
        "dataset_failed",
        "dataset_failed",
    ]
    assert _row(studio, "fails")["is_new"] is False


def test_labels_that_a_job_adds_are_told_and_so_is_why_it_could_not(studio: Studio, tmp_path: Path) -> None:
    studio.add(pictures.classes_zip(tmp_path / "labels.zip"))
    for number, text in enumerate(("cat/img0.png,nice\ndog/img1.png,odd\n", "nowhere.png,nice\n")):
        (tmp_path / f"mood{number}.csv").write_text(text)
        begun = studio.connection.post(
            dataset_path("labels", "annotations"),
            {"source": {"kind": "path", "path": str(tmp_path / f"mood{number}.csv")}},
        )
        studio.installation.jobs.wait(begun["job"]["id"], timeout=120)
    failed, added, ready = _told(studio, "labels")
    assert (ready["kind"], ready["title"]) == ("dataset_ready", "“labels” is ready")
    assert (added["kind"], added["title"]) == ("version_published", "“labels” has version 2")
    assert added["text"] == "Added annotation set mood0."
    assert (failed["kind"], failed["title"]) == ("dataset_failed", "Work on “labels” failed")
    assert _row(studio, "labels")["tasks"] == ["single_label"]
