"""What needs an installation of its own: only one in a process works on jobs at a time."""

from __future__ import annotations

import http.server
import io
import threading
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from tests.support import pictures
from tests.support.studio import open_studio
from triptych.core.errors import TriptychError
from triptych.datasets.disposal import collect, purge_dataset

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def test_purging_removes_only_bytes_that_nothing_else_uses(tmp_path: Path) -> None:
    with open_studio(tmp_path / "home") as studio:
        shared = pictures.detection_zip(tmp_path / "one.zip")
        studio.add(shared)
        stored = dict(studio.installation.objects.names("packs"))
        second = studio.add(shared, name="two")
        added = set(studio.installation.objects.names("packs")) - set(stored.items())
        assert sum(size for _, size in added) < 2_000, (
            "the same files are not stored twice, only a manifest is"
        )
        purge_dataset(studio.installation.database, studio.installation.objects, second["id"])
        job = studio.wait(studio.connection.post("/verify")["job"]["id"])
        assert (job["result"]["damaged"], job["result"]["missing"]) == ([], [])
        purge_dataset(studio.installation.database, studio.installation.objects, studio.show("one")["id"])
        collect(studio.installation.database, studio.installation.objects, grace_seconds=0)
        assert list(studio.installation.objects.names("packs")) == []


def test_verify_finds_a_changed_byte_and_a_missing_object(tmp_path: Path) -> None:
    with open_studio(tmp_path / "home") as studio:
        studio.add(pictures.detection_zip(tmp_path / "one.zip"))
        folder = studio.installation.objects.folder
        assert folder is not None
        largest = max((folder / "packs").rglob("*"), key=lambda path: path.stat().st_size * path.is_file())
        data = bytearray(largest.read_bytes())
        data[100] ^= 1
        largest.chmod(0o644)
        largest.write_bytes(data)
        job = studio.wait(studio.connection.post("/verify")["job"]["id"])
        assert job["result"]["damaged_count"] == 1
        largest.unlink()
        job = studio.wait(studio.connection.post("/verify")["job"]["id"])
        assert (job["result"]["damaged_count"], job["result"]["missing_count"] > 1) == (0, True)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """The address of a folder behind an HTTP server without ranges."""
    handler = partial(_Quiet, directory=str(tmp_path))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        return


def test_a_zip_behind_an_address_is_brought_in_only_where_the_network_is_allowed(
    tmp_path: Path, served: str
) -> None:
    local = None
    pictures.detection_zip(tmp_path / "far.zip")
    source = {"kind": "url", "url": f"{served}/far.zip"}
    with open_studio(tmp_path / "home1") as studio:
        local = studio.add(tmp_path / "far.zip", name="local")
        with pytest.raises(TriptychError) as caught:
            studio.connection.post("/prescan", {"source": source})
        assert caught.value.code == "private_address"
        begun = studio.connection.post("/datasets", {"source": source})
        with pytest.raises(TriptychError) as refused:
            studio.wait(begun["job"]["id"])
        assert refused.value.code == "private_address"
        assert studio.names() == ["local"]
    with open_studio(tmp_path / "home2", private_networks=True) as studio:
        report = studio.connection.post("/prescan", {"source": source})
        assert (report["counts"]["items"], report["format"]) == (12, "image_label")
        begun = studio.connection.post("/datasets", {"source": source})
        studio.wait(begun["job"]["id"])
        assert studio.show("far")["content_hash"] == local["content_hash"]


def test_a_folder_under_a_registered_root_is_brought_in_and_nothing_beside_it(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "lab" / "scans" / "image"
    folder.mkdir(parents=True)
    for index in range(4):
        (folder / f"{index}.png").write_bytes(pictures.png(index))
    (tmp_path / "secret.zip").write_bytes(b"")
    with open_studio(tmp_path / "home") as studio:
        studio.connection.post("/roots", {"name": "lab", "path": str(tmp_path / "lab")})
        begun = studio.connection.post(
            "/datasets", {"source": {"kind": "root", "root": "lab", "path": "scans"}}
        )
        studio.wait(begun["job"]["id"])
        assert studio.show("scans")["counts"]["items"] == 4
        for path in ("../secret.zip", "/etc/passwd", "scans/../../secret.zip"):
            with pytest.raises(TriptychError) as caught:
                studio.connection.post("/prescan", {"source": {"kind": "root", "root": "lab", "path": path}})
            assert caught.value.code in ("path_outside_root", "source_not_found")


@pytest.fixture(scope="module")
def heavy() -> bytes:
    """A PNG of 144 million pixels."""
    made = io.BytesIO()
    Image.new("RGB", (16_000, 9_000), (10, 200, 30)).save(made, "PNG", compress_level=1)
    return made.getvalue()


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"worker_memory": 400_000_000}, "not_enough_memory"),
        ({"picture_pixels": 20_000_000}, "too_many_pixels"),
    ],
)
def test_a_file_that_takes_too_much_is_rejected_alone(
    tmp_path: Path, heavy: bytes, limits: dict[str, Any], code: str
) -> None:
    members: dict[str, bytes | str] = {f"image/{index}.png": pictures.png(index) for index in range(4)}
    members["image/1a.png"] = heavy
    with open_studio(tmp_path / "home", **limits) as studio:
        shown = studio.add(pictures.archive(tmp_path / "heavy.zip", members))
        assert shown["counts"]["items"] == 4
        rejected = [each for each in studio.members("heavy") if each["bin"] == "rejected"]
        assert [(each["path"], each["code"]) for each in rejected] == [("image/1a.png", code)]
        assert rejected[0]["hint"]
