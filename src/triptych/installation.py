"""An installation: its settings and the machinery that all nouns work with."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from triptych.db.migrate import upgrade
from triptych.db.session import Database
from triptych.jobs.compute import Compute, ComputeLimits
from triptych.jobs.service import Jobs
from triptych.storage.objects import Objects

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from triptych.jobs.runner import Runner
    from triptych.settings import Settings


@dataclass(frozen=True, slots=True, eq=False)
class Installation:
    """Settings, database, storage, jobs and the pool of decoding processes, opened."""

    settings: Settings
    database: Database
    objects: Objects
    jobs: Jobs
    compute: Compute
    local_secret: str

    @property
    def staging(self) -> Path:
        """Folder of uploads and other temporary files."""
        return self.settings.home / "staging"

    def close(self) -> None:
        """Stop working and let go of everything."""
        self.jobs.close()
        self.compute.close()
        self.database.close()


def make_installation(settings: Settings, runners: Mapping[str, Runner]) -> Installation:
    """Open the home, bring its database to this release's schema, and make the machinery; starts no work."""
    settings.home.mkdir(parents=True, exist_ok=True)
    (settings.home / "staging").mkdir(exist_ok=True)
    database = Database(settings.database_url)
    upgrade(database)
    compute = Compute(
        ComputeLimits(
            workers=settings.worker_count,
            memory=settings.worker_memory,
            seconds_per_item=settings.file_seconds,
        )
    )
    holder: dict[str, Installation] = {}
    jobs = Jobs(database, runners, lambda: holder["it"], home=settings.home, settings=settings)
    installation = Installation(
        settings, database, Objects(settings.storage_url), jobs, compute, _local_secret(settings.home)
    )
    holder["it"] = installation
    return installation


def _local_secret(home: Path) -> str:
    """The secret by which the command line on this machine proves that it may read the home."""
    path = home / "local.secret"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        secret = secrets.token_urlsafe(32)
        file.write(secret)
    return secret
