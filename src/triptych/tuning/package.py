"""All that a training needs as one archive, made while it is sent: configuration, lists of the parts, files."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.dataset import PARTS, Role
from triptych.datasets.publication import current_split
from triptych.db.tables import assignments, items, layers
from triptych.storage.blobs import locate
from triptych.tuning.drawing import draw, labelled
from triptych.tuning.texts import configuration_python, configuration_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from triptych.db.session import Database
    from triptych.storage.objects import Objects
    from triptych.tuning.layout import Layout

BLOCK = 500
FIRST_TIME = (1980, 1, 1, 0, 0, 0)
"""Of every member, so that the same version gives the same bytes."""


def split_lists(
    database: Database, dataset_id: str, version: int, layout: Layout, drawn: int | None = None
) -> dict[str, str]:
    """The list of each part, by its path: the names of its chips' files, each once, one in a line.

    A chip without all of its files is left out: TerraTorch pairs images and labels by their order. `drawn` is the set
    of which labels are drawn.
    """
    lists: dict[str, list[str]] = {part.value: [] for part in PARTS}
    for rows in _blocks(database, dataset_id, version):
        chips = _by_chip(rows)
        with database.read() as connection:
            looked_at = labelled(connection, drawn, version, list(chips)) if drawn is not None else set()
        for item, files in chips.items():
            one = next(iter(files.values()))
            there = {*files, ""} if item in looked_at else set(files)
            if one.part in lists and there >= set(_folders(layout)):
                names = (layout.file_name(one.key, folder) for folder in _folders(layout).values())
                lists[one.part].extend(dict.fromkeys(names))
    return {path: "".join(f"{name}\n" for name in lists[part.value]) for part, path in layout.lists.items()}


def package(
    database: Database,
    objects: Objects,
    dataset_id: str,
    version: int,
    made: tuple[Mapping[str, Any], Layout],
    *,
    files: bool,
    drawn: int | None = None,
) -> Iterator[bytes]:
    """A zip of the configuration, the lists and, with `files`, the rasters byte for byte, where `layout` says.

    `made` is the document of the configuration, and its layout; `drawn` the set whose outlines are drawn as labels.
    """
    document, layout = made
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for path, text in (
            ("config.yaml", configuration_yaml(document)),
            ("data_module.py", configuration_python(document)),
            ("training.json", json.dumps(document, indent=2, ensure_ascii=False) + "\n"),
            *split_lists(database, dataset_id, version, layout, drawn).items(),
        ):
            _add(archive, path, text.encode())
            yield sink.take()
        if files:
            for rows in _blocks(database, dataset_id, version):
                for path, digest in _paths(rows, layout):
                    _add(archive, path, _read(database, objects, digest))
                    yield sink.take()
                for path, data in _drawn(database, version, layout, rows, drawn):
                    _add(archive, path, data)
                    yield sink.take()
    yield sink.take()


def _drawn(
    database: Database, version: int, layout: Layout, rows: list[sa.Row[Any]], drawn: int | None
) -> Iterator[tuple[str, bytes]]:
    if drawn is None:
        return
    keys = {row.id: row.key for row in rows}
    folder = layout.folders[layout.label_folder]
    for item, data in draw(database, drawn, version, list(keys)):
        yield f"{folder}/{layout.file_name(keys[item], layout.label_folder)}", data


def _folders(layout: Layout) -> dict[str, str]:
    """Folder by the name that `_by_chip` gives a file: the layer's, or "" for the labels."""
    return {"" if name == layout.label_folder else name: name for name in layout.folders}


def _paths(rows: list[sa.Row[Any]], layout: Layout) -> Iterator[tuple[str, bytes]]:
    folders = _folders(layout)
    for files in _by_chip(rows).values():
        for name, row in files.items():
            if name in folders:
                folder = folders[name]
                yield f"{layout.folders[folder]}/{layout.file_name(row.key, folder)}", bytes(row.sha256)


def _by_chip(rows: list[sa.Row[Any]]) -> dict[int, dict[str, sa.Row[Any]]]:
    chips: dict[int, dict[str, sa.Row[Any]]] = {}
    for row in rows:
        is_label = row.role in (Role.LABEL.value, Role.TARGET.value)
        chips.setdefault(row.id, {})["" if is_label else row.name] = row
    return chips


def _blocks(database: Database, dataset_id: str, version: int) -> Iterator[list[sa.Row[Any]]]:
    """The layers of the chips, several hundred chips at a time; no connection is held in between."""
    with database.read() as connection:
        split_id = current_split(connection, dataset_id, version)
    holds = sa.and_(items.c.dataset_id == dataset_id, items.c.since <= version, items.c.until > version)
    last = 0
    while True:
        with database.read() as connection:
            ids = list(
                connection.scalars(
                    sa.select(items.c.id).where(holds, items.c.id > last).order_by(items.c.id).limit(BLOCK)
                )
            )
            rows = list(connection.execute(_layers_of(ids, version, split_id))) if ids else []
        if not ids:
            return
        yield rows
        last = ids[-1]


def _layers_of(ids: list[int], version: int, split_id: int | None) -> sa.Select[Any]:
    assigned = sa.and_(
        assignments.c.item_id == items.c.id,
        assignments.c.split_id == (-1 if split_id is None else split_id),
        assignments.c.since <= version,
        assignments.c.until > version,
    )
    return (
        sa.select(items.c.id, items.c.key, layers.c.name, layers.c.role, layers.c.sha256, assignments.c.part)
        .join(layers, layers.c.item_id == items.c.id)
        .outerjoin(assignments, assigned)
        .where(items.c.id.in_(ids), layers.c.since <= version, layers.c.until > version)
        .order_by(items.c.id, layers.c.name)
    )


def _read(database: Database, objects: Objects, digest: bytes) -> bytes:
    with database.read() as connection:
        place = locate(connection, [digest])[digest]
    return objects.get(place.object, place.start, place.length)


def _add(archive: zipfile.ZipFile, path: str, data: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(path, FIRST_TIME), data)


class _Sink(io.RawIOBase):
    """What zipfile writes into, taken out again after each member."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._chunks.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        """Everything that was written since the last time."""
        found = b"".join(self._chunks)
        self._chunks.clear()
        return found
