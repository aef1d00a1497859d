"""Findings that a later version says anew: those that still hold as they are stay, the others end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.dataset import OPEN_END
from triptych.datasets.repository import insert_findings
from triptych.datasets.row_ranges import end_rows
from triptych.db.tables import findings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triptych.core.findings import Finding


def renew_findings(
    connection: sa.Connection, dataset_id: str, number: int, codes: Sequence[str], found: Sequence[Finding]
) -> tuple[Finding, ...]:
    """Let `found` be all findings of these codes from version `number` on; those that were not there before."""
    open_rows = connection.execute(
        sa.select(findings).where(
            findings.c.dataset_id == dataset_id,
            findings.c.until == OPEN_END,
            findings.c.since < number,
            findings.c.code.in_(codes),
        )
    )
    known: dict[tuple[Any, ...], int] = {}
    for row in open_rows.mappings():
        said = (row["severity"], row["code"], row["subject"], row["message"], row["count"])
        known[*said, tuple(row["examples"])] = row["id"]
    new = []
    for finding in found:
        says = (finding.severity.value, finding.code, finding.subject, finding.message, finding.count)
        if known.pop((*says, finding.examples), None) is None:
            new.append(finding)
    end_rows(connection, findings, number, findings.c.id.in_(list(known.values())))
    insert_findings(connection, dataset_id, number, new)
    return tuple(new)


def has_finding(connection: sa.Connection, dataset_id: str, codes: Sequence[str]) -> bool:
    """Whether the newest version has a finding of one of these codes."""
    statement = sa.select(findings.c.id).where(
        findings.c.dataset_id == dataset_id, findings.c.until == OPEN_END, findings.c.code.in_(codes)
    )
    return connection.execute(statement.limit(1)).first() is not None
