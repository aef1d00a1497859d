"""Uploads that are checked while they arrive, and the list of one's own."""

from __future__ import annotations

import json
import os
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from tests.api.test_uploads import BYTES, change_row, create, send, stands
from tests.formats.samples import SAMPLES
from tests.support import pictures
from tests.support.archives import bundle, honest_zip
from tests.support.house import House, build
from tests.support.studio import open_studio
from triptych.api.upload_rows import FINISHED_DAYS_KEPT, sweep_uploads
from triptych.client.in_process import InProcessTransport
from triptych.client.uploads import upload as upload_by_client
from triptych.core.access import Role
from triptych.datasets.manifest import read_rows
from triptych.db import tables
from triptych.storage.blobs import read_blob
from triptych.storage.uploads import UploadFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import httpx

RAW = {"Content-Type": "application/offset+octet-stream"}
PAD = {"notes.bin": bytes(300_000)}


@pytest.fixture
def ada(house: House) -> Iterator[httpx.Client]:
    with house.person().client() as client:
        yield client


def put(client: httpx.Client, path: str, start: int | str, data: Any) -> httpx.Response:
    return client.put(f"{path}/ranges/{start}", content=data, headers=RAW)


def put_many(client: httpx.Client, path: str, data: bytes, spans: list[list[int]]) -> httpx.Response:
    body = json.dumps(spans).encode() + b"\n" + b"".join(data[start:end] for start, end in spans)
    return client.put(f"{path}/ranges", content=body, headers=RAW)


def checked(
    client: httpx.Client, path: str, data: bytes, *, at_once: bool = True, **wish: Any
) -> httpx.Response:
    """Check, and send what is asked for, until there is an answer; as a browser does."""
    for _ in range(8):
        answer = client.post(f"{path}/check", json=wish)
        if answer.status_code != 200 or not answer.json()["wanted"]:
            return answer
        spans = answer.json()["wanted"]
        assert answer.json() == {"wanted": spans, "report": None, "waiting": False}
        if at_once:
            assert put_many(client, path, data, spans).status_code == 204
        else:
            for start, end in spans:
                assert put(client, path, start, data[start:end]).status_code == 204
    raise AssertionError("no answer after eight rounds")


def prescanned(client: httpx.Client, path: str, **wish: Any) -> httpx.Response:
    source = {"kind": "upload", "id": path.rpartition("/")[2]}
    return client.post("/prescan", json={"source": source, **wish})


def beside(house: House, path: str, suffix: str) -> Path:
    folder = UploadFolder(house.installation.settings.home)
    return folder.path(path.rpartition("/")[2]).with_suffix(suffix)


@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "one by one"])
@pytest.mark.parametrize("pack", [honest_zip, bundle], ids=["zip", "bundle"])
def test_an_upload_of_which_nothing_arrived_has_the_report_of_the_finished_one(
    pack: Callable[[dict[str, bytes]], bytes], at_once: bool, house: House, ada: httpx.Client
) -> None:
    data = pack({**SAMPLES["image_label"](), **PAD})
    path = create(ada, len(data), filename="cells")
    wish = {"format": "image_label", "options": {"limits": "original", "class_min": "1"}}
    early = checked(ada, path, data, at_once=at_once, **wish)
    assert early.status_code == 200
    assert early.json()["waiting"] is False
    assert stands(ada, path) == 0
    assert beside(house, path, ".ranges").exists()
    send(ada, path, 0, data)
    assert not beside(house, path, ".ranges").exists()
    late = prescanned(ada, path, **wish)
    assert late.status_code == 200
    assert early.json()["report"] == late.json()
    assert ada.post(f"{path}/check", json=wish).json() == {
        "wanted": [], "report": late.json(), "waiting": False,
    }  # fmt: skip


def test_a_refusal_comes_early_and_is_that_of_the_prescan(ada: httpx.Client) -> None:
    data = bundle({"../a.png": b"a", **PAD})
    path = create(ada, len(data))
    early = checked(ada, path, data)
    assert (early.status_code, early.json()["error"]["code"]) == (422, "unsafe_path")
    send(ada, path, 0, data)
    assert prescanned(ada, path).json() == early.json()


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"format": "dicomm"}, "unknown_format"),
        ({"modality": "flat"}, "unknown_modality"),
        ({"options": {"labels": "perhaps"}}, "unknown_option"),
        ({"source": {}}, "bad_fields"),
    ],
)
def test_a_wish_that_cannot_be_met_is_said(ada: httpx.Client, wish: dict[str, Any], code: str) -> None:
    answer = ada.post(f"{create(ada, 10)}/check", json=wish)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)


