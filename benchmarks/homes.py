"""Fresh homes to measure in: SQLite always, PostgreSQL where its server programs are installed."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import sqlalchemy as sa

from tests.support.postgresql import PostgreSQLServer, server_programs
from triptych.api.app import create_app
from triptych.assembly import open_installation
from triptych.client.home_server import LOCAL_HEADER
from triptych.client.in_process import ADDRESS, InProcessTransport
from triptych.core.ids import new_id
from triptych.datasets.names import search_text
from triptych.db.tables import datasets, sources
from triptych.people.service import first_administrator
from triptych.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triptych.db.session import Database
    from triptych.installation import Installation

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"


@dataclass(frozen=True, slots=True)
class Bench:
    """An installation on an empty home, and who calls its application in this very process."""

    name: str
    installation: Installation
    client: httpx.Client

    @property
    def database(self) -> Database:
        """The installation's database."""
        return self.installation.database

    def tidy(self) -> None:
        """What PostgreSQL does by itself a minute after many rows came in; SQLite has nothing of the kind."""
        if self.name == POSTGRESQL:
            with self.database.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(sa.text("VACUUM ANALYZE"))


def homes() -> Iterator[Bench]:
    """One home after the other; each is gone when the next one is asked for."""
    with open_home(SQLITE, "") as bench:
        yield bench
    programs = server_programs()
    if programs is None:
        print("PostgreSQL's server programs are not installed (Debian: postgresql): SQLite alone.")
        return
    server = PostgreSQLServer(programs)
    try:
        with open_home(POSTGRESQL, server.create_database()) as bench:
            yield bench
    finally:
        server.stop()


@contextmanager
def open_home(name: str, database: str) -> Iterator[Bench]:
    """An installation that works on no jobs, in a temporary folder."""
    with (
        tempfile.TemporaryDirectory() as folder,
        open_installation(Settings(home=Path(folder), database=database, workers=1), work=False) as opened,
        httpx.Client(
            transport=InProcessTransport(create_app(opened)),
            base_url=f"{ADDRESS}/api/v1",
            headers={LOCAL_HEADER: opened.local_secret},
        ) as client,
    ):
        yield Bench(name, opened, client)


def make_dataset(connection: sa.Connection, name: str, **values: Any) -> str:
    """The row of a dataset of the home's first administrator; its id."""
    subject = first_administrator(connection)
    dataset_id = new_id()
    row: dict[str, Any] = {
        "id": dataset_id,
        "organization_id": subject.organization_id,
        "owner_id": subject.user_id,
        "name": name,
        "display_name": name,
        "search_text": search_text(name),
        "tags": [],
        "details": {},
        "modality": "planar",
        "format": "study_series",
        "state": "ready",
        "created_at": 1.0,
        "updated_at": 1.0,
    }
    connection.execute(sa.insert(datasets).values(row | values))
    return dataset_id


def make_source(connection: sa.Connection, dataset_id: str) -> str:
    """The row of a dataset's source; its id."""
    source_id = new_id()
    connection.execute(
        sa.insert(sources).values(
            id=source_id,
            dataset_id=dataset_id,
            job_id=new_id(),
            reference={},
            filename="pictures.zip",
            created_at=1.0,
            version=1,
        )
    )
    return source_id
