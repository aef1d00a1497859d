"""Tiles show every kind of picture in its own values at every level; what a file says of people stays in it."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import sqlalchemy as sa
from PIL import Image

from tests.support.gallery import KEYS, NAME, SECRET, Gallery, expected_pixels, open_gallery
from triptych.api import open_layers
from triptych.api.open_layers import PLAIN, OpenLayers
from triptych.core.errors import NotFound
from triptych.db.tables import renditions
from triptych.modalities.planar.boxes import box_mean
from triptych.modalities.planar.decode import decode
from triptych.modalities.planar.examined import CODE_VERSION
from triptych.modalities.planar.layer import PictureLayer
from triptych.modalities.planar.pyramid import PyramidLayer, write_pyramid
from triptych.storage.blobs import register
from triptych.storage.objects import Objects
from triptych.storage.packs import BlobWriter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gallery]:
    """A picture of every kind."""
    with open_gallery(tmp_path_factory.mktemp("gallery")) as opened:
        yield opened


def _tile(gallery: Gallery, sha256: str, level: int, column: int, row: int) -> NDArray[Any]:
    answer = gallery.studio.connection.request(
        "GET", f"/datasets/{NAME}/tiles/{sha256}/{level}/{column}/{row}"
    )
    shape = [int(side) for side in answer.headers["x-shape"].split(",")]
    return np.frombuffer(answer.content, np.dtype(answer.headers["x-dtype"]).newbyteorder("<")).reshape(shape)


def _level(gallery: Gallery, view: dict[str, Any], level: int) -> NDArray[Any]:
    """A level put together from its tiles, (y, x) or (y, x, band)."""
    side, width, height = view["tile"], view["width"] / 2**level, view["height"] / 2**level
    rows = [
        np.concatenate(
            [_tile(gallery, view["sha256"], level, column, row) for column in range(int(-(-width // side)))],
            -1,
        )
        for row in range(int(-(-height // side)))
    ]
    samples = np.concatenate(rows, -2)
    return samples if samples.ndim == 2 else np.moveaxis(samples, 0, 2)


@pytest.mark.parametrize("key", KEYS)
def test_tiles_have_the_values_of_the_file_at_every_level(gallery: Gallery, key: str) -> None:
    view = gallery.item(key)["image"]
    whole = expected_pixels(key, gallery.files[key])
    assert (view["height"], view["width"]) == whole.shape[:2]
    assert view["dtype"] == str(whole.dtype)
    assert len(view["bands"]) == (whole.shape[2] if whole.ndim == 3 else 1)
    assert view["levels"] == (3 if key.endswith("wide.png") else 1)
    for level in range(view["levels"]):
        assert np.array_equal(_level(gallery, view, level), box_mean(whole, 2**level))
    with pytest.raises(NotFound) as caught:
        _tile(gallery, view["sha256"], view["levels"], 0, 0)
    assert caught.value.code == "no_such_tile"
    with pytest.raises(NotFound):
        _tile(gallery, view["sha256"], 0, 9, 0)


def test_values_are_those_of_the_bit_depth(gallery: Gallery) -> None:
    depths = {key: gallery.item(key)["image"]["bit_depth"] for key in KEYS}
    assert (depths["P1/Series1/bit.png"], depths["P1/Series1/deep.png"]) == (1, 16)
    assert set(np.unique(_tile(gallery, gallery.item("P1/Series1/bit.png")["sha256"], 0, 0, 0))) == {0, 1}
    assert _tile(gallery, gallery.item("P1/Series1/deep.png")["sha256"], 0, 0, 0).max() > 255


def test_tiles_come_from_a_stored_pyramid_without_reading_the_picture(
    gallery: Gallery, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = "P3/Series1/wide.png"
    view = gallery.item(key)["image"]
    digest = bytes.fromhex(view["sha256"])
    installation = gallery.studio.installation
    pyramid = write_pyramid(decode(gallery.files[key]))
    writer = BlobWriter(installation.objects)
    writer.add(b"something before it")
    blob = writer.add(pyramid)
    with installation.database.write() as connection:
        register(connection, writer.finish())
        values = {"sha256": digest, "kind": "pyramid", "code_version": CODE_VERSION, "blob": blob}
        connection.execute(sa.insert(renditions).values(**values, media_type="image/tiff"))
    read: list[int] = []
    get = installation.objects.get

    def counted(_: Objects, name: str, start: int, length: int) -> bytes:
        read.append(length)
        return get(name, start, length)

    monkeypatch.setattr(Objects, "get", counted)
    monkeypatch.setattr(open_layers, "BUFFER_BYTES", 4096)
    layers = OpenLayers()
    whole = expected_pixels(key, gallery.files[key])
    for level in range(3):
        expected = np.moveaxis(box_mean(whole, 2**level)[:512, :512], 2, 0)
        assert np.array_equal(layers.tile(installation, digest, level, 0, 0), expected)
    assert isinstance(layers._held[installation.settings.home, digest, PLAIN].layer, PyramidLayer)
    assert 0 < sum(read) < len(pyramid) * 0.8
    assert max(read) < len(pyramid) / 2
    with installation.database.write() as connection:
        connection.execute(sa.delete(renditions).where(renditions.c.kind == "pyramid"))


def test_many_tiles_at_the_same_time_open_a_picture_once(
    gallery: Gallery, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = "P3/Series1/wide.png"
    digest = bytes.fromhex(gallery.item(key)["sha256"])
    opened: list[int] = []

    class Counted(PictureLayer):
        def __init__(self, data: bytes) -> None:
            opened.append(len(data))
            super().__init__(data)

    monkeypatch.setattr(open_layers, "open_picture", Counted)
    layers = OpenLayers()
    whole = np.moveaxis(expected_pixels(key, gallery.files[key]), 2, 0)
    places = [(column, row) for column in range(3) for row in range(2)] * 4

    def cut(place: tuple[int, int]) -> bool:
        column, row = place
        expected = whole[:, row * 512 : (row + 1) * 512, column * 512 : (column + 1) * 512]
        return np.array_equal(layers.tile(gallery.studio.installation, digest, 0, column, row), expected)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(cut, places))
    assert opened == [len(gallery.files[key])]


def test_layers_are_held_up_to_a_limit_of_bytes(gallery: Gallery) -> None:
    digests = [bytes.fromhex(gallery.item(key)["sha256"]) for key in KEYS[:4]]
    installation = gallery.studio.installation
    layers = OpenLayers(limit=64 * 48 * 4 + 64 * 48)
    for digest in digests[:3]:
        layers.tile(installation, digest, 0, 0, 0)
    assert [digest for _, digest, _ in layers._held] == [digests[2]], (
        "16 bits and a palette are too much together"
    )
    layers.tile(installation, digests[0], 0, 0, 0)
    assert [digest for _, digest, _ in layers._held] == [digests[2], digests[0]]
    with pytest.raises(NotFound):
        layers.tile(installation, bytes(32), 0, 0, 0)
    assert len(layers._held) == 2


def test_a_thumbnail_that_is_the_file_itself_says_nothing_of_people(gallery: Gallery) -> None:
    for key in KEYS:
        sha256 = gallery.item(key)["sha256"]
        answer = gallery.viewer.get(f"/datasets/{NAME}/thumbnails/{sha256}", params={"size": 512})
        assert answer.status_code == 200
        assert SECRET.encode() not in answer.content
        with Image.open(io.BytesIO(answer.content)) as shown:
            assert not shown.getexif()


def test_a_viewer_gets_pixels_and_no_file(gallery: Gallery) -> None:
    key = "P1/Series2/turned.jpg"
    sha256 = gallery.item(key)["sha256"]
    assert gallery.viewer.get(f"/datasets/{NAME}/tiles/{sha256}/0/0/0").status_code == 200
    assert gallery.viewer.get(f"/datasets/{NAME}/files/{sha256}").status_code == 403
    assert gallery.editor.get(f"/datasets/{NAME}/files/{sha256}").content == gallery.files[key]


def test_a_label_file_has_neither_thumbnail_nor_tiles(gallery: Gallery) -> None:
    (member,) = gallery.get("/members")["items"]
    assert member["path"] == "label.csv"
    address = f"/datasets/{NAME}/{{}}/{member['sha256']}"
    for client in (gallery.viewer, gallery.editor):
        assert client.get(address.format("thumbnails")).status_code == 404
        assert client.get(address.format("tiles") + "/0/0/0").status_code == 404
    assert gallery.editor.get(address.format("files")).status_code == 200
