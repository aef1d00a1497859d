"""Tars against an independent writer and reader (the standard library)."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from triptych.core.errors import Refused
from triptych.core.source import MemberError
from triptych.storage.sources import SourceLimits, SourceRef, open_source

if TYPE_CHECKING:
    from pathlib import Path

NAMES = st.lists(
    st.text(
        st.characters(exclude_characters="/\\\0:", exclude_categories=["Cs"]), min_size=1, max_size=60
    ).filter(lambda name: name not in (".", "..")),
    min_size=1,
    max_size=4,
).map("/".join)


def opened(data: bytes, folder: Path, name: str = "x.tar") -> Any:
    (folder / name).write_bytes(data)
    return open_source(SourceRef.of_file(folder / name), SourceLimits(), staging=folder / "staging")


def entry(name: str, data: bytes = b"", **fields: Any) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    info.mtime = 1_700_000_000
    for field, value in fields.items():
        setattr(info, field, value)
    return info, data


def tar(*entries: tuple[tarfile.TarInfo, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=form) as archive:
        for info, data in entries:
            archive.addfile(info, io.BytesIO(data))
    return target.getvalue()


def refusal(data: bytes, folder: Path) -> str:
    with pytest.raises(Refused) as caught, opened(data, folder):
        pass
    return caught.value.code


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    files=st.dictionaries(NAMES, st.binary(max_size=2_000), min_size=1, max_size=6),
    form=st.sampled_from([tarfile.PAX_FORMAT, tarfile.GNU_FORMAT]),
)
def test_whatever_the_standard_library_writes_is_read_to_the_byte(
    files: dict[str, bytes], form: int, tmp_path: Path
) -> None:
    written = tar(*(entry(name, data) for name, data in files.items()), form=form)
    with opened(written, tmp_path) as source:
        assert {m.path: source.reader.read(m) for m in source.members} == files
        assert [m.path for m in source.members] == list(files)
        assert {m.modified for m in source.members} == {1_700_000_000.0}
        assert all(source.reader.head(m, 7) == files[m.path][:7] for m in source.members)


def test_folders_pipes_devices_and_links_end_in_their_bins(tmp_path: Path) -> None:
    data = tar(
        entry("folder", type=tarfile.DIRTYPE),
        entry("./a.png", b"a"),
        entry("pipe", type=tarfile.FIFOTYPE),
        entry("device", type=tarfile.CHRTYPE),
        entry("same.png", type=tarfile.LNKTYPE, linkname="a.png"),
        entry("lost.png", type=tarfile.LNKTYPE, linkname="nothing.png"),
    )
    with opened(data, tmp_path) as source:
        assert {m.path: source.reader.read(m) for m in source.members} == {"a.png": b"a", "same.png": b"a"}
        assert [(left.path, left.code) for left in source.skipped] == [
            ("pipe", "special_file"), ("device", "special_file"), ("lost.png", "link_without_target"),
        ]  # fmt: skip


def test_links_and_names_that_leave_the_folder_are_refused(tmp_path: Path) -> None:
    for info, code in (
        (entry("l", type=tarfile.SYMTYPE, linkname="a.png"), "link"),
        (entry("l", type=tarfile.SYMTYPE, linkname="/etc"), "link"),
        (entry("l", type=tarfile.LNKTYPE, linkname="../a.png"), "link"),
        (entry("../a.png"), "unsafe_path"),
        (entry("/a.png"), "unsafe_path"),
    ):
        assert refusal(tar(entry("a.png", b"a"), info), tmp_path) == code


def test_a_cut_or_damaged_tar_is_refused(tmp_path: Path) -> None:
    data = tar(entry("a.png", b"a" * 5_000), entry("b.png", b"b" * 5_000))
    assert refusal(data[:3_000], tmp_path) == "truncated"
    assert refusal(data[: 512 + 5_120 + 300], tmp_path) == "truncated"
    broken = bytearray(data)
    broken[512 + 5_120] ^= 1
    assert refusal(bytes(broken), tmp_path) == "damaged_container"
    with opened(data[: 2 * (512 + 5_120)], tmp_path) as source:
        assert [finding.code for finding in source.findings] == ["missing_end"]


def test_a_pax_record_cannot_point_outside_itself(tmp_path: Path) -> None:
    data = bytearray(tar(entry("ü" * 80, b"x")))
    assert data[512:514].isdigit()
    data[512:515] = b"999"
    assert refusal(bytes(data), tmp_path) == "damaged_container"


def test_legacy_names_are_guessed_for_the_whole_tar(tmp_path: Path) -> None:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.GNU_FORMAT, encoding="shift_jis") as archive:
        for name in ("画像/表.png", "画像/" + "検査" * 40 + ".png"):
            info, data = entry(name, b"x")
            archive.addfile(info, io.BytesIO(data))
    with opened(target.getvalue(), tmp_path) as source:
        assert [m.path for m in source.members] == ["画像/表.png", "画像/" + "検査" * 40 + ".png"]
        assert [finding.code for finding in source.findings] == ["names_guessed"]


@pytest.mark.skipif(shutil.which("tar") is None, reason="needs GNU tar")
@pytest.mark.parametrize(
    "form", ["--format=gnu", "--format=posix --sparse-version=1.0", "--format=posix --sparse-version=0.1",
             "--format=posix --sparse-version=0.0"],
)  # fmt: skip
def test_sparse_files_come_out_whole(form: str, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    expected = bytearray(2_000_000)
    with (folder / "holes.raw").open("wb") as file:
        for start in range(100_000, 2_000_000, 150_000):
            file.seek(start)
            file.write(b"data" * 1_024)
            expected[start : start + 4_096] = b"data" * 1_024
        file.truncate(2_000_000)
    (folder / "next.png").write_bytes(b"next")
    command = ["tar", *form.split(), "-S", "-cf", str(tmp_path / "x.tar"), "-C", str(folder), "."]
    subprocess.run(command, check=True)
    with open_source(SourceRef.of_file(tmp_path / "x.tar"), SourceLimits(), staging=tmp_path) as source:
        members = {m.path: m for m in source.members}
        assert source.reader.read(members["holes.raw"]) == bytes(expected)
        assert source.reader.head(members["holes.raw"], 100_010) == bytes(expected[:100_010])
        assert source.reader.read(members["next.png"]) == b"next"
        with pytest.raises(MemberError) as caught:
            source.reader.read(members["holes.raw"], 1_999_999)
        assert caught.value.code == "over_limit"


def test_several_compressed_streams_in_a_row_are_one(tmp_path: Path) -> None:
    import gzip

    data = tar(entry("a.png", b"a" * 9_000))
    both = gzip.compress(data[:5_000]) + gzip.compress(data[5_000:])
    with opened(both + bytes(1_000), tmp_path, "x.tgz") as source:
        assert source.reader.read(source.members[0]) == b"a" * 9_000
        assert source.findings == ()
    with opened(both + b"garbage", tmp_path, "x.tgz") as source:
        assert [finding.code for finding in source.findings] == ["trailing_bytes"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_tar_is_refused_or_read_within_its_limits(data: st.DataObject, tmp_path: Path) -> None:
    whole = bytearray(tar(entry("ü" * 90, b"x" * 700), entry("a.png", b"y" * 700)))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        with opened(bytes(whole[: data.draw(st.integers(1, len(whole)))]), tmp_path) as source:
            sizes = [(m.size, len(source.reader.read(m, 100_000))) for m in source.members]
    except Refused:
        return
    assert all(declared == got for declared, got in sizes)
