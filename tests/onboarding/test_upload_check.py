"""A check of what has not arrived says what the pre-scan says of the whole, and asks for little."""

from __future__ import annotations

import io
import json
import struct
import tarfile
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import real_data_folder
from tests.formats.samples import SAMPLES
from tests.support import pictures
from tests.support.archives import Piece, bundle, front, honest_zip, raw_zip
from tests.support.arriving import Arriving, Waits
from triptych.core.errors import Refused
from triptych.onboarding.check import Wish
from triptych.onboarding.prescan import HEAD_BYTES, prescan
from triptych.storage.sources import SourceRef
from triptych.storage.upload_ranges import RANGES_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def arriving(folder: Path, data: bytes, name: str = "cells.zip") -> Arriving:
    (folder / name).write_bytes(data)
    return Arriving(folder / "home", folder / name)


def outcome(ask: Callable[[], Any]) -> Any:
    """The report, or the code and the message of the refusal."""
    try:
        return ask()
    except Refused as error:
        return error.code, error.message, [finding.code for finding in error.findings]


def whole(upload: Arriving, wish: Wish | None = None) -> Any:
    """What the pre-scan says of the finished upload."""
    upload.finish_by_link()
    reference = SourceRef.of_file(
        upload.folder.resolve(upload.upload_id), upload.filename or upload.source.name
    )
    return outcome(lambda: prescan(reference, wish or Wish(), upload.settings, upload.home / "staging"))


@pytest.mark.parametrize("pack", [honest_zip, bundle], ids=["zip", "bundle"])
@pytest.mark.parametrize("name", SAMPLES)
def test_the_report_of_what_arrives_is_that_of_what_is_there(
    name: str, pack: Callable[[dict[str, bytes]], bytes], tmp_path: Path
) -> None:
    # A large file between the others, so that they do not all come with the first ranges.
    files = {**SAMPLES[name](), "notes.bin": bytes(300_000)}
    files = {f"data/{path}": data for path, data in files.items()}
    upload = arriving(tmp_path, pack(files))
    report = upload.report()
    assert report["counts"]["items"] > 0
    assert report == whole(upload)
    assert upload.check().report == report


def test_wishes_count(tmp_path: Path) -> None:
    upload = arriving(tmp_path, honest_zip({**SAMPLES["image_label"](), "pad.bin": bytes(300_000)}))
    wish = Wish("image_label", "planar", (("labels", "ignore"),))
    report = upload.report(wish)
    assert report["annotation_sets"] == []
    assert report == whole(upload, wish)


@pytest.mark.skipif(real_data_folder() is None, reason="no real data: set TRIPTYCH_TEST_DATA")
def test_every_real_and_every_hostile_zip_is_judged_as_when_it_is_there(tmp_path: Path) -> None:
    data = real_data_folder()
    assert data is not None
    wrong = []
    for path in sorted([*data.glob("images/*.zip"), *data.glob("hostile/*/*.zip")]):
        if path.stat().st_size == 0:
            continue
        upload = Arriving(tmp_path / "home", path)
        try:
            early = outcome(upload.report)
        except Waits:
            assert path.name == "tar_gz_named.zip"
            continue
        if early != whole(upload):
            wrong.append(path.name)
    assert wrong == []


def test_large_zips_give_a_report_for_less_than_a_hundredth_of_their_bytes(tmp_path: Path) -> None:
    upload = Arriving(tmp_path / "home", _large_zip(tmp_path / "large.zip", count=5_000, size=100_000))
    report = upload.report()
    assert report["counts"]["items"] == 5_000
    assert [entry["items"] for entry in report["annotation_sets"]] == [5_000]
    assert upload.bytes_sent < upload.length / 100
    assert upload.rounds <= 4
    assert report == whole(upload)


def test_large_folders_give_a_report_for_less_than_a_hundredth_of_their_bytes(tmp_path: Path) -> None:
    upload = Arriving(tmp_path / "home", _large_bundle(tmp_path / "cells", count=5_000, size=100_000))
    report = upload.report()
    assert report["source"]["container"] == "folder"
    assert report["counts"]["items"] == 5_000
    assert upload.bytes_sent < upload.length / 100
    assert upload.rounds <= 4
    assert report == whole(upload)


