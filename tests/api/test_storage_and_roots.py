"""What is stored, what lies in registered folders, and templates, as people find them."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import sqlalchemy as sa

from triptych.core.access import Role
from triptych.db.tables import organizations

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.house import House


def test_storage_counts_the_bytes_of_all_and_the_datasets_that_are_seen(any_house: House) -> None:
    house = any_house
    ada, ben, boss = house.person(), house.person(), house.person(Role.ADMINISTRATOR)
    away = house.person(Role.ADMINISTRATOR, organization_id=house.organization("elsewhere"))
    for owner, size, state in (
        (ada, 5, "ready"),
        (ada, 2**40, "trashed"),
        (ben, 7, "failed"),
        (away, 99, "ready"),
    ):
        house.dataset(owner, bytes=size, state=state)
    stored = 5 + 2**40 + 7
    with ada.client() as client:
        upload = {"Tus-Resumable": "1.0.0", "Upload-Length": "11"}
        assert client.post("/uploads", headers=upload).status_code == 201
        assert client.get("/storage").json() == {
            "stored_bytes": stored, "quota_bytes": None, "datasets": 1, "trashed_datasets": 1, "uploads_bytes": 11,
        }  # fmt: skip
    with boss.client() as client:
        seen = client.get("/storage").json()
        assert (seen["datasets"], seen["trashed_datasets"], seen["stored_bytes"]) == (2, 1, stored)
    with house.installation.database.write() as connection:
        connection.execute(
            sa.update(organizations).where(organizations.c.id == house.home_id).values(quota_bytes=10**13)
        )
    with ada.client() as client:
        assert client.get("/storage").json()["quota_bytes"] == 10**13
    with away.client() as client:
        seen = client.get("/storage").json()
        assert (seen["stored_bytes"], seen["quota_bytes"], seen["uploads_bytes"]) == (99, None, 0)


def test_who_may_upload_looks_into_a_registered_folder_page_by_page(house: House, tmp_path: Path) -> None:
    scans = tmp_path / "scans"
    (scans / "a b").mkdir(parents=True)
    for number in range(5):
        (scans / "a b" / f"{number}.zip").write_bytes(b"x" * number)
    assert house.local().post("/roots", json={"name": "sc/ans", "path": str(scans)}).status_code == 201
    with house.person().client() as client:
        top = client.get("/roots/sc%2Fans/entries").json()
        assert [(each["name"], each["kind"], each["bytes"]) for each in top["items"]] == [
            ("a b", "folder", None)
        ]
        found: list[tuple[str, int]] = []
        query: dict[str, str] = {"path": "a b", "limit": "2"}
        while True:
            page = client.get("/roots/sc%2Fans/entries", params=query).json()
            found += [(each["name"], each["bytes"]) for each in page["items"]]
            if page["next"] is None:
                break
            query["after"] = page["next"]
        assert found == [(f"{number}.zip", number) for number in range(5)]
        for path, status, code in (("../", 422, "path_outside_root"), ("nowhere", 404, "source_not_found")):
            answer = client.get("/roots/sc%2Fans/entries", params={"path": path})
            assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
            assert str(tmp_path) not in answer.text, "where the folder lies is for administrators"


def test_templates_are_listed_and_each_address_gives_the_archive_with_that_tree(house: House) -> None:
    with house.person().client() as client:
        listed = client.get("/templates").json()
        assert len(listed) == 6
        for template in listed:
            answer = client.get(f"http://triptych.test{template['url']}")
            assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
            assert answer.headers["content-disposition"] == f'attachment; filename="{template["id"]}.zip"'
            assert len(answer.content) == template["bytes"]
            with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
                assert [path for path in template["tree"] if path[-1] != "/"] == archive.namelist()
        missing = client.get("/templates/nothing.zip")
        assert (missing.status_code, missing.json()["error"]["code"]) == (404, "template_not_found")
    assert house.client().get("/templates").status_code == 401
