"""Studies come in the order of their first items, series in that of positions, and every item has its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from tests.datasets.small_world import DATASETS, SPLITS, World
from triptych.datasets import item_studies
from triptych.datasets.item_filter import ItemFilter, Scope
from triptych.datasets.item_studies import series_page, series_place, study_page, study_position
from triptych.db.tables import items

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triptych.db.session import Database

    Filled = tuple[Database, World]

SCOPE = Scope(DATASETS[0], 2, SPLITS[DATASETS[0]], indexed=True)


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    item_studies._starts.clear()
    yield
    item_studies._starts.clear()


def _rows(world: World) -> list[dict[str, Any]]:
    passing = set(world.expected(SCOPE, ItemFilter()))
    return [row for row in world.items if row["id"] in passing]


def _by_study(world: World) -> dict[str, list[dict[str, Any]]]:
    studies: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(world):
        studies.setdefault(row["study"], []).append(row)
    return studies


def _counts(world: World, *, loose: bool = False) -> dict[str, Any]:
    total = len(_rows(world))
    return {"items": total, "studies": total if loose else len(_by_study(world))}


def _pages(filled: Filled, search: str | None, limit: int, counts: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after: int | None = 0
    with filled[0].read() as connection:
        while after is not None:
            page, after = study_page(connection, SCOPE, counts, search, after, limit)
            assert len(page) == limit or after is None
            found += page
    return found


@pytest.mark.parametrize("search", [None, "STUDY1", "1", "y%", "\0"])
@pytest.mark.parametrize("limit", [1, 5, 100])
def test_studies_come_in_the_order_of_their_first_items(
    filled: Filled, search: str | None, limit: int
) -> None:
    studies = _by_study(filled[1])
    expected = [name for name in studies if search is None or search.lower() in name]
    found = _pages(filled, search, limit, _counts(filled[1]))
    assert [each["study"] for each in found] == expected
    for each in found:
        rows = studies[each["study"]]
        assert each["items"] == len(rows)
        firsts: dict[str | None, list[str]] = {}
        for row in rows:
            firsts.setdefault(row["series"], []).append(row["key"])
        assert [(series["series"], series["items"], series["first_key"]) for series in each["series"]] == [
            (name, len(keys), keys[0]) for name, keys in firsts.items()
        ]
        assert all(series["sha256"] == "00" * 32 for series in each["series"])


def test_every_item_has_the_place_of_its_study(filled: Filled) -> None:
    studies = _by_study(filled[1])
    names, firsts = list(studies), [rows[0]["key"] for rows in studies.values()]
    with filled[0].read() as connection:
        for row in _rows(filled[1]):
            found = study_position(connection, SCOPE, _counts(filled[1]), row["id"], row["study"], 60)
            place = names.index(row["study"])
            assert found == {
                "index": place,
                "total": len(names),
                "previous": firsts[place - 1] if place else None,
                "next": firsts[place + 1] if place + 1 < len(names) else None,
            }


def test_where_every_item_is_a_study_of_its_own_the_items_are_walked(filled: Filled) -> None:
    rows = _rows(filled[1])
    counts = _counts(filled[1], loose=True)
    with filled[0].read() as connection:
        page, after = study_page(connection, SCOPE, counts, None, rows[3]["id"], 4)
        assert after == rows[7]["id"]
        assert {each["study"] for each in page} == {row["study"] for row in rows[4:8]}
        for place, row in enumerate(rows):
            found = study_position(connection, SCOPE, counts, row["id"], row["study"], 60)
            assert found["index"] == place
            assert found["previous"] == (rows[place - 1]["key"] if place else None)
            assert found["next"] == (rows[place + 1]["key"] if place + 1 < len(rows) else None)
    assert not item_studies._starts


def test_studies_are_read_once_for_a_version(filled: Filled, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(item_studies, "KEPT", 1)
    statements: list[str] = []
    counts = _counts(filled[1])
    with filled[0].read() as connection:
        first = study_page(connection, SCOPE, counts, None, 0, 5)
        sa.event.listen(connection, "before_cursor_execute", lambda *given: statements.append(given[2]))
        assert study_page(connection, SCOPE, counts, None, 0, 5) == first
        again = len(statements)
        study_page(connection, Scope(DATASETS[0], 3, None, indexed=True), counts, None, 0, 5)
        assert len(item_studies._starts) == 1
        study_page(connection, SCOPE, counts, None, 0, 5)
    assert len(statements) == again + 2 * (again + 1)


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_a_series_comes_in_the_order_of_positions_and_every_item_has_its_place(
    filled: Filled, limit: int
) -> None:
    for study, rows in _by_study(filled[1]).items():
        for series in (None, "1", "2"):
            own = [row for row in rows if row["series"] == series]
            own.sort(key=lambda row: (row["position"] is None, row["position"] or 0, row["id"]))
            found: list[dict[str, Any]] = []
            with filled[0].read() as connection:
                page, after = series_page(connection, SCOPE, study, series, None, limit)
                found += page
                while after is not None:
                    page, after = series_page(connection, SCOPE, study, series, after, limit)
                    found += page
                for place, row in enumerate(own):
                    item = connection.execute(sa.select(items).where(items.c.id == row["id"])).one()
                    assert series_place(connection, SCOPE, item) == (place, len(own))
            assert [each["key"] for each in found] == [row["key"] for row in own]
            assert [each["position"] for each in found] == [row["position"] for row in own]


def test_sqlite_reads_a_series_from_the_index_of_studies(on_sqlite: Filled) -> None:
    statements: list[tuple[str, Any]] = []
    with on_sqlite[0].read() as connection:
        sa.event.listen(
            connection, "before_cursor_execute", lambda *given: statements.append((given[2], given[3]))
        )
        series_page(connection, SCOPE, "study1", "1", None, 5)
        statement, values = statements[-1]
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    assert "ix_items_dataset_id_study_id" in plan[0][3], plan
