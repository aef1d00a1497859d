"""What hostile uploads may take: less than 500 MB over all processes, and not one file outside the home.

A server and its decoding processes as real processes; memory is the sum of PSS, looked at 50 times a second.
"""

from __future__ import annotations

import csv
import shutil
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.conftest import REPOSITORY, real_data_folder
from tests.support.processes import Server, eventually
from tests.support.processes_bombs import BOMBS
from tests.support.processes_memory import peak_of
from tests.support.processes_onboarding import Place, place
from tests.support.processes_outcome import rows_left, strays, unreadable
from triptych.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIMIT = 500_000_000
AUDIT = REPOSITORY / "tests" / "support" / "processes_audit.py"
CATEGORIES = ("2_bombs", "5_images")


class Watched(NamedTuple):
    """A server, its home, and folders and a log that must stay empty."""

    at: Place
    server: Server
    elsewhere: Path
    audit: Path


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """A server whose processes note what they write outside of the home."""
    folder = tmp_path_factory.mktemp("watched")
    elsewhere, hooks, audit = folder / "elsewhere", folder / "hooks", folder / "audit.txt"
    for name in ("tmp", "person"):
        (elsewhere / name).mkdir(parents=True)
    hooks.mkdir()
    shutil.copyfile(AUDIT, hooks / "sitecustomize.py")
    environment = {
        "PYTHONPATH": str(hooks),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": str(elsewhere / "tmp"),
        "HOME": str(elsewhere / "person"),
        "TRIPTYCH_TEST_HOME": str(folder / "home"),
        "TRIPTYCH_TEST_AUDIT": str(audit),
    }
    with place(Settings(home=folder / "home"), environment) as at:
        server = at.programs.serve()
        assert audit.read_text("utf-8") == ""
        yield Watched(at, server, elsewhere, audit)
        assert server.stop() == 0
        at.check_nothing_runs()


def _add(watched: Watched, source: Path, name: str) -> dict[str, Any]:
    """Add a source and wait; the job's document."""
    begun = watched.server.connection.post(
        "/datasets",
        {
            "source": {"kind": "path", "path": str(source)},
            "name": name,
            "keep_succeeded": True,
            "options": {},
        },
    )
    path = f"/jobs/{begun['job']['id']}"
    eventually(lambda: watched.server.connection.get(path)["state"] not in ("waiting", "running"), 120)
    job: dict[str, Any] = watched.server.connection.get(path)
    return job


def _check(watched: Watched, source: Path, expect: str, record: Any) -> None:
    database, objects = watched.at.database, watched.at.objects
    rows, stored = rows_left(database), set(objects.names())
    beside = sorted(source.parent.iterdir())
    with peak_of(watched.at.programs.mark) as peak:
        job = _add(watched, source, source.name)
    record("peak_bytes", peak.bytes)
    assert peak.looks > 0
    assert peak.bytes < LIMIT
    if expect == "REJECT":
        assert job["state"] == "failed"
        assert job["error"]["code"] not in ("bug", "error")
        assert job["error"]["message"]
        assert rows_left(database) == rows, "a refused upload leaves no row"
        assert set(objects.names()) == stored, "and no object"
    else:
        assert (job["state"], job["error"]) == ("succeeded", None)
    assert unreadable(database, objects) == []
    assert watched.audit.read_text("utf-8") == "", "a process wrote outside of the home"
    assert [path for path in watched.elsewhere.rglob("*") if path.is_file()] == []
    assert sorted(source.parent.iterdir()) == beside
    jobs = watched.at.programs.home / "staging" / "jobs"
    assert not jobs.exists() or list(jobs.iterdir()) == [], "temporary files of jobs that ended"


def _hostile() -> list[Any]:
    folder = real_data_folder()
    if folder is None:
        return [pytest.param(None, "", marks=pytest.mark.skip(reason="no real data: set TRIPTYCH_TEST_DATA"))]
    with (folder / "hostile" / "manifest.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["category"] in CATEGORIES]
    return [pytest.param(folder / "hostile" / row["file"], row["expect"], id=row["file"]) for row in rows]


@pytest.mark.parametrize(("source", "expect"), _hostile())
def test_a_hostile_upload_stays_within_its_means(
    watched: Watched, source: Path, expect: str, record_property: Any
) -> None:
    _check(watched, source, expect, record_property)


@pytest.mark.parametrize("name", BOMBS)
def test_a_generated_bomb_stays_within_its_means(
    watched: Watched, name: str, tmp_path: Path, record_property: Any
) -> None:
    make, expect = BOMBS[name]
    make(tmp_path / name)
    _check(watched, tmp_path / name, expect, record_property)


def test_nothing_is_stored_that_no_row_names(watched: Watched) -> None:
    assert strays(watched.at.database, watched.at.objects) == []
    assert unreadable(watched.at.database, watched.at.objects) == []
