"""Which items of a dataset are the same picture, byte for byte or nearly, kept as group numbers on the items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa

from triptych.core.dataset import OPEN_END
from triptych.core.findings import Finding, Severity
from triptych.core.fingerprint import equal_groups, near_groups
from triptych.core.groups import summarize_groups
from triptych.db.tables import contents, items, layers

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Per item, in the order of ids: id, key, hash of bytes and of pixels (n, 32), perceptual hash, validity."""

    ids: NDArray[np.int64]
    keys: list[str]
    digests: NDArray[np.uint8]
    pixels: NDArray[np.uint8]
    perceptual: NDArray[np.uint64]
    valid: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class DuplicateGroups:
    """Per item: 0 alone, else the number of its group. `equal` has equal pixels, `near` looks nearly the same."""

    equal: NDArray[np.int64]
    near: NDArray[np.int64]


def read_fingerprints(
    connection: sa.Connection, dataset_id: str, *conditions: sa.ColumnElement[bool]
) -> Fingerprints:
    """The fingerprints of all items that hold now and fulfil the conditions."""
    rows = connection.execute(
        sa.select(
            items.c.id, items.c.key, contents.c.sha256, contents.c.pixel_hash, contents.c.perceptual_hash
        )
        .join(layers, sa.and_(layers.c.item_id == items.c.id, layers.c.until == OPEN_END))
        .join(contents, contents.c.sha256 == layers.c.sha256)
        .where(
            items.c.dataset_id == dataset_id,
            items.c.until == OPEN_END,
            layers.c.role == "image",
            *conditions,
        )
        .order_by(items.c.id)
    ).all()
    count = len(rows)
    perceptual = np.fromiter((row[4] or 0 for row in rows), np.int64, count)
    return Fingerprints(
        ids=np.fromiter((row[0] for row in rows), np.int64, count),
        keys=[row[1] for row in rows],
        digests=_digests([row[2] for row in rows]),
        pixels=_digests([row[3] for row in rows]),
        perceptual=perceptual.view(np.uint64),
        valid=np.fromiter((row[4] is not None for row in rows), np.bool_, count),
    )


def find_groups(prints: Fingerprints) -> DuplicateGroups:
    """Groups of equal pixels, and groups whose perceptual hashes differ by at most 4 of 64 bits."""
    return DuplicateGroups(
        equal=equal_groups(prints.pixels),
        near=near_groups(prints.perceptual, prints.valid),
    )


def store_groups(connection: sa.Connection, prints: Fingerprints, groups: DuplicateGroups) -> None:
    """Write the numbers to the items that are in a group; the others keep their 0."""
    grouped = np.flatnonzero((groups.equal > 0) | (groups.near > 0))
    if not len(grouped):
        return
    connection.execute(
        sa.update(items)
        .where(items.c.id == sa.bindparam("item"))
        .values(duplicate_group=sa.bindparam("equal"), near_group=sa.bindparam("near")),
        [
            {
                "item": int(prints.ids[index]),
                "equal": int(groups.equal[index]),
                "near": int(groups.near[index]),
            }
            for index in grouped
        ],
    )


def _digests(values: list[bytes]) -> NDArray[np.uint8]:
    return np.frombuffer(b"".join(values), np.uint8).reshape(-1, 32)


EXAMPLES = 20

CODES = ("duplicate_bytes", "duplicate_pixels", "near_duplicates")


def grouped() -> sa.ColumnElement[bool]:
    """The condition that an item is in a group of duplicates."""
    return sa.or_(items.c.duplicate_group > 0, items.c.near_group > 0)


def describe_again(connection: sa.Connection, dataset_id: str) -> list[Finding]:
    """`describe_groups` of the items that hold now, by the numbers of groups that they have."""
    prints = read_fingerprints(connection, dataset_id, grouped())
    numbers = {
        row.id: (row.duplicate_group, row.near_group)
        for row in connection.execute(
            sa.select(items.c.id, items.c.duplicate_group, items.c.near_group).where(
                items.c.dataset_id == dataset_id, items.c.until == OPEN_END, grouped()
            )
        )
    }
    columns = np.array([numbers[item] for item in prints.ids.tolist()], np.int64).reshape(-1, 2)
    return describe_groups(prints, DuplicateGroups(columns[:, 0], columns[:, 1]))


def describe_groups(prints: Fingerprints, groups: DuplicateGroups) -> list[Finding]:
    """What was found, as findings: surplus copies of bytes, surplus copies of pixels, and near duplicates."""
    found = []
    bytes_column = equal_groups(prints.digests)
    copies = _surplus(bytes_column)
    if len(copies):
        found.append(
            _finding(
                "duplicate_bytes",
                "Pictures are byte for byte the same as another one. Every one is kept; a split keeps them together.",
                prints,
                bytes_column,
                copies,
            )
        )
    pixel_copies = np.setdiff1d(_surplus(groups.equal), copies)
    if len(pixel_copies):
        found.append(
            _finding(
                "duplicate_pixels",
                "Pictures have the same pixels as another one, in a different file. Every one is kept.",
                prints,
                groups.equal,
                pixel_copies,
            )
        )
    near = np.setdiff1d(_surplus(groups.near), _surplus(groups.equal))
    if len(near):
        summary = summarize_groups(groups.near)
        found.append(
            _finding(
                "near_duplicates",
                f"Pictures look nearly the same as another one: {summary.groups:,} groups, the largest with "
                f"{summary.largest:,} pictures. A split keeps a group together.",
                prints,
                groups.near,
                near,
            )
        )
    return found


def _surplus(column: NDArray[np.int64]) -> NDArray[np.int64]:
    """Places of all members of groups but the first of each."""
    inside = np.flatnonzero(column)
    _, first = np.unique(column[inside], return_index=True)
    return np.delete(inside, first)


def _finding(
    code: str, message: str, prints: Fingerprints, column: NDArray[np.int64], copies: NDArray[np.int64]
) -> Finding:
    examples = []
    for place in copies[:EXAMPLES]:
        original = int(np.flatnonzero(column == column[place])[0])
        examples.append(f"{prints.keys[place]} = {prints.keys[original]}")
    hint = "`triptych items NAME --duplicates` lists them; leave out of the source what is not wanted."
    return Finding(Severity.NOTE, code, message, hint, "", len(copies), tuple(examples))
