"""Rasters of labels become rows: how many pixels of each class every chip has. The pixels stay where they are.

Counts were made when the files were measured; those of masks that are pictures are counted here, by the decoding
processes, and kept with their content.
"""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.annotations.repository import insert_classes, insert_labels
from triptych.core.dataset import OPEN_END, Role
from triptych.core.findings import Finding, Severity
from triptych.core.labels import Kind, Label, LabelClass, Task, palette_color
from triptych.core.recipe import CLASS_IDS
from triptych.core.value_counts import unpack_value_counts
from triptych.datasets.repository import insert_findings
from triptych.db.tables import contents, items, layers
from triptych.onboarding.session import installation_of
from triptych.onboarding.value_worker import ValueErrand, count_values
from triptych.storage.blobs import locate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from triptych.core.labels import DraftSet
    from triptych.jobs.context import JobContext
    from triptych.onboarding.check import Checked
    from triptych.onboarding.commit import Target

STAGE = "raster_labels"
BLOCK = 2_000
EXAMPLES = 20
MOST_NEW_CLASSES = 1_024
"""Values without a class that become classes of their own; a raster with more of them holds measurements."""


def write_raster_labels(
    context: JobContext, checked: Checked, target: Target, sets: Mapping[int, int]
) -> None:
    """Write what the label and target layers hold; `sets` has the id of each set by its place in the inventory."""
    done = context.done_batches(STAGE)
    for place, set_id in sets.items():
        if place in done:
            continue
        context.check_cancelled()
        draft = checked.inventory.annotation_sets[place]
        if draft.task is Task.SEGMENTATION:
            _count_missing(context, target, draft.layer)
        with context.database.write() as connection:
            rows = _rasters(connection, target, draft.layer)
            keys = {row.id: row.key for row in rows}
            if draft.task is Task.SEGMENTATION:
                found = _write_classes(connection, target, draft, set_id, rows, keys)
            else:
                insert_labels(
                    connection, set_id, target.version, [(row.id, Label(row.id, Kind.RASTER)) for row in rows]
                )
                found = []
            insert_findings(connection, target.dataset_id, target.version, found)
            context.mark_batch(connection, STAGE, place, {"rasters": len(rows)})
        context.log("info", f"Annotation set “{draft.layer}”: rasters of {len(rows):,} chips.")


def _rasters(connection: sa.Connection, target: Target, layer: str) -> list[sa.Row[Any]]:
    """Every label or target layer of the import: id and key of its item, hash, format and counts."""
    return list(
        connection.execute(
            sa.select(items.c.id, items.c.key, layers.c.sha256, layers.c.format, contents.c.value_counts)
            .join(layers, layers.c.item_id == items.c.id)
            .join(contents, contents.c.sha256 == layers.c.sha256)
            .where(
                items.c.dataset_id == target.dataset_id,
                items.c.source_id == target.source_id,
                layers.c.name == layer,
                layers.c.until == OPEN_END,
                layers.c.role.in_([Role.LABEL.value, Role.TARGET.value]),
            )
            .order_by(items.c.id)
        )
    )


def _count_missing(context: JobContext, target: Target, layer: str) -> None:
    """Count the values of masks that were measured as pictures, and keep them with their content."""
    installation = installation_of(context)
    with context.database.read() as connection:
        digests = sorted(
            {
                bytes(row.sha256)
                for row in _rasters(connection, target, layer)
                if row.value_counts is None and row.format != "gtiff"
            }
        )
    errands = list(_errands(context, digests))
    results = installation.compute.map(
        count_values,
        errands,
        seconds=lambda errand: installation.settings.file_seconds * len(errand.items),
        watch=context.check_cancelled,
    )
    with closing(results):
        for _, outcome in results:
            with context.database.write() as connection:
                for result in outcome.results:
                    for digest, packed in result:
                        connection.execute(
                            sa.update(contents).where(contents.c.sha256 == digest).values(value_counts=packed)
                        )


