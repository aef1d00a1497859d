"""Datasets as documents: the row of a list, and what `show` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.dataset import PARTS
from triptych.core.errors import NotFound
from triptych.core.findings import Severity
from triptych.datasets.repository import get_version, sources_of
from triptych.db.tables import findings, jobs

if TYPE_CHECKING:
    from collections.abc import Mapping


def dataset_row(row: sa.Row[Any]) -> dict[str, Any]:
    """A dataset as a list shows it."""
    return {
        "id": row.id,
        "name": row.name,
        "display_name": row.display_name,
        "description": row.description,
        "tags": row.tags,
        "modality": row.modality,
        "format": row.format,
        "state": row.state,
        "version": row.version,
        "owner": row.owner_id,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "counts": {
            "items": row.items,
            "studies": row.studies,
            "bytes": row.bytes,
            "annotation_sets": row.annotation_sets,
        },
    }


def show(connection: sa.Connection, row: sa.Row[Any], version: int | None) -> dict[str, Any]:
    """Everything about a dataset at a version; NotFound `version_not_found` when that was never published."""
    number = row.version if version is None else version
    published = get_version(connection, row.id, number)
    if published is None and version is not None:
        raise NotFound(
            f"“{row.name}” has no version {version}; the newest is {row.version}.",
            code="version_not_found",
        )
    counts: Mapping[str, Any] = {} if published is None else published.counts
    statistics: Mapping[str, Any] = {} if published is None else published.statistics
    job = connection.execute(
        sa.select(jobs.c.id, jobs.c.state)
        .where(jobs.c.dataset_id == row.id)
        .order_by(jobs.c.id.desc())
        .limit(1)
    ).first()
    return {
        "id": row.id,
        "name": row.name,
        "display_name": row.display_name,
        "description": row.description,
        "tags": row.tags,
        "details": row.details,
        "modality": row.modality,
        "format": row.format,
        "version": number,
        "state": row.state,
        "created_at": row.created_at,
        "counts": {name: counts.get(name, 0) for name in ("items", "studies", "files", "bytes")},
        "layers": counts.get("layers", []),
        "annotation_sets": [_set(entry) for entry in counts.get("sets", [])],
        "split": counts.get("split", {part.value: 0 for part in PARTS}),
        "training": statistics.get("training", {}),
        "findings": finding_counts(connection, row.id, number),
        "bins": _bins(connection, row.id, number),
        "content_hash": None if published is None else bytes(published.content_hash).hex(),
        "job": None if job is None else {"id": job.id, "state": job.state},
    }


def _set(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": entry["name"],
        "task": entry["task"],
        "items": entry["items"],
        "origin": entry["origin"],
        "source": entry["source"],
        "classes": [
            {"id": each["id"], "name": each["name"], "color": each["color"], "count": each["count"]}
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


def _bins(connection: sa.Connection, dataset_id: str, version: int) -> dict[str, int]:
    rows = [row for row in sources_of(connection, dataset_id) if row.version <= max(version, 1)]
    return {name: sum(getattr(row, name) for row in rows) for name in ("imported", "ignored", "rejected")}
