"""Whatever is killed, and whenever: after the next start the result is the one of an undisturbed onboarding.

Real processes, real SIGKILL. The moments are drawn once, from a seed, over the progress of the job rather than
over time, so that each stage is hit whatever the machine is busy with.
"""

from __future__ import annotations

import os
import random
import signal
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.support.processes import decoders
from tests.support.processes_onboarding import Place, adding, night_zip, place, undisturbed
from triptych.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.processes_outcome import Outcome
    from tests.support.s3 import S3Storage

BATCHES = 28
TRIES = 3
"""Homes on which a moment is tried until it comes before the end of the job."""
LONGEST_WAIT = {
    "fetch": 0.01,
    "check": 0.05,
    "import": 0.02,
    "labels": 0.02,
    "publish": 0.05,
    "index": 0.002,
}
"""Seconds for which the moment may lie behind the mark that it waits for."""


class Moment(NamedTuple):
    """Whom to kill, and when: `delay` seconds after the stage has done `batches` of its batches."""

    victim: str  # server, decoder, add
    stage: str
    batches: int
    delay: float


def _moments(seed: int) -> list[Moment]:
    draw = random.Random(seed)
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
            draw.randrange(int(victim != "server"), BATCHES) if stage == "import" else 0,
            draw.uniform(0.0, LONGEST_WAIT[stage]),
        )
        for victim, stage in places
    ]


MOMENTS = _moments(20)
ORDINARY = (0, 1, 3)
"""One for each victim; these stand for all in the ordinary tests."""
assert len(MOMENTS) == 20


def _parameters() -> list[Any]:
    return [
        pytest.param(
            moment,
            id=f"{number}-{moment.victim}-{moment.stage}-{moment.batches}",
            marks=() if number in ORDINARY else pytest.mark.long,
        )
        for number, moment in enumerate(MOMENTS)
    ]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A source of thirty batches."""
    return night_zip(tmp_path_factory.mktemp("source"))


@pytest.fixture(scope="module")
def expected(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What the source comes to when nobody disturbs."""
    return undisturbed(source, tmp_path_factory.mktemp("undisturbed"))


def _kill_add(at: Place, source: Path, moment: Moment) -> bool:
    """Kill the command; whether its job was under way. Other workers finish it."""
    process = at.programs.start("add", str(source), "--keep-succeeded", "--json")
    at.await_progress(moment.stage, moment.batches, moment.delay)
    process.kill()
    process.wait()
    at.check_nothing_runs()
    under_way = at.is_under_way()
    working = at.programs.start("work", "--json")
    at.await_success()
    working.terminate()
    assert working.wait(30) == 0
    return under_way


def _kill_served(at: Place, source: Path, moment: Moment) -> bool:
    """Kill the server or a decoding process of it; whether the job was under way. A server finishes it."""
    server = at.programs.serve()
    server.connection.post("/datasets", adding(source))
    at.await_progress(moment.stage, moment.batches, moment.delay)
    if moment.victim == "decoder":
        victims = decoders(server.process.pid, at.programs.mark)
        assert victims
        os.kill(random.Random(moment.delay).choice(victims), signal.SIGKILL)
        under_way = at.is_under_way()
    else:
        server.kill()
        at.check_nothing_runs()
        under_way = at.is_under_way()
        server = at.programs.serve()
    at.await_success()
    assert server.stop() == 0
    return under_way


@pytest.mark.parametrize("moment", _parameters())
def test_killed_at_any_moment_the_result_is_the_same(
    moment: Moment, source: Path, expected: Outcome, tmp_path: Path
) -> None:
    kill = _kill_add if moment.victim == "add" else _kill_served
    for number in range(TRIES):
        with place(Settings(home=tmp_path / f"home-{number}")) as at:
            came_in_time = kill(at, source, moment)
            at.check_nothing_runs()
            at.check(expected)
        if came_in_time:
            break


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("stage", "batches"), [("import", 6), pytest.param("publish", 0, marks=pytest.mark.long)]
)
def test_killed_on_postgresql_and_s3_the_result_is_the_same(
    stage: str,
    batches: int,
    source: Path,
    expected: Outcome,
    tmp_path: Path,
    postgresql_url: str,
    s3_storage: S3Storage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    s3_storage.set(monkeypatch)
    settings = Settings(home=tmp_path / "home", database=postgresql_url, storage=s3_storage.url)
    environment = {"TRIPTYCH_DATABASE": postgresql_url, "TRIPTYCH_STORAGE": s3_storage.url}
    with place(settings, environment) as at:
        _kill_served(at, source, Moment("server", stage, batches, 0.05))
        at.check_nothing_runs()
        at.check(expected)


@pytest.mark.long
@pytest.mark.parametrize("stage", ["import", "labels", "publish", "index"])
def test_a_server_that_is_told_to_end_hands_the_job_on_and_the_result_is_the_same(
    stage: str, source: Path, expected: Outcome, tmp_path: Path
) -> None:
    with place(Settings(home=tmp_path / "home")) as at:
        server = at.programs.serve()
        server.connection.post("/datasets", adding(source))
        at.await_progress(stage, 0)
        assert server.stop() == 0
        at.check_nothing_runs()
        server = at.programs.serve()
        at.await_success()
        assert server.stop() == 0
        at.check(expected)


@pytest.mark.long
def test_killed_again_and_again_the_result_is_the_same(
    source: Path, expected: Outcome, tmp_path: Path
) -> None:
    draw = random.Random(21)
    with place(Settings(home=tmp_path / "home")) as at:
        server = at.programs.serve()
        server.connection.post("/datasets", adding(source))
        for done in range(1, BATCHES, 2):
            at.await_progress("import", done, draw.uniform(0.0, 0.1))
            server.kill()
            at.check_nothing_runs()
            server = at.programs.serve()
        at.await_success()
        assert server.stop() == 0
        at.check(expected)
