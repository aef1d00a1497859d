"""Resumable uploads over HTTP: tus 1.0."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import sqlalchemy as sa

from tests.support.house import House, build
from triptych.api.upload_rows import FINISHED_DAYS_KEPT, sweep_uploads
from triptych.client.in_process import InProcessTransport
from triptych.db import tables
from triptych.storage.uploads import DAYS_KEPT, UploadFolder

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).resolve().parents[2]
TUS = {"Tus-Resumable": "1.0.0"}
BYTES = TUS | {"Content-Type": "application/offset+octet-stream"}


def create(client: httpx.Client, length: int, **metadata: str) -> str:
    """The path of a new upload, below /api/v1."""
    pairs = ",".join(
        f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in metadata.items()
    )
    answer = client.post("/uploads", headers=TUS | {"Upload-Length": str(length), "Upload-Metadata": pairs})
    assert answer.status_code == 201, answer.text
    return answer.headers["location"].removeprefix("/api/v1")


def send(client: httpx.Client, path: str, offset: int, data: Any, **headers: str) -> httpx.Response:
    extra = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.patch(path, content=data, headers=BYTES | {"Upload-Offset": str(offset)} | extra)


def stands(client: httpx.Client, path: str) -> int:
    answer = client.head(path, headers=TUS)
    assert answer.status_code == 200
    return int(answer.headers["upload-offset"])


def stored(house: House, path: str) -> bytes:
    folder = UploadFolder(house.installation.settings.home)
    return folder.resolve(path.rpartition("/")[2]).read_bytes()


def row_of(house: House, path: str) -> Any:
    with house.installation.database.read() as connection:
        statement = sa.select(tables.uploads).where(tables.uploads.c.id == path.rpartition("/")[2])
        return connection.execute(statement).one_or_none()


def change_row(house: House, path: str, **values: Any) -> None:
    with house.installation.database.write() as connection:
        where = tables.uploads.c.id == path.rpartition("/")[2]
        connection.execute(sa.update(tables.uploads).where(where).values(**values))


@pytest.fixture
def ada(house: House) -> Iterator[httpx.Client]:
    with house.person().client() as client:
        yield client


def test_an_upload_arrives_in_pieces_and_is_then_finished(house: House, ada: httpx.Client) -> None:
    data = os.urandom(3_000_000)
    path = create(ada, len(data), filename="a 影像.zip", relativePath="x/y")
    assert row_of(house, path).finished_at is None
    for offset in range(0, len(data), 1_100_000):
        answer = send(ada, path, offset, data[offset : offset + 1_100_000])
        assert answer.status_code == 204
        assert answer.headers["tus-resumable"] == "1.0.0"
    assert stored(house, path) == data
    row = row_of(house, path)
    assert row.finished_at is not None
    assert row.filename == "a 影像.zip"
    assert row.details == {"filename": "a 影像.zip", "relativePath": "x/y"}
    head = ada.head(path, headers=TUS).headers
    assert (head["upload-offset"], head["upload-length"]) == ("3000000", "3000000")
    assert base64.b64encode("a 影像.zip".encode()).decode() in head["upload-metadata"]


def test_the_server_says_what_it_can_do(house: House) -> None:
    for path in ("/uploads", "/uploads/x"):
        headers = house.client().options(path).headers
        assert headers["tus-version"] == "1.0.0"
        assert set(headers["tus-extension"].split(",")) == {
            "creation",
            "creation-with-upload",
            "termination",
            "checksum",
            "expiration",
        }
        assert headers["tus-checksum-algorithm"] == "sha1,sha256"
        assert int(headers["tus-max-size"]) == house.installation.settings.upload_bytes


def test_creation_may_carry_the_first_bytes(house: House, ada: httpx.Client) -> None:
    answer = ada.post("/uploads", content=b"abc", headers=BYTES | {"Upload-Length": "5"})
    assert (answer.status_code, answer.headers["upload-offset"]) == (201, "3")
    path = answer.headers["location"].removeprefix("/api/v1")
    assert send(ada, path, 3, b"de").headers["upload-offset"] == "5"
    assert stored(house, path) == b"abcde"


def test_an_empty_file_is_finished_at_once(house: House, ada: httpx.Client) -> None:
    assert row_of(house, create(ada, 0)).finished_at is not None


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_checksum_that_fits_is_taken_and_another_is_not(
    house: House, ada: httpx.Client, algorithm: str
) -> None:
    path = create(ada, 6)
    right = base64.b64encode(hashlib.new(algorithm, b"abc").digest()).decode()
    assert send(ada, path, 0, b"abc", Upload_Checksum=f"{algorithm} {right}").status_code == 204
    wrong = send(ada, path, 3, b"dXf", Upload_Checksum=f"{algorithm} {right}")
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (460, "checksum_mismatch")
    assert stands(ada, path) == 3
    assert stored(house, path) == b"abc"


@pytest.mark.parametrize("header", ["md5 AAAA", "sha1 %%%", "sha256"])
def test_a_checksum_that_cannot_be_read_is_refused(ada: httpx.Client, header: str) -> None:
    answer = send(ada, create(ada, 3), 0, b"abc", Upload_Checksum=header)
    if header != "sha256":
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_checksum")
    else:
        assert answer.status_code == 460


def test_a_wrong_offset_is_a_conflict(ada: httpx.Client) -> None:
    path = create(ada, 6)
    answer = send(ada, path, 2, b"abc")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "wrong_offset")
    assert answer.headers["tus-resumable"] == "1.0.0"
    assert stands(ada, path) == 0


def test_an_upload_is_its_owners_alone(house: House, ada: httpx.Client) -> None:
    path = create(ada, 3)
    for other in (house.person().client(), house.local(), house.client()):
        assert other.head(path, headers=TUS).status_code == 404
        assert send(other, path, 0, b"abc").status_code == 404
        assert other.delete(path, headers=TUS).status_code == 404
    assert stands(ada, path) == 0


def test_a_terminated_upload_leaves_nothing(house: House, ada: httpx.Client) -> None:
    path = create(ada, 3)
    send(ada, path, 0, b"ab")
    assert ada.delete(path, headers=TUS).status_code == 204
    assert ada.head(path, headers=TUS).status_code == 404
    assert row_of(house, path) is None
    assert list((house.installation.settings.home / "staging" / "uploads").iterdir()) == []


def test_another_version_of_the_protocol_is_refused(ada: httpx.Client) -> None:
    for headers in ({}, {"Tus-Resumable": "0.2.2"}):
        answer = ada.post("/uploads", headers=headers | {"Upload-Length": "3"})
        assert (answer.status_code, answer.headers["tus-version"]) == (412, "1.0.0")


@pytest.mark.parametrize("length", ["", "-1", "x", "1.5", "٣", "9" * 30])
def test_a_length_that_is_none_is_refused(ada: httpx.Client, length: str) -> None:
    headers = [(b"Tus-Resumable", b"1.0.0"), (b"Upload-Length", length.encode())]
    answer = ada.post("/uploads", headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_upload_header")


def test_odd_metadata_is_kept_as_text_or_refused(house: House, ada: httpx.Client) -> None:
    raw = base64.b64encode(b"../\xff\x00evil.zip").decode()
    answer = ada.post(
        "/uploads", headers=TUS | {"Upload-Length": "1", "Upload-Metadata": f"filename {raw},flag"}
    )
    details = row_of(house, answer.headers["location"]).details
    assert details == {"filename": "../\ufffd\ufffdevil.zip", "flag": ""}
    bad = ada.post("/uploads", headers=TUS | {"Upload-Length": "1", "Upload-Metadata": "filename !!!"})
    assert (bad.status_code, bad.json()["error"]["code"]) == (400, "bad_metadata")


def test_bytes_of_another_type_are_refused(ada: httpx.Client) -> None:
    path = create(ada, 3)
    headers = TUS | {"Upload-Offset": "0", "Content-Type": "application/octet-stream"}
    assert ada.patch(path, content=b"abc", headers=headers).status_code == 415


def test_more_bytes_than_announced_are_refused(ada: httpx.Client) -> None:
    answer = send(ada, create(ada, 3), 0, b"abcd")
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "upload_overflow")


def test_a_post_may_stand_for_a_method_that_a_proxy_does_not_pass(house: House, ada: httpx.Client) -> None:
    path = create(ada, 3)
    headers = BYTES | {"Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    assert ada.post(path, content=b"abc", headers=headers).status_code == 204
    assert stored(house, path) == b"abc"
    assert ada.post(path, headers=TUS).status_code == 405


def test_an_expired_upload_is_gone_before_and_after_it_is_swept(house: House, ada: httpx.Client) -> None:
    path = create(ada, 3)
    folder = UploadFolder(house.installation.settings.home)
    part = folder.resolve(path.rpartition("/")[2])
    assert "GMT" in ada.head(path, headers=TUS).headers["upload-expires"]
    long_ago = time.time() - (DAYS_KEPT + 1) * 86_400
    os.utime(part, (long_ago, long_ago))
    assert send(ada, path, 0, b"abc").status_code == 410
    assert sweep_uploads(house.installation.database, folder) == [part.stem]
    assert ada.head(path, headers=TUS).status_code == 410
    assert not part.exists()


def test_a_finished_upload_is_kept_for_whom_it_waits(house: House, ada: httpx.Client) -> None:
    folder = UploadFolder(house.installation.settings.home)
    paths = [create(ada, 3) for _ in range(3)]
    long_ago = time.time() - (FINISHED_DAYS_KEPT + 1) * 86_400
    for path in paths:
        send(ada, path, 0, b"abc")
        os.utime(folder.resolve(path.rpartition("/")[2]), (long_ago, long_ago))
    fresh, worked_on, forgotten = (path.rpartition("/")[2] for path in paths)
    change_row(house, forgotten, finished_at=long_ago)
    change_row(house, worked_on, finished_at=long_ago)
    house.job(house.person(), state="waiting", payload={"source": [{"id": worked_on}]})
    assert sweep_uploads(house.installation.database, folder) == [forgotten]
    assert folder.resolve(fresh).exists()


def test_quota_and_limit_are_kept(tmp_path: Path) -> None:
    installation, app, passwords = build(tmp_path / "home", upload_bytes=1000, quota_bytes=1500)
    house = House(installation, app, InProcessTransport(app), passwords)
    try:
        client = house.person().client()
        answer = client.post("/uploads", headers=TUS | {"Upload-Length": "1001"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "upload_too_large")
        first = create(client, 1000)
        answer = client.post("/uploads", headers=TUS | {"Upload-Length": "501"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "quota_exceeded")
        create(client, 500)
        assert client.delete(first, headers=TUS).status_code == 204
        house.dataset(house.person(), bytes=600)
        assert client.post("/uploads", headers=TUS | {"Upload-Length": "401"}).status_code == 413
        create(client, 400)
    finally:
        house.transport.close()
        installation.close()


def test_a_full_disk_says_so(house: House, ada: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage:
        free = 2

    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage)
    answer = ada.post("/uploads", headers=TUS | {"Upload-Length": "3"})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (507, "disk_full")
    assert error["hint"]
    with house.installation.database.read() as connection:
        assert connection.execute(sa.select(tables.uploads)).all() == []


def test_two_requests_never_write_the_same_upload_at_once(house: House, ada: httpx.Client) -> None:
    path = create(ada, 2_000_000)
    may_go_on = threading.Event()
    begun = threading.Event()

    def slow() -> Iterator[bytes]:
        yield b"a" * 1_500_000
        begun.set()
        may_go_on.wait(30)
        yield b"b" * 500_000

    answers: list[httpx.Response] = []
    first = threading.Thread(target=lambda: answers.append(send(ada, path, 0, slow())))
    first.start()
    begun.wait(30)
    while not stands(ada, path):
        time.sleep(0.01)
    second = send(ada, path, stands(ada, path), b"c")
    assert (second.status_code, second.json()["error"]["code"]) == (423, "upload_locked")
    may_go_on.set()
    first.join()
    assert answers[0].status_code == 204
    assert stored(house, path) == b"a" * 1_500_000 + b"b" * 500_000


SERVER = """
import sys, pathlib, uvicorn
from tests.support.house import House, build
installation, app, passwords = build(pathlib.Path(sys.argv[1]))
config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", access_log=False)
server = uvicorn.Server(config)
startup = server.startup
async def tell(sockets=None):
    await startup(sockets)
    print(server.servers[0].sockets[0].getsockname()[1], flush=True)
