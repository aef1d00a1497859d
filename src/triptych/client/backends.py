"""Where the library reads from: a server over HTTP, or a home's own files. One small interface for both."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from triptych.client.connection import Connection, dataset_path
from triptych.client.samples import LabelRow, LayerRow, Record
from triptych.core.errors import Conflict, NotFound, Unavailable
from triptych.core.labels import Shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import sqlalchemy as sa

    from triptych.db.session import Database
    from triptych.settings import Settings
    from triptych.storage.objects import Objects
    from triptych.storage.packs import Place


_INHERITED: list[object] = []
"""What a forked process found open. It belongs to the parent: closing it here would say goodbye in its name."""


class Backend(Protocol):
    """What the library asks for. Travels between processes, each of which opens what it needs."""

    def show(self, reference: str) -> dict[str, Any]:
        """The document of a dataset at a version; NotFound."""

    def records(self, dataset_id: str, version: int, part: str | None) -> Iterator[Record]:
        """The items of a version in the order of their keys, of one part or all."""

    def file(self, dataset_id: str, version: int, sha256: str) -> bytes:
        """The bytes of an item's file."""

    def close(self) -> None:
        """Let go of sockets and files; what is asked afterwards opens them again."""


@dataclass
class ServerBackend:
    """Reads from a server."""

    address: str
    token: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    trusted: bool = False
    _opened: tuple[int, Connection] | None = field(default=None, init=False, repr=False, compare=False)

    def show(self, reference: str) -> dict[str, Any]:
        document: dict[str, Any] = self._connection.get(dataset_path(reference))
        return document

    def records(self, dataset_id: str, version: int, part: str | None) -> Iterator[Record]:
        path = dataset_path(f"{dataset_id}@{version}", "items")
        for document in self._connection.all(path, part=part, shapes="whole"):
            yield record_of(document)

    def file(self, dataset_id: str, version: int, sha256: str) -> bytes:
        return self._connection.content(dataset_path(f"{dataset_id}@{version}", "files", sha256))

    def close(self) -> None:
        opened, self._opened = self._opened, None
        if opened is not None and opened[0] == os.getpid():
            opened[1].close()
        elif opened is not None:
            _INHERITED.append(opened)

    def __del__(self) -> None:
        with suppress(Exception):
            self.close()

    @property
    def _connection(self) -> Connection:
        # Sockets are not shared between processes: a forked worker opens its own.
        if self._opened is None or self._opened[0] != os.getpid():
            _INHERITED.append(self._opened)
            made = Connection(self.address, token=self.token, headers=self.headers, trusted=self.trusted)
            self._opened = (os.getpid(), made)
        return self._opened[1]

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_opened": None}


@dataclass
class HomeBackend:
    """Reads a home's database and storage, as its first administrator; writes nothing, starts nothing."""

    settings: Settings
    _opened: tuple[int, Database, Objects] | None = field(default=None, init=False, repr=False, compare=False)

    def show(self, reference: str) -> dict[str, Any]:
        from triptych.datasets.documents import show
        from triptych.datasets.repository import find_dataset
        from triptych.db.tables import datasets
        from triptych.people.service import first_administrator

        with self._read() as connection:
            subject = first_administrator(connection)
            visible = datasets.c.organization_id == subject.organization_id
            found = find_dataset(connection, reference, visible)
            if found is None:
                raise NotFound(
                    f"There is no dataset “{reference}” in {self.settings.home}.",
                    code="dataset_not_found",
                    hint="`triptych list` lists what there is.",
                )
            return show(connection, *found, subject=subject, trash_days=self.settings.trash_days)

    def records(self, dataset_id: str, version: int, part: str | None) -> Iterator[Record]:
        from triptych.datasets.contents_of_version import items_of, labels_of, named_layers, sets_of
        from triptych.datasets.publication import current_split

        with self._read() as connection:
            labels: dict[int, list[LabelRow]] = {}
            for set_id, name, _, _ in sets_of(connection, dataset_id, version):
                for item_id, label in labels_of(connection, set_id, version):
                    row = LabelRow(
                        name, label.kind.value, label.class_id, label.value, label.box, label.shape
                    )
                    labels.setdefault(item_id, []).append(row)
            split_id = current_split(connection, dataset_id, version)
            rows = items_of(connection, dataset_id, version, split_id)
            layers = named_layers(connection, dataset_id, version)
        for item in rows:
            if part is None or item.part == part:
                yield Record(
                    item.id, item.key, item.study, item.series, item.position, item.part, item.width, item.height,
                    bytes(item.sha256).hex(), item.duplicate_group, item.near_group, item.subject,
                    tuple(labels.get(item.id, ())),
                    tuple(LayerRow(name, role, each.hex()) for name, role, each, _ in layers.get(item.id, ())),
                )  # fmt: skip

    def file(self, dataset_id: str, version: int, sha256: str) -> bytes:
        from triptych.storage.blobs import locate

        digest = bytes.fromhex(sha256)
        with self._read() as connection:
            place = locate(connection, [digest]).get(digest)
        if place is None:
            raise NotFound(f"No content with the hash {sha256} is stored.", code="blob_missing")
        return _read_place(self._parts()[1], place)

    def close(self) -> None:
        opened, self._opened = self._opened, None
        if opened is not None and opened[0] == os.getpid():
            opened[1].close()
        elif opened is not None:
            _INHERITED.append(opened)

    def __del__(self) -> None:
        with suppress(Exception):
            self.close()

    @contextmanager
    def _read(self) -> Iterator[sa.Connection]:
        with self._parts()[0].read() as connection:
            yield connection

    def _parts(self) -> tuple[Database, Objects]:
        # Connections to a database are not shared between processes: a forked worker opens its own.
        if self._opened is None or self._opened[0] != os.getpid():
            _INHERITED.append(self._opened)
            from triptych.storage.objects import Objects

            database = _open_database(self.settings)
            self._opened = (os.getpid(), database, Objects(self.settings.storage_url))
        return self._opened[1:]

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_opened": None}


