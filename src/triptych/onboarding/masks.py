"""Files of masks become annotations: read by the decoding processes, written batch by batch.

The annotation set is there before; its classes may be known only when all files are read.
"""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from triptych.annotations.repository import insert_classes, insert_labels
from triptych.core.findings import Finding, Severity
from triptych.core.labels import Kind, Label, LabelClass, MaskReading, palette_color
from triptych.datasets.repository import insert_findings
from triptych.db.tables import items
from triptych.masks.targets import Target as MaskedPicture
from triptych.onboarding.mask_worker import MaskChunk, MaskErrand, MaskResult, read_mask_chunk
from triptych.onboarding.session import installation_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from triptych.core.labels import DraftSet, MaskFile
    from triptych.jobs.compute import Outcome
    from triptych.jobs.context import JobContext
    from triptych.onboarding.check import Checked
    from triptych.onboarding.commit import Target

STAGE = "masks"
CHUNK_FILES = 64
CHUNK_BYTES = 16_000_000
EXAMPLES = 20

FAILURES = {
    "crashed": ("mask_unreadable", "The decoder crashed on this file."),
    "out_of_memory": ("mask_unreadable", "Decoding this file takes more memory than one process may have."),
    "timed_out": ("mask_unreadable", "Decoding this file takes longer than one file may take."),
}

TEXTS = {
    "mask_unreadable": (
        "Files of masks cannot be read and are left out.",
        "Save them as PNG: 8 bits or a palette for classes, 16 bits for objects.",
    ),
    "mask_size_differs": (
        "Masks have another size than their picture and are left out.",
        "Save them in the size of their picture, by nearest neighbour.",
    ),
    "mask_too_many_values": (
        "Masks hold more values than a mask has, and are left out.",
        "Check that they are masks, and that they were not saved as JPEG.",
    ),
    "segmentation_unreadable": (
        "DICOM segmentations cannot be read and are left out; the files are kept.",
        "Export them again from the program that made them.",
    ),
    "segmentation_without_picture": (
        "Frames of DICOM segmentations lie on pictures that are not here, or on none.",
        "Add the series that the segmentation refers to together with it.",
    ),
}


class Sheet(NamedTuple):
    """The pictures of an import: size and id of each item by its place in the inventory."""

    sizes: Mapping[int, tuple[int, int]]  # by id
    target: Target

    def picture(self, ordinal: int, position: Any = None) -> MaskedPicture | None:
        """The picture at a place; None when it was rejected. Its `item` is the id."""
        item_id = self.target.item_id(ordinal)
        size = self.sizes.get(item_id)
        return None if size is None else MaskedPicture(item_id, size[0], size[1], position)


def write_masks(context: JobContext, checked: Checked, sheet: Sheet, sets: Mapping[int, int]) -> None:
    """Read the files of masks of all draft sets and write what is in them; `sets` has the id of each set by its
    place in the inventory. What was done before a restart is not done again."""
    chunks = list(_chunks(context, checked, sheet))
    done = context.done_batches(STAGE)
    waiting = [number for number in range(len(chunks)) if number not in done]
    installation = installation_of(context)
    seconds = installation.settings.file_seconds
    results = installation.compute.map(
        read_mask_chunk,
        (chunks[number] for number in waiting),
        seconds=lambda chunk: seconds if len(chunk.items) == 1 else 4 * seconds,
        watch=context.check_cancelled,
    )
    owners = _owners(checked)
    with closing(results):
        for index, outcome in results:
            context.check_cancelled()
            _write(context, sheet.target, sets, owners, waiting[index], _joined(outcome))
    _finish(context, checked, sheet.target, sets)


def _owners(checked: Checked) -> list[tuple[int, MaskFile]]:
    """Every file of masks with the place of its set."""
    return [
        (place, file) for place, draft in enumerate(checked.inventory.annotation_sets) for file in draft.masks
    ]


def _chunks(context: JobContext, checked: Checked, sheet: Sheet) -> Iterator[MaskChunk]:
    settings = installation_of(context).settings
    members = checked.root.members
    batch: list[MaskErrand] = []
    size = 0

    def chunk() -> MaskChunk:
        return MaskChunk(
            checked.root.resolved,
            settings.private_networks,
            settings.file_bytes,
            settings.picture_pixels,
            tuple(batch),
        )

    for number, (_, file) in enumerate(_owners(checked)):
        targets = _targets(file, sheet)
        if not targets and file.reading is not MaskReading.DICOM_SEG:
            continue  # its picture was rejected
        member = members[file.member]
        if batch and (len(batch) == CHUNK_FILES or size + member.size > CHUNK_BYTES):
            yield chunk()
            batch, size = [], 0
        objects = None if file.objects is None else members[file.objects]
        batch.append(
            MaskErrand(
                number, member, file.reading, file.class_id, targets, file.ignore, objects, file.class_ids,
                file.numbered,
            )
        )  # fmt: skip
        size += member.size + (0 if objects is None else objects.size)
    if batch:
        yield chunk()


