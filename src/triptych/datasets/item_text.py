"""How a finding of a single item is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from triptych.core.findings import Severity


class ItemText(NamedTuple):
    """How a finding of one picture is told: `label` for a list of codes; `message` may take the {detail}."""

    severity: Severity
    label: str
    message: str
    hint: str
