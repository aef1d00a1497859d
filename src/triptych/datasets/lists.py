"""Keyset pages over findings, set-aside members and groups of duplicates of a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.findings import Severity
from triptych.datasets.item_filter import Scope, assigned, holding
from triptych.datasets.publication import current_split
from triptych.db.tables import NONE, assignments, findings, items, kept_files, layers, sources

if TYPE_CHECKING:
    from collections.abc import Sequence


def finding_page(
    connection: sa.Connection,
    dataset_id: str,
    version: int,
    severity: Severity | None,
    after: Sequence[Any] | None,
    limit: int,
) -> tuple[list[dict[str, Any]], tuple[int, int] | None]:
    """Findings at a version, gravest first, behind the position (rank, id); and the next position."""
    rank = sa.case(
        (findings.c.severity == Severity.ERROR, 0), (findings.c.severity == Severity.WARNING, 1), else_=2
    )
    conditions = [
        findings.c.dataset_id == dataset_id,
        findings.c.since <= version,
        findings.c.until > version,
    ]
    if severity is not None:
        conditions.append(findings.c.severity == severity)
    if after is not None:
        conditions.append(sa.or_(rank > after[0], sa.and_(rank == after[0], findings.c.id > after[1])))
    rows = connection.execute(
        sa.select(findings, rank.label("rank"))
        .where(*conditions)
        .order_by(rank, findings.c.id)
        .limit(limit + 1)
    ).all()
    shown = [
        {
            name: row._mapping[name]
            for name in ("severity", "code", "subject", "message", "hint", "count", "examples")
        }
        for row in rows[:limit]
    ]
    return shown, ((rows[limit - 1].rank, rows[limit - 1].id) if len(rows) > limit else None)


def member_page(
    connection: sa.Connection, dataset_id: str, bin_: str | None, after: Sequence[Any] | None, limit: int
) -> tuple[list[dict[str, Any]], tuple[str, int] | None]:
    """Members that are not items, by source and place, behind the position (source, member)."""
    conditions = [sources.c.dataset_id == dataset_id]
    if bin_ is not None:
        conditions.append(kept_files.c.bin == bin_)
    if after is not None:
        conditions.append(
            sa.tuple_(kept_files.c.source_id, kept_files.c.member)
            > sa.tuple_(sa.literal(after[0]), sa.literal(after[1]))
        )
    rows = connection.execute(
        sa.select(kept_files)
        .join(sources, sources.c.id == kept_files.c.source_id)
        .where(*conditions)
        .order_by(kept_files.c.source_id, kept_files.c.member)
        .limit(limit + 1)
    ).all()
    shown = [
        {
            "path": row.path,
            "bytes": row.bytes,
            "bin": row.bin,
            "code": row.code,
            "reason": row.reason,
            "hint": row.hint,
            "sha256": None if row.sha256 is None else bytes(row.sha256).hex(),
        }
        for row in rows[:limit]
    ]
    return shown, ((rows[limit - 1].source_id, rows[limit - 1].member) if len(rows) > limit else None)


def duplicate_groups(
    connection: sa.Connection, dataset_id: str, version: int, kind: str, after: int, limit: int
) -> tuple[list[dict[str, Any]], int | None]:
    """Groups of duplicates with numbers above `after`, and the number to go on behind."""
    scope = Scope(dataset_id, version, current_split(connection, dataset_id, version), indexed=False)
    column = items.c.duplicate_group if kind == "exact" else items.c.near_group
    numbers = (
        connection.execute(
            sa.select(column)
            .where(holding(scope), column > NONE, column > after)
            .group_by(column)
            .having(sa.func.count() > 1)  # its other pictures may have been removed
            .order_by(column)
            .limit(limit + 1)
        )
        .scalars()
        .all()
    )
    shown = numbers[:limit]
    rows = connection.execute(
        sa.select(column.label("number"), items.c.key, layers.c.sha256, assignments.c.part)
        .join(layers, sa.and_(layers.c.item_id == items.c.id, layers.c.role == "image"))
        .outerjoin(assignments, assigned(scope))
        .where(holding(scope), column > NONE, column.in_(shown))
        .order_by(column, items.c.id)
    ).all()
    groups: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row.number, []).append(
            {"key": row.key, "sha256": bytes(row.sha256).hex(), "part": row.part}
        )
    documents = [
        {
            "group": number,
            "kind": kind,
            "items": members,
            "crosses_parts": len({member["part"] for member in members if member["part"]}) > 1,
        }
        for number, members in groups.items()
    ]
    return documents, (shown[-1] if len(numbers) > limit else None)
