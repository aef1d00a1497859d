"""What studies and series are called for people, by the DICOM files that are in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from triptych.datasets.item_filter import holding
from triptych.db.id_lists import among
from triptych.db.tables import dicom_files, items, layers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triptych.datasets.item_filter import Scope


class Titles(NamedTuple):
    """What a study and a series are called for people; "" where a file tells nothing."""

    study: str
    series: str


def titles_of(connection: sa.Connection, digests: Sequence[bytes]) -> dict[bytes, Titles]:
    """The titles that DICOM files give their study and series, by the hash of the file."""
    rows = connection.execute(
        sa.select(dicom_files.c.sha256, dicom_files.c.study_title, dicom_files.c.series_title)
        .where(among(connection, dicom_files.c.sha256, digests))
        .order_by(dicom_files.c.code_version)
    )
    return {bytes(row.sha256): Titles(row.study_title, row.series_title) for row in rows}


def named_titles(
    connection: sa.Connection, scope: Scope, column: sa.Column[str], names: Sequence[str]
) -> dict[str, Titles]:
    """The titles of studies or series (`column` says which) by their names, each by its first item."""
    if not names:
        return {}
    firsts = connection.execute(
        sa.select(column, sa.func.min(items.c.id)).where(holding(scope), column.in_(names)).group_by(column)
    ).all()
    files = {
        row.item_id: bytes(row.sha256)
        for row in connection.execute(
            sa.select(layers.c.item_id, layers.c.sha256).where(
                among(connection, layers.c.item_id, [first for _, first in firsts]),
                layers.c.role == "image",
                layers.c.since <= scope.version,
                layers.c.until > scope.version,
            )
        )
    }
    titles = titles_of(connection, list(files.values()))
    return {name: titles[files[first]] for name, first in firsts if files.get(first) in titles}
