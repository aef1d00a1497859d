"""Zips against an independent writer (the standard library), and against hand-made lies."""

from __future__ import annotations

import io
import os
import random
import struct
import tracemalloc
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inflate64 import Deflater

from tests.support.archives import Piece, honest_zip, raw_zip
from triptych.core.errors import Refused
from triptych.core.source import MemberError
from triptych.storage.containers.zip_end import LONG_TAIL, TAIL, find_end, read_tail_plan
from triptych.storage.sources import OpenedSource, SourceLimits, SourceRef, open_source

if TYPE_CHECKING:
    from pathlib import Path

METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
CONTENT = st.one_of(
    st.binary(max_size=3_000),
    st.builds(bytes, st.integers(0, 300_000)),
    st.builds(lambda seed, n: random.Random(seed).randbytes(n), st.integers(0, 99), st.integers(0, 200_000)),
)
NAMES = st.lists(
    st.text(
        st.characters(exclude_characters="/\\\0:", exclude_categories=["Cs"]), min_size=1, max_size=12
    ).filter(lambda name: name not in (".", "..")),
    min_size=1,
    max_size=4,
).map("/".join)


def opened_bytes(data: bytes, folder: Path) -> Any:
    path = folder / "x.zip"
    path.write_bytes(data)
    return open_source(SourceRef.of_file(path), SourceLimits(), staging=folder)


def refusal(data: bytes, folder: Path) -> str:
    with pytest.raises(Refused) as caught, opened_bytes(data, folder):
        pass
    return caught.value.code


def outcomes(opened: OpenedSource) -> dict[str, bytes | str]:
    found: dict[str, bytes | str] = {}
    for member in opened.members:
        try:
            found[member.path] = opened.reader.read(member)
        except MemberError as error:
            found[member.path] = error.code
    return found


