"""An installation to test against: the application in this process, spoken to as clients speak to a server."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.support.migrated import migrate_home
from triptych.api.app import create_app
from triptych.assembly import open_installation
from triptych.client.connection import Connection, dataset_path
from triptych.client.home_server import LOCAL_HEADER
from triptych.client.in_process import ADDRESS, InProcessTransport
from triptych.core.errors import TriptychError
from triptych.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from triptych.installation import Installation


@dataclass(frozen=True)
class Studio:
    """An installation and a connection to it, as its first administrator."""

    installation: Installation
    connection: Connection

    def add(
        self, source: Path, *, name: str | None = None, keep: bool = True, **options: str
    ) -> dict[str, Any]:
        """Onboard a source and wait; what `show` shows. TriptychError with the job's reason when it failed."""
        begun = self.connection.post(
            "/datasets",
            {
                "source": {"kind": "path", "path": str(source)},
                "name": name,
                "keep_succeeded": keep,
                "options": options,
            },
        )
        self.wait(begun["job"]["id"])
        return self.show(begun["dataset"]["name"])

    def wait(self, job_id: str) -> dict[str, Any]:
        """Wait for a job; its document. TriptychError with its reason when it failed."""
        deadline = time.monotonic() + 120
        while not self.installation.jobs.get(job_id).finished and time.monotonic() < deadline:
            time.sleep(0.01)  # `jobs.wait` looks less often
        job: dict[str, Any] = self.connection.get(f"/jobs/{job_id}")
        if job["state"] != "succeeded":
            error = job["error"] or {}
            raise TriptychError(error.get("message", job["state"]), code=error.get("code", job["state"]))
        return job

    def show(self, name: str) -> dict[str, Any]:
        """What `show` shows."""
        document: dict[str, Any] = self.connection.get(dataset_path(name))
        return document

    def items(self, name: str, **query: Any) -> list[dict[str, Any]]:
        """All items of a dataset."""
        return self._all(dataset_path(name, "items"), **query)

    def findings(self, name: str) -> list[dict[str, Any]]:
        """All findings of a dataset."""
        return self._all(dataset_path(name, "findings"))

    def finding_codes(self, name: str) -> set[str]:
        """The codes of all findings of a dataset."""
        return {finding["code"] for finding in self.findings(name)}

    def members(self, name: str) -> list[dict[str, Any]]:
        """All members that are not items."""
        return self._all(dataset_path(name, "members"))

    def names(self) -> list[str]:
        """Names of all datasets, those in the trash left out."""
        return [row["name"] for row in self._all("/datasets")]

    def _all(self, path: str, **query: Any) -> list[dict[str, Any]]:
        return list(self.connection.all(path, **query))


@contextmanager
def open_studio(home: Path, **settings: Any) -> Iterator[Studio]:
    """An installation in a folder, working on jobs; closed at the end."""
    if not settings.get("database"):
        migrate_home(home)
    with open_installation(Settings(home=home, workers=2, **settings), work=True) as installation:
        transport = InProcessTransport(create_app(installation))
        headers = {LOCAL_HEADER: installation.local_secret}
        with Connection(ADDRESS, headers=headers, transport=transport, reads_local_paths=True) as connection:
            yield Studio(installation, connection)
