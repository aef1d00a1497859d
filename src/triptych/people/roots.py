"""Registered folders: places on the server from which datasets may be added."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from triptych.core.errors import Conflict, InvalidInput, NotFound
from triptych.core.ids import new_id
from triptych.db.tables import roots
from triptych.people import repository
from triptych.people.events import record
from triptych.people.service import check_name

if TYPE_CHECKING:
    from triptych.core.access import Subject


def add_root(connection: sa.Connection, subject: Subject, name: str, path: str, *, home: Path) -> sa.Row[Any]:
    """Register a folder that exists; links in its path are followed once, now.

    InvalidInput `bad_root` for a path that is not absolute, not a folder, or holds or lies in the home;
    Conflict `name_taken`.
    """
    root_id = new_id()
    name = check_name(name)
    folder = _checked_folder(path, home)
    try:
        connection.execute(
            sa.insert(roots).values(
                id=root_id,
                organization_id=subject.organization_id,
                name=name,
                path=str(folder),
                created_at=time.time(),
            )
        )
    except IntegrityError:
        raise Conflict(
            f"A folder is registered as “{name}” already.", code="name_taken", hint="Choose another name."
        ) from None
    record(connection, subject, "created", "root", root_id, name=name)
    return _root(connection, subject, root_id)


def remove_root(connection: sa.Connection, subject: Subject, root_id: str) -> None:
    """Register a folder no longer; its files stay as they are. NotFound `root_not_found`."""
    row = _root(connection, subject, root_id)
    connection.execute(sa.delete(roots).where(roots.c.id == root_id))
    record(connection, subject, "removed", "root", root_id, name=row.name)


def _root(connection: sa.Connection, subject: Subject, root_id: str) -> sa.Row[Any]:
    row = repository.root(connection, subject.organization_id, root_id)
    if row is None:
        raise NotFound("There is no such registered folder.", code="root_not_found")
    return row


def _checked_folder(path: str, home: Path) -> Path:
    given = Path(path)
    try:
        folder = given.resolve(strict=True) if given.is_absolute() else None
    except (OSError, RuntimeError):
        folder = None
    if folder is None or not folder.is_dir():
        raise InvalidInput(
            "There is no folder at this path on the server.",
            code="bad_root",
            hint="Give the absolute path of a folder that exists on the server.",
        )
    inside = home.resolve()
    if folder == inside or inside in folder.parents or folder in inside.parents:
        raise InvalidInput(
            "The folder and the home of the installation lie in each other.",
            code="bad_root",
            hint="Register a folder apart from the home, or onboarded data could be onboarded again.",
        )
    return folder