@pytest.mark.parametrize("pack", [honest_zip, bundle], ids=["zip", "bundle"])
def test_of_a_picture_only_the_head_is_asked_for(
    pack: Callable[[dict[str, bytes]], bytes], tmp_path: Path
) -> None:
    noise = {f"image/{number}.png": pictures.png(number) + _noise(200_000, number) for number in range(6)}
    upload = arriving(tmp_path, pack({**noise, "image/label.csv": b"0.png,x\n" * 2_000}))
    assert upload.report()["counts"]["items"] == 6
    beyond = [one for one in upload.sent if one[0] > 70_000 and sum(one) < upload.length - 70_000]
    assert len(beyond) >= 4
    assert max(length for _, length in beyond) <= HEAD_BYTES + HEAD_BYTES // 50 + 1_300


def test_label_files_are_asked_for_whole(tmp_path: Path) -> None:
    rows = "".join(f"{number % 3}.png,{number % 7:0100}\n" for number in range(50_000)).encode()
    files = {f"image/{number}.png": pictures.png(number) for number in range(3)}
    stored = {**files, "pad.bin": _noise(200_000, 1), "label.csv": rows, "pad2.bin": _noise(2_000_000, 2)}
    upload = arriving(tmp_path, honest_zip(stored, zipfile.ZIP_STORED))
    report = upload.report()
    assert upload.rounds <= 3
    assert len(rows) < upload.bytes_sent < len(rows) + 500_000
    assert max(length for _, length in upload.sent) <= 4_194_304
    assert report == whole(upload)


def test_what_has_arrived_by_tus_is_not_asked_for_again(tmp_path: Path) -> None:
    files = {f"image/{number}.png": pictures.png(number) + _noise(200_000, number) for number in range(6)}
    upload = arriving(tmp_path, bundle(files))
    upload.arrive(700_000)
    report = upload.report()
    assert all(start >= 700_000 for start, _ in upload.sent)
    upload.arrive()
    assert upload.check().report == report


def test_the_first_question_is_for_the_beginning_and_the_end_alone(tmp_path: Path) -> None:
    upload = arriving(tmp_path, honest_zip({"a.png": _noise(1_000_000, 1)}, zipfile.ZIP_STORED))
    size = upload.length
    assert upload.check().wanted == ((0, 65_536), (size - 65_536, 65_536))
    small = arriving(tmp_path, bundle({"a.png": pictures.png(1)}), "small")
    assert small.check().wanted == ((0, small.length),)


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:xz"])
def test_a_tar_waits_until_it_is_there(mode: Any, tmp_path: Path) -> None:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode=mode) as archive:
        for number in range(4):
            data = pictures.png(number) + _noise(100_000, number)
            info = tarfile.TarInfo(f"image/{number}.png")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    upload = arriving(tmp_path, target.getvalue(), "cells.tar")
    assert upload.check().wanted
    with pytest.raises(Waits):
        upload.report()
    found = upload.check()
    assert (found.wanted, found.report, found.waiting) == ((), None, True)
    upload.arrive(150_000)
    assert upload.check().waiting
    upload.arrive()
    found = upload.check()
    assert found.report == whole(upload)
    assert not found.waiting
    assert found.report is not None
    assert found.report["counts"]["items"] == 4


