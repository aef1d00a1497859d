"""A dataset as a document: what `show` prints."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.dataset import PARTS
from triptych.core.errors import NotFound
from triptych.core.findings import Severity
from triptych.datasets.recipes import KEY
from triptych.datasets.repository import get_version, sources_of
from triptych.datasets.rows import newest_jobs, offered
from triptych.db.tables import findings, splits, tunes
from triptych.people.access import actions_on
from triptych.people.repository import names_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from triptych.core.access import Subject

DAY_SECONDS = 86_400.0


def show(
    connection: sa.Connection, row: sa.Row[Any], version: int | None, *, subject: Subject, trash_days: float
) -> dict[str, Any]:
    """Everything about a dataset at a version, as the subject sees it; NotFound `version_not_found` when that
    was never published. `trash_days` is how long the trash keeps a dataset."""
    number = row.version if version is None else version
    published = get_version(connection, row.id, number)
    if published is None and version is not None:
        raise NotFound(
            f"“{row.name}” has no version {version}; the newest is {row.version}.",
            code="version_not_found",
        )
    counts: Mapping[str, Any] = {} if published is None else published.counts
    statistics: Mapping[str, Any] = {} if published is None else published.statistics
    brought = [each for each in sources_of(connection, row.id) if each.version <= max(number, 1)]
    names = names_of(connection, [row.owner_id, *(each.uploader_id for each in brought)])
    return {
        "id": row.id,
        "name": row.name,
        "display_name": row.display_name,
        "description": row.description,
        "tags": row.tags,
        "details": {name: value for name, value in row.details.items() if name != KEY},
        "geospatial": row.details.get(KEY),
        "modality": row.modality,
        "format": row.format,
        "version": number,
        "state": row.state,
        "created_at": row.created_at,
        "counts": {name: counts.get(name, 0) for name in ("items", "studies", "files", "bytes")},
        "layers": counts.get("layers", []),
        "annotation_sets": [_set(entry) for entry in counts.get("sets", [])],
        "split": counts.get("split", {part.value: 0 for part in PARTS}),
        "split_plan": _split_plan(connection, counts.get("split_id")),
        "training": statistics.get("training", {}),
        "findings": finding_counts(connection, row.id, number),
        "bins": {
            name: sum(getattr(each, name) for each in brought) for name in ("imported", "ignored", "rejected")
        },
        "content_hash": None if published is None else bytes(published.content_hash).hex(),
        "job": newest_jobs(connection, [row.id]).get(row.id),
        "may": offered(actions_on(connection, subject, [row])[row.id]),
        "owner": {"id": row.owner_id, "name": names.get(row.owner_id, "")},
        "sources": [_source(each, names) for each in brought],
        "tunes": _tunes(connection, row.id),
        "trashed_at": row.trashed_at,
        "purge_at": None if row.trashed_at is None else row.trashed_at + trash_days * DAY_SECONDS,
    }


def _tunes(connection: sa.Connection, dataset_id: str) -> int:
    """How many tunes go with the dataset when it is deleted."""
    own = sa.select(sa.func.count()).select_from(tunes).where(tunes.c.dataset_id == dataset_id)
    return connection.execute(own).scalar_one()


def _split_plan(connection: sa.Connection, split_id: int | None) -> dict[str, Any] | None:
    if split_id is None:
        return None
    plan = connection.execute(sa.select(splits.c.plan).where(splits.c.id == split_id)).scalar_one()
    return {name: plan[name] for name in ("ratios", "seed", "by")}


def _source(row: sa.Row[Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": row.id,
        "filename": row.filename,
        "kind": _source_kind(row.reference),
        "uploader": names.get(row.uploader_id),
        "created_at": row.created_at,
        "imported": row.imported,
        "ignored": row.ignored,
        "rejected": row.rejected,
    }


def _source_kind(reference: Mapping[str, Any]) -> str:
    """What a source was, in a word: upload (an archive), folder (uploaded or of the server), address, file."""
    kind = str(reference.get("kind", ""))
    if kind == "http":
        return "address"
    if reference.get("container") == "folder":
        return "folder"
    # An upload is a part file in the home, or an object where bytes lie in a bucket.
    in_uploads = PurePath(str(reference.get("address", ""))).parts[-3:-1] == ("staging", "uploads")
    return "upload" if kind == "object" or in_uploads else kind


def _set(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": entry["name"],
        "task": entry["task"],
        "items": entry["items"],
        "origin": entry["origin"],
        "source": entry["source"],
        "layer": entry.get("layer", ""),
        "classes": [
            {
                "id": each["id"],
                "name": each["name"],
                "color": each["color"],
                "count": each["count"],
                "opacity": each["opacity"],
                "weight": each["weight"],
                "ignore": each.get("ignore", False),
            }
            for each in entry["classes"]
        ],
    }


def finding_counts(connection: sa.Connection, dataset_id: str, version: int) -> dict[str, int]:
    """How many findings there are of each severity at a version; before the first, those of the import."""
    number = max(version, 1)
    counts = {severity.value: 0 for severity in Severity}
    rows = connection.execute(
        sa.select(findings.c.severity, sa.func.count())
        .where(findings.c.dataset_id == dataset_id, findings.c.since <= number, findings.c.until > number)
        .group_by(findings.c.severity)
    )
    return counts | {row[0]: row[1] for row in rows}
