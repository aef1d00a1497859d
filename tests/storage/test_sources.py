"""Opening sources: what is inside, what is refused, and that nothing stays behind."""

from __future__ import annotations

import csv
import gzip
import io
import os
import pickle
import re
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.conftest import real_data_folder
from tests.support.archives import Piece, bundle, honest_zip, raw_zip
from triptych.core.errors import InvalidInput, Refused
from triptych.core.source import MemberError, Ranging
from triptych.storage.objects import Objects
from triptych.storage.sources import OpenedSource, SourceLimits, SourceRef, open_reader, open_source

LIMITS = SourceLimits()
FILES = {"image/a.png": b"a" * 300, "image/b.png": os.urandom(5_000), "label.csv": b"a.png,x\n"}
OPENS = {
    "4_names/legacy_cp437.zip": "names_guessed",
    "4_names/legacy_shift_jis.zip": "names_guessed",
    "4_names/legacy_euc_kr.zip": "names_guessed",
    "3_container/trailing_garbage.zip": "trailing_bytes",
    "3_container/comment_with_fake_eocd.zip": "several_end_records",
    "3_container/duplicate_names.zip": "duplicate_names",
    "3_container/unicode_nfc_nfd_collision.zip": "names_look_alike",
    "3_container/tar_gz_named.zip": "misnamed_container",
}
REFUSED = {
    "1_paths/slip_dotdot.zip": "unsafe_path",
    "1_paths/absolute_windows.zip": "unsafe_path",
    "1_paths/symlink_dir_then_write.zip": "link",
    "1_paths/nul_in_name.zip": "unsafe_path",
    "2_bombs/bomb_overlap_quoted_10GB.zip": "contradicts_directory",
    "3_container/truncated_60pct.zip": "truncated",
    "3_container/truncated_before_cd.zip": "truncated",
    "3_container/empty_22_bytes.zip": "nothing_to_import",
    "3_container/not_a_zip_png.zip": "not_an_archive",
    "3_container/encrypted_aes256.zip": "encrypted",
    "3_container/cd_count_lies.zip": "contradicts_directory",
}
SKIPPED = {
    "1_paths/special_modes.zip": ["special_file"] * 2,
    "1_paths/deep_500_levels.zip": ["path_too_deep"],
    "4_names/empty_and_dot_names.zip": ["no_file_name", "folder_with_data", "no_file_name", "no_file_name"],
}
UNREADABLE = {"3_container/method_9_deflate64_fake.zip"}


def manifest() -> list[tuple[str, str]]:
    folder = real_data_folder()
    if folder is None:
        return []
    with (folder / "hostile" / "manifest.csv").open(newline="") as table:
        return [
            (row["file"], row["expect"]) for row in csv.DictReader(table) if row["category"][0] in "12345"
        ]


def write(folder: Path, name: str, data: bytes) -> SourceRef:
    path = folder / name
    path.write_bytes(data)
    return SourceRef.of_file(path)


def contents(opened: OpenedSource) -> dict[str, bytes]:
    return {member.path: opened.reader.read(member) for member in opened.members}


@pytest.mark.checklist("M-19")
@pytest.mark.parametrize(("file", "expect"), manifest())
def test_every_hostile_container_behaves_as_its_manifest_says(
    file: str, expect: str, real_data: Path, tmp_path: Path
) -> None:
    ref = SourceRef.of_file(real_data / "hostile" / file)
    if file in REFUSED:
        assert expect == "REJECT"
        with pytest.raises(Refused) as refusal, open_source(ref, LIMITS, staging=tmp_path):
            pass
        assert refusal.value.code == REFUSED[file]
        assert refusal.value.hint
        return
    with open_source(ref, LIMITS, staging=tmp_path) as opened:
        outcomes = {_outcome(opened, number) for number in range(len(opened.members))}
        codes = [finding.code for finding in opened.findings]
        skipped = [left.code for left in opened.skipped]
    assert outcomes == ({"damaged_data"} if file in UNREADABLE else {"read"})
    assert codes == ([OPENS[file]] if file in OPENS else [])
    assert skipped == SKIPPED.get(file, [])
    assert list(tmp_path.iterdir()) == []


def _outcome(opened: OpenedSource, number: int) -> str:
    try:
        opened.reader.read(opened.members[number], LIMITS.file_bytes)
    except MemberError as error:
        return error.code
    return "read"


def test_a_tar_gz_named_zip_is_read_as_what_it_is(tmp_path: Path) -> None:
    ref = write(tmp_path, "data.zip", tar_of(FILES, "gz"))
    with open_source(ref, LIMITS, staging=tmp_path / "staging") as opened:
        assert contents(opened) == FILES
        assert (opened.container, [finding.code for finding in opened.findings]) == (
            "tar.gz",
            ["misnamed_container"],
        )


