"""The list of datasets: orders, filters, facets, what a row tells, what is done to many at once."""

from __future__ import annotations

import itertools
import random
import time
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from triptych.core.access import Role
from triptych.core.dataset import Modality, State
from triptych.core.ids import new_id
from triptych.core.labels import Task
from triptych.core.names import natural_key
from triptych.datasets.names import sort_name
from triptych.db import tables

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import httpx

    from tests.support.house import House, Person

TAGS = ("mri", 'a "b"', "ü", "x, y", '", "')
NAMES = ("Scan 10", "scan 2", "Äpfel", "scan 2", "zebra", "apple", "Scan 010")


def _fill(house: House, owner: Person, count: int, seed: int = 3) -> list[dict[str, Any]]:
    """Random datasets of a person; what was written of each."""
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        name = chance.choice(NAMES)
        tasks = sorted({chance.choice(list(Task)).value for _ in range(chance.randrange(3))})
        row: dict[str, Any] = {
            "display_name": name,
            "sort_name": sort_name(name),
            "created_at": float(chance.randrange(5)),
            "items": chance.randrange(3),
            "bytes": chance.choice([0, 5, 2**40]),
            "studies": chance.randrange(3),
            "modality": chance.choice(list(Modality)).value,
            "state": chance.choice(list(State)).value,
            "tags": chance.sample(TAGS, chance.randrange(3)),
            "tasks": " ".join(tasks),
            "annotation_sets": len(tasks),
            "search_text": chance.choice(["red\nblood", "blue blood", "sky 50%_"]),
        }
        made.append(row | {"id": house.dataset(owner, **row)})
    return made


def _all(client: httpx.Client, limit: int = 500, **query: Any) -> list[dict[str, Any]]:
    """Every row of the list, page by page."""
    rows: list[dict[str, Any]] = []
    after = None
    while True:
        answer = client.get(
            "/datasets", params={**query, "limit": limit} | ({"after": after} if after else {})
        )
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert len(page["items"]) <= limit
        rows += page["items"]
        after = page["next"]
        if after is None:
            return rows


KEYS: dict[str, tuple[Callable[[dict[str, Any]], Any], bool]] = {
    "created": (lambda row: row["created_at"], True),
    "name": (lambda row: natural_key(row["display_name"])[0], False),
    "items": (lambda row: row["items"], False),
    "bytes": (lambda row: row["bytes"], False),
    "studies": (lambda row: row["studies"], False),
}


def test_pages_of_every_order_hold_every_dataset_once_with_ties_by_id(any_house: House) -> None:
    owner = any_house.person()
    made = _fill(any_house, owner, 40)
    with owner.client() as client:
        for name, reverse in itertools.product(KEYS, (False, True)):
            key, large_first = KEYS[name]
            expected = sorted(
                (row for row in made if row["state"] != "trashed"),
                key=lambda row: (key(row), row["id"]),
                reverse=large_first != reverse,
            )
            sort = f"-{name}" if reverse else name
            assert [row["id"] for row in _all(client, 7, sort=sort)] == [row["id"] for row in expected], sort
        assert _all(client) == _all(client, sort="created")


def test_a_cursor_of_another_order_is_not_taken(house: House) -> None:
    owner = house.person()
    _fill(house, owner, 9)
    with owner.client() as client:
        by_name = client.get("/datasets", params={"sort": "name", "limit": 2}).json()["next"]
        for sort in ("items", "created"):
            answer = client.get("/datasets", params={"sort": sort, "after": by_name})
            assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_cursor")
        assert client.get("/datasets", params={"sort": "color"}).status_code == 422


FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"modality": ["planar", "volume"]},
    {"task": ["detection"], "state": ["ready", "trashed", "failed"]},
    {"task": ["single_label", "regression"], "annotated": True},
    {"tag": ["x, y", "ü"], "modality": ["geospatial", "planar"]},
    {"tag": ['", "']},
    {"tag": ["nowhere"], "state": ["trashed"]},
    {"search": "BLOOD red", "annotated": False},
    {"search": "50%_"},
)


def _passes(row: dict[str, Any], query: dict[str, Any], but: str = "") -> bool:
    states = query.get("state", [state.value for state in State if state is not State.TRASHED])
    words = str(query.get("search", "")).casefold().split()
    return (
        (but == "state" or row["state"] in states)
        and (but == "modality" or row["modality"] in query.get("modality", [row["modality"]]))
        and (but == "task" or "task" not in query or not set(row["tasks"].split()).isdisjoint(query["task"]))
        and (but == "tag" or "tag" not in query or not set(row["tags"]).isdisjoint(query["tag"]))
        and query.get("annotated", bool(row["annotation_sets"])) == bool(row["annotation_sets"])
        and all(word in row["search_text"] for word in words)
    )


