"""Write the annotation sets of a source, once its pictures are rows."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from triptych.annotations.repository import boxes_outside, fitting, insert_labels, insert_set
from triptych.core.findings import Finding, Severity
from triptych.core.names import natural_key
from triptych.datasets.repository import insert_findings
from triptych.onboarding.masks import Sheet, sizes_of, write_masks
from triptych.onboarding.raster_labels import write_raster_labels
from triptych.splits.service import keep_given_parts

if TYPE_CHECKING:
    import sqlalchemy as sa

    from triptych.core.labels import DraftSet, Label
    from triptych.jobs.context import JobContext
    from triptych.onboarding.check import Checked
    from triptych.onboarding.commit import Target

STAGE = "labels"
GIVEN_PARTS = -1
"""The mark that the parts which the source brings are noted."""

EXAMPLES = 20


def write_labels(context: JobContext, checked: Checked, target: Target, dataset_name: str) -> None:
    """Write each annotation set in a transaction of its own, marked done in the same."""
    done = context.done_batches(STAGE)
    drafts = checked.inventory.annotation_sets
    names = _unique_names(drafts, dataset_name)
    with context.database.read() as connection:
        sizes = sizes_of(connection, target)
    for number, (draft, name) in enumerate(zip(drafts, names, strict=True)):
        if number in done:
            continue
        context.check_cancelled()
        ordered = _ordered(draft, target)
        there = [(item_id, label) for item_id, label in ordered if item_id in sizes]
        present, misfits = fitting(there, sizes)
        findings = _findings(checked, target, name, present, ordered, sizes)
        if misfits:
            keys = dict.fromkeys(checked.inventory.items[target.ordinal(item)].key for item in misfits)
            findings.append(misfit_finding(name, len(misfits), tuple(list(keys)[:EXAMPLES])))
        with context.database.write() as connection:
            set_id = insert_set(
                connection, target.dataset_id, target.version, draft, name=name, origin="import"
            )
            insert_labels(connection, set_id, target.version, present)
            insert_findings(connection, target.dataset_id, target.version, findings)
            context.mark_batch(connection, STAGE, number, {"set_id": set_id, "labels": len(present)})
        if present or not (draft.layer or draft.masks):
            context.log("info", f"Annotation set “{name}”: {len(present):,} labels.")
        context.progress(number + 1, len(drafts))
    written = context.done_batches(STAGE)
    with_masks = {place: written[place]["set_id"] for place, draft in enumerate(drafts) if draft.masks}
    if with_masks:
        write_masks(context, checked, Sheet(sizes, target), with_masks)
    with_layers = {place: written[place]["set_id"] for place, draft in enumerate(drafts) if draft.layer}
    if with_layers:
        write_raster_labels(context, checked, target, with_layers)
    if GIVEN_PARTS not in done:
        with context.database.write() as connection:
            _note_given_parts(connection, checked, target, sizes)
            context.mark_batch(connection, STAGE, GIVEN_PARTS, None)


def _note_given_parts(
    connection: sa.Connection, checked: Checked, target: Target, sizes: dict[int, tuple[int, int]]
) -> None:
    """Keep the parts that the source itself brings, for the split that is made on publishing."""
    given = [
        (target.item_id(ordinal), item.part)
        for ordinal, item in enumerate(checked.inventory.items)
        if item.part is not None and target.item_id(ordinal) in sizes
    ]
    if given:
        keep_given_parts(connection, target.dataset_id, target.version, given)


def classes_set_name(dataset_name: str) -> str:
    """What the annotation set of class folders is called, which the layout does not name."""
    return f"{dataset_name}_classes"


def _unique_names(drafts: list[DraftSet], dataset_name: str) -> list[str]:
    names: list[str] = []
    for draft in drafts:
        wanted = draft.name or classes_set_name(dataset_name)
        name, number = wanted, 2
        while name in names:
            name, number = f"{wanted}-{number}", number + 1
        names.append(name)
    return names


def _ordered(draft: DraftSet, target: Target) -> list[tuple[int, Label]]:
    return [(target.item_id(label.item), label) for label in draft.labels]


def _findings(
    checked: Checked,
    target: Target,
    name: str,
    present: list[tuple[int, Label]],
    every: list[tuple[int, Label]],
    sizes: dict[int, tuple[int, int]],
) -> list[Finding]:
    found = []
    lost = Counter(label.item for item_id, label in every if item_id not in sizes)
    drafts = checked.inventory.items
    if lost:
        found.append(
            Finding(
                Severity.WARNING,
                "labels_of_rejected",
                f"Labels of “{name}” stand on pictures that were rejected and are left out.",
                "Mend the pictures, or remove their rows.",
                name,
                lost.total(),
                tuple(sorted((drafts[item].key for item in lost), key=natural_key)[:EXAMPLES]),
            )
        )
    outside = boxes_outside(present, sizes)
    if outside:
        keys = dict.fromkeys(drafts[target.ordinal(item_id)].key for item_id, _ in outside)
        found.append(outside_finding(name, len(outside), tuple(list(keys)[:EXAMPLES])))
    return found


def misfit_finding(name: str, count: int, examples: tuple[str, ...]) -> Finding:
    """The finding about masks of a set that have another size than their picture; `examples` are keys of items."""
    return Finding(
        Severity.ERROR,
        "mask_size_differs",
        f"Masks of “{name}” have another size than their picture and are left out.",
        "Save them in the size of their picture, by nearest neighbour.",
        name,
        count,
        examples,
    )


def outside_finding(name: str, count: int, examples: tuple[str, ...]) -> Finding:
    """The finding about boxes of a set over the edge of their picture; `examples` are keys of items."""
    return Finding(
        Severity.WARNING,
        "box_outside_picture",
        f"Boxes of “{name}” stand over the edge of their picture. They are kept as they are.",
        "Check whether the file gives x, y, width, height, and in pixels of this picture.",
        name,
        count,
        examples,
    )
