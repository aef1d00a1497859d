"""Which items of a version a change is about: those with some keys, or all that a filter lets pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from triptych.core.findings import EXAMPLES_KEPT, Finding, Severity
from triptych.datasets.item_filter import holding
from triptych.datasets.item_walk import walk_ids
from triptych.datasets.row_ranges import BLOCK
from triptych.db.id_lists import among
from triptych.db.tables import items

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triptych.datasets.item_filter import ItemFilter, Scope


def ids_of_filter(connection: sa.Connection, scope: Scope, wanted: ItemFilter) -> list[int]:
    """Ids of all items that pass, in the order of their keys."""
    return [item for block in walk_ids(connection, scope, wanted, 0, BLOCK) for item in block]


def ids_of_keys(
    connection: sa.Connection, scope: Scope, keys: Sequence[str]
) -> tuple[list[int], tuple[Finding, ...]]:
    """Ids of the items with these keys, in the order of their keys, and a finding about keys that none has."""
    found: dict[str, int] = {}
    for first in range(0, len(keys), BLOCK):
        rows = connection.execute(
            sa.select(items.c.key, items.c.id).where(
                holding(scope), among(connection, items.c.key, keys[first : first + BLOCK])
            )
        )
        found.update({row.key: row.id for row in rows})
    missing = [key for key in dict.fromkeys(keys) if key not in found]
    if not missing:
        return sorted(found.values()), ()
    finding = Finding(
        Severity.WARNING,
        "item_not_in_version",
        f"Version {scope.version} has no items with these keys; they are passed over.",
        "Look at the newest version again: somebody may have removed them.",
        "",
        len(missing),
        tuple(missing[:EXAMPLES_KEPT]),
    )
    return sorted(found.values()), (finding,)
