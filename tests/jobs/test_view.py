"""How long a job will still take, as far as its rate tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from triptych.core.errors import TooLarge
from triptych.core.findings import Finding, Severity
from triptych.db.tables import jobs
from triptych.jobs.view import JobView, describe, error_document

if TYPE_CHECKING:
    from triptych.db.session import Database


def shown(database: Database, now: float, **values: Any) -> JobView:
    row = {
        "id": "a" * 24,
        "organization_id": "0" * 24,
        "kind": "count",
        "title": "Count",
        "payload": {},
        "created_at": 0.0,
        "state": "running",
        "stage_started_at": 100.0,
        **values,
    }
    with database.write() as connection:
        connection.execute(sa.insert(jobs).values(row))
    with database.read() as connection:
        return describe(connection.execute(sa.select(jobs)).one(), now)


def test_the_rest_takes_as_long_as_the_rate_so_far_says(database: Database) -> None:
    assert shown(database, 110.0, done=25, total=100).seconds_left == pytest.approx(30.0)


@pytest.mark.parametrize(
    ("now", "values"),
    [
        (102.0, {"done": 25, "total": 100}),
        (110.0, {"done": 0, "total": 100}),
        (110.0, {"done": 25, "total": None}),
        (110.0, {"done": 25, "total": 100, "state": "failed"}),
        (110.0, {"done": 25, "total": 100, "stage_started_at": None}),
    ],
)
def test_nothing_is_estimated_from_nothing(database: Database, now: float, values: dict[str, Any]) -> None:
    assert shown(database, now, **values).seconds_left is None


def test_more_done_than_there_is_takes_no_negative_time(database: Database) -> None:
    assert shown(database, 110.0, done=120, total=100).seconds_left == 0.0


def test_an_error_document_holds_what_a_person_needs() -> None:
    finding = Finding(Severity.WARNING, "odd", "It is odd.", examples=("a.png",))
    document = error_document(TooLarge("Too large.", code="quota", hint="Remove some.", findings=[finding]))
    assert document["code"] == "quota"
    assert document["hint"] == "Remove some."
    assert document["findings"] == [
        {
            "severity": "warning",
            "code": "odd",
            "message": "It is odd.",
            "hint": "",
            "subject": "",
            "count": 1,
            "examples": ("a.png",),
        }
    ]
