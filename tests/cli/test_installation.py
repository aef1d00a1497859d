"""The command line on a real home, without a server: every verb that the fake server cannot prove."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from triptych.storage.objects import Objects

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


def _picture(number: int, depth: type[np.unsignedinteger] = np.uint8) -> bytes:
    pixels = np.random.default_rng(number).integers(0, np.iinfo(depth).max, (24, 32)).astype(depth)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def _zip(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


@pytest.fixture
def cells(tmp_path: Path) -> Path:
    """Ten pictures with boxes, one of 16 bits."""
    files = {f"image/{n}.png": _picture(n, np.uint16 if n == 9 else np.uint8) for n in range(10)}
    rows = [f"{n}.png,{'a' if n % 2 else 'b'},{n},2,5.5,6" for n in range(10)]
    return _zip(tmp_path / "cells.zip", {**files, "label.csv": "\n".join(rows).encode()})


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Four pictures, one of them cut in half."""
    files = {f"image/{n}.png": _picture(n) for n in range(4)}
    files["image/3.png"] = files["image/3.png"][: len(files["image/3.png"]) // 2]
    return _zip(tmp_path / "broken.zip", files)


def test_a_zip_becomes_a_dataset_and_comes_out_as_the_same_one(run: Run, cells: Path, tmp_path: Path) -> None:
    scanned = run("prescan", cells, "--json")
    assert scanned.status == 0
    assert scanned.document["counts"]["items"] == 10
    added = run("add", cells, "--json")
    assert added.status == 0
    document = added.document
    assert (document["name"], document["state"], document["version"]) == ("cells", "ready", 1)
    assert document["counts"]["files"] == document["bins"]["imported"] == 11
    assert document["annotation_sets"][0]["task"] == "detection"
    assert {entry["name"]: entry["count"] for entry in document["annotation_sets"][0]["classes"]} == {
        "a": 5,
        "b": 5,
    }
    assert sum(document["split"].values()) == 10
    shown = run("show", "cells@1", "--json").document
    assert shown == document
    assert run("add", cells, "--json").document["error"]["code"] == "name_taken"
    assert run("export", "cells", "--format", "image_label", "--to", tmp_path / "out").status == 0
    again = run("add", tmp_path / "out", "--name", "again", "--json")
    assert again.document["content_hash"] == document["content_hash"]
    assert [row["name"] for row in run("list", "--json").document["items"]] == ["again", "cells"]


def test_what_was_rejected_waits_for_a_decision(run: Run, broken: Path) -> None:
    added = run("add", broken, "--json")
    assert added.status == 1
    assert added.document["error"]["code"] == "needs_decision"
    assert added.document["dataset"]["bins"] == {"imported": 3, "ignored": 0, "rejected": 1}
    kept = run("keep", "broken", "--json")
    assert (kept.status, kept.document["state"], kept.document["counts"]["items"]) == (0, "ready", 3)
    assert run("add", broken, "--name", "second", "-q").status == 1
    assert run("rm", "second", "--json").document["state"] == "trashed"
    assert [row["name"] for row in run("list", "--json").document["items"]] == ["broken"]
    at_once = run("add", broken, "--name", "third", "--keep-succeeded", "--json")
    assert (at_once.status, at_once.document["state"]) == (0, "ready")
    states = {row["title"]: row["state"] for row in run("jobs", "--json").document["items"]}
    assert set(states.values()) == {"succeeded"}


def test_a_refused_upload_leaves_no_dataset(run: Run, tmp_path: Path) -> None:
    hostile = _zip(tmp_path / "x.zip", {"image/a.png": _picture(1), "../evil.png": _picture(2)})
    ended = run("add", hostile, "--json")
    assert ended.status == 1
    assert ended.document["error"]["code"] == "unsafe_path"
    assert run("list", "--json").document["items"] == []
    assert not (tmp_path / "evil.png").exists()


def test_a_dataset_goes_to_the_trash_and_back(run: Run, cells: Path) -> None:
    run("add", cells, "-q")
    assert run("rm", "cells").status == 0
    assert run("list", "--json").document["items"] == []
    assert run("list", "--trashed", "--json").document["items"][0]["name"] == "cells"
    assert run("restore", "cells").status == 0
    assert run("show", "cells", "--json").document["state"] == "ready"


def test_a_new_split_is_a_new_version_and_the_old_one_stays(run: Run, cells: Path) -> None:
    before = run("add", cells, "--json").document
    made = run("split", "cells", "--ratios", "50/30/20", "--seed", 7, "--json").document
    assert made["version"] == 2
    assert made["split"] == {"train": 5, "validation": 3, "test": 2}
    assert run("show", "cells@1", "--json").document["split"] == before["split"]
    parts = {row["key"]: row["part"] for row in run("items", "cells", "--json").document["items"]}
    assert sorted(parts.values()).count("train") == 5
    train = run("items", "cells", "--part", "train", "--json").document["items"]
    assert {row["key"] for row in train} == {key for key, part in parts.items() if part == "train"}


def test_statistics_findings_and_log_are_there(run: Run, cells: Path) -> None:
    run("add", cells, "-q")
    document = run("stats", "cells", "--json").document
    assert set(document) >= {"image", "classes", "weights"}
    assert document["image"]["all"]["bands"][0]["n"] == 10 * 24 * 32
    assert run("stats", "cells").status == 0
    codes = {finding["code"] for finding in run("findings", "cells", "--json").document["items"]}
    assert "more_than_8_bits" in codes
    assert run("log", "cells", "--json").document["lines"]


def test_people_tokens_and_roots_are_managed(run: Run, tmp_path: Path) -> None:
    added = run("user", "add", "Ada@Example.org", "--role", "dataset_manager", "--json")
    assert added.status == 0
    assert added.document["sign_in_link"].startswith("/sign-in#")
    assert run("user", "role", "ada@example.org", "member", "--json").document["role"] == "member"
    assert (
        run("user", "role", "nobody@example.org", "member", "--json").document["error"]["code"] == "not_found"
    )
    emails = [row["email"] for row in run("user", "list", "--json").document["items"]]
    assert "ada@example.org" in emails
    token = run("token", "new", "ci", "--days", 3, "--json").document["token"]
    assert run("token", "new", "plain").out.startswith("tri_")
    assert token not in run("token", "list").out
    assert run("token", "revoke", "ci", "--json").status == 0
    listed = {row["name"]: row["revoked_at"] for row in run("token", "list", "--json").document["items"]}
    assert listed["ci"] is not None
    assert listed["plain"] is None
    folder = tmp_path / "scans"
    folder.mkdir()
    (folder / "image").mkdir()
    for number in range(4):
        (folder / "image" / f"{number}.png").write_bytes(_picture(number))
    assert run("root", "add", "scans", folder, "--json").document["path"] == str(folder)
    assert run("add", "root:scans", "--name", "from_root", "--json").document["counts"]["items"] == 4
    assert run("root", "rm", "scans").status == 0
    assert run("root", "list", "--json").document["items"] == []


def test_a_damaged_byte_is_found_by_verify(run: Run, cells: Path, tmp_path: Path) -> None:
    run("add", cells, "-q")
    whole = run("verify", "--json")
    assert (whole.status, whole.document["damaged"]) == (0, [])
    objects = Objects(f"file://{tmp_path / 'home' / 'storage'}")
    name, _ = next(iter(objects.names("packs")))
    assert objects.folder is not None
    path = objects.folder / name
    data = bytearray(path.read_bytes())
    data[20] ^= 1
    path.write_bytes(data)
    ended = run("verify", "--json")
    assert (ended.status, ended.document["error"]["code"]) == (1, "damaged")
    assert len(ended.document["result"]["damaged"]) == 1


def test_a_backup_is_proven_by_restoring_it_and_running_verify(run: Run, cells: Path, tmp_path: Path) -> None:
    before = run("add", cells, "--json").document
    made = run("backup", tmp_path / "copy", "--json")
    assert made.status == 0
    again = run("backup", tmp_path / "copy", "--json")
    assert (again.status, again.document["error"]["code"]) == (1, "target_exists")
    restored = run("restore-backup", tmp_path / "copy", "--home", tmp_path / "new", "--json")
    assert (restored.status, restored.document["rows"]) == (0, made.document["rows"])
    assert run("verify", "--home", tmp_path / "new", "--json").document["damaged"] == []
    assert run("show", "cells", "--home", tmp_path / "new", "--json").document == before
    ended = run("restore-backup", tmp_path / "copy", "--home", tmp_path / "new", "--json")
    assert ended.document["error"]["code"] == "home_not_empty"


def test_the_demonstration_onboards_its_samples_once(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triptych.cli.demo_data.CELL_PICTURES", 6)
    first = run("demo", "--no-serve", "--home", tmp_path / "demo", "--json").document
    assert [row["state"] for row in first["datasets"]] == ["ready"] * 5
    assert {row["name"]: row["counts"]["items"] for row in first["datasets"]} == {
        "cells": 6, "shapes": 90, "phantom": 54, "scans": 96, "valley": 48,
    }  # fmt: skip
    assert all(row["bins"]["rejected"] == row["findings"]["error"] == 0 for row in first["datasets"])
    second = run("demo", "--no-serve", "--home", tmp_path / "demo", "--json").document
    assert second == first


def test_the_doctor_finds_a_new_home_well_and_a_closed_one_ill(run: Run, tmp_path: Path) -> None:
    well = run("doctor", "--json")
    assert well.status == 0
    assert {check["name"] for check in well.document["checks"]} == {
        "python", "packages", "home", "disk", "database", "storage", "workers", "clock", "server",
    }  # fmt: skip
    assert "Everything is well." in run("doctor").out
    (tmp_path / "file").touch()
    ill = run("doctor", "--home", tmp_path / "file" / "home", "--json")
    assert ill.status == 1
    assert {check["name"] for check in ill.document["checks"] if check["state"] == "fail"} >= {"home"}


def test_the_doctor_names_a_database_that_does_not_answer(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIPTYCH_DATABASE", "postgresql://ada:secret@127.0.0.1:1/none")
    ended = run("doctor", "--json")
    failed = {check["name"]: check for check in ended.document["checks"] if check["state"] == "fail"}
    assert ended.status == 1
    assert "database" in failed
    assert "secret" not in ended.out
