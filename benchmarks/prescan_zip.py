"""Opening zips: a pre-scan of 10 GB, a directory of 100,000 entries, and reading members, beside zipfile."""

from __future__ import annotations

import io
import os
import struct
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from benchmarks.measuring import HEADER, call, row
from triptych.storage.sources import SourceLimits, SourceRef, open_reader, open_source

if TYPE_CHECKING:
    from triptych.storage.containers.ranges import LocalFile
    from triptych.storage.sources import ArchiveMembers

GB = 1_000_000_000
MEMBERS = 2_000
MEMBER_BYTES = 5_000_000
HEAD_BYTES = 16_384
ENTRIES = 100_000


def main() -> None:
    """Build the zips in a temporary folder, open and read them, print the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(HEADER)
        prescan(folder)
        directory(folder)
        members(folder)


def prescan(folder: Path) -> None:
    """Open 10 GB of large pictures and read the heads of all 2,000."""
    path = folder / "large.zip"
    write_sparse_zip(path)
    size = path.stat().st_size
    read = [0]

    def scan() -> None:
        with open_source(SourceRef.of_file(path), SourceLimits(), staging=folder) as opened:
            for member in opened.members:
                with Image.open(io.BytesIO(opened.reader.head(member, HEAD_BYTES))) as picture:
                    assert picture.size == (3_000, 2_000)
            read[0] = _file(opened.reader).bytes_read

    figures = call(scan)
    print(row(f"pre-scan of {size / GB:.1f} GB, {MEMBERS:,} members, sizes of all", figures, "≤ 2 s"))
    print(
        f"{'  bytes read':<58} {read[0] / 1e6:>8.1f} MB  = {read[0] / size:.3%}   "
        f"{'' if read[0] < size / 100 else 'MISSED: '}< 1 %"
    )


def directory(folder: Path) -> None:
    """List 100,000 entries."""
    path = folder / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(ENTRIES):
            archive.writestr(f"image/patient_{number // 100:04d}/slice_{number:06d}.png", b"x" * 100)

    def list_entries() -> None:
        with open_source(SourceRef.of_file(path), SourceLimits(), staging=folder) as opened:
            assert len(opened.members) == ENTRIES

    print(row(f"directory of {ENTRIES:,} entries, local headers checked", call(list_entries), "≤ 0.6 s"))
    print(row("  the same with zipfile, nothing checked", call(lambda: zipfile.ZipFile(path).close()), ""))


def members(folder: Path) -> None:
    """Read stored and deflated members, checksums verified."""
    content = [
        np.random.default_rng(seed).integers(0, 32, 1_000_000, np.uint8).tobytes() for seed in range(20)
    ]
    for method, word in ((zipfile.ZIP_STORED, "stored"), (zipfile.ZIP_DEFLATED, "deflated")):
        path = folder / f"{word}.zip"
        with zipfile.ZipFile(path, "w", method, compresslevel=1) as archive:
            for number in range(400):
                archive.writestr(f"{number}.bin", content[number % 20])
        with open_source(SourceRef.of_file(path), SourceLimits(), staging=folder) as opened:
            ref, listed = opened.resolved, list(opened.members)

        def ours(ref: SourceRef = ref, listed: list[object] = listed) -> None:  # type: ignore[assignment]
            reader = open_reader(ref)
            for member in listed:
                reader.read(member)  # type: ignore[arg-type]
            reader.close()

        def theirs(path: Path = path) -> None:
            with zipfile.ZipFile(path) as archive:
                for info in archive.infolist():
                    archive.read(info)

        ours()
        for name, work in ((f"reading 400 MB {word}", ours), ("  the same with zipfile", theirs)):
            figures = call(work)
            print(
                row(
                    f"{name}: {0.4 / figures.wall:.2f} GB/s",
                    figures,
                    "≤ 0.4 s: 1 GB/s" if name.endswith(" stored") else "",
                )
            )


def write_sparse_zip(path: Path) -> None:
    """A zip of 10 GB on a disk that holds only its headers: stored members, each with the head of a real JPEG."""
    target = io.BytesIO()
    Image.effect_noise((3_000, 2_000), 40).convert("RGB").save(target, "JPEG", quality=90)
    head = target.getvalue()[:HEAD_BYTES]
    records: list[bytes] = []
    with path.open("wb") as file:
        for number in range(MEMBERS):
            name = f"image/{number:05d}.jpg".encode()
            offset = file.tell()
            crc = zlib.crc32(name)  # never verified: a pre-scan reads no member to its end
            sizes = struct.pack("<2L", MEMBER_BYTES, MEMBER_BYTES)
            lengths = struct.pack("<2H", len(name), 0)
            file.write(
                struct.pack("<4s5HL", b"PK\3\4", 45, 0, 0, 0, 0x5821, crc) + sizes + lengths + name + head
            )
            file.seek(offset + 30 + len(name) + MEMBER_BYTES)
            wide = struct.pack("<2HQ", 1, 8, offset)
            records.append(
                struct.pack("<4s6HL", b"PK\1\2", 0x032D, 45, 0, 0, 0, 0x5821, crc)
                + sizes
                + struct.pack("<5H2L", len(name), len(wide), 0, 0, 0, 0o100644 << 16, 0xFFFF_FFFF)
                + name
                + wide
            )
        start = file.tell()
        file.write(b"".join(records))
        length = file.tell() - start
        position = file.tell()
        file.write(struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, MEMBERS, MEMBERS, length, start))
        file.write(struct.pack("<4sLQL", b"PK\6\7", 0, position, 1))
        file.write(struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, MEMBERS, MEMBERS, length, 0xFFFF_FFFF, 0))
        os.fsync(file.fileno())


def _file(reader: object) -> LocalFile:
    archive: ArchiveMembers = reader  # type: ignore[assignment]
    return archive.file  # type: ignore[return-value]


if __name__ == "__main__":
    main()