def tar_of(files: dict[str, bytes], compression: str = "") -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode=f"w:{compression}") as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return target.getvalue()


@pytest.mark.parametrize("compression", ["", "gz", "bz2", "xz"])
def test_a_worker_reads_by_the_resolved_reference_what_the_opener_listed(
    compression: str, tmp_path: Path
) -> None:
    name = f"data.tar.{compression}" if compression else "data.tar"
    ref = write(tmp_path, name, tar_of(FILES, compression))
    with open_source(ref, LIMITS, staging=tmp_path / "staging") as opened:
        assert [finding.code for finding in opened.findings] == []
        resolved, members = pickle.loads(pickle.dumps((opened.resolved, list(opened.members))))
        reader = open_reader(resolved)
        assert {member.path: reader.read(member) for member in members} == FILES
        assert reader.head(members[0], 10) == b"a" * 10
        reader.close()
    assert not (tmp_path / "staging").exists() or list((tmp_path / "staging").iterdir()) == []


def test_a_folder_an_object_and_a_zip_give_the_same_members(tmp_path: Path) -> None:
    zipped = honest_zip(FILES)
    for name, data in FILES.items():
        path = tmp_path / "folder" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    storage = f"file://{tmp_path / 'storage'}"
    Objects(storage).put("uploads/data.zip", zipped)
    Objects(storage).put("uploads/data.tgz", tar_of(FILES, "gz"))
    for ref, container in (
        (write(tmp_path, "data.zip", zipped), "zip"),
        (SourceRef.of_folder(tmp_path / "folder"), "folder"),
        (SourceRef.of_object(storage, "uploads/data.zip"), "zip"),
        (SourceRef.of_object(storage, "uploads/data.tgz"), "tar.gz"),
    ):
        with open_source(ref, LIMITS, staging=tmp_path / "staging") as opened:
            assert contents(opened) == FILES
            assert opened.container == container
            worker = open_reader(opened.resolved)
            assert {member.path: worker.read(member) for member in opened.members} == FILES
            worker.close()


def test_pieces_are_what_stands_there_or_nothing_where_all_would_be_unpacked(tmp_path: Path) -> None:
    (tmp_path / "folder/image").mkdir(parents=True)
    (tmp_path / "folder/image/b.png").write_bytes(FILES["image/b.png"])
    for ref in (
        SourceRef.of_folder(tmp_path / "folder"),
        write(tmp_path, "a.zip", honest_zip(FILES, zipfile.ZIP_STORED)),
        write(tmp_path, "b.tar", tar_of(FILES)),
        write(tmp_path, "c.bundle", bundle(FILES)),
        write(tmp_path, "d.zip", honest_zip(FILES)),
    ):
        with open_source(ref, LIMITS, staging=tmp_path / "staging") as opened:
            reader, data = opened.reader, FILES["image/b.png"]
            assert isinstance(reader, Ranging)
            member = next(one for one in opened.members if one.path == "image/b.png")
            for start, length in ((0, 10), (4_000, 500), (4_900, 500), (5_000, 1), (9_000, 5)):
                expected = None if ref.filename == "d.zip" else data[start : start + length]
                assert reader.piece(member, start, length) == expected


def test_every_entry_is_a_member_skipped_or_shadowed_exactly_once(tmp_path: Path) -> None:
    data = raw_zip(
        Piece(b"folder/", b""),
        Piece(b"a.png", b"first"),
        Piece(b"a.png", b"second"),
        Piece(b"pipe", b"", mode=0o010644),
        Piece(b"./a.png", b"third"),
        Piece(b"b.png"),
    )
    with open_source(write(tmp_path, "x.zip", data), LIMITS, staging=tmp_path) as opened:
        assert contents(opened) == {"a.png": b"third", "b.png": b"content"}
        assert [left.path for left in opened.skipped] == ["pipe"]
        assert [(left.path, left.code) for left in opened.shadowed] == [("a.png", "duplicate_name")] * 2
        assert [finding.count for finding in opened.findings if finding.code == "duplicate_names"] == [2]


def test_a_refused_source_leaves_no_temporary_file(tmp_path: Path) -> None:
    staging = tmp_path / "staging"
    for data in (
        gzip.compress(b"no tar " * 500),
        tar_of(FILES, "gz")[:-20],
        tar_of({"../x": b"y"}, "gz"),
        tar_of({}, "gz"),
    ):
        with pytest.raises(Refused), open_source(write(tmp_path, "x.tgz", data), LIMITS, staging=staging):
            pass
        assert list(staging.iterdir()) == []


