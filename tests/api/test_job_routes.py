"""Jobs over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.access import Role
from triptych.db import tables

if TYPE_CHECKING:
    import httpx

    from tests.support.house import House


def ids(client: httpx.Client, **query: Any) -> list[str]:
    return [job["id"] for job in client.get("/jobs", params=query).json()["items"]]


def test_jobs_come_newest_first_page_by_page(house: House) -> None:
    ada = house.person()
    made = [house.job(ada) for _ in range(5)]
    with ada.client() as client:
        first = client.get("/jobs", params={"limit": 2}).json()
        second = client.get("/jobs", params={"limit": 2, "after": first["next"]}).json()
        last = client.get("/jobs", params={"limit": 2, "after": second["next"]}).json()
    assert [job["id"] for page in (first, second, last) for job in page["items"]] == made[::-1]
    assert last["next"] is None


def test_who_sees_a_job_is_who_began_it_or_sees_its_dataset_or_oversees_all(house: House) -> None:
    ada, viewer = house.person(), house.person()
    dataset = house.dataset(ada)
    house.grant(dataset, "user", viewer.user_id, "see")
    of_dataset, alone = house.job(ada, dataset), house.job(ada)
    seen = {
        "owner": ids(ada.client()),
        "viewer": ids(viewer.client()),
        "other": ids(house.person().client()),
        "manager": ids(house.person(Role.DATASET_MANAGER).client()),
        "away": ids(house.person(Role.ADMINISTRATOR, organization_id=house.organization("away")).client()),
    }
    assert seen == {
        "owner": [alone, of_dataset],
        "viewer": [of_dataset],
        "other": [],
        "manager": [alone, of_dataset],
        "away": [],
    }


def test_jobs_are_filtered_by_state_and_dataset(house: House) -> None:
    ada = house.person()
    dataset = house.dataset(ada)
    failed, waiting = house.job(ada, dataset), house.job(ada, state="waiting")
    with ada.client() as client:
        assert ids(client, state="failed") == [failed]
        assert ids(client, active=True) == [waiting]
        assert ids(client, dataset=dataset) == [failed]
        assert client.get("/jobs", params={"state": "sleeping"}).status_code == 422


def test_a_job_says_how_far_it_is_and_why_it_failed(house: House) -> None:
    ada = house.person()
    error = {"code": "disk_full", "message": "m", "hint": "h", "findings": []}
    job = house.job(ada, stage="import", done=3, total=10, error=error)
    document = ada.client().get(f"/jobs/{job}").json()
    assert (document["state"], document["stage"], document["done"], document["total"]) == (
        "failed",
        "import",
        3,
        10,
    )
    assert document["error"] == error
    assert document["seconds_left"] is None
    assert "organization_id" not in document


def test_the_log_is_a_page_of_lines_or_a_text_to_download(house: House) -> None:
    ada = house.person()
    job = house.job(ada)
    with house.installation.database.write() as connection:
        lines = [{"job_id": job, "at": float(n), "level": "info", "text": f"line {n}"} for n in range(2500)]
        connection.execute(sa.insert(tables.job_log), lines)
    with ada.client() as client:
        page = client.get(f"/jobs/{job}/log", params={"limit": 2}).json()
        assert [line["text"] for line in page["items"]] == ["line 0", "line 1"]
        following = client.get(f"/jobs/{job}/log", params={"limit": 2, "after": page["next"]}).json()
        assert [line["text"] for line in following["items"]] == ["line 2", "line 3"]
        for asked in (
            client.get(f"/jobs/{job}/log", params={"format": "text"}),
            client.get(f"/jobs/{job}/log", headers={"Accept": "text/plain"}),
        ):
            assert asked.headers["content-type"] == "text/plain; charset=utf-8"
            assert asked.headers["content-disposition"] == f'attachment; filename="{job}.log"'
            text = asked.text.splitlines()
            assert len(text) == 2500
            assert text[61] == "1970-01-01T00:01:01Z info line 61"


def test_a_waiting_job_is_cancelled_and_a_failed_one_waits_again(house: House) -> None:
    ada = house.person()
    waiting, failed = house.job(ada, state="waiting"), house.job(ada)
    with ada.client() as client:
        assert client.post(f"/jobs/{waiting}/cancel").json()["cancel_requested"] is True
        retried = client.post(f"/jobs/{failed}/retry").json()
        assert (retried["state"], retried["attempt"]) == ("waiting", 2)
        again = client.post(f"/jobs/{failed}/retry")
        assert (again.status_code, again.json()["error"]["code"]) == (409, "job_not_retriable")
