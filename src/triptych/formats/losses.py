"""What an export cannot hold, as findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triptych.core.findings import EXAMPLES_KEPT, Finding, Severity
from triptych.core.labels import Task

if TYPE_CHECKING:
    from collections.abc import Iterable

    from triptych.formats.base import ExportSet

ROW_TASKS = frozenset({Task.SINGLE_LABEL, Task.MULTI_LABEL, Task.DETECTION})
"""Tasks whose labels are rows; those of the others are pictures."""


def sets_left_out(sets: Iterable[ExportSet], why: str) -> list[Finding]:
    """One finding that names the annotation sets that are not exported."""
    names = [entry.name for entry in sets]
    if not names:
        return []
    return [
        Finding(
            Severity.ERROR,
            "set_not_exported",
            f"Annotation sets are left out: {why}.",
            "Export as parquet or image_label as well.",
            "",
            len(names),
            tuple(names[:EXAMPLES_KEPT]),
        )
    ]


def items_left_out(keys: list[str], why: str) -> list[Finding]:
    """One finding that names the items that are not exported."""
    if not keys:
        return []
    return [
        Finding(
            Severity.ERROR,
            "item_not_exported",
            f"Items are left out: {why}.",
            "Export as parquet or image_label to have them all.",
            "",
            len(keys),
            tuple(keys[:EXAMPLES_KEPT]),
        )
    ]