def test_a_check_that_needs_more_than_ranges_may_hold_waits(tmp_path: Path) -> None:
    (tmp_path / "cells").write_bytes(front(json.dumps([
        ["image/a.png", len(pictures.png(1)), 0], ["label.csv", RANGES_BYTES + 1, 0],
    ]).encode()) + pictures.png(1))  # fmt: skip
    with (tmp_path / "cells").open("r+b") as file:
        file.truncate(file.seek(0, io.SEEK_END) + RANGES_BYTES + 1)
    upload = Arriving(tmp_path / "home", tmp_path / "cells")
    with pytest.raises(Waits):
        upload.report()
    assert upload.check().waiting


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.7" + bytes(500_000), "not_an_archive"),
        (_big := bytes(range(256)) * 2_000, "not_an_archive"),
        (honest_zip({"a.png": _big}, zipfile.ZIP_STORED)[:-60_000], "truncated"),
        (honest_zip({"../a.png": _big}, zipfile.ZIP_STORED), "unsafe_path"),
        (bundle({"../a.png": _big}), "unsafe_path"),
        (bundle({"a.png": _big}) + b"x", "contradicts_directory"),
        (front(b"[3]") + _big, "damaged_container"),
        (bundle({"notes.txt": _big}), "nothing_to_import"),
        (raw_zip(Piece(b"a.png", _big), Piece(b"b.png", _big, flags=1)), "encrypted"),
        (raw_zip(Piece(b"a.png", _big, local_name=b"b.png")), "contradicts_directory"),
        (bundle({"image/a.png": b"\x89PNG\r\n\x1a\n" + _big, "label.csv": b"\0" * 100}), "labels_unreadable"),
    ],
)
def test_what_is_refused_whole_is_refused_early(data: bytes, code: str, tmp_path: Path) -> None:
    upload = arriving(tmp_path, data)
    early = outcome(upload.report)
    assert early[0] == code
    assert upload.rounds <= 4
    assert upload.bytes_sent < 200_000 or code in ("not_an_archive", "truncated")
    assert whole(upload)[0] == code


def test_a_longer_field_in_front_of_the_data_costs_one_more_round(tmp_path: Path) -> None:
    extra = struct.pack("<2H", 0xCAFE, 3_000) + bytes(3_000)
    pieces = [
        Piece(
            f"image/{number}.png".encode(), pictures.png(number) + _noise(90_000, number), local_extra=extra
        )
        for number in range(4)
    ]
    upload = arriving(tmp_path, raw_zip(*pieces))
    report = upload.report()
    assert upload.rounds <= 4
    assert report == whole(upload)


def test_a_wrong_range_gives_no_fault(tmp_path: Path) -> None:
    """What a client sends ahead is its own affair: nonsense is refused as nonsense."""
    upload = arriving(tmp_path, bundle({"image/a.png": pictures.png(1)}))
    real = upload.source.read_bytes()
    upload.source.write_bytes(bytes(len(real)))
    assert outcome(upload.report)[0] == "not_an_archive"


def _noise(size: int, seed: int) -> bytes:
    import random

    return random.Random(seed).randbytes(size)


def _large_zip(path: Path, *, count: int, size: int) -> Path:
    """A zip of pictures whose ends are holes, so that it takes little room; nobody reads them."""
    head = pictures.jpeg(1)
    crc = zlib.crc32(head)
    rows = "".join(f"{number:05}.jpg,class {number % 5}\n" for number in range(count)).encode()
    members = [(f"image/{number:05}.jpg".encode(), head, size) for number in range(count)]
    members.insert(count // 2, (b"label.csv", rows, len(rows)))
    records = []
    with path.open("wb") as file:
        for name, data, length in members:
            place = file.tell()
            fields = (
                20,
                0,
                0,
                0,
                0x5821,
                zlib.crc32(rows) if data is rows else crc,
                length,
                length,
                len(name),
                0,
            )
            file.write(struct.pack("<4s5H3L2H", b"PK\3\4", *fields) + name + data)
            records.append(
                struct.pack("<4sH5H3L5H2L", b"PK\1\2", 0x0314, *fields, 0, 0, 0, 0o100644 << 16, place) + name
            )
            file.seek(place + 30 + len(name) + length)
        directory, place = b"".join(records), file.tell()
        file.write(directory)
        total = len(records)
        file.write(struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, total, total, len(directory), place, 0))
    return path


def _large_bundle(path: Path, *, count: int, size: int) -> Path:
    head = pictures.jpeg(1)
    listing = json.dumps([[f"cells/{number:05}.jpg", size, 1_700_000_000_000] for number in range(count)])
    with path.open("wb") as file:
        file.write(front(listing.encode()))
        for _ in range(count):
            place = file.tell()
            file.write(head)
            file.seek(place + size)
        file.truncate(file.tell())
    return path
