"""Whatever is killed, and whenever: after the next start the result is the one of an undisturbed onboarding.

Real processes, real SIGKILL. The moments are drawn once, from a seed, over the progress of the job rather than
over time, so that each stage is hit whatever the machine is busy with.
"""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import sqlalchemy as sa
from tests.support import pictures
from tests.support.processes import Programs, decoders, eventually, programs
from tests.support.processes_outcome import Outcome, outcome, strays, unreadable
from tests.support.studio import open_studio

from triptych.assembly import open_installation
from triptych.db.session import Database
from triptych.db.tables import job_batches, jobs
from triptych.onboarding import members
from triptych.settings import Settings
from triptych.storage.objects import Objects

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


NAME = "night"
BATCH_FILES = 24
STAGES = ("fetch", "check", "import", "labels", "publish", "index")
LONGEST_WAIT = {"fetch": 0.01, "check": 0.1, "import": 0.2, "labels": 0.05, "publish": 0.2, "index": 0.02}
"""Seconds for which the moment may lie behind the mark that it waits for."""


class Moment(NamedTuple):
    """Whom to kill, and when: `delay` seconds after the stage has done `batches` of its batches."""

    victim: str  # server, decoder, add
    stage: str
    batches: int
    delay: float


def _moments(seed: int) -> list[Moment]:
    draw = random.Random(seed)
    # The first five stand for all in the ordinary tests.
    places = [
        ("server", "import"),
        ("decoder", "import"),
        ("server", "publish"),
        ("add", "import"),
        ("server", "check"),
        *(
            ("server", stage)
            for stage in ("fetch", "import", "import", "import", "labels", "publish", "index")
        ),
        *(("decoder", "import") for _ in range(4)),
        *(("add", stage) for stage in ("check", "import", "labels", "publish")),
    ]
    return [
        Moment(
            victim,
            stage,
            draw.randrange(0 if victim == "server" else 1, 14) if stage == "import" else 0,
            draw.uniform(0.0, LONGEST_WAIT[stage]),
        )
        for victim, stage in places
    ]


MOMENTS = _moments(20)
ORDINARY = 5
assert len(MOMENTS) == 20


def _parameters() -> list[Any]:
    return [
        pytest.param(
            moment,
            id=f"{number}-{moment.victim}-{moment.stage}-{moment.batches}",
            marks=() if number < ORDINARY else pytest.mark.long,
        )
        for number, moment in enumerate(MOMENTS)
    ]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """360 pictures, some broken, some the same, with two label files and files that are not pictures."""
    files: dict[str, bytes | str] = {
        f"image/p{n:04}.jpg": pictures.jpeg(n, width=96, height=72) for n in range(340)
    }
    for n in range(340, 348):
        files[f"image/p{n:04}.jpg"] = files[f"image/p{n - 200:04}.jpg"]
    for n in range(348, 356):
        files[f"image/p{n:04}.jpg"] = bytes(files[f"image/p{n - 300:04}.jpg"])[:700]
    for n in range(356, 360):
        files[f"image/p{n:04}.png"] = pictures.png(n, width=12, height=9)
    files["image/notes.txt"] = "not a picture"
    files["label.csv"] = "".join(
        f"p{n:04}.{'png' if n > 355 else 'jpg'},{'abc'[n % 3]}\n" for n in range(360)
    )
    files["boxes.csv"] = "".join(f"p{n:04}.jpg,cell,{n % 50},{n % 40},12,9\n" for n in range(0, 340, 2))
    return pictures.archive(tmp_path_factory.mktemp("source") / f"{NAME}.zip", files)


@pytest.fixture(scope="module")
def undisturbed(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What the source comes to when nobody disturbs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(members, "CHUNK_FILES", BATCH_FILES)
        with open_studio(tmp_path_factory.mktemp("undisturbed")) as studio:
            shown = studio.add(source)
            assert shown["state"] == "ready"
            assert shown["bins"]["rejected"] == 8
            assert len({finding["code"] for finding in studio.findings(NAME)}) > 4
            return outcome(studio.installation.database, NAME)


class Place(NamedTuple):
    """A home with a database, and where the tests look at both."""

    programs: Programs
    database: Database
    objects: Objects


@contextmanager
def _place(settings: Settings, environment: dict[str, str] | None = None) -> Iterator[Place]:
    with open_installation(settings, work=False):
        pass
    database = Database(settings.database_url)
    with programs(settings.home, batch_files=BATCH_FILES, environment=environment or {}) as run:
        yield Place(run, database, Objects(settings.storage_url))
    database.close()


def _job(database: Database) -> Any:
    with database.read() as connection:
        return connection.execute(sa.select(jobs).order_by(jobs.c.id).limit(1)).one_or_none()


def _await(database: Database, moment: Moment) -> None:
    """Wait for the moment, or for the end of the job."""

    def reached() -> bool:
        job = _job(database)
        if job is None or not job.stage:
            return False
        if job.state not in ("waiting", "running"):
            return True
        at, wanted = STAGES.index(job.stage), STAGES.index(moment.stage)
        return at > wanted or (at == wanted and _done(database, moment.stage) >= moment.batches)

    eventually(reached, pause=0.002)
    time.sleep(moment.delay)


def _done(database: Database, stage: str) -> int:
    with database.read() as connection:
        return connection.execute(
            sa.select(sa.func.count()).select_from(job_batches).where(job_batches.c.stage == stage)
        ).scalar_one()


def _await_end(place: Place) -> None:
    eventually(lambda: _job(place.database).state not in ("waiting", "running"))
    job = _job(place.database)
    assert (job.state, job.error) == ("succeeded", None), place.programs.errors()


def _add(source: Path) -> dict[str, Any]:
    return {"source": {"kind": "path", "path": str(source)}, "keep_succeeded": True, "options": {}}


def _check_nothing_runs(run: Programs) -> None:
    eventually(lambda: not run.alive(), seconds=15)


def _check(place: Place, expected: Outcome) -> None:
    """The result is the expected one to the last row and byte, and nothing is left beside it."""
    found = outcome(place.database, NAME)
    for name in Outcome.__dataclass_fields__:
        assert getattr(found, name) == getattr(expected, name), name
    assert unreadable(place.database, place.objects) == []
    assert strays(place.database, place.objects) == []
    assert unreadable(place.database, place.objects) == []


def _disturb(place: Place, source: Path, moment: Moment) -> None:
    """Onboard, kill at the moment, start again where needed, and wait for the end."""
    run = place.programs
    if moment.victim == "add":
        adding = run.start("add", str(source), "--keep-succeeded", "--json")
        _await(place.database, moment)
        adding.kill()
        adding.wait()
        _check_nothing_runs(run)
        working = run.start("work", "--json")
        _await_end(place)
        working.terminate()
        assert working.wait(30) == 0
        return
    server = run.serve()
    server.connection.post("/datasets", _add(source))
    _await(place.database, moment)
    if moment.victim == "decoder":
        victims = decoders(server.process.pid, run.mark)
        assert victims
        os.kill(random.Random(moment.delay).choice(victims), signal.SIGKILL)
    else:
        server.kill()
        _check_nothing_runs(run)
        server = run.serve()
    _await_end(place)
    assert server.stop() == 0


@pytest.mark.parametrize("moment", _parameters())
def test_killed_at_any_moment_the_result_is_the_same(
    moment: Moment, source: Path, undisturbed: Outcome, tmp_path: Path
) -> None:
    with _place(Settings(home=tmp_path / "home")) as place:
        _disturb(place, source, moment)
        _check_nothing_runs(place.programs)
        _check(place, undisturbed)