server.startup = tell
server.run()
"""


@contextmanager
def serving(home: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server as a process of its own, and its address; killed at the end."""
    command = [sys.executable, "-W", "ignore", "-c", SERVER, str(home)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY)
    assert process.stdout is not None
    with process.stdout as told:
        try:
            yield process, f"http://127.0.0.1:{int(told.readline())}/api/v1"
        finally:
            process.kill()
            process.wait()


def test_kill_minus_nine_loses_nothing_that_arrived(tmp_path: Path) -> None:
    home = tmp_path / "home"
    installation, app, passwords = build(home)
    token = House(installation, app, None, passwords).person().token  # type: ignore[arg-type]
    installation.close()
    data = os.urandom(4_000_000)
    headers = {"Authorization": f"Bearer {token}"}
    with serving(home) as (process, address), httpx.Client(base_url=address, headers=headers) as client:
        path = create(client, len(data), filename="a.zip")

        def half() -> Iterator[bytes]:
            yield data[:2_500_000]
            while stands(client, path) < 2_000_000:
                time.sleep(0.01)
            process.send_signal(signal.SIGKILL)
            process.wait()
            yield data[2_500_000:]

        with pytest.raises(httpx.TransportError), httpx.Client(base_url=address, headers=headers) as other:
            send(other, path, 0, half())
    with serving(home) as (_, address), httpx.Client(base_url=address, headers=headers) as client:
        offset = stands(client, path)
        assert 2_000_000 <= offset <= 2_500_000
        assert send(client, path, offset, data[offset:]).headers["upload-offset"] == str(len(data))
    part = UploadFolder(home).resolve(path.rpartition("/")[2])
    assert hashlib.sha256(part.read_bytes()).digest() == hashlib.sha256(data).digest()
