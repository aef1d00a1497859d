"""The pictures that stand for a dataset in a list: the first, one from the middle, the last."""

from __future__ import annotations

import sqlalchemy as sa

from triptych.datasets.item_filter import Scope, holding
from triptych.db.tables import items, layers


def choose_samples(connection: sa.Connection, dataset_id: str, version: int) -> list[str]:
    """SHA-256 (hexadecimal) of up to three different pictures of a version; three looks at an index."""
    pictures = (
        sa.select(items.c.id, layers.c.sha256)
        .join(layers, layers.c.item_id == items.c.id)
        .where(
            holding(Scope(dataset_id, version, None, indexed=False)),
            layers.c.role == "image",
            layers.c.since <= version,
            layers.c.until > version,
            layers.c.sha256.is_not(None),
        )
    )
    first = connection.execute(pictures.order_by(items.c.id).limit(1)).first()
    last = connection.execute(pictures.order_by(items.c.id.desc()).limit(1)).first()
    if first is None or last is None:
        return []
    # Ids follow the order of keys; those of other datasets may lie between, so the middle is about the middle.
    between = pictures.where(items.c.id >= (first.id + last.id) // 2).order_by(items.c.id).limit(1)
    found = (first, connection.execute(between).one(), last)
    return list(dict.fromkeys(bytes(row.sha256).hex() for row in found))
