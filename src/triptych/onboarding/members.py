"""Every member of a source in one list: what the job must deal with, and which bin each one ends in.

The number of a member is its place in the manifest: first the members that can be read, in the order of the
source, then those that the container itself set aside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from triptych.core.dataset import Modality, Role
from triptych.onboarding.worker import Errand, RasterReading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triptych.core.dataset import DraftItem, Inventory
    from triptych.core.source import Member
    from triptych.onboarding.check import Checked

CHUNK_BYTES = 4_000_000
RASTER_CHUNK_BYTES = 16_000_000
"""A chip has many times the bytes of a photograph that takes as long to decode."""

CHUNK_FILES = 1_024


class SetAside(NamedTuple):
    """A member that is not an item: a label file (bin imported), or one that is ignored."""

    number: int
    path: str
    member: Member | None  # None when the container cannot or must not read it
    bin: str
    code: str
    reason: str


def set_aside(checked: Checked) -> list[SetAside]:
    """All members that are not items, in the order of the manifest."""
    members = checked.root.members
    rows = [
        SetAside(number, members[number].path, members[number], "imported", "label_file", "read as labels")
        for number in checked.inventory.label_files
    ]
    ignored = {entry.member: entry for entry in (*checked.view.ignored, *checked.inventory.ignored)}
    rows += [
        SetAside(
            entry.member,
            members[entry.member].path,
            members[entry.member],
            "ignored",
            entry.code,
            entry.reason,
        )
        for entry in ignored.values()
    ]
    first = len(members)
    rows += [
        SetAside(first + index, path, None, "ignored", code, reason)
        for index, (path, code, reason) in enumerate((*checked.root.skipped, *checked.root.shadowed))
    ]
    return sorted(rows)


def picture_members(inventory: Inventory) -> Iterator[int]:
    """The members that hold pixels: every layer of every item."""
    for item in inventory.items:
        yield item.member
        yield from (layer.member for layer in item.others)


def chunks(checked: Checked) -> Iterator[tuple[Errand, ...]]:
    """Errands in batches of about 4 MB, 16 MB of rasters, or 1,024 files: the pictures in the order of their keys,
    then the rest.

    All layers of an item are in one batch. The cut depends on nothing but the source, so that a job which starts
    again finds its batches where they were.
    """
    batch: list[Errand] = []
    size = 0
    rasters = checked.inventory.modality is Modality.GEOSPATIAL
    most = RASTER_CHUNK_BYTES if rasters else CHUNK_BYTES
    for errands in _errands(checked):
        coming = sum(errand.member.size for errand in errands)
        if batch and (len(batch) + len(errands) > CHUNK_FILES or size + coming > most):
            yield tuple(batch)
            batch, size = [], 0
        batch += errands
        size += coming
    if batch:
        yield tuple(batch)


def _errands(checked: Checked) -> Iterator[list[Errand]]:
    """The errands of each item, then of each other file."""
    inventory, members = checked.inventory, checked.root.members
    readings = _readings(inventory)
    for ordinal, item in enumerate(inventory.items):
        if readings is None:
            yield [Errand(ordinal, members[item.member], True, item.embedded)]
        else:
            yield [
                Errand(ordinal, members[member], True, False, layer, readings.get(name, RasterReading()))
                for layer, (name, member) in enumerate(_layers(item))
            ]
    first = len(inventory.items)
    for index, row in enumerate(set_aside(checked)):
        if row.member is not None:
            yield [Errand(first + index, row.member, False)]


def _layers(item: DraftItem) -> Iterator[tuple[str, int]]:
    yield item.layer, item.member
    for layer in item.others:
        # A value declared for the pictures means nothing among classes.
        name = layer.name if layer.role is Role.SOURCE else ""
        yield name, layer.member


def _readings(inventory: Inventory) -> dict[str, RasterReading] | None:
    """How the rasters of each data source are read; None for pictures."""
    if inventory.modality is not Modality.GEOSPATIAL:
        return None
    sources = () if inventory.recipe is None else inventory.recipe.sources
    return {source.name: RasterReading(source.nodata, source.rgb()) for source in sources}
