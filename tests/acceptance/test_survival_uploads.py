"""Uploads whose server is killed in the middle of a piece: they go on where they stood, and no byte differs."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import httpx
import numpy as np
import pytest

from tests.support import pictures
from tests.support.processes import Programs, Server, eventually, programs
from triptych.storage.uploads import UploadFolder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PIECE = 65_536
NOISE = np.random.default_rng(7).bytes(12_000_000)
TUS = {"Tus-Resumable": "1.0.0"}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A zip of 12 MB with twelve pictures in it; the rest is noise that nothing compresses."""
    files: dict[str, bytes | str] = {f"image/p{n}.jpg": pictures.jpeg(n) for n in range(12)}
    return pictures.archive(tmp_path_factory.mktemp("source") / "upload.zip", {**files, "noise.bin": NOISE})


def _create(server: Server, source: Path) -> str:
    filename = base64.b64encode(source.name.encode()).decode("ascii")
    length = str(source.stat().st_size)
    headers = {**TUS, "Upload-Length": length, "Upload-Metadata": f"filename {filename}"}
    answer = server.connection.request("POST", "/uploads", headers=headers)
    return answer.headers["Location"].rpartition("/")[2]


def _patch(server: Server, upload_id: str, body: bytes | Iterator[bytes], offset: int, **headers: str) -> int:
    sent = {**TUS, "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream", **headers}
    with httpx.Client(headers=server.connection.headers, trust_env=False, timeout=30) as client:
        url = f"{server.connection.address}/api/v1/uploads/{upload_id}"
        answer = client.patch(url, content=body, headers=sent)
    answer.raise_for_status()
    return int(answer.headers["Upload-Offset"])


def _offset(server: Server, upload_id: str) -> int:
    answer = server.connection.request("HEAD", f"/uploads/{upload_id}", headers=TUS)
    return int(answer.headers["Upload-Offset"])


def _slow(data: bytes, offset: int, stop_at: int, stopped: threading.Event) -> Iterator[bytes]:
    """The bytes from an offset on, slower from `stop_at` on, which it says: the connection is to break there."""
    while offset < len(data):
        yield data[offset : offset + PIECE]
        offset += PIECE
        if offset >= stop_at:
            stopped.set()
            time.sleep(0.05)


def _interrupt(
    run: Programs, server: Server, upload_id: str, data: bytes, offset: int, stop_at: int, **headers: str
) -> Server:
    """Send on from an offset, kill the server in the middle of it, and start another one."""
    stopped = threading.Event()

    def send() -> None:
        with suppress(httpx.HTTPError):
            _patch(server, upload_id, _slow(data, offset, stop_at, stopped), offset, **headers)

    sender = threading.Thread(target=send)
    sender.start()
    assert stopped.wait(30)
    part = UploadFolder(run.home).path(upload_id)
    eventually(lambda: part.stat().st_size > offset)
    server.kill()
    sender.join(30)
    assert not sender.is_alive()
    return run.serve()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _checksum(data: bytes) -> dict[str, str]:
    return {"Upload-Checksum": f"sha256 {base64.b64encode(hashlib.sha256(data).digest()).decode('ascii')}"}


def test_an_upload_whose_server_is_killed_goes_on_where_it_stood(source: Path, tmp_path: Path) -> None:
    data = source.read_bytes()
    with programs(tmp_path / "home") as run:
        server = run.serve()
        upload_id = _create(server, source)
        server = _interrupt(run, server, upload_id, data, 0, 3_000_000)
        stands = _offset(server, upload_id)
        assert 0 < stands < len(data)
        # What comes with a checksum counts once it is verified, and a kill comes before that.
        rest = _checksum(data[stands:])
        server = _interrupt(run, server, upload_id, data, stands, stands + 3_000_000, **rest)
        assert _offset(server, upload_id) == stands
        assert _patch(server, upload_id, data[stands:], stands, **rest) == len(data)
        assert _sha256(UploadFolder(run.home).path(upload_id).read_bytes()) == _sha256(data)
        begun = server.connection.post(
            "/datasets",
            {"source": {"kind": "upload", "id": upload_id}, "keep_succeeded": True, "options": {}},
        )
        job = f"/jobs/{begun['job']['id']}"
        eventually(lambda: server.connection.get(job)["state"] not in ("waiting", "running"))
        shown = server.connection.get("/datasets/upload")
        assert (shown["state"], shown["counts"]["items"]) == ("ready", 12)
        assert server.stop() == 0
        assert run.alive() == []


def test_the_command_line_waits_out_the_death_of_its_server_and_sends_on(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with programs(tmp_path / "home") as run:
        server = run.serve()
        port = int(server.connection.address.rpartition(":")[2])
        token = server.connection.post("/tokens", {"name": "upload"})["token"]
        given = ("--server", server.connection.address, "--token", token, "--json")
        adding = run.start("add", str(source), *given, on_home=False)
        folder = UploadFolder(run.home).folder
        eventually(lambda: any(path.stat().st_size for path in folder.glob("*.part")), pause=0.001)
        server.kill()
        server = run.serve(port)
        assert adding.stdout is not None
        document = json.loads(adding.stdout.read())
        assert adding.wait(30) == 0, document
        assert (document["state"], document["counts"]["items"]) == ("ready", 12)
        kept = {row["path"]: row for row in server.connection.all("/datasets/upload/members")}
        assert kept["noise.bin"]["sha256"] == _sha256(NOISE)
        assert list(folder.glob("*.part")) == [], "an upload goes once it is imported"
        assert server.stop() == 0
