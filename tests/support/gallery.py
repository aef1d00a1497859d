"""A dataset with a picture of every kind, and people who may see or edit it."""

from __future__ import annotations

import io
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from tests.support.house import House, cheap_passwords
from tests.support.pictures import archive, pixels, png16
from tests.support.studio import Studio
from triptych.api.app import create_app
from triptych.assembly import open_installation
from triptych.client.connection import Connection
from triptych.client.home_server import LOCAL_HEADER
from triptych.client.in_process import ADDRESS, InProcessTransport
from triptych.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx

NAME = "gallery"
WIDE = (1300, 700)
SECRET = "Jane Doe"


@dataclass(frozen=True)
class Gallery:
    """The dataset, an administrator's studio, and the files by key."""

    studio: Studio
    house: House
    files: dict[str, bytes]
    viewer: httpx.Client
    editor: httpx.Client

    def get(self, path: str, **query: Any) -> Any:
        """What the administrator gets below the dataset."""
        return self.studio.connection.get(f"/datasets/{NAME}{path}", **query)

    def item(self, key: str, **query: Any) -> dict[str, Any]:
        """Everything about an item."""
        found: dict[str, Any] = self.get("/item", key=key, **query)
        return found


def image(key: str) -> Image.Image:
    """The picture of a key as Pillow has it, before it is stored."""
    scene = Image.fromarray(pixels(sum(key.encode())))
    kind = key.rpartition("/")[2].partition(".")[0]
    if kind == "wide":
        return scene.resize(WIDE)
    modes = {"palette": "P", "bit": "1", "alpha": "RGBA", "gray_alpha": "LA", "ink": "CMYK"}
    if kind == "alpha":
        scene.putalpha(Image.fromarray(pixels(1, bands=1)))
    return scene.convert(modes.get(kind, "RGB"))


def _file(key: str) -> bytes:
    if key.endswith("deep.png"):
        return png16(4)
    options: dict[str, Any] = {}
    if key.endswith("palette.png"):
        options["transparency"] = 3
    if key.endswith("turned.jpg"):
        options["exif"] = _exif()
    target = io.BytesIO()
    image(key).save(target, "JPEG" if key.endswith("jpg") else "PNG", **options)
    return target.getvalue()


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "Canon"
    exif[0x0112] = 6
    exif[0x013B] = SECRET
    exif.get_ifd(0x8825)[1] = "N"
    return exif


KEYS = (
    "P1/Series1/bit.png",
    "P1/Series1/deep.png",
    "P1/Series1/palette.png",
    "P1/Series2/turned.jpg",
    "P2/Series1/alpha.png",
    "P2/Series1/gray_alpha.png",
    "P2/Series1/ink.jpg",
    "P3/Series1/wide.png",
)


@contextmanager
def open_gallery(folder: Path) -> Iterator[Gallery]:
    """The dataset in an installation of its own, ready."""
    files = {key: _file(key) for key in KEYS}
    rows = [f"{key},{'odd' if place % 2 else 'even'}" for place, key in enumerate(KEYS)]
    members: dict[str, bytes | str] = {f"image/{key}": data for key, data in files.items()}
    source = archive(folder / f"{NAME}.zip", members | {"label.csv": "\n".join(rows)})
    with open_installation(Settings(home=folder / "home", workers=2), work=True) as installation:
        app = create_app(installation)
        transport = InProcessTransport(app)
        headers = {LOCAL_HEADER: installation.local_secret}
        with Connection(ADDRESS, headers=headers, transport=transport, reads_local_paths=True) as connection:
            studio = Studio(installation, connection)
            house = House(installation, app, transport, cheap_passwords())
            dataset = studio.add(source)["id"]
            viewer, editor = house.person(), house.person()
            house.grant(dataset, "user", viewer.user_id, "see")
            house.grant(dataset, "user", editor.user_id, "edit")
            yield Gallery(studio, house, files, viewer.client(), editor.client())


def expected_pixels(key: str, data: bytes) -> np.ndarray[Any, Any]:
    """The upright samples of a file as Pillow reads them, (y, x) or (y, x, band), in the values of the file."""
    with Image.open(io.BytesIO(data)) as opened:
        if key.endswith("turned.jpg"):
            return np.asarray(opened.transpose(Image.Transpose.ROTATE_270))
        if key.endswith("palette.png"):
            return np.asarray(opened.convert("RGBA"))
        if key.endswith("bit.png"):
            return np.asarray(opened).astype(np.uint8)
        return np.asarray(opened)
