"""Small archives that want much memory, made here so that their tests need no data from elsewhere."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile
import zlib
from typing import TYPE_CHECKING

from tests.support import pictures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

BLOCK = bytes(1_000_000)
GOOD = {f"image/good{n}.jpg": pictures.jpeg(n) for n in range(6)}


def _deflated(size: int, prefix: bytes = b"") -> bytes:
    """A zlib stream of `prefix` and `size` zeros."""
    packer = zlib.compressobj(9)
    parts = [packer.compress(prefix)]
    parts += [packer.compress(BLOCK) for _ in range(size // len(BLOCK))]
    return b"".join([*parts, packer.flush()])


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(width: int, height: int, depth: int, idat: bytes, *extra: bytes) -> bytes:
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(extra) + _chunk(b"IDAT", idat) + _chunk(b"IEND", b"")


def _entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def huge_picture(path: Path) -> None:
    """Six good pictures and a valid PNG of 60,000 × 60,000 pixels of 1 bit."""
    rows = _png(60_000, 60_000, 1, _deflated(60_000 * 7_501))
    pictures.archive(path, {**GOOD, "image/huge.png": rows})


def inflating_text(path: Path) -> None:
    """Six good pictures and a small PNG whose zTXt chunk inflates to 300 MB."""
    text = _chunk(b"zTXt", b"Comment\0\0" + _deflated(300_000_000))
    idat = zlib.compress(b"".join(b"\0" + bytes(64) for _ in range(64)))
    pictures.archive(path, {**GOOD, "image/text.png": _png(64, 64, 8, idat, text)})


def inflating_member(path: Path) -> None:
    """Six good pictures and a member that inflates to 600 MB and calls itself a picture."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for name, data in GOOD.items():
            file.writestr(name, data)
        with file.open(_entry("image/zeros.png"), "w") as member:
            for _ in range(600):
                member.write(BLOCK)


def inflating_labels(path: Path) -> None:
    """Six good pictures and a label file that inflates to 600 MB without a line's end."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for name, data in GOOD.items():
            file.writestr(name, data)
        with file.open(_entry("label.csv"), "w") as member:
            member.write(b"good1.jpg,cat\ngood2.jpg,")
            for _ in range(600):
                member.write(b"a" * len(BLOCK))


def overlapping_members(path: Path) -> None:
    """A thousand names in the directory, all of them the same 10 MB in the file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("image/0000.png", bytes(10_000_000))
        for number in range(1, 1_000):
            info = zipfile.ZipInfo(f"image/{number:04}.png")
            first = file.filelist[0]
            for name in ("header_offset", "CRC", "compress_size", "file_size", "compress_type", "flag_bits"):
                setattr(info, name, getattr(first, name))
            file.filelist.append(info)
            file.NameToInfo[info.filename] = info
    path.write_bytes(buffer.getvalue())


def _tar_blocks() -> Iterator[bytes]:
    info = tarfile.TarInfo("image/zeros.png")
    info.size = 600_000_000
    yield info.tobuf()
    for _ in range(600):
        yield BLOCK
    yield bytes(10_240)


def inflating_tar(path: Path) -> None:
    """A tar.gz with one member of 600 MB of zeros."""
    with gzip.open(path, "wb", compresslevel=1) as file:
        for block in _tar_blocks():
            file.write(block)


def claims_much(path: Path) -> None:
    """Six good pictures and a JPEG whose header says 65,500 × 65,500."""
    data = bytearray(pictures.jpeg(1))
    place = data.index(b"\xff\xc0")
    data[place + 5 : place + 9] = struct.pack(">HH", 65_500, 65_500)
    pictures.archive(path, {**GOOD, "image/claims.jpg": bytes(data)})


def no_pictures(path: Path) -> None:
    """Twenty files that call themselves pictures, none of which is one."""
    pictures.archive(path, {f"image/bad{n}.jpg": b"\xff\xd8\xff" + bytes([n]) * 50 for n in range(20)})


BOMBS: dict[str, tuple[Callable[[Path], None], str]] = {
    "huge_picture.zip": (huge_picture, "SKIP"),
    "inflating_text.zip": (inflating_text, "SKIP"),
    "inflating_member.zip": (inflating_member, "SKIP"),
    "inflating_labels.zip": (inflating_labels, "REJECT"),
    "overlapping_members.zip": (overlapping_members, "REJECT"),
    "inflating_tar.tar.gz": (inflating_tar, "REJECT"),
    "claims_much.zip": (claims_much, "SKIP"),
    "no_pictures.zip": (no_pictures, "REJECT"),
}
"""Each with what becomes of it: REJECT refuses the whole, SKIP leaves out what cannot be read."""