def test_several_values_of_a_filter_are_or_and_several_filters_are_and(any_house: House) -> None:
    owner = any_house.person()
    made = _fill(any_house, owner, 60)
    with owner.client() as client:
        for query in FILTERS:
            expected = {row["id"] for row in made if _passes(row, query)}
            assert {row["id"] for row in _all(client, **query)} == expected, query


def test_facets_count_under_all_other_filters_what_the_list_would_find(any_house: House) -> None:
    owner, other = any_house.person(), any_house.person()
    made = _fill(any_house, owner, 60)
    _fill(any_house, other, 10, seed=4)
    fields: dict[str, Sequence[str]] = {
        "modality": list(Modality),
        "task": list(Task),
        "state": list(State),
        "tag": TAGS,
    }
    with owner.client() as client:
        for query in FILTERS:
            document = client.get("/dataset-facets", params=query).json()
            assert document["total"] == sum(_passes(row, query) for row in made), query
            facets = {
                each["name"]: {v["value"]: v["count"] for v in each["values"]} for each in document["facets"]
            }
            assert list(facets) == list(fields)
            for name, values in fields.items():
                for value in map(str, values):
                    expected = sum(_passes(row, query, but=name) and _has(row, name, value) for row in made)
                    assert facets[name].get(value, 0) == expected, (query, name, value)
                if name != "tag":
                    assert list(facets[name]) == [str(value) for value in values], (
                        "zero values stay, in order"
                    )
            assert set(query.get("tag", ())) <= set(facets["tag"]), "what is filtered by can be taken back"


def _has(row: dict[str, Any], name: str, value: str) -> bool:
    held = {"task": row["tasks"].split(), "tag": row["tags"]}.get(name)
    return value in held if held is not None else row[name] == value


def test_a_dataset_called_facets_is_shown_by_its_name(house: House) -> None:
    owner = house.person()
    ids = {name: house.dataset(owner, name) for name in ("facets", "trash", "restore")}
    with owner.client() as client:
        assert {name: client.get(f"/datasets/{name}").json()["id"] for name in ids} == ids


def test_a_dataset_is_new_until_its_reader_has_opened_it(any_house: House) -> None:
    owner, viewer = any_house.person(), any_house.person()
    dataset = any_house.dataset(owner)
    any_house.grant(dataset, "user", viewer.user_id, "see")
    with owner.client() as mine, viewer.client() as theirs:
        assert [_all(client)[0]["is_new"] for client in (mine, theirs)] == [True, True]
        for _ in range(2):
            assert theirs.post(f"/datasets/{dataset}/opened").status_code == 204
        assert [_all(client)[0]["is_new"] for client in (mine, theirs)] == [True, False]
    with any_house.installation.database.read() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(tables.opened)).scalar() == 1


def test_nobody_opens_a_public_dataset_without_a_trace_or_a_fault(house: House) -> None:
    dataset = house.dataset(house.person())
    house.grant(dataset, "everyone", "", "see")
    assert house.client().post(f"/datasets/{dataset}/opened").status_code == 204
    with house.installation.database.read() as connection:
        assert connection.execute(sa.select(tables.opened)).all() == []


def test_a_row_tells_the_owner_the_newest_job_the_rejected_files_and_what_may_be_done(
    any_house: House,
) -> None:
    house = any_house
    owner, viewer, boss = house.person(), house.person(), house.person(Role.ADMINISTRATOR)
    dataset = house.dataset(owner, samples=["ab" * 32], tasks="detection single_label")
    for action in ("see", "export"):
        house.grant(dataset, "user", viewer.user_id, action)
    house.job(owner, dataset, state="succeeded")
    error = {"code": "bug", "message": "It broke.", "hint": "Tell.", "findings": []}
    newest = house.job(owner, dataset, kind="onboarding", stage="import", done=3, total=9, error=error)
    for rejected in (2, 3):
        house.insert(
            tables.sources, id=new_id(), dataset_id=dataset, job_id=newest, reference={}, filename="a.zip",
            created_at=1.0, version=1, rejected=rejected,
        )  # fmt: skip
    rows = {}
    for who in (owner, viewer, boss):
        with who.client() as client:
            rows[who.user_id] = _all(client)[0]
    row = rows[viewer.user_id]
    assert row["owner"] == owner.user_id
    assert row["owner_name"] == "A member"
    assert row["samples"] == [f"/api/v1/datasets/{dataset}/thumbnails/{'ab' * 32}"]
    assert (row["tasks"], row["rejected"]) == (["detection", "single_label"], 5)
    assert row["job"] == {
        "id": newest, "kind": "onboarding", "state": "failed", "stage": "import", "done": 3, "total": 9,
        "seconds_left": None, "error": {"code": "bug", "message": "It broke."},
    }  # fmt: skip
    assert row["may"] == ["export"]
    assert rows[owner.user_id]["may"] == rows[boss.user_id]["may"] == ["edit", "label", "export", "delete"]


