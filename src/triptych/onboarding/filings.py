"""Rows of what DICOM files are filed under: identifiers by content, and tags as runs of items."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any

from triptych.core.names import fold
from triptych.datasets.item_ids import APART, place_of
from triptych.db.session import insert_rows, insert_tuples
from triptych.db.tables import dicom_files, tag_runs
from triptych.modalities.planar.examined import CODE_VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from triptych.dicom.filing import Filing

RUN_COLUMNS = ("dataset_id", "tag", "value", "first_item", "last_item", "shown")


def subject_of(dataset_id: str, patient: str) -> str:
    """A patient as a text that is equal in one dataset and tells nothing outside it."""
    return hmac.digest(dataset_id.encode(), patient.encode(), "sha256")[:12].hex()


def write_filings(
    connection: sa.Connection, dataset_id: str, filings: Sequence[tuple[int, bytes, Filing]]
) -> None:
    """Write the filings of (item id, hash of its file, filing), items in ascending order."""
    if not filings:
        return
    known = {digest: filing for _, digest, filing in filings}
    rows = [_row(digest, filing) for digest, filing in sorted(known.items())]
    insert_rows(connection, dicom_files, rows, keep_existing=True)
    insert_tuples(connection, tag_runs, RUN_COLUMNS, _runs(dataset_id, filings), keep_existing=True)


def _row(digest: bytes, filing: Filing) -> dict[str, Any]:
    return {
        "sha256": digest,
        "code_version": CODE_VERSION,
        **{name: getattr(filing, name) for name in FILED},
    }


FILED = (
    "sop_class", "sop_uid", "study_uid", "series_uid", "modality", "body_part", "study_date", "study_title",
    "series_title",
)  # fmt: skip


def _runs(dataset_id: str, filings: Sequence[tuple[int, bytes, Filing]]) -> list[tuple[Any, ...]]:
    """Equal values of a tag on items that follow each other become one row."""
    open_runs: dict[tuple[str, str], list[Any]] = {}
    closed: list[tuple[Any, ...]] = []
    for item_id, _, filing in filings:
        for tag, shown in dict.fromkeys(filing.tags):
            key = (tag, fold(shown))
            run = open_runs.get(key)
            if run is not None and item_id - run[1] <= APART:
                run[1] = item_id
                continue
            if run is not None:
                closed.append(_closed(dataset_id, key, run))
            open_runs[key] = [item_id, item_id, shown]
    closed += [_closed(dataset_id, key, run) for key, run in open_runs.items()]
    return sorted(closed)


def _closed(dataset_id: str, key: tuple[str, str], run: list[Any]) -> tuple[Any, ...]:
    first, last, shown = run
    return dataset_id, *key, place_of(first)[0], place_of(last)[1], shown
