"""A bare file shows the same pixels and says nothing else."""

from __future__ import annotations

import io
import random
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from tests.support.pictures import pixels
from triptych.modalities.planar.bare import bare_picture

SECRET = b"a secret of somebody"
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def _saved(kind: str, mode: str = "RGB", **options: Any) -> bytes:
    exif = Image.Exif()
    exif[0x013B] = SECRET.decode()
    exif.get_ifd(0x8825)[1] = "N"
    target = io.BytesIO()
    image = Image.fromarray(pixels(3)).convert(mode)
    image.save(target, kind, exif=exif, icc_profile=PROFILE, **options)
    return target.getvalue() + SECRET


def _png(mode: str) -> bytes:
    texts = PngInfo()
    texts.add_text("Author", SECRET.decode())
    texts.add_itxt("Title", SECRET.decode())
    return _saved("PNG", mode, pnginfo=texts, dpi=(72, 72))


FILES = {
    "jpeg": _saved("JPEG", comment=SECRET, xmp=SECRET),
    "progressive jpeg": _saved("JPEG", comment=SECRET, progressive=True, restart_marker_rows=1),
    "gray jpeg": _saved("JPEG", "L", comment=SECRET),
    "ink jpeg": _saved("JPEG", "CMYK", comment=SECRET),
    "png": _png("RGB"),
    "png with alpha": _png("RGBA"),
    "palette": _png("P"),
    "one bit": _png("1"),
}


@pytest.mark.parametrize("data", FILES.values(), ids=FILES.keys())
def test_a_bare_file_shows_the_same_and_says_nothing_else(data: bytes) -> None:
    bare = bare_picture(data)
    assert SECRET in data
    assert SECRET not in bare
    with Image.open(io.BytesIO(data)) as before, Image.open(io.BytesIO(bare)) as after:
        assert np.array_equal(np.asarray(before), np.asarray(after))
        assert (before.mode, before.info.get("icc_profile")) == (after.mode, after.info["icc_profile"])
        assert not after.getexif()
        assert "comment" not in after.info
    assert bare_picture(bare) == bare


def test_the_miniature_of_a_jfif_header_goes() -> None:
    data = FILES["jpeg"]
    assert data[2:4] == b"\xff\xe0"
    header = data[6:18] + b"\1\1" + b"rgb"
    mini = data[:2] + b"\xff\xe0" + (len(header) + 2).to_bytes(2, "big") + header + data[20:]
    assert b"rgb" in mini
    assert bare_picture(mini) == bare_picture(data)


def test_no_cut_and_no_flipped_byte_is_an_error() -> None:
    chance = random.Random(5)
    for data in (FILES["progressive jpeg"], FILES["palette"]):
        for _ in range(500):
            changed = bytearray(data[: chance.randrange(len(data))])
            for _ in range(min(len(changed), 4)):
                changed[chance.randrange(len(changed))] = chance.randrange(256)
            assert len(bare_picture(bytes(changed))) <= len(changed) + 8


def test_what_is_no_picture_stays() -> None:
    assert bare_picture(b"text") == b"text"