def _targets(file: MaskFile, sheet: Sheet) -> tuple[tuple[str, MaskedPicture], ...]:
    if file.item is not None:
        picture = sheet.picture(file.item)
        return () if picture is None else (("", picture),)
    pictures = ((target.uid, sheet.picture(target.item, target.position)) for target in file.targets)
    return tuple((uid, picture) for uid, picture in pictures if picture is not None)


def _joined(outcome: Outcome[tuple[MaskResult, ...]]) -> list[MaskResult]:
    found = [result for piece in outcome.results for result in piece]
    found += [MaskResult(failed.item.number, (), {}, *FAILURES[failed.reason]) for failed in outcome.failed]
    return sorted(found, key=lambda result: result.number)


def _write(
    context: JobContext,
    target: Target,
    sets: Mapping[int, int],
    owners: list[tuple[int, MaskFile]],
    batch: int,
    results: list[MaskResult],
) -> None:
    noted: dict[str, Any] = {"classes": {}, "problems": []}
    with context.database.write() as connection:
        for result in results:
            place, file = owners[result.number]
            insert_labels(
                connection,
                sets[place],
                target.version,
                [(label.item, label) for label in _rows(result, file)],
            )
            known = noted["classes"].setdefault(str(place), {})
            known.update({str(number): list(entry) for number, entry in result.classes.items()})
            noted["problems"] += _problems(result, place, file.reading)
        context.mark_batch(connection, STAGE, batch, noted)


def _rows(result: MaskResult, file: MaskFile) -> list[Label]:
    """The labels of a file; a picture whose mask is empty was looked at, and there is nothing on it."""
    if result.labels or result.code or file.reading is MaskReading.DICOM_SEG:
        return list(result.labels)
    return [] if result.empty_item is None else [Label(result.empty_item, Kind.NOTHING)]


def _problems(result: MaskResult, place: int, reading: MaskReading) -> list[list[Any]]:
    """Rows of place of the set, code, number of the file, count."""
    code = result.code
    if code and reading is MaskReading.DICOM_SEG:
        code = "segmentation_unreadable"
    found = [[place, code, result.number, 1, result.reason]] if code else []
    if result.lost:
        found.append([place, "segmentation_without_picture", result.number, result.lost, ""])
    if result.other_size:
        found.append([place, "mask_size_differs", result.number, result.other_size, ""])
    return found


def _finish(context: JobContext, checked: Checked, target: Target, sets: Mapping[int, int]) -> None:
    done = context.done_batches(STAGE)
    if -1 in done:
        return
    drafts, owners = checked.inventory.annotation_sets, _owners(checked)
    members = checked.root.members
    with context.database.write() as connection:
        for place, set_id in sets.items():
            found: dict[int, tuple[str, str | None]] = {}
            for noted in done.values():
                entries = noted["classes"].get(str(place), {})
                found.update({int(number): (name, color) for number, (name, color) in entries.items()})
            insert_classes(connection, set_id, target.version, _new_classes(drafts[place], found))
        counts: Counter[tuple[int, str]] = Counter()
        examples: dict[tuple[int, str], list[str]] = {}
        for noted in done.values():
            for place, code, number, count, reason in noted["problems"]:
                counts[place, code] += count
                path = members[owners[number][1].member].path
                examples.setdefault((place, code), []).append(f"{path}: {reason}" if reason else path)
        findings = [
            Finding(
                Severity.ERROR if code.startswith("mask_") else Severity.WARNING,
                code,
                *TEXTS[code],
                subject=drafts[place].source,
                count=count,
                examples=tuple(sorted(examples[place, code])[:EXAMPLES]),
            )
            for (place, code), count in sorted(counts.items())
        ]
        insert_findings(connection, target.dataset_id, target.version, findings)
        context.mark_batch(connection, STAGE, -1, None)
    files = Counter(place for place, _ in owners)
    for place in sets:
        context.log(
            "info",
            f"Annotation set “{drafts[place].name or drafts[place].source}”: {files[place]:,} files of masks.",
        )


def _new_classes(draft: DraftSet, found: dict[int, tuple[str, str | None]]) -> list[LabelClass]:
    known = {entry.id for entry in draft.classes}
    return [
        LabelClass(number, name, color or palette_color(number))
        for number, (name, color) in sorted(found.items())
        if number not in known
    ]


def sizes_of(connection: sa.Connection, target: Target) -> dict[int, tuple[int, int]]:
    """Width and height of every item of the import, by its id."""
    rows = connection.execute(
        sa.select(items.c.id, items.c.width, items.c.height).where(
            items.c.dataset_id == target.dataset_id, items.c.source_id == target.source_id
        )
    )
    return {row[0]: (row[1], row[2]) for row in rows}