_READ_IN: list[int] = []
"""The processes that have read from a bucket: this one, or a parent of it."""


def _read_place(objects: Objects, place: Place) -> bytes:
    """The bytes of a blob. obstore's threads do not survive a fork, and its calls then wait for ever: folders
    are read without it, and a bucket in a forked process is an error instead of a silent stop."""
    if objects.folder is None:
        if _READ_IN and _READ_IN[0] != os.getpid():
            raise Unavailable(
                "A bucket cannot be read in a process that was forked from one that has read it.",
                code="storage_after_fork",
                hint="Spawn the workers: DataLoader(…, multiprocessing_context='spawn'), or read through a server.",
            )
        if not _READ_IN:
            _READ_IN.append(os.getpid())
        return objects.get(place.object, place.start, place.length)
    try:
        with (objects.folder / place.object).open("rb") as file:
            file.seek(place.start)
            return file.read(place.length)
    except FileNotFoundError as error:
        raise NotFound(f"The storage holds no object {place.object}.", code="object_missing") from error


def _open_database(settings: Settings) -> Database:
    from triptych.db.migrate import HEAD, current
    from triptych.db.session import Database

    if not settings.database and not Path(settings.home, "triptych.sqlite").is_file():
        raise NotFound(
            f"There is no installation in {settings.home}.",
            code="home_not_found",
            hint="Name its folder with home=, or a server with server=.",
        )
    database = Database(settings.database_url)
    stands_at = current(database)
    if stands_at != HEAD:
        database.close()
        raise Conflict(
            f"The database of {settings.home} is that of another release of Triptych.",
            code="database_other_release",
            hint="Run `triptych list` on it once with this release; it brings the database up to date.",
        )
    return database


def record_of(document: Mapping[str, Any]) -> Record:
    """An item of the interface as a record."""
    labels = tuple(
        LabelRow(
            label["set"], label["kind"], label["class_id"], label["value"],
            None if label["box"] is None else tuple(label["box"]), _shape(label),
        )
        for label in document["labels"]
    )  # fmt: skip
    return Record(
        document["id"], document["key"], document["study"], document["series"], document["position"],
        document["part"], document["width"], document["height"], document["sha256"],
        document["duplicate_group"] or 0, document["near_group"] or 0, document["subject"], labels,
        tuple(LayerRow(each["layer"], each["role"], each["sha256"]) for each in document["files"]),
    )  # fmt: skip


def _shape(label: Mapping[str, Any]) -> Shape | None:
    mask = label["mask"] or {}
    found = {"parts": label["parts"] or (), **mask, "instance": label["instance"], "frame": label["frame"]}
    shape = Shape.of(found)
    return None if shape == Shape() else shape
