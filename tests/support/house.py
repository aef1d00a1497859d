"""The application over a fresh home, and people of every kind who call it."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import sqlalchemy as sa
from argon2 import PasswordHasher

from tests.support.migrated import migrate_home
from triptych.api.app import create_app
from triptych.assembly import RUNNERS
from triptych.core.access import Role, Subject
from triptych.core.ids import new_id
from triptych.db import tables
from triptych.installation import Installation, make_installation
from triptych.people import api_tokens, service
from triptych.people.passwords import Passwords
from triptych.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI

    from triptych.client.in_process import InProcessTransport

ADDRESS = "http://triptych.test"
PASSWORD = "correct horse battery"


@dataclass
class House:
    """An installation with its application. `client` makes callers; people are made as they are needed."""

    installation: Installation
    app: FastAPI
    transport: InProcessTransport
    passwords: Passwords
    _clients: ExitStack = field(default_factory=ExitStack)

    def client(self, token: str | None = None, address: str = ADDRESS, **headers: str) -> httpx.Client:
        """A client; with a token it is somebody, without it is nobody."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        return httpx.Client(transport=_Shared(self.transport), base_url=f"{address}/api/v1", headers=sent)

    def local(self) -> httpx.Client:
        """The command line on this machine."""
        return self.client(X_Triptych_Local=self.installation.local_secret)

    @property
    def home_id(self) -> str:
        """The id of the first organization."""
        with self.installation.database.read() as connection:
            home = service.first_administrator(connection).organization_id
        assert home is not None
        return home

    def organization(self, name: str) -> str:
        """Another organization's id."""
        with self.installation.database.write() as connection:
            return service.add_organization(connection, name, name)

    def person(self, role: Role = Role.MEMBER, *, organization_id: str | None = None) -> Person:
        """A new user with a password and a token."""
        user_id = new_id()
        email = f"{role.value}.{user_id}@example.org"
        with self.installation.database.write() as connection:
            connection.execute(
                sa.insert(tables.users).values(
                    id=user_id,
                    organization_id=organization_id or self.home_id,
                    email=email,
                    name=f"A {role.value}",
                    role=role.value,
                    password_hash=self.passwords.hash(PASSWORD),
                    created_at=time.time(),
                )
            )
            row = connection.execute(sa.select(tables.users).where(tables.users.c.id == user_id)).one()
            subject = service.subject_of(connection, row)
            _, token = api_tokens.add_token(connection, subject, "a token")
        return Person(self, user_id, email, token)

    def dataset(self, owner: Person, name: str | None = None, **values: Any) -> str:
        """A row of a dataset; its id."""
        dataset_id = new_id()
        now = time.time()
        row: dict[str, Any] = {
            "id": dataset_id,
            "organization_id": owner.subject.organization_id,
            "name": name or f"dataset {dataset_id}",
            "display_name": "",
            "search_text": "",
            "tags": [],
            "details": {},
            "modality": "planar",
            "state": "ready",
            "owner_id": owner.user_id,
            "created_at": now,
            "updated_at": now,
        }
        self.insert(tables.datasets, **row | values)
        return dataset_id

    def grant(self, dataset_id: str, kind: str, subject_id: str, action: str, **values: Any) -> None:
        """A grant on a dataset, from the beginning of time."""
        row: dict[str, Any] = {
            "id": new_id(),
            "subject_kind": kind,
            "subject_id": subject_id,
            "thing_kind": "dataset",
            "thing_id": dataset_id,
            "action": action,
            "since": 0.0,
        }
        self.insert(tables.grants, **row | values)

    def job(self, owner: Person, dataset_id: str | None = None, **values: Any) -> str:
        """A row of a job that failed, so that nothing works on it; its id."""
        job_id = new_id()
        row: dict[str, Any] = {
            "id": job_id,
            "organization_id": owner.subject.organization_id,
            "user_id": owner.user_id,
            "dataset_id": dataset_id,
            "kind": "verify",
            "title": "a job",
            "payload": {},
            "state": "failed",
            "created_at": time.time(),
        }
        self.insert(tables.jobs, **row | values)
        return job_id

    def insert(self, table: sa.Table, **values: Any) -> None:
        """Insert a row."""
        with self.installation.database.write() as connection:
            connection.execute(sa.insert(table).values(**values))


@dataclass(frozen=True)
class Person:
    """A user of a house."""

    house: House
    user_id: str
    email: str
    token: str

    @property
    def subject(self) -> Subject:
        """The subject that they are at this moment."""
        users = tables.users
        with self.house.installation.database.read() as connection:
            row = connection.execute(sa.select(users).where(users.c.id == self.user_id)).one()
            return service.subject_of(connection, row)

    def client(self, **headers: str) -> httpx.Client:
        """A client that sends their token."""
        return self.house.client(self.token, **headers)


class _Shared(httpx.BaseTransport):
    """A client's transport that stays open when the client is closed."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._inner.handle_request(request)


def cheap_passwords() -> Passwords:
    """argon2 at its lowest price."""
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def build(folder: Path, **settings: Any) -> tuple[Installation, FastAPI, Passwords]:
    """An installation on a home in the folder, which works on no jobs, and its application."""
    if not settings.get("database"):
        migrate_home(folder)
    installation = make_installation(Settings(home=folder, workers=1, **settings), RUNNERS)
    passwords = cheap_passwords()
    service.ensure_first_start(installation.database, installation.settings, passwords)
    return installation, create_app(installation, passwords=passwords), passwords
