"""Part files of uploads: the size is the offset, whatever happens."""

from __future__ import annotations

import errno
import hashlib
import os
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from triptych.core.errors import NotFound, TooLarge
from triptych.core.ids import new_id
from triptych.storage.uploads import (
    DAYS_KEPT,
    ChecksumMismatch,
    DiskFull,
    UploadFolder,
    UploadGone,
    UploadLocked,
    WrongOffset,
)

if TYPE_CHECKING:
    from pathlib import Path


def begin(home: Path, length: int) -> tuple[UploadFolder, str]:
    folder = UploadFolder(home)
    upload_id = new_id()
    folder.create(upload_id, length)
    return folder, upload_id


def test_bytes_arrive_where_they_belong(tmp_path: Path) -> None:
    folder, upload_id = begin(tmp_path, 6)
    with folder.writing(upload_id, 0, 6) as writer:
        writer.write(b"abc")
    with folder.writing(upload_id, 3, 6) as writer:
        writer.write(b"def")
    assert folder.resolve(upload_id).read_bytes() == b"abcdef"
    assert folder.resolve(upload_id) == tmp_path / "staging" / "uploads" / f"{upload_id}.part"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(min_size=1, max_size=200), cuts=st.lists(st.integers(1, 60), max_size=30))
def test_any_pieces_give_the_same_file(tmp_path: Path, data: bytes, cuts: list[int]) -> None:
    folder, upload_id = begin(tmp_path, len(data))
    for cut in [*cuts, len(data)]:
        offset = folder.offset(upload_id)
        piece = data[offset : offset + cut]
        checksum = ("sha256", hashlib.sha256(piece).digest()) if cut % 2 else None
        with folder.writing(upload_id, offset, len(data), checksum) as writer:
            writer.write(piece)
    assert folder.resolve(upload_id).read_bytes() == data


def test_a_wrong_offset_writes_nothing(tmp_path: Path) -> None:
    folder, upload_id = begin(tmp_path, 6)
    with pytest.raises(WrongOffset), folder.writing(upload_id, 2, 6):
        pass
    assert folder.offset(upload_id) == 0


def test_what_arrived_before_an_interruption_stays(tmp_path: Path) -> None:
    folder, upload_id = begin(tmp_path, 6)

    def interrupted() -> None:
        with folder.writing(upload_id, 0, 6) as writer:
            writer.write(b"abc")
            raise ConnectionError

    with pytest.raises(ConnectionError):
        interrupted()
    assert folder.offset(upload_id) == 3


def test_a_stretch_with_a_wrong_checksum_is_taken_back(tmp_path: Path) -> None:
    folder, upload_id = begin(tmp_path, 6)
    with folder.writing(upload_id, 0, 6) as writer:
        writer.write(b"abc")
    wrong = ("sha1", hashlib.sha1(b"other").digest())
    with pytest.raises(ChecksumMismatch), folder.writing(upload_id, 3, 6, wrong) as writer:
        writer.write(b"def")
    assert folder.resolve(upload_id).read_bytes() == b"abc"


def test_an_unverified_stretch_never_counts_even_after_a_crash(tmp_path: Path) -> None:
    folder, upload_id = begin(tmp_path, 6)
    part = folder.resolve(upload_id)
    part.write_bytes(b"abcd")
    part.with_suffix(".mark").write_text("2")
    assert folder.offset(upload_id) == 2
    with folder.writing(upload_id, 2, 6) as writer:
        writer.write(b"xy")
    assert part.read_bytes() == b"abxy"
    assert not part.with_suffix(".mark").exists()


def test_two_writers_never_write_at_once(tmp_path: Path) -> None:
    folder, upload_id = begin(tmp_path, 6)
    with folder.writing(upload_id, 0, 6) as writer:
        writer.write(b"a")
        with pytest.raises(UploadLocked), UploadFolder(tmp_path).writing(upload_id, 1, 6):
            pass
        writer.write(b"b")
    assert folder.resolve(upload_id).read_bytes() == b"ab"


def test_more_bytes_than_announced_are_refused(tmp_path: Path) -> None:
    folder, upload_id = begin(tmp_path, 3)
    with pytest.raises(TooLarge), folder.writing(upload_id, 0, 3) as writer:
        writer.write(b"abcd")
    assert folder.offset(upload_id) == 0


def test_a_disk_that_fills_up_keeps_what_it_took(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, upload_id = begin(tmp_path, 10)
    real = os.write
    room = [4]

    def write(descriptor: int, data: memoryview) -> int:
        if not room[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        taken = real(descriptor, data[: room[0]])
        room[0] -= taken
        return taken

    monkeypatch.setattr(os, "write", write)
    with pytest.raises(DiskFull) as caught, folder.writing(upload_id, 0, 10) as writer:
        writer.write(b"abcdefgh")
    assert caught.value.code == "disk_full"
    assert caught.value.hint
    assert folder.offset(upload_id) == 4
    room[0] = 100
    with folder.writing(upload_id, 4, 10) as writer:
        writer.write(b"efghij")
    assert folder.resolve(upload_id).read_bytes() == b"abcdefghij"


def test_an_upload_larger_than_the_disk_does_not_begin(tmp_path: Path) -> None:
    with pytest.raises(DiskFull):
        begin(tmp_path, 2**60)
    assert list((tmp_path / "staging" / "uploads").iterdir()) == []


def test_old_uploads_are_swept_and_others_stay(tmp_path: Path) -> None:
    folder, old = begin(tmp_path, 3)
    _, kept = begin(tmp_path, 3)
    _, fresh = begin(tmp_path, 3)
    long_ago = time.time() - (DAYS_KEPT + 1) * 86_400
    for upload_id in (old, kept):
        os.utime(folder.resolve(upload_id), (long_ago, long_ago))
    assert folder.sweep({kept}) == [old]
    assert folder.sweep({kept}) == []
    with pytest.raises(UploadGone):
        folder.resolve(old)
    assert folder.resolve(kept).exists()
    assert folder.resolve(fresh).exists()


@pytest.mark.parametrize("text", ["", "..", "../../etc/passwd", "a" * 24 + "/x", "A" * 24])
def test_text_that_is_no_id_never_becomes_a_path(tmp_path: Path, text: str) -> None:
    with pytest.raises(NotFound):
        UploadFolder(tmp_path).path(text)


def test_removing_leaves_nothing(tmp_path: Path) -> None:
    folder, upload_id = begin(tmp_path, 3)
    with folder.writing(upload_id, 0, 3) as writer:
        writer.write(b"abc")
    folder.remove(upload_id)
    folder.remove(upload_id)
    assert list((tmp_path / "staging" / "uploads").iterdir()) == []