def test_a_page_costs_the_same_few_statements_however_long_it_is(house: House) -> None:
    owner = house.person()
    made = _fill(house, owner, 30)
    for row in made:
        house.job(owner, row["id"])
    statements: list[str] = []
    engine = house.installation.database.reader

    def count(_: object, __: object, statement: str, *___: object) -> None:
        statements.append(statement)

    numbers = []
    with owner.client() as client:
        for limit in (1, 20):
            statements.clear()
            sa.event.listen(engine, "before_cursor_execute", count)
            assert len(client.get("/datasets", params={"limit": limit}).json()["items"]) == limit
            sa.event.remove(engine, "before_cursor_execute", count)
            numbers.append(len(statements))
    assert numbers[0] == numbers[1]


def test_show_tells_the_owner_the_sources_and_when_the_trash_is_emptied(any_house: House) -> None:
    house = any_house
    owner, viewer = house.person(), house.person()
    trashed_at = time.time()
    dataset = house.dataset(owner, state="trashed", trashed_at=trashed_at)
    job = house.job(owner, dataset)
    staged = house.installation.staging / "uploads" / f"{new_id()}.part"
    for reference, uploader in (
        ({"kind": "file", "address": str(staged)}, owner.user_id),
        ({"kind": "file", "address": str(staged), "container": "folder"}, owner.user_id),
        ({"kind": "http", "address": "https://example.org/a.zip"}, None),
        ({"kind": "folder", "address": "/srv/scans"}, viewer.user_id),
    ):
        house.insert(
            tables.sources, id=new_id(), dataset_id=dataset, job_id=job, reference=reference, filename="a.zip",
            uploader_id=uploader, created_at=1.0, version=1, imported=4, rejected=1,
        )  # fmt: skip
    with owner.client() as client:
        shown = client.get(f"/datasets/{dataset}").json()
    assert shown["owner"] == {"id": owner.user_id, "name": "A member"}
    assert [(each["kind"], each["uploader"]) for each in shown["sources"]] == [
        ("upload", "A member"), ("folder", "A member"), ("address", None), ("folder", "A member"),
    ]  # fmt: skip
    assert (
        shown["sources"][0].items()
        >= {"filename": "a.zip", "imported": 4, "ignored": 0, "rejected": 1}.items()
    )
    assert shown["bins"] == {"imported": 16, "ignored": 0, "rejected": 4}
    assert shown["trashed_at"] == trashed_at
    assert shown["purge_at"] == pytest.approx(trashed_at + 30 * 86_400)
    assert shown["may"] == ["delete"], "in the trash it can be taken back, and no more"
    assert shown["job"].items() >= {"id": job, "state": "failed", "kind": "verify"}.items()


def test_many_are_trashed_and_restored_and_the_others_are_named_with_their_reason(any_house: House) -> None:
    house = any_house
    owner, editor = house.person(), house.person()
    own = [house.dataset(owner) for _ in range(3)]
    busy = house.dataset(owner, state="onboarding")
    foreign = house.dataset(house.person())
    house.grant(foreign, "user", owner.user_id, "edit")
    hidden, nothing = house.dataset(editor), new_id()
    with owner.client() as client:
        answer = client.post("/datasets/trash", json={"ids": [*own, own[0], busy, foreign, hidden, nothing]})
        assert answer.status_code == 200
        document = answer.json()
        assert document["done"] == own
        assert {each["id"]: each["error"]["code"] for each in document["refused"]} == {
            busy: "dataset_busy", foreign: "not_allowed", hidden: "dataset_not_found", nothing: "dataset_not_found",
        }  # fmt: skip
        single = client.get(f"/datasets/{nothing}").json()["error"]
        for each in document["refused"][-2:]:
            assert each["error"].items() <= single.items(), "what is hidden answers like what does not exist"
        assert {row["id"] for row in _all(client, state="trashed")} == set(own)
        again = client.post("/datasets/trash", json={"ids": own}).json()
        assert again == {"done": own, "refused": []}
        back = client.post("/datasets/restore", json={"ids": [own[1], busy]}).json()
        assert back["done"] == [own[1]]
        assert back["refused"][0]["error"]["code"] == "not_in_trash"
        assert client.post("/datasets/trash", json={"ids": [new_id()] * 501}).status_code == 422
        assert client.post("/datasets/trash", json={"ids": []}).json() == {"done": [], "refused": []}
    with house.installation.database.read() as connection:
        done = connection.execute(sa.select(tables.events.c.thing_id, tables.events.c.action)).all()
    assert [each.thing_id for each in done if each.action == "dataset.trashed"] == own
    assert [each.thing_id for each in done if each.action == "dataset.restored"] == [own[1]]


def test_a_new_title_moves_a_dataset_in_the_list_by_name(house: House) -> None:
    owner = house.person()
    first = house.dataset(owner, display_name="a", sort_name="a")
    second = house.dataset(owner, display_name="b", sort_name="b")
    with owner.client() as client:
        client.patch(f"/datasets/{first}", json={"display_name": "Z 1"})
        assert [row["id"] for row in _all(client, sort="name")] == [second, first]
