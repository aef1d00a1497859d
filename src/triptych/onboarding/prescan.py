"""What is in a source, before anything is stored: names, sizes and label files whole, headers by sample."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from triptych.core.dataset import Modality
from triptych.core.findings import Finding, FindingLog, Severity
from triptych.core.labels import AREAS, Kind
from triptych.core.source import MemberError, Prefetching
from triptych.datasets.names import name_from_filename
from triptych.formats.base import Match
from triptych.modalities.planar.decode import probe
from triptych.modalities.planar.header import check_pixels
from triptych.onboarding.check import Wish, check_source
from triptych.onboarding.labels import classes_set_name
from triptych.onboarding.members import picture_members, set_aside
from triptych.onboarding.notes import describe_note
from triptych.onboarding.session import side_limits
from triptych.storage.uploads import UploadFolder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triptych.core.labels import DraftSet
    from triptych.onboarding.check import Checked
    from triptych.settings import Settings
    from triptych.storage.sources import SourceRef

SAMPLED_HEADERS = 2_000
REMOTE_SHARE = 200
"""A head read over the network may cost one part in so many of the whole source, all heads together."""

UPLOAD_HEADERS = 500
"""Heads of an upload that are read whatever their share: 2 MB."""

HEAD_BYTES = 4_096
EXAMPLES = 20


def prescan(reference: SourceRef, wish: Wish, settings: Settings, staging: Path) -> dict[str, Any]:
    """The report of a source as a document. Raises Refused as an import of it would."""
    with check_source(reference, wish, settings, staging, SAMPLED_HEADERS) as checked:
        return report(checked, reference, wish, settings)


def report(checked: Checked, reference: SourceRef, wish: Wish, settings: Settings) -> dict[str, Any]:
    """The document of an opened source."""
    inventory = checked.inventory
    # The reader of rasters has looked at their headers itself.
    rasters = inventory.modality is Modality.GEOSPATIAL
    chosen = [] if rasters else _sample(checked, reference, settings)
    log = FindingLog()
    log.extend(list(checked.findings))
    rejected = _read_heads(checked, chosen, wish, settings, log)
    aside = set_aside(checked)
    members = checked.root.members
    pictures = list(picture_members(inventory))
    imported = [*pictures, *inventory.label_files]
    label_files = sum(row.bin == "imported" for row in aside)
    ignored = sum(row.bin == "ignored" for row in aside)
    findings = log.all()
    classes_name = classes_set_name(name_from_filename(reference.filename))
    return {
        "source": {
            "filename": reference.filename,
            "container": checked.root.container,
            "bytes": sum(member.stored for member in members),
        },
        "format": inventory.format,
        "modality": inventory.modality.value,
        "accepted": [
            {
                "format": each.spec.name,
                "title": each.spec.title,
                "confidence": each.answer.confidence,
                "why": each.answer.why,
            }
            for each in checked.proposals
            if isinstance(each.answer, Match)
        ],
        "refused": [
            {
                "format": each.spec.name,
                "title": each.spec.title,
                "why": each.answer.why,
                "hint": each.answer.hint,
            }
            for each in checked.proposals
            if not isinstance(each.answer, Match)
        ],
        "counts": {
            "items": len(inventory.items) - rejected,
            "studies": len({item.study for item in inventory.items}),
            "files": len(pictures) + label_files - rejected,
            "bytes": sum(members[number].size for number in imported),
        },
        "annotation_sets": [_set(draft, classes_name) for draft in inventory.annotation_sets],
        "bins": {
            "imported": len(pictures) + label_files - rejected,
            "ignored": ignored,
            "rejected": rejected,
        },
        "recipe": None if inventory.recipe is None else inventory.recipe.document(),
        "facts": inventory.facts,
        "findings": {
            severity.value: sum(finding.severity is severity for finding in findings) for severity in Severity
        },
        "finding_list": [asdict(finding) for finding in findings],
        "sampled": {"members": len(chosen), "of": len(inventory.items)}
        if len(chosen) < len(inventory.items) and not rasters
        else None,
    }


def _sample(checked: Checked, reference: SourceRef, settings: Settings) -> list[int]:
    """Items whose headers are read: all, or a number of them spread evenly, the same each time.

    Of an upload as many while it arrives as when it is there, so that the report stays what it was.
    """
    count = len(checked.inventory.items)
    most = SAMPLED_HEADERS
    is_upload = Path(reference.address).parent == UploadFolder(settings.home).folder
    if reference.kind == "http" or is_upload:
        whole = sum(member.stored for member in checked.root.members)
        most = max(UPLOAD_HEADERS if is_upload else 1, min(most, whole // REMOTE_SHARE // HEAD_BYTES))
    if count <= most:
        return list(range(count))
    return [index * count // most for index in range(most)]


def _read_heads(
    checked: Checked, chosen: Sequence[int], wish: Wish, settings: Settings, log: FindingLog
) -> int:
    """Look at the heads of the sampled pictures; how many of them would be rejected."""
    sides = side_limits(settings, wish)
    members, items = checked.root.members, checked.inventory.items
    outside: list[str] = []
    codes: Counter[str] = Counter()
    examples: dict[str, list[str]] = {}

    def reject(path: str, code: str, reason: str) -> None:
        codes[code] += 1
        examples.setdefault(code, []).append(f"{path}: {reason}")

    reader = checked.root.reader
    if isinstance(reader, Prefetching):
        reader.prefetch([members[items[index].member] for index in chosen], HEAD_BYTES)
    for index in chosen:
        member = members[items[index].member]
        try:
            head = probe(reader.head(member, HEAD_BYTES))
            if head is not None:
                check_pixels(head, settings.picture_pixels)
        except MemberError as error:
            reject(member.path, error.code, error.reason)
            continue
        if head is None or sides.fits(*head.upright_size):
            continue
        size = f"{head.width} × {head.height} px"
        if sides.reject:
            reject(member.path, "size_outside_limits", f"{sides.sentence()} It is {size}.")
        else:
            outside.append(f"{items[index].key} ({size})")
    for code, count in sorted(codes.items()):
        log.add(
            Finding(
                Severity.ERROR,
                "file_rejected",
                "Files cannot be imported.",
                "Mend them and add them again, or keep what succeeds.",
                code,
                count,
                tuple(examples[code][:EXAMPLES]),
            )
        )
    if outside:
        log.add(describe_note("size_outside_limits", len(outside), tuple(outside[:EXAMPLES])))
    return codes.total()


def _set(draft: DraftSet, unnamed: str) -> dict[str, Any]:
    counts: Counter[int | None] = Counter()
    for label in draft.labels:
        if label.kind in AREAS:
            counts[label.class_id] += int(label.value or 0)
        elif label.kind is not Kind.NOTHING and label.value != 0:
            counts[label.class_id] += 1
    # What files of masks hold is not known before their pixels are.
    covered = {label.item for label in draft.labels} | {
        file.item for file in draft.masks if file.item is not None
    }
    return {
        "name": draft.name or unnamed,
        "task": draft.task.value,
        "items": len(covered),
        "source": draft.source,
        "classes": [
            {"id": entry.id, "name": entry.name, "color": entry.color, "count": counts[entry.id]}
            for entry in draft.classes
        ],
    }
