"""An onboarding to disturb: its source, what it comes to undisturbed, and its progress as others see it."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import sqlalchemy as sa

from tests.support import pictures
from tests.support.processes import Programs, eventually, programs
from tests.support.processes_outcome import Outcome, outcome, strays, unreadable
from tests.support.studio import open_studio
from triptych.assembly import open_installation
from triptych.db.session import Database
from triptych.db.tables import job_batches, jobs
from triptych.onboarding import members
from triptych.storage.objects import Objects

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from triptych.settings import Settings

NAME = "night"
BATCH_FILES = 12
STAGES = ("fetch", "check", "import", "labels", "publish", "index")
PICTURES = 360
REJECTED = 8


def night_zip(path: Path) -> Path:
    """360 pictures, some broken, some the same, two label files and a file that is neither."""
    files: dict[str, bytes | str] = {
        f"image/p{n:04}.jpg": pictures.jpeg(n, width=96, height=72) for n in range(340)
    }
    for n in range(340, 348):
        files[f"image/p{n:04}.jpg"] = files[f"image/p{n - 200:04}.jpg"]
    for n in range(348, 348 + REJECTED):
        files[f"image/p{n:04}.jpg"] = pictures.jpeg(n - 300, width=96, height=72)[:700]
    for n in range(348 + REJECTED, PICTURES):
        files[f"image/p{n:04}.png"] = pictures.png(n, width=12, height=9)
    files["image/notes.txt"] = "not a picture"
    ends = [("png" if n >= 348 + REJECTED else "jpg") for n in range(PICTURES)]
    files["label.csv"] = "".join(f"p{n:04}.{end},{'abc'[n % 3]}\n" for n, end in enumerate(ends))
    files["boxes.csv"] = "".join(f"p{n:04}.jpg,cell,{n % 50},{n % 40},12,9\n" for n in range(0, 340, 2))
    return pictures.archive(path / f"{NAME}.zip", files)


def undisturbed(source: Path, home: Path) -> Outcome:
    """What the source comes to when nobody disturbs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(members, "CHUNK_FILES", BATCH_FILES)
        with open_studio(home) as studio:
            shown = studio.add(source, name=NAME)
            assert shown["state"] == "ready"
            assert shown["bins"]["rejected"] == REJECTED
            assert len({finding["code"] for finding in studio.findings(NAME)}) > 4
            return outcome(studio.installation.database, NAME)


class Place(NamedTuple):
    """A home with a database and a storage, and where tests look at both."""

    programs: Programs
    database: Database
    objects: Objects

    def job(self) -> Any:
        """The row of the first job, None before there is one."""
        with self.database.read() as connection:
            return connection.execute(sa.select(jobs).order_by(jobs.c.id).limit(1)).one_or_none()

    def batches(self, stage: str) -> int:
        """How many batches of a stage are done."""
        count = sa.select(sa.func.count()).select_from(job_batches).where(job_batches.c.stage == stage)
        with self.database.read() as connection:
            return int(connection.execute(count).scalar_one())

    def await_progress(self, stage: str, batches: int, delay: float = 0.0) -> None:
        """Wait until the stage has so many batches done, and `delay` seconds more; or for the job's end."""

        def reached() -> bool:
            job = self.job()
            if job is None or not job.stage:
                return False
            at, wanted = STAGES.index(job.stage), STAGES.index(stage)
            here = at == wanted and self.batches(stage) >= batches
            return here or at > wanted or job.state not in ("waiting", "running")

        eventually(reached, pause=0.002)
        time.sleep(delay)

    def await_end(self) -> Any:
        """Wait until the job is finished; its row."""
        eventually(lambda: not self.is_under_way())
        return self.job()

    def is_under_way(self) -> bool:
        """Whether the job is not finished."""
        return self.job().state in ("waiting", "running")

    def await_success(self) -> None:
        """Wait until the job has succeeded."""
        job = self.await_end()
        assert (job.state, job.error) == ("succeeded", None), self.programs.errors()

    def check(self, expected: Outcome) -> None:
        """The result is the expected one to the last row and byte, and nothing is left beside it."""
        found = outcome(self.database, NAME)
        for name in Outcome.__dataclass_fields__:
            assert getattr(found, name) == getattr(expected, name), name
        assert unreadable(self.database, self.objects) == []
        assert strays(self.database, self.objects) == []
        assert unreadable(self.database, self.objects) == []

    def check_nothing_runs(self) -> None:
        """No process of the run is left, those that end by themselves given a moment."""
        eventually(lambda: not self.programs.alive(), seconds=15)


@contextmanager
def place(settings: Settings, environment: dict[str, str] | None = None) -> Iterator[Place]:
    """A fresh home on which nothing runs yet; nothing does at the end."""
    with open_installation(settings, work=False):
        pass
    database = Database(settings.database_url)
    with programs(settings.home, batch_files=BATCH_FILES, environment=environment or {}) as run:
        yield Place(run, database, Objects(settings.storage_url))
    database.close()


def adding(source: Path) -> dict[str, Any]:
    """The request that adds the source."""
    reference = {"kind": "path", "path": str(source)}
    return {"source": reference, "name": NAME, "keep_succeeded": True, "options": {}}