def test_checks_and_ranges_do_not_wait_for_the_bytes_that_arrive(ada: httpx.Client) -> None:
    data = bundle({f"image/{number}.png": pictures.png(number) + bytes(1_000_000) for number in range(4)})
    path = create(ada, len(data))
    may_go_on, begun = threading.Event(), threading.Event()

    def slow() -> Iterator[bytes]:
        yield data[:1_500_000]
        begun.set()
        may_go_on.wait(60)
        yield data[1_500_000:]

    answers: list[httpx.Response] = []
    sending = threading.Thread(target=lambda: answers.append(send(ada, path, 0, slow())))
    sending.start()
    try:
        begun.wait(60)
        while not stands(ada, path):
            time.sleep(0.01)
        early = checked(ada, path, data)
        assert early.json()["report"]["counts"]["items"] == 4
        assert stands(ada, path) < len(data)
    finally:
        may_go_on.set()
        sending.join()
    assert answers[0].status_code == 204
    assert prescanned(ada, path).json() == early.json()["report"]


def test_another_persons_upload_is_not_there(house: House, ada: httpx.Client) -> None:
    path = create(ada, 3)
    for other in (house.person(Role.ADMINISTRATOR).client(), house.local(), house.client()):
        assert other.post(f"{path}/check", json={}).status_code == 404
        assert put(other, path, 0, b"abc").status_code == 404
        assert put_many(other, path, b"abc", [[0, 3]]).status_code == 404
    assert not beside(house, path, ".ranges").exists()
    assert [row["offset"] for row in ada.get("/uploads").json()] == [0]


@pytest.mark.parametrize(
    ("start", "data"), [(0, b""), (8, b"abc"), (11, b"a"), ("x", b"a"), ("-1", b"a"), ("9" * 5_000, b"a")]
)
def test_a_range_that_is_none_is_refused(ada: httpx.Client, start: int | str, data: bytes) -> None:
    answer = put(ada, create(ada, 10), start, data)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_range")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[[0,3]]",
        b"[[0,3]]\nab",
        b"[[0,3]]\nabcd",
        b"[[3,0]]\n",
        b"[[0,0]]\n",
        b"[[-1,2]]\nabc",
        b"[[8,11]]\nabc",
        b"[[0,true]]\na",
        b"[[0,1.0]]\na",
        b"[[0]]\na",
        b"{}\n",
        b"[" * 200_000 + b"\n",
        b"[[0," + b"9" * 5_000 + b"]]\na",
        b"\xff\n",
        b"x\nabc",
    ],
)
def test_many_ranges_that_are_none_are_refused(ada: httpx.Client, body: bytes) -> None:
    answer = ada.put(f"{create(ada, 10)}/ranges", content=body, headers=RAW)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_range")


def test_ranges_have_their_type_and_their_limit(ada: httpx.Client) -> None:
    path = create(ada, 20_000_000)
    for ending, most in (("/ranges/0", 8 * 2**20), ("/ranges", 8 * 2**20 + 256 * 2**10)):
        url = f"{path}{ending}"
        assert ada.put(url, content=b"abc").status_code == 415
        for body in (bytes(most + 1), iter([bytes(most), b"x"])):
            answer = ada.put(url, content=body, headers=RAW)
            assert (answer.status_code, answer.json()["error"]["code"]) == (413, "body_too_large")
    full = 0
    for start in range(0, 16):
        full = put(ada, path, start, bytes(8 * 2**20)).status_code
    assert full == 413