class Pipe(io.RawIOBase):
    """A target that cannot seek: the packer then writes data descriptors."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self.data += piece
        return len(piece)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    files=st.dictionaries(
        NAMES, st.tuples(CONTENT, st.sampled_from(METHODS), st.booleans()), max_size=6, min_size=1
    ),
    comment=st.one_of(st.binary(max_size=200), st.just(b"PK\5\6" + bytes(18)), st.just(b"PK\5\6" * 9)),
    streamed=st.booleans(),
    front=st.one_of(st.just(b""), st.binary(max_size=100).map(lambda data: b"MZ" + data)),
)
def test_whatever_the_standard_library_writes_is_read_to_the_byte(
    files: dict[str, tuple[bytes, int, bool]], comment: bytes, streamed: bool, front: bytes, tmp_path: Path
) -> None:
    pipe = Pipe()
    plain = io.BytesIO()
    with zipfile.ZipFile(pipe if streamed else plain, "w") as archive:
        archive.comment = comment
        for name, (data, method, wide) in files.items():
            info = zipfile.ZipInfo(name, (2024, 5, 6, 7, 8, 10))
            info.compress_type = method
            with archive.open(info, "w", force_zip64=wide) as member:
                member.write(data)
    written = bytes(pipe.data) if streamed else plain.getvalue()
    with opened_bytes(front + written, tmp_path) as opened:
        assert [member.path for member in opened.members] == list(files)
        for member, (data, _, _) in zip(opened.members, files.values(), strict=True):
            assert member.size == len(data)
            assert member.modified == 1_714_979_290.0  # 2024-05-06 07:08:10 UTC
            assert opened.reader.read(member) == data
            for length in (0, 1, 700, len(data) + 5):
                assert opened.reader.head(member, length) == data[:length]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_zip_gives_the_right_bytes_or_says_no(data: st.DataObject, tmp_path: Path) -> None:
    files = {f"{method}.png": bytes(range(256)) * 20 for method in METHODS}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for (name, content), method in zip(files.items(), METHODS, strict=True):
            archive.writestr(name, content, method)
    damaged = bytearray(target.getvalue())
    for _ in range(data.draw(st.integers(1, 3))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.one_of(st.none(), st.integers(1, len(damaged))))
    try:
        with opened_bytes(bytes(damaged[:cut]), tmp_path) as opened:
            for member in opened.members:
                try:
                    content = opened.reader.read(member, 1_000_000)
                    opened.reader.head(member, 100)
                except MemberError:
                    continue
                assert content == bytes(range(256)) * 20 or zlib.crc32(content) == member.locator[4]
    except Refused:
        return


def deflate64(data: bytes) -> bytes:
    packer = Deflater()
    return bytes(packer.deflate(data) + packer.flush())


def test_deflate64_is_read_and_random_bytes_in_its_name_are_not(tmp_path: Path) -> None:
    content = os.urandom(100_000) + bytes(400_000)
    data = raw_zip(
        Piece(b"good.png", content, 9, compressed=deflate64(content)),
        Piece(b"bad.png", content, 9, compressed=b"\xff\xd8\xff\xe0" * 500),
        Piece(b"more.png", content[:1000], 9, compressed=deflate64(content)),
        Piece(b"less.png", content, 9, compressed=deflate64(content[:1000])),
    )
    with opened_bytes(data, tmp_path) as opened:
        assert outcomes(opened) == {
            "good.png": content,
            "bad.png": "damaged_data",
            "more.png": "larger_than_declared",
            "less.png": "smaller_than_declared",
        }
        assert opened.reader.head(opened.members[0], 50) == content[:50]


def packed(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def test_one_members_damage_is_its_own(tmp_path: Path) -> None:
    data = raw_zip(
        Piece(b"good.png", b"good", 8),
        Piece(b"sum.png", b"other", crc=1),
        Piece(b"flate.png", b"x" * 100, 8, compressed=b"\xff" * 60),
        Piece(b"cut.png", b"x" * 1000, 8, compressed=packed(os.urandom(1000))[:500]),
        Piece(b"odd.png", b"x", 98),
        Piece(b"bz.png", b"x" * 100, 12, compressed=b"BZh9 nothing of the kind"),
        Piece(b"lzma.png", b"x" * 100, 14, compressed=b"\x09\x14\x05\x00\xff\xff\xff\xff\xff" + bytes(50)),
    )
    with opened_bytes(data, tmp_path) as opened:
        assert outcomes(opened) == {
            "good.png": b"good",
            "sum.png": "bad_checksum",
            "flate.png": "damaged_data",
            "cut.png": "damaged_data",
            "odd.png": "unsupported_method",
            "bz.png": "damaged_data",
            "lzma.png": "damaged_data",
        }


@pytest.mark.parametrize("method", [8, 9])
def test_a_bomb_that_declares_little_gives_little(method: int, tmp_path: Path) -> None:
    zeros = bytes(60_000_000)
    bomb = packed(zeros) if method == 8 else deflate64(zeros)
    del zeros
    data = raw_zip(
        Piece(b"bomb.png", b"x" * 100, method, compressed=bomb),
        Piece(b"big.png", b"", 8, compressed=bomb * 40),
    )
    with opened_bytes(data, tmp_path) as opened:
        tracemalloc.start()
        assert outcomes(opened) == {"bomb.png": "larger_than_declared", "big.png": "larger_than_declared"}
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 200_000_000


def test_a_limit_is_kept_before_anything_is_inflated(tmp_path: Path) -> None:
    with opened_bytes(honest_zip({"a.png": bytes(5_000_000)}), tmp_path) as opened:
        with pytest.raises(MemberError) as caught:
            opened.reader.read(opened.members[0], 4_999_999)
        assert caught.value.code == "over_limit"
        assert opened.reader.read(opened.members[0], 5_000_000) == bytes(5_000_000)


LIES = {
    "another name": raw_zip(Piece(b"a.png", local_name=b"b.png")),
    "another length of name": raw_zip(Piece(b"a.png", local_name=b"aa.png")),
    "another method": raw_zip(Piece(b"a.png", local_method=8)),
    "another size": raw_zip(Piece(b"a.png", local_size=3)),
    "two sizes without compression": raw_zip(Piece(b"a.png", b"content", size=70)),
    "too large a count": raw_zip(Piece(b"a.png"), count=2),
    "too small a count": raw_zip(Piece(b"a.png"), Piece(b"b.png"), count=1),
    "another archive in front": raw_zip(Piece(b"a.png")) + raw_zip(Piece(b"b.png")),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_zip_that_contradicts_its_directory_is_refused(lie: str, tmp_path: Path) -> None:
    assert refusal(LIES[lie], tmp_path) == "contradicts_directory"


def test_members_that_lie_one_over_the_other_are_refused(tmp_path: Path) -> None:
    twice = bytearray(raw_zip(Piece(b"a.png"), Piece(b"a.png")))
    second = twice.rfind(b"PK\1\2")
    twice[second + 42 : second + 46] = bytes(4)  # both entries name the first member
    assert refusal(bytes(twice), tmp_path) == "contradicts_directory"
    # The extra field of the first reaches over the second, which only the local header tells.
    quoted = bytearray(raw_zip(Piece(b"a.png"), Piece(b"b.png")))
    quoted[28:30] = struct.pack("<H", 40)
    assert refusal(bytes(quoted), tmp_path) == "contradicts_directory"


def test_two_directories_in_one_file_are_refused(tmp_path: Path) -> None:
    inner = raw_zip(Piece(b"b.png"))
    start = len(raw_zip(Piece(b"a.png")))
    directory, end = inner.find(b"PK\1\2"), inner.find(b"PK\5\6")
    moved = bytearray(inner)
    moved[end + 16 : end + 20] = struct.pack("<L", start + directory)
    moved[directory + 42 : directory + 46] = struct.pack("<L", start)
    assert refusal(raw_zip(Piece(b"a.png"), comment=bytes(moved)), tmp_path) == "contradicts_directory"


def test_a_cut_zip_is_refused_wherever_it_is_cut(tmp_path: Path) -> None:
    inner = honest_zip({"inner.png": b"inner"}, method=0)
    whole = honest_zip({"a.png": os.urandom(300), "inner.zip": inner, "c.png": os.urandom(300)}, method=0)
    # Also right behind the zip within, whose own end must not pass for the end of the whole.
    for length in (*range(5, len(whole), 7), whole.find(inner) + len(inner)):
        assert refusal(whole[:length], tmp_path) in ("truncated", "contradicts_directory")


def test_encrypted_split_and_linked_archives_are_refused(tmp_path: Path) -> None:
    assert refusal(raw_zip(Piece(b"a.png"), Piece(b"b.png", flags=1)), tmp_path) == "encrypted"
    assert refusal(raw_zip(Piece(b"a.png", method=99)), tmp_path) == "encrypted"
    assert refusal(raw_zip(Piece(b"a.png"), disk=2), tmp_path) == "split_archive"
    assert refusal(b"PK\7\x08" + bytes(500), tmp_path) == "split_archive"
    assert refusal(raw_zip(Piece(b"a", b"b.png", mode=0o120777), Piece(b"b.png")), tmp_path) == "link"
    assert refusal(raw_zip(Piece(b"folder/", b"")), tmp_path) == "nothing_to_import"


def test_harmless_modes_are_files(tmp_path: Path) -> None:
    data = raw_zip(
        Piece(b"suid.png", mode=0o104777), Piece(b"none.png", mode=0o100000), Piece(b"dos.png", mode=0)
    )
    with opened_bytes(data, tmp_path) as opened:
        assert [member.path for member in opened.members] == ["suid.png", "none.png", "dos.png"]


@pytest.mark.checklist("M-19")
def test_names_are_read_by_flag_by_extra_field_and_by_guess(tmp_path: Path) -> None:
    raw = "病灶.png".encode("big5")
    right = struct.pack("<2HBL", 0x7075, 5 + 10, 1, zlib.crc32(raw)) + "病灶.png".encode()
    stale = struct.pack("<2HBL", 0x7075, 5 + 9, 1, 12345) + b"other.png"
    for extra, name in ((right, "病灶.png"), (b"\x99\x99\x01\x00x" + right, "病灶.png")):
        with opened_bytes(raw_zip(Piece(raw, extra=extra)), tmp_path) as opened:
            assert [member.path for member in opened.members] == [name]
            assert (opened.findings, opened.encoding) == ((), "")
    with opened_bytes(raw_zip(Piece(raw, extra=stale)), tmp_path) as opened:
        assert opened.members[0].path == "病灶.png"
        assert opened.encoding == "cp950"
    with opened_bytes(raw_zip(Piece("病灶.png".encode(), flags=1 << 11)), tmp_path) as opened:
        assert (opened.members[0].path, opened.findings) == ("病灶.png", ())
    with opened_bytes(raw_zip(Piece(raw, flags=1 << 11)), tmp_path) as opened:  # the flag is a lie
        assert (opened.members[0].path, opened.encoding) == ("病灶.png", "cp950")


def test_times_come_from_the_exactest_field(tmp_path: Path) -> None:
    unix = struct.pack("<2HBl", 0x5455, 5, 1, 1_700_000_001)
    ntfs = struct.pack("<2HL2HQQQ", 0x000A, 32, 0, 1, 24, (1_700_000_002 + 11_644_473_600) * 10**7, 0, 0)
    data = raw_zip(Piece(b"a", extra=unix), Piece(b"b", extra=ntfs), Piece(b"c"))
    with opened_bytes(data, tmp_path) as opened:
        assert [member.modified for member in opened.members] == [
            1_700_000_001.0,
            1_700_000_002.0,
            1_704_067_200.0,
        ]


def test_names_with_signatures_in_them_do_not_confuse_the_chain(tmp_path: Path) -> None:
    names = [b"a" * 30 + b"PK\1\2" + b"b" * 50, b"PK\5\6.png", b"c.png"]
    with opened_bytes(raw_zip(*map(Piece, names)), tmp_path) as opened:
        assert [member.path.encode() for member in opened.members] == names


def test_old_counters_of_16_bits_may_overflow(tmp_path: Path) -> None:
    pieces = [Piece(f"{number}".encode(), b"") for number in range(65_540)]
    with opened_bytes(raw_zip(*pieces, count=4), tmp_path) as opened:
        assert len(opened.members) == 65_540


class Counting:
    """A file of a given size that is all zeros but for its end."""

    distant = True

    def __init__(self, size: int, end: bytes) -> None:
        self.size, self._end = size, end
        self.reads: list[tuple[int, int]] = []
        self.bytes_read = 0

    def read(self, start: int, length: int) -> bytes:
        self.reads.append((start, length))
        length = min(length, self.size - start)
        zeros = max(0, min(length, self.size - len(self._end) - start))
        offset = max(0, start - (self.size - len(self._end)))
        return bytes(zeros) + self._end[offset : offset + length - zeros]

    def close(self) -> None:
        """Nothing."""


def test_the_end_of_a_huge_file_costs_one_read_of_its_tail() -> None:
    end = raw_zip(Piece(b"a.png"))
    file = Counting(10_000_000_000, end)
    found, _ = find_end(file)
    assert file.reads == [read_tail_plan(file.size)[0], (0, 4)] == [(10_000_000_000 - TAIL, TAIL), (0, 4)]
    assert found.prefix == 10_000_000_000 - len(end)
    garbage = Counting(10_000_000_000, end + bytes(TAIL))
    found, _ = find_end(garbage)
    assert found.trailing == TAIL
    assert sum(length for _, length in garbage.reads) <= TAIL + LONG_TAIL + 8
