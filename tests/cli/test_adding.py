"""prescan, add, keep: what reaches the server, and how an onboarding ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.fake_api import show
from triptych.client import jobs

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run
    from tests.cli.fake_api import FakeServer


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "FIRST_PAUSE", 0.0)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "cells.zip"
    path.write_bytes(b"PK" + b"x" * 5000)
    return path


def test_a_local_path_is_named_and_what_show_prints_is_printed(
    run: Run, server: FakeServer, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(archive.parent)
    ended = run(
        "add", "cells.zip", "--name", "n", "--format", "image_label", "--option", "labels=ignore", "--tag", "a",
        "--tag", "b", "--keep-succeeded", "--json",
    )  # fmt: skip
    assert ended.status == 0
    assert ended.document == server.datasets["n"]
    assert server.bodies == [
        {
            "source": {"kind": "path", "path": str(archive)}, "options": {"labels": "ignore"}, "name": "n",
            "format": "image_label", "tags": ["a", "b"], "keep_succeeded": True,
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "document"),
    [
        ("https://example.org/a.zip?b=c", {"kind": "url", "url": "https://example.org/a.zip?b=c"}),
        ("root:scans/2024/ct", {"kind": "root", "root": "scans", "path": "2024/ct"}),
        ("root:scans", {"kind": "root", "root": "scans", "path": ""}),
    ],
)
def test_addresses_and_registered_folders_are_named(
    run: Run, server: FakeServer, source: str, document: dict[str, str]
) -> None:
    run("add", source)
    assert server.bodies[0]["source"] == document


def test_another_machine_gets_the_file_itself(run: Run, server: FakeServer, archive: Path) -> None:
    server.is_remote = True
    assert run("add", archive).status == 0
    (upload_id,) = server.uploads
    assert server.uploads[upload_id] == archive.read_bytes()
    assert server.bodies[1]["source"] == {"kind": "upload", "id": upload_id}


def test_nothing_at_the_path_is_said_at_once(run: Run, server: FakeServer, tmp_path: Path) -> None:
    ended = run("add", tmp_path / "no.zip", "--json")
    assert ended.status == 1
    assert ended.document["error"]["code"] == "source_missing"
    assert server.asked == []


def test_a_name_that_is_taken_ends_with_1(run: Run, server: FakeServer, archive: Path) -> None:
    server.datasets["cells"] = show("cells")
    ended = run("add", archive, "--json")
    assert (ended.status, ended.document["error"]["code"]) == (1, "name_taken")


def test_rejected_files_leave_a_decision_with_the_dataset_beside_it(
    run: Run, server: FakeServer, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    undecided = {
        "state": "needs_decision",
        "version": 0,
        "bins": {"imported": 30, "ignored": 1, "rejected": 2},
    }
    monkeypatch.setattr("tests.cli.fake_api.show", lambda name: show(name, **undecided))
    ended = run("add", archive, "--name", "my cells", "--json")
    assert ended.status == 1
    assert ended.document["error"]["code"] == "needs_decision"
    assert "2 of 33 files" in ended.document["error"]["message"]
    assert "triptych keep 'my cells'" in ended.document["error"]["hint"]
    assert ended.document["error"]["findings"][0]["code"] == "image_truncated"
    assert ended.document["dataset"]["state"] == "needs_decision"
    ended = run("add", archive, "--name", "again")
    assert ended.status == 1
    assert "triptych rm again" in ended.err


def test_a_failed_job_ends_with_its_reason(run: Run, server: FakeServer, archive: Path) -> None:
    reason = {"code": "unsafe_path", "message": "A name climbs.", "hint": "Pack it again.", "findings": []}
    server.job_ends = {"state": "failed", "error": reason}
    ended = run("add", archive, "--json")
    assert (ended.status, ended.document) == (1, {"error": reason})


def test_interrupting_cancels_the_job(
    run: Run, server: FakeServer, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = jobs.wait_for_job, []

    def interrupted(*arguments: object) -> object:
        calls.append(arguments)
        if len(calls) == 1:
            raise KeyboardInterrupt
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(jobs, "wait_for_job", interrupted)
    ended = run("add", archive, "--json")
    assert server.cancelled
    assert (ended.status, ended.document["error"]["code"]) == (1, "cancelled")
    assert "Cancelling" in ended.err


def test_each_stage_is_one_line_where_nobody_looks(run: Run, server: FakeServer, archive: Path) -> None:
    assert run("add", archive).err == "Reading\n"
