"""What is there of an upload that has not arrived, against a plain model: a byte is there or it is not."""

from __future__ import annotations

import os
from contextlib import closing
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.archives import bundle, honest_zip
from triptych.core.ids import new_id
from triptych.core.source import MemberError
from triptych.storage.arriving import ArrivingFile, ArrivingMembers, RangesMissing
from triptych.storage.sources import SourceLimits, SourceRef, open_by_ranges
from triptych.storage.upload_ranges import UploadRanges
from triptych.storage.uploads import UploadFolder, UploadGone

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = bytes(range(200))
SPANS = st.tuples(st.integers(0, 199), st.integers(1, 60))


def begin(home: Path, data: bytes, arrived: int = 0) -> tuple[UploadFolder, str]:
    folder = UploadFolder(home)
    upload_id = new_id()
    folder.create(upload_id, len(data))
    if arrived:
        with folder.writing(upload_id, 0, len(data)) as writer:
            writer.write(data[:arrived])
    return folder, upload_id


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    arrived=st.integers(0, 200),
    sent=st.lists(SPANS, max_size=8),
    asked=st.lists(SPANS, min_size=1, max_size=8),
)
def test_what_is_there_is_read_and_what_is_not_is_named(
    arrived: int, sent: list[tuple[int, int]], asked: list[tuple[int, int]], tmp_path: Path
) -> None:
    folder, upload_id = begin(tmp_path, WHOLE, arrived)
    UploadRanges(folder, upload_id).add([(start, WHOLE[start : start + length]) for start, length in sent])
    there = set(range(arrived)).union(*(range(start, min(200, start + length)) for start, length in sent))
    with closing(ArrivingFile(folder, upload_id, len(WHOLE))) as file:
        for start, length in asked:
            gaps = file.missing(start, length)
            named = [at for first, size in gaps for at in range(first, first + size)]
            assert named == [at for at in range(start, min(200, start + length)) if at not in there]
            assert all(before[0] + before[1] < after[0] for before, after in pairwise(gaps))
            following = min((at for at in there if at > start), default=200)
            if start not in there:
                assert file.next_arrived(start) == following
            if gaps:
                with pytest.raises(RangesMissing) as caught:
                    file.read(start, length)
                assert caught.value.gaps == gaps
            else:
                assert file.read(start, length) == WHOLE[start : start + length]
    folder.remove(upload_id)


def test_what_came_by_tus_counts_more_than_what_was_sent_ahead(tmp_path: Path) -> None:
    folder, upload_id = begin(tmp_path, b"abcdef", 3)
    UploadRanges(folder, upload_id).add([(0, b"XXXXX")])
    with closing(ArrivingFile(folder, upload_id, 6)) as file:
        assert file.read(0, 5) == b"abcXX"


def test_a_look_lasts_as_it_was_opened_while_more_arrives(tmp_path: Path) -> None:
    folder, upload_id = begin(tmp_path, b"abcdef", 3)
    with closing(ArrivingFile(folder, upload_id, 6)) as file:
        with folder.writing(upload_id, 3, 6) as writer:
            writer.write(b"def")
        assert file.missing(0, 6) == [(3, 3)]
        folder.remove(upload_id)
        assert file.read(0, 3) == b"abc"
    with pytest.raises(UploadGone):
        ArrivingFile(folder, upload_id, 6)


def test_bytes_that_no_checksum_has_confirmed_are_not_there(tmp_path: Path) -> None:
    folder, upload_id = begin(tmp_path, b"abcdef", 4)
    folder.path(upload_id).with_suffix(".mark").write_text("2")
    with closing(ArrivingFile(folder, upload_id, 6)) as file:
        assert file.missing(0, 6) == [(2, 4)]
        os.truncate(folder.path(upload_id), 1)
        with pytest.raises(RangesMissing):
            file.read(0, 2)


@pytest.mark.parametrize("pack", [honest_zip, bundle], ids=["zip", "bundle"])
def test_members_that_are_missing_read_as_empty_and_are_named(pack: object, tmp_path: Path) -> None:
    files = {f"{number}.bin": os.urandom(40_000) for number in range(5)}
    data = pack(files)  # type: ignore[operator]
    folder, upload_id = begin(tmp_path, data)
    ranges = UploadRanges(folder, upload_id)
    ranges.add([(0, data[:45_000]), (len(data) - 66_000, data[-66_000:])])
    reference = SourceRef.of_file(folder.resolve(upload_id), "cells")
    with closing(ArrivingFile(folder, upload_id, len(data))) as file:
        members = ArrivingMembers(file)
        opened = open_by_ranges(file, members, reference, SourceLimits())
        assert opened is not None
        first, _, third, _, _ = opened.members
        assert members.read(first) == files["0.bin"]
        assert members.missing == []
        assert members.head(third, 100) == b""
        assert sum(length for _, length in members.missing) < 1_500
        assert members.read(third) == b""
        with pytest.raises(MemberError):
            members.read(third, 10)
    ranges.add([(start, data[start : start + length]) for start, length in members.missing])
    with closing(ArrivingFile(folder, upload_id, len(data))) as file:
        members = ArrivingMembers(file)
        assert members.read(third) == files["2.bin"]
        assert members.missing == []
