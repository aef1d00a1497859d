"""Every member of a source in one list: what the job must deal with, and which bin each one ends in.

The number of a member is its place in the manifest: first the members that can be read, in the order of the
source, then those that the container itself set aside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from triptych.onboarding.worker import Errand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triptych.core.source import Member
    from triptych.onboarding.check import Checked

CHUNK_BYTES = 4_000_000
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


def chunks(checked: Checked) -> Iterator[tuple[Errand, ...]]:
    """Errands in batches of about 4 MB or 1,024 files: the pictures in the order of their keys, then the rest.

    The cut depends on nothing but the source, so that a job which starts again finds its batches where they were.
    """
    members = checked.root.members
    errands = [
        Errand(ordinal, members[item.member], True, item.embedded)
        for ordinal, item in enumerate(checked.inventory.items)
    ]
    first = len(errands)
    errands += [
        Errand(first + index, row.member, False)
        for index, row in enumerate(set_aside(checked))
        if row.member is not None
    ]
    batch: list[Errand] = []
    size = 0
    for errand in errands:
        if batch and (len(batch) >= CHUNK_FILES or size + errand.member.size > CHUNK_BYTES):
            yield tuple(batch)
            batch, size = [], 0
        batch.append(errand)
        size += errand.member.size
    if batch:
        yield tuple(batch)
