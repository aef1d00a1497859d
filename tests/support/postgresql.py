"""A PostgreSQL server of the test run's own, and a fresh database for each test that asks for one.

A database that holds the tables already is a copy of one that was migrated once: that takes a fraction of the time.
"""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from dbos import run_dbos_database_migrations

from triptych.db.migrate import upgrade
from triptych.db.session import Database
from triptych.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

PR_SET_PDEATHSIG = 1
START_SECONDS = 60.0
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "max_connections": "200",
    "logging_collector": "off",
}


def server_programs() -> Path | None:
    """The folder with `initdb` and `postgres`, the newest of Debian's or the one on PATH; None: there is none."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"),
        key=lambda path: [int(part) for part in re.findall(r"\d+", path.parts[-3])],
    )
    if installed:
        return installed[-1].parent
    found = shutil.which("postgres")
    return Path(found).resolve().parent if found else None


class PostgreSQLServer:
    """A server on a unix socket in a folder of its own; everything is gone after `stop`."""

    def __init__(self, programs: Path) -> None:
        # Not pytest's folder: that one is closed to the user that the server has to run as.
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self._numbers = count(1)
        self._migrated = ""
        # The server refuses to run as root.
        self._user: dict[str, Any] = {}
        if os.geteuid() == 0:
            self._user = {"user": "postgres", "group": "postgres", "extra_groups": []}
            shutil.chown(self.folder, "postgres", "postgres")
        data = self.folder / "data"
        how = f"-D {data} -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync".split()
        made = subprocess.run(
            [programs / "initdb", *how],
            capture_output=True,
            text=True,
            cwd=self.folder,
            check=False,
            **self._user,
        )
        if made.returncode:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise RuntimeError(f"initdb ended with {made.returncode}: {made.stderr}")
        self._log = (self.folder / "log").open("wb")
        self.programs = programs
        try:
            self.start()
        except BaseException:
            self.stop()
            raise

    def start(self) -> None:
        """Start the server, the first time or again, and wait until it answers."""
        options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        self._process = subprocess.Popen(
            [self.programs / "postgres", "-D", self.folder / "data", "-k", self.folder, *options],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            cwd=self.folder,
            preexec_fn=_end_with_parent,
            **self._user,
        )
        self._await()

    def _await(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self._address("postgres")).close()
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    log = (self.folder / "log").read_text(errors="replace")
                    raise RuntimeError(f"PostgreSQL did not start:\n{log}") from None
                time.sleep(0.05)
            else:
                return

    def _address(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def create_database(self, template: str = "template1") -> str:
        """The address of a new database: an empty one unless another one's name is given."""
        name = f"test_{next(self._numbers)}"
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self._address(name)

    def create_migrated_database(self) -> str:
        """The address of a new database with the tables of this release and of DBOS, all of them empty."""
        if not self._migrated:
            url = self.create_database()
            database = Database(Settings(database=url).database_url)
            upgrade(database)
            database.close()
            run_dbos_database_migrations(url)
            self._migrated = _name(url)
        return self.create_database(self._migrated)

    def drop_database(self, url: str) -> None:
        """Remove a database, ending whoever is still connected to it."""
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{_name(url)}" WITH (FORCE)')

    def end(self) -> None:
        """End the server at once, breaking its connections; the databases stay."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def stop(self) -> None:
        """End the server and remove its folder."""
        self.end()
        self._log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _name(url: str) -> str:
    return url.split("/")[3].partition("?")[0]


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgreSQLServer]:
    """A running server. Without its programs the test is skipped, but in CI it fails."""
    programs = server_programs()
    if programs is None:
        reason = "PostgreSQL's server programs are not installed (Debian: postgresql)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    server = PostgreSQLServer(programs)
    yield server
    server.stop()


@pytest.fixture
def postgresql_url(postgresql_server: PostgreSQLServer) -> Iterator[str]:
    """The address (postgresql://…) of an empty database that is dropped after the test."""
    url = postgresql_server.create_database()
    yield url
    postgresql_server.drop_database(url)


@pytest.fixture
def migrated_postgresql_url(postgresql_server: PostgreSQLServer) -> Iterator[str]:
    """As `postgresql_url`, of a database with all tables."""
    url = postgresql_server.create_migrated_database()
    yield url
    postgresql_server.drop_database(url)


@pytest.fixture(scope="module")
def module_postgresql_url(postgresql_server: PostgreSQLServer) -> Iterator[str]:
    """As `migrated_postgresql_url`, shared by the tests of one module."""
    url = postgresql_server.create_migrated_database()
    yield url
    postgresql_server.drop_database(url)
