"""Notifications: what happened to one's datasets and jobs, and never what one did by hand."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.access import Role
from triptych.core.ids import new_id
from triptych.db.tables import datasets, events, grants, notification_reads, versions
from triptych.people.events import record, record_action
from triptych.people.notifications import COUNTED

if TYPE_CHECKING:
    from tests.support.house import House, Person


def _job_event(house: House, who: Person | None, dataset_id: str, action: str, **details: Any) -> None:
    """An event as a job records it at its end; `who` began it."""
    with house.installation.database.write() as connection:
        record_action(
            connection,
            organization_id=house.home_id,
            actor_id=None if who is None else who.user_id,
            action=f"dataset.{action}",
            thing=("dataset", dataset_id),
            details={"job": "a" * 24, "attempt": 1, "name": "cells", **details},
        )


def _by_hand(house: House, who: Person, dataset_id: str, action: str, **details: Any) -> None:
    with house.installation.database.write() as connection:
        record(connection, who.subject, action, "dataset", dataset_id, **details)


def _news(person: Person, **query: Any) -> dict[str, Any]:
    with person.client() as client:
        answer = client.get("/notifications", params=query)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def _kinds(person: Person) -> list[str]:
    return [each["kind"] for each in _news(person)["items"]]


def test_whoever_owns_or_began_it_hears_what_a_job_came_to_and_nobody_else(any_house: House) -> None:
    house = any_house
    owner, editor, boss = house.person(), house.person(), house.person(Role.ADMINISTRATOR)
    dataset = house.dataset(owner, "cells", display_name="Cells", version=1)
    house.grant(dataset, "user", editor.user_id, "edit")
    _job_event(house, owner, dataset, "needs_decision", rejected=3)
    _job_event(house, editor, dataset, "published", version=1, items=1234)
    before = time.time()
    assert _kinds(owner) == ["dataset_ready", "needs_decision"]
    assert _kinds(editor) == ["dataset_ready"]
    assert _news(boss) == {"items": [], "next": None, "unread": 0}
    ready, asked = _news(owner)["items"]
    assert (ready["title"], ready["text"]) == ("“Cells” is ready", "1,234 items.")
    assert ready["dataset"] == {"id": dataset, "name": "cells"}
    assert (ready["job"], ready["read"]) == ("a" * 24, False)
    assert before - 60 < asked["at"] <= ready["at"] <= before
    assert asked["title"] == "“Cells” needs a decision"
    assert asked["text"] == "3 files cannot be imported. Keep what succeeded, or remove the dataset."


def test_what_one_does_by_hand_is_no_news_and_what_others_do_is(any_house: House) -> None:
    house = any_house
    owner, boss = house.person(), house.person(Role.ADMINISTRATOR)
    dataset = house.dataset(owner, "cells", version=3)
    house.insert(
        versions, dataset_id=dataset, number=3, created_at=1.0, message="Removed 2 items", content_hash=bytes(32),
        counts={}, statistics={},
    )  # fmt: skip
    for who in (owner, boss):
        with who.client() as client:
            assert (
                client.patch(f"/datasets/{dataset}", json={"description": "x", "tags": []}).status_code == 200
            )
            _by_hand(house, who, dataset, "removed", version=3)
            assert client.delete(f"/datasets/{dataset}").status_code == 200
            assert client.post("/datasets/restore", json={"ids": [dataset]}).json()["done"] == [dataset]
            _by_hand(house, who, dataset, "kept")
    told = _news(owner)["items"]
    assert [(each["kind"], each["title"], each["text"]) for each in told] == [
        ("restored", "“cells” is back from the trash", "A administrator took it out."),
        ("trashed", "“cells” is in the trash", "A administrator put it there."),
        ("version_published", "“cells” has version 3", "A administrator: Removed 2 items."),
        ("changed", "“cells” is changed", "A administrator changed the description and tags."),
    ]
    assert _kinds(boss) == []


def test_a_failure_tells_its_reason_also_where_nothing_is_left_of_the_dataset(any_house: House) -> None:
    house = any_house
    owner = house.person()
    error = {"code": "nothing_to_import", "message": "It is empty.", "hint": "Pack it again."}
    _job_event(house, owner, new_id(), "failed", **error)
    there = house.dataset(owner, "lungs", version=2)
    _job_event(house, owner, there, "failed", **error)
    newest, oldest = _news(owner)["items"]
    assert (oldest["kind"], oldest["title"], oldest["dataset"]) == (
        "dataset_failed",
        "“cells” is not added",
        None,
    )
    assert oldest["text"] == "It is empty. Pack it again."
    assert newest["title"] == "Work on “lungs” failed"


def test_who_stops_anothers_job_is_named(any_house: House) -> None:
    house = any_house
    owner, boss = house.person(), house.person(Role.ADMINISTRATOR)
    dataset = house.dataset(owner, "cells", state="onboarding")
    jobs = [house.job(owner, dataset, state="running", worker_id="elsewhere") for _ in range(2)]
    for who, job in zip((owner, boss), jobs, strict=True):
        with who.client() as client:
            assert client.post(f"/jobs/{job}/cancel").status_code == 200
    told = _news(owner)["items"]
    assert [(each["kind"], each["job"], each["text"]) for each in told] == [
        ("cancelled", jobs[1], "A administrator stopped it.")
    ]


def test_what_may_not_be_seen_any_more_is_told_no_more(any_house: House) -> None:
    house = any_house
    owner, editor = house.person(), house.person()
    dataset = house.dataset(owner, "cells", version=1)
    house.grant(dataset, "user", editor.user_id, "edit")
    _job_event(house, editor, dataset, "published", version=1)
    assert _kinds(editor) == ["dataset_ready"]
    with house.installation.database.write() as connection:
        connection.execute(sa.delete(grants))
    assert _news(editor) == {"items": [], "next": None, "unread": 0}
    assert _kinds(owner) == ["dataset_ready"]
    with house.installation.database.write() as connection:
        connection.execute(sa.update(datasets).values(state="trashed"))
    assert _kinds(owner) == ["dataset_ready"], "an owner sees what lies in the trash"


def test_pages_hold_each_notification_once_newest_first(any_house: House) -> None:
    house = any_house
    owner, boss = house.person(), house.person(Role.ADMINISTRATOR)
    own = [house.dataset(owner, version=1) for _ in range(2)]
    house.dataset(boss)
    for number in range(12):
        # By the owner as a job and by somebody else: the two ways in which an event concerns the owner.
        if number % 3:
            _job_event(house, owner, own[number % 2], "published", version=1)
        else:
            _by_hand(house, boss, own[number % 2], "split", version=2)
        _by_hand(house, owner, own[0], "changed", fields=["tags"])
    found: list[int] = []
    query: dict[str, Any] = {"limit": 5}
    while True:
        page = _news(owner, **query)
        assert page["unread"] == 12
        found += [each["id"] for each in page["items"]]
        if page["next"] is None:
            break
        query["after"] = page["next"]
    assert len(found) == 12
    assert found == sorted(set(found), reverse=True)


def test_what_was_read_stays_read_and_what_comes_later_does_not(any_house: House) -> None:
    house = any_house
    owner = house.person()
    dataset = house.dataset(owner, version=1)
    for number in (1, 2, 3):
        _job_event(house, owner, dataset, "published", version=number)
    ids = [each["id"] for each in _news(owner)["items"]]
    with owner.client() as client:
        assert client.post("/notifications/read", json={"until": ids[1]}).status_code == 204
        assert [each["read"] for each in _news(owner)["items"]] == [False, True, True]
        assert _news(owner)["unread"] == 1
        assert client.post("/notifications/read", json={"until": ids[2]}).status_code == 204
        assert _news(owner)["unread"] == 1, "nothing becomes unread again"
        assert client.post("/notifications/read", json={"until": 2**62}).status_code == 204
        _job_event(house, owner, dataset, "published", version=4)
        assert _news(owner)["unread"] == 1, "what nobody has seen yet is not read beforehand"
        assert client.post("/notifications/read", json={"until": -1}).status_code == 422
    with house.installation.database.read() as connection:
        assert len(connection.execute(sa.select(notification_reads)).all()) == 1


def test_beyond_a_thousand_nobody_needs_to_know(house: House) -> None:
    owner, boss = house.person(), house.person(Role.ADMINISTRATOR)
    dataset = house.dataset(owner, version=1)
    row = {
        "organization_id": house.home_id, "at": 1.0, "actor_id": boss.user_id, "action": "dataset.changed",
        "thing_kind": "dataset", "thing_id": dataset, "details": {},
    }  # fmt: skip
    with house.installation.database.write() as connection:
        connection.execute(sa.insert(events), [row] * (COUNTED + 7))
    page = _news(owner, limit=2)
    assert (page["unread"], len(page["items"])) == (COUNTED, 2)


def test_what_somebody_of_another_organization_does_is_news_and_what_happens_to_people_is_none(
    any_house: House,
) -> None:
    house = any_house
    owner, guest = house.person(), house.person(organization_id=house.organization("elsewhere"))
    dataset = house.dataset(owner, "cells")
    house.grant(dataset, "user", guest.user_id, "edit")
    with guest.client() as client:
        assert client.patch(f"/datasets/{dataset}", json={"tags": ["x"]}).status_code == 200
    with house.installation.database.write() as connection:
        record(connection, owner.subject, "created", "token", "t" * 24)
    assert _kinds(owner) == ["changed"]
    assert _kinds(guest) == []
