"""A version on its way out: the rows as a writer's source, and the archive as a stream."""

from __future__ import annotations

import io
import stat
import tarfile
import zipfile
from dataclasses import replace
from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING

from triptych.core.dataset import Modality, Part, Role
from triptych.core.errors import InvalidInput
from triptych.core.labels import Task
from triptych.datasets.contents_of_version import items_of, labels_of, named_layers, sets_of
from triptych.datasets.publication import current_split
from triptych.datasets.recipes import recipe_in
from triptych.formats.base import ExportItem, ExportLayer, ExportSet
from triptych.formats.registry import FORMATS, find_format
from triptych.storage.blobs import locate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    import sqlalchemy as sa

    from triptych.core.findings import Finding
    from triptych.core.labels import Label
    from triptych.core.recipe import Recipe
    from triptych.db.session import Database
    from triptych.formats.base import Writer
    from triptych.storage.objects import Objects
    from triptych.storage.packs import Place

LOOKAHEAD = 500


class VersionSource:
    """A published version as writers read it: rows at once, files one by one."""

    def __init__(self, database: Database, objects: Objects, dataset: sa.Row[Any], version: int) -> None:
        self.name: str = dataset.name
        self.version = version
        self.modality = Modality(dataset.modality)
        self._objects = objects
        self._database = database
        with database.read() as connection:
            split_id = current_split(connection, dataset.id, version)
            self._rows = items_of(connection, dataset.id, version, split_id)
            self._layers = named_layers(connection, dataset.id, version)
            self._recipe = recipe_in(dataset.details or {})
            self._sets = [
                (entry, list(labels_of(connection, entry[0], version)))
                for entry in sets_of(connection, dataset.id, version)
            ]
        self._places: dict[bytes, Place] = {}

    @cached_property
    def items(self) -> list[ExportItem]:
        """All items, in the order of their ids, which is that of their keys."""
        return [
            ExportItem(
                key=row.key,
                study=row.study,
                series=row.series,
                position=row.position,
                part=None if row.part is None else Part(row.part),
                sha256=bytes(row.sha256).hex(),
                bytes=row.bytes,
                width=row.width,
                height=row.height,
                bit_depth=row.bit_depth,
                bands=len(row.bands.split()),
                format=row.format,
                layers=tuple(
                    ExportLayer(name, Role(role), digest.hex(), kind)
                    for name, role, digest, kind in self._layers.get(row.id, ())
                ),
            )
            for row in self._rows
        ]

    @cached_property
    def sets(self) -> list[ExportSet]:
        """All annotation sets; labels point to the places of their items."""
        place = {row.id: index for index, row in enumerate(self._rows)}
        return [
            ExportSet(name, task, classes, self._at(labels, place))
            for (_, name, task, classes), labels in self._sets
        ]

    @staticmethod
    def _at(labels: list[tuple[int, Label]], place: dict[int, int]) -> list[Label]:
        return [label._replace(item=place[item]) for item, label in labels if item in place]

    @cached_property
    def recipe(self) -> Recipe | None:
        """How the rasters of a geospatial dataset are read, with the classes as they are now."""
        if self._recipe is None:
            return None
        classes = next((entry[3] for entry, _ in self._sets if entry[2] is Task.SEGMENTATION), [])
        return replace(self._recipe, categories=tuple(classes)) if classes else self._recipe

    def read(self, item: ExportItem | ExportLayer) -> bytes:
        """The file of an item, or of one of its layers, unchanged."""
        digest = bytes.fromhex(item.sha256)
        if digest not in self._places:
            self._look_up(digest)
        place = self._places[digest]
        return self._objects.get(place.object, place.start, place.length)

    @cached_property
    def _digests(self) -> list[bytes]:
        return [
            digest
            for row in self._rows
            for digest in ([entry[2] for entry in self._layers.get(row.id, ())] or [bytes(row.sha256)])
        ]

    def _look_up(self, digest: bytes) -> None:
        # Files are read in the order of items, so the places of the next ones are found in one query.
        order = self._digests
        first = order.index(digest)
        wanted = set(order[first : first + LOOKAHEAD])
        with self._database.read() as connection:
            self._places.update(locate(connection, sorted(wanted)))


def losses(source: VersionSource, format_name: str) -> list[Finding]:
    """What the format cannot hold of the version. InvalidInput for a format that cannot be written."""
    return _writer(source, format_name).losses(source)


def _writer(source: VersionSource, format_name: str) -> Writer:
    spec = find_format(format_name)
    writer = spec.load_writer()
    if spec.modality is not source.modality:
        known = ", ".join(each.name for each in FORMATS if each.writer and each.modality is source.modality)
        raise InvalidInput(
            f"{spec.name} holds {spec.modality} datasets; “{source.name}” is {source.modality}.",
            code="format_cannot_hold",
            hint=f"Formats for it: {known}.",
        )
    return writer


def archive(source: VersionSource, format_name: str, container: str) -> Iterator[bytes]:
    """The export as a zip (stored) or tar, made while it is sent; the same version gives the same bytes.

    InvalidInput, before the first byte, for a version that the format cannot hold and for a container that
    does not exist.
    """
    written = _writer(source, format_name).write(source)
    members = chain(list(islice(written, 1)), written)
    if container == "tar":
        return _tar(members)
    if container == "zip":
        return _zip(members)
    raise InvalidInput(
        f"There is no container “{container}”.", code="unknown_container", hint="Take zip or tar."
    )


def _tar(members: Iterator[tuple[str, bytes]]) -> Iterator[bytes]:
    for path, data in members:
        info = tarfile.TarInfo(path)
        info.size = len(data)
        info.mode = stat.S_IRUSR | stat.S_IWUSR | stat.S_IRGRP | stat.S_IROTH
        yield info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogatepass")
        yield data
        yield bytes(-len(data) % tarfile.BLOCKSIZE)
    yield bytes(2 * tarfile.BLOCKSIZE)


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
        """What was written since the last call."""
        chunks, self._chunks = self._chunks, []
        return b"".join(chunks)


def _zip(members: Iterator[tuple[str, bytes]]) -> Iterator[bytes]:

    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as file:
        for path, data in members:
            file.writestr(zipfile.ZipInfo(path), data)
            yield sink.take()
    yield sink.take()
