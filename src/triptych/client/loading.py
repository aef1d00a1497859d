"""`load` and `connect`: the way in from Python."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from triptych.client.backends import HomeBackend, ServerBackend
from triptych.client.connection import Connection
from triptych.client.dataset import Contents, Dataset
from triptych.client.home_server import LOCAL_HEADER, running_server
from triptych.client.samples import AnnotationSet
from triptych.core.dataset import PARTS
from triptych.core.errors import Conflict, InvalidInput, NotFound, Unavailable
from triptych.core.labels import LabelClass, Task
from triptych.core.recipe import Recipe
from triptych.settings import read_settings

if TYPE_CHECKING:
    from triptych.client.backends import Backend
    from triptych.settings import Settings


def load(
    reference: str,
    *,
    split: str | None = None,
    home: str | os.PathLike[str] | None = None,
    server: str | None = None,
    token: str | None = None,
    set: str | None = None,
) -> Dataset:
    """A dataset by name, `name@version` or id; without a version the newest, which is then held on to.

    `split` is train, validation or test; None takes all items. It is read from `server` (with `token`), or
    from the installation in `home`; without either from TRIPTYCH_SERVER (with TRIPTYCH_TOKEN), or TRIPTYCH_HOME,
    or the usual home. `set` names the annotation set that samples take their `label` from; it may be left out
    where there is only one. Raises NotFound for what is not there or may not be seen, Conflict
    (`dataset_not_ready`), InvalidInput (`bad_split`), Unavailable where nothing answers.
    """
    if split is not None and split not in PARTS:
        raise InvalidInput(
            f"There is no part “{split}”.",
            code="bad_split",
            hint=f"Take one of {', '.join(part.value for part in PARTS)}, or leave split out for all items.",
        )
    backend = _backend(home, server, token)
    document = backend.show(reference)
    if not document["version"]:
        raise Conflict(
            f"“{document['name']}” has no published version yet; it is {document['state'].replace('_', ' ')}.",
            code="dataset_not_ready",
            hint="Wait for its job, or decide about its rejected files.",
        )
    sets = tuple(_annotation_set(entry) for entry in document["annotation_sets"])
    contents = Contents(
        backend,
        dataset_id=document["id"],
        version=document["version"],
        part=split,
        size=document["split"][split] if split else document["counts"]["items"],
        sets=sets,
        training=document["training"],
        recipe=None if document["geospatial"] is None else Recipe.of(document["geospatial"]),
    )
    return Dataset(document["name"], contents, chosen=_chosen(document["name"], sets, set))


def connect(
    server: str | None = None, *, token: str | None = None, home: str | os.PathLike[str] | None = None
) -> Connection:
    """A connection to a server: `server` with `token`, or the one that runs on `home`.

    Without either TRIPTYCH_SERVER with TRIPTYCH_TOKEN, else the server on TRIPTYCH_HOME or the usual home.
    Unavailable (`no_server`) where none runs.
    """
    address, token = _address(home, server, token)
    if address is not None:
        return Connection(address, token=token)
    settings = _settings(home)
    running = running_server(settings.home)
    if running is None:
        raise Unavailable(
            f"No server runs on {settings.home}.",
            code="no_server",
            hint="Start one with `triptych serve`, or name another with connect(server).",
        )
    return Connection(
        running.address, headers={LOCAL_HEADER: running.secret}, reads_local_paths=True, trusted=True
    )


def _backend(home: str | os.PathLike[str] | None, server: str | None, token: str | None) -> Backend:
    address, token = _address(home, server, token)
    if address is not None:
        return ServerBackend(address, token)
    settings = _settings(home)
    running = running_server(settings.home)
    if running is not None:
        return ServerBackend(running.address, headers={LOCAL_HEADER: running.secret}, trusted=True)
    return HomeBackend(settings)


def _address(
    home: str | os.PathLike[str] | None, server: str | None, token: str | None
) -> tuple[str | None, str | None]:
    if home is not None and server is not None:
        raise InvalidInput("Both a home and a server are given.", code="two_places", hint="Leave one out.")
    address = server or (None if home is not None else os.environ.get("TRIPTYCH_SERVER") or None)
    if address is not None and "://" not in address:
        address = f"http://{address}"
    return address, token or os.environ.get("TRIPTYCH_TOKEN") or None


def _settings(home: str | os.PathLike[str] | None) -> Settings:
    return read_settings(os.environ, home=None if home is None else Path(home).expanduser().absolute())


def _annotation_set(document: dict[str, Any]) -> AnnotationSet:
    classes = tuple(
        LabelClass(
            entry["id"],
            entry["name"],
            entry["color"],
            entry["opacity"],
            entry["weight"],
            entry["ignore"],
        )
        for entry in sorted(document["classes"], key=lambda entry: int(entry["id"]))
    )
    return AnnotationSet(document["name"], Task(document["task"]), classes, document["layer"])


def _chosen(name: str, sets: tuple[AnnotationSet, ...], wanted: str | None) -> AnnotationSet | None:
    if wanted is None:
        return sets[0] if len(sets) == 1 else None
    for entry in sets:
        if entry.name == wanted:
            return entry
    raise NotFound(
        f"“{name}” has no annotation set “{wanted}”.",
        code="set_not_found",
        hint=f"It has: {', '.join(entry.name for entry in sets) or 'none'}.",
    )