def test_ranges_count_against_the_quota_while_they_lie_there(tmp_path: Path) -> None:
    installation, app, passwords = build(tmp_path / "home", quota_bytes=100_000)
    house = House(installation, app, InProcessTransport(app), passwords)
    try:
        client = house.person().client()
        path = create(client, 50_000)
        put(client, path, 0, bytes(40_000))
        answer = client.post("/uploads", headers=BYTES | {"Upload-Length": "20000"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "quota_exceeded")
        send(client, path, 0, bytes(50_000))
        create(client, 20_000)
    finally:
        house.transport.close()
        installation.close()


def test_a_range_that_comes_after_the_end_is_dropped(house: House, ada: httpx.Client) -> None:
    path = create(ada, 3)
    send(ada, path, 0, b"abc")
    assert put(ada, path, 0, b"ab").status_code == 204
    assert not beside(house, path, ".ranges").exists()


def test_an_expired_upload_is_gone(house: House, ada: httpx.Client) -> None:
    path = create(ada, 3)
    send(ada, path, 0, b"abc")
    change_row(house, path, finished_at=1.0)
    assert ada.post(f"{path}/check", json={}).status_code == 410
    assert put(ada, path, 0, b"ab").status_code == 410
    assert ada.get("/uploads").json() == []


def test_ones_own_uploads_are_listed_newest_first(house: House, ada: httpx.Client) -> None:
    first = create(ada, 10, filename="cells", filetype="application/x-triptych-folder")
    send(ada, first, 0, b"abc")
    second = create(ada, 3, filename="b.zip")
    send(ada, second, 0, b"abc")
    with house.person().client() as other:
        create(other, 5)
        assert [row["bytes"] for row in other.get("/uploads").json()] == [5]
    newest, oldest = ada.get("/uploads").json()
    assert (newest["filename"], newest["offset"], newest["bytes"]) == ("b.zip", 3, 3)
    assert oldest.pop("created_at") < time.time() < oldest.pop("expires_at")
    assert oldest == {
        "id": first.rpartition("/")[2],
        "filename": "cells",
        "bytes": 10,
        "offset": 3,
        "metadata": {"filename": "cells", "filetype": "application/x-triptych-folder"},
    }
    assert house.client().get("/uploads").status_code == 401


def test_an_upload_that_a_dataset_is_made_of_is_not_listed(any_house: House) -> None:
    house = any_house
    person = house.person()
    with person.client() as client:
        made, orphan, free = (create(client, 3) for _ in range(3))
        for path in (made, orphan, free):
            send(client, path, 0, b"abc")
        for path, dataset in ((made, house.dataset(person)), (orphan, None)):
            address = str(beside(house, path, ".part"))
            house.job(person, dataset, payload={"source": {"address": address}})
        listed = {row["id"] for row in client.get("/uploads").json()}
    assert listed == {path.rpartition("/")[2] for path in (orphan, free)}


def test_an_upload_that_a_waiting_job_reads_is_not_swept(house: House, ada: httpx.Client) -> None:
    path = create(ada, 3)
    send(ada, path, 0, b"abc")
    change_row(house, path, finished_at=time.time() - (FINISHED_DAYS_KEPT + 1) * 86_400)
    part = beside(house, path, ".part")
    house.job(house.person(), state="waiting", payload={"source": {"address": str(part)}})
    os.utime(part, (1, 1))
    folder = UploadFolder(house.installation.settings.home)
    assert sweep_uploads(house.installation.database, folder) == []
    assert part.exists()


def test_a_folder_that_was_uploaded_becomes_a_dataset_whose_source_is_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "scans"
    for path, data in SAMPLES["class_folders"]().items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    with open_studio(tmp_path / "home") as studio:
        upload_id = upload_by_client(studio.connection, folder, lambda _, __: None)
        begun = studio.connection.post("/datasets", {"source": {"kind": "upload", "id": upload_id}})
        studio.wait(begun["job"]["id"])
        sent = studio.show("scans")
        local = studio.add(folder, name="local")
        assert sent["content_hash"] == local["content_hash"]
        assert sent["counts"]["items"] == 9
        assert studio.connection.get("/uploads") == []
        verified = studio.wait(studio.connection.post("/verify")["job"]["id"])["result"]
        assert (verified["damaged_count"], verified["missing_count"]) == (0, 0)
        with studio.installation.database.read() as connection:
            row = connection.execute(
                sa.select(tables.sources).where(tables.sources.c.dataset_id == sent["id"])
            ).one()
            manifest = read_rows(read_blob(connection, studio.installation.objects, bytes(row.manifest)))
    assert (row.filename, row.reference["container"]) == ("scans", "folder")
    assert {entry["path"]: (entry["bytes"], entry["modified"]) for entry in manifest} == {
        path: (len(data), (folder / path).stat().st_mtime_ns // 1_000_000 / 1000)
        for path, data in SAMPLES["class_folders"]().items()
    }
