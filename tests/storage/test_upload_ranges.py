"""Ranges that are sent ahead of an upload: nothing torn counts, nothing is kept twice, limits hold."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest

from triptych.core.errors import NotFound, TooLarge
from triptych.core.ids import new_id
from triptych.storage import upload_ranges
from triptych.storage.upload_ranges import RECORD, UploadRanges, read_stretches
from triptych.storage.uploads import UploadFolder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> UploadFolder:
    return UploadFolder(tmp_path)


@pytest.fixture
def upload_id(folder: UploadFolder) -> str:
    made = new_id()
    folder.create(made, 1_000)
    return made


def kept(ranges: UploadRanges) -> list[tuple[int, bytes]]:
    descriptor = ranges.open()
    if descriptor is None:
        return []
    try:
        stretches, _ = read_stretches(descriptor)
        return [
            (stretch.start, os.pread(descriptor, stretch.end - stretch.start, stretch.place))
            for stretch in stretches
        ]
    finally:
        os.close(descriptor)


def test_ranges_come_back_as_they_were_sent(folder: UploadFolder, upload_id: str) -> None:
    ranges = UploadRanges(folder, upload_id)
    assert kept(ranges) == []
    assert ranges.size() == 0
    ranges.add([(0, b"abc"), (500, b"defg")])
    ranges.add([(7, b"h")])
    assert kept(ranges) == [(0, b"abc"), (500, b"defg"), (7, b"h")]
    assert ranges.size() == 3 * RECORD.size + 8


def test_a_range_that_is_sent_again_is_not_kept_twice(folder: UploadFolder, upload_id: str) -> None:
    ranges = UploadRanges(folder, upload_id)
    for _ in range(3):
        ranges.add([(0, b"abc"), (500, b"defg")])
    ranges.add([(500, b"de")])
    ranges.add([(500, b"defgh")])
    assert kept(ranges) == [(0, b"abc"), (500, b"defg"), (500, b"defgh")]


def test_a_record_that_a_crash_cut_off_counts_for_nothing(folder: UploadFolder, upload_id: str) -> None:
    ranges = UploadRanges(folder, upload_id)
    ranges.add([(0, b"abc")])
    path = folder.path(upload_id).with_suffix(".ranges")
    whole = path.stat().st_size
    for torn in (b"\x07", RECORD.pack(9, 100) + b"half of it"):
        with path.open("ab") as file:
            file.write(torn)
        assert kept(ranges) == [(0, b"abc")]
        ranges.add([(40, torn[:1])])
        assert kept(ranges)[0] == (0, b"abc")
        os.truncate(path, whole)
    assert kept(ranges) == [(0, b"abc")]


def test_more_than_the_limits_is_refused_and_what_was_there_stays(
    folder: UploadFolder, upload_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_ranges, "RANGES_BYTES", 100)
    monkeypatch.setattr(upload_ranges, "RANGES_COUNT", 3)
    ranges = UploadRanges(folder, upload_id)
    ranges.add([(0, b"a" * 40)])
    for too_much in ([(50, b"b" * 29)], [(at, b"c") for at in (60, 61, 62)]):
        with pytest.raises(TooLarge) as caught:
            ranges.add(too_much)
        assert caught.value.code == "ranges_full"
        assert caught.value.hint
    ranges.add([(50, b"b" * 28)])
    assert kept(ranges) == [(0, b"a" * 40), (50, b"b" * 28)]


def test_many_may_send_at_once(folder: UploadFolder, upload_id: str) -> None:
    def send(number: int) -> None:
        for at in range(20):
            UploadRanges(folder, upload_id).add([(number * 20 + at, bytes([number]) * 5)])

    threads = [threading.Thread(target=send, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = kept(UploadRanges(folder, upload_id))
    assert sorted(start for start, _ in found) == list(range(160))
    assert all(data == bytes([start // 20]) * 5 for start, data in found)


def test_ranges_do_not_wait_for_the_writer_of_the_upload(folder: UploadFolder, upload_id: str) -> None:
    with folder.writing(upload_id, 0, 1_000) as writer:
        writer.write(b"x")
        UploadRanges(folder, upload_id).add([(500, b"abc")])
    assert kept(UploadRanges(folder, upload_id)) == [(500, b"abc")]


def test_ranges_go_with_the_upload(folder: UploadFolder, upload_id: str) -> None:
    ranges = UploadRanges(folder, upload_id)
    ranges.add([(0, b"abc")])
    folder.forget_ranges(upload_id)
    assert kept(ranges) == []
    ranges.add([(0, b"abc")])
    folder.remove(upload_id)
    ranges.add([(0, b"abc")])
    assert list(folder.folder.iterdir()) == []


def test_text_that_is_no_id_never_becomes_a_path(folder: UploadFolder) -> None:
    with pytest.raises(NotFound):
        UploadRanges(folder, "../x")