def _errands(context: JobContext, digests: Sequence[bytes]) -> Iterator[ValueErrand]:
    settings = installation_of(context).settings
    for first in range(0, len(digests), 64):
        block = digests[first : first + 64]
        with context.database.read() as connection:
            places = locate(connection, block)
        yield ValueErrand(
            settings.storage_url,
            settings.picture_pixels,
            tuple(places[each] for each in block if each in places),
        )


def _write_classes(
    connection: sa.Connection,
    target: Target,
    draft: DraftSet,
    set_id: int,
    rows: Sequence[sa.Row[Any]],
    keys: Mapping[int, str],
) -> list[Finding]:
    counted: dict[int, dict[int, int]] = {}
    unusable = []
    for row in rows:
        values = None if row.value_counts is None else unpack_value_counts(bytes(row.value_counts))
        if values is None or not all(CLASS_IDS[0] <= value <= CLASS_IDS[1] for value in values):
            unusable.append(row.key)
        else:
            counted[row.id] = values
    known = {entry.id for entry in draft.classes}
    new = Counter({value: n for value, n in _totals(counted).items() if value not in known})
    findings = []
    if unusable:
        findings.append(_finding("label_values_not_classes", draft, len(unusable), unusable))
    if len(new) > MOST_NEW_CLASSES:
        kept = {value for value, _ in new.most_common(MOST_NEW_CLASSES)}
        findings.append(
            _finding("too_many_class_values", draft, len(new), [str(each) for each in sorted(new)])
        )
        new = Counter({value: n for value, n in new.items() if value in kept})
    if new and known:
        told = [f"{value}: {count:,} px" for value, count in sorted(new.items())]
        findings.append(_finding("class_values_undeclared", draft, len(new), told))
    usable = known | set(new)
    insert_classes(
        connection,
        set_id,
        target.version,
        [LabelClass(value, str(value), palette_color(value)) for value in sorted(new)],
    )
    ignored = {entry.id for entry in draft.classes if entry.ignore}
    insert_labels(connection, set_id, target.version, _labels(counted, usable))
    empty = [keys[item] for item, values in counted.items() if not set(values) - ignored]
    if empty:
        findings.append(_finding("label_empty", draft, len(empty), empty))
    return findings


def _totals(counted: Mapping[int, Mapping[int, int]]) -> Counter[int]:
    totals: Counter[int] = Counter()
    for values in counted.values():
        totals.update(values)
    return totals


def _labels(counted: Mapping[int, Mapping[int, int]], usable: set[int]) -> Iterator[tuple[int, Label]]:
    for item_id, values in counted.items():
        present = [(value, count) for value, count in values.items() if value in usable]
        for value, count in present:
            yield item_id, Label(item_id, Kind.PIXELS, value, float(count))
        if not present:
            yield item_id, Label(item_id, Kind.NOTHING)


TEXTS = {
    "label_values_not_classes": (
        Severity.ERROR,
        "Rasters of labels hold values that are no classes (fractions, or too many different ones); "
        "their chips count as not labelled.",
        "Check that the suffix names the labels, or add the source with the purpose Regression.",
    ),
    "too_many_class_values": (
        Severity.WARNING,
        "The labels hold more different values than there can be classes; the rarest count for none.",
        "Check that the suffix names the labels, or add the source with the purpose Regression.",
    ),
    "class_values_undeclared": (
        Severity.WARNING,
        "The labels hold values that no label category names; each became a class of its own.",
        "Name them under the annotation set, or mark those to ignore.",
    ),
    "label_empty": (
        Severity.WARNING,
        "Labels hold nothing but values to ignore: nothing can be learnt from these chips.",
        "Leave those chips out of training, or label them.",
    ),
}


def _finding(code: str, draft: DraftSet, count: int, examples: Sequence[str]) -> Finding:
    severity, message, hint = TEXTS[code]
    return Finding(severity, code, message, hint, draft.source, count, tuple(examples[:EXAMPLES]))