def test_the_limit_of_an_unpacked_tar_is_on_what_comes_out(tmp_path: Path) -> None:
    ref = write(tmp_path, "x.tgz", tar_of({"zeros.png": bytes(3_000_000)}, "gz"))
    with (
        pytest.raises(Refused) as refusal,
        open_source(ref, SourceLimits(total_bytes=2_000_000), staging=tmp_path / "s"),
    ):
        pass
    assert refusal.value.code == "over_limit"
    with open_source(ref, LIMITS, staging=tmp_path / "s") as opened:
        assert contents(opened) == {"zeros.png": bytes(3_000_000)}


def test_names_can_be_read_anew_in_another_encoding(tmp_path: Path) -> None:
    data = raw_zip(Piece("영상_0.jpg".encode("euc_kr")), Piece(b"label.csv"))
    ref = write(tmp_path, "x.zip", data)
    with open_source(ref, LIMITS, staging=tmp_path) as opened:
        assert [member.path for member in opened.members] == ["영상_0.jpg", "label.csv"]
        assert opened.encoding == opened.name_guesses[0].encoding == "euc_kr"
        other = opened.with_names("gb18030")
        assert other.members[0].path == "영상_0.jpg".encode("euc_kr").decode("gb18030")
        assert other.reader.read(other.members[0]) == b"content"
        assert ["gb18030" in finding.message for finding in other.findings] == [True]
        with pytest.raises(InvalidInput):
            opened.with_names("utf-8")
    with open_source(ref.with_option("encoding", "latin-1"), LIMITS, staging=tmp_path) as opened:
        assert opened.members[0].path == "영상_0.jpg".encode("euc_kr").decode("latin-1")
        assert opened.findings == ()


def test_a_file_that_grew_since_is_not_read_by_workers(tmp_path: Path) -> None:
    ref = write(tmp_path, "x.zip", honest_zip(FILES))
    with open_source(ref, LIMITS, staging=tmp_path) as opened:
        resolved = opened.resolved
    (tmp_path / "x.zip").write_bytes(honest_zip({**FILES, "more.png": b"more"}))
    with pytest.raises(Refused) as refusal:
        open_reader(resolved)
    assert refusal.value.code == "source_changed"


def test_what_is_no_archive_is_called_by_its_name(tmp_path: Path) -> None:
    for data, word in ((b"\x89PNG\r\n\x1a\n" + bytes(600), "PNG"), (b"Rar!\x1a\x07\x00", "RAR")):
        with (
            pytest.raises(Refused, match=word),
            open_source(write(tmp_path, "x.zip", data), LIMITS, staging=tmp_path),
        ):
            pass
    for data, code in ((b"", "nothing_to_import"), (b"text", "not_an_archive")):
        with (
            pytest.raises(Refused) as refusal,
            open_source(write(tmp_path, "x.zip", data), LIMITS, staging=tmp_path),
        ):
            pass
        assert refusal.value.code == code


def test_a_reference_survives_json_and_pickle() -> None:
    ref = SourceRef("http", "https://h/x.zip?k=1", "x.zip", (("encoding", "cp950"),), '"e"', "Mon", 12)
    assert SourceRef.from_document(ref.to_document()) == ref == pickle.loads(pickle.dumps(ref))
    with pytest.raises(InvalidInput):
        SourceRef.from_document({**ref.to_document(), "kind": "ftp"})
    assert SourceRef.of_url("https://h/a/b%20c.zip?x").filename == "b c.zip"


def test_too_many_entries_are_refused_before_they_are_listed(tmp_path: Path) -> None:
    target = tmp_path / "many.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for number in range(50):
            archive.writestr(f"{number}.png", b"")
    for ref in (
        SourceRef.of_file(target),
        write(tmp_path, "x.tar", tar_of({f"{n}": b"" for n in range(50)})),
    ):
        with pytest.raises(Refused) as refusal, open_source(ref, SourceLimits(members=49), staging=tmp_path):
            pass
        assert refusal.value.code == "over_limit"


def test_every_code_of_a_refusal_rejection_or_finding_is_documented() -> None:
    repository = Path(__file__).resolve().parents[2]
    page = (repository / "docs" / "uploads-and-containers.md").read_text()
    storage = repository / "src" / "triptych" / "storage"
    sources = [
        *(storage / "containers").glob("*.py"),
        *map(storage.joinpath, ("sources.py", "http_source.py")),
    ]
    pattern = re.compile(
        r"(?:code=|MemberError\(\s*|note = \(|_NOTE = \(|Severity\.\w+,\s+|log\.\w+\(\s*|Judged\(\w+, |_CODE = )"
        r'"(\w+)"'
    )
    codes = {code for path in sources for code in pattern.findall(path.read_text())}
    assert len(codes) > 25
    assert {code for code in codes if f"`{code}`" not in page} == set()
