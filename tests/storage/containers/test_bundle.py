"""Bundles: folders as one run of bytes, honest and not. The honest ones are written by json and by hand."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.archives import bundle, front
from triptych.core.errors import Refused
from triptych.core.source import MemberError
from triptych.storage.objects import Objects
from triptych.storage.sources import SourceLimits, SourceRef, open_reader, open_source

if TYPE_CHECKING:
    from pathlib import Path

NAMES = st.lists(
    st.text(st.characters(exclude_characters="/\\\0:", exclude_categories=["Cs"]), min_size=1, max_size=60)
    .filter(lambda name: name not in (".", "..")),
    min_size=1,
    max_size=4,
).map("/".join)  # fmt: skip


def opened(data: bytes, folder: Path, limits: SourceLimits | None = None) -> Any:
    (folder / "cells").write_bytes(data)
    return open_source(
        SourceRef.of_file(folder / "cells"), limits or SourceLimits(), staging=folder / "staging"
    )


def refusal(data: bytes, folder: Path, limits: SourceLimits | None = None) -> str:
    with pytest.raises(Refused) as caught, opened(data, folder, limits):
        pass
    assert caught.value.hint
    return caught.value.code


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    files=st.dictionaries(NAMES, st.binary(max_size=2_000), min_size=1, max_size=6),
    is_ascii=st.booleans(),
    indent=st.sampled_from([None, 1]),
)
def test_every_folder_is_read_to_the_byte_however_its_json_is_written(
    files: dict[str, bytes], is_ascii: bool, indent: int | None, tmp_path: Path
) -> None:
    listing = [[path, len(data), 1_700_000_000_500] for path, data in files.items()]
    text = json.dumps(listing, ensure_ascii=is_ascii, indent=indent).encode()
    with opened(front(text) + b"".join(files.values()), tmp_path) as source:
        assert source.container == "folder"
        assert {m.path: source.reader.read(m) for m in source.members} == files
        assert [m.path for m in source.members] == list(files)
        assert {m.modified for m in source.members} == {1_700_000_000.5}
        assert all(source.reader.head(m, 7) == files[m.path][:7] for m in source.members)
        reader = open_reader(source.resolved)
        assert {m.path: reader.read(m) for m in source.members} == files
        reader.close()


def test_the_content_says_that_it_is_a_bundle_and_no_name_does(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(bundle({"a.png": b"a"}))
    with open_source(SourceRef.of_file(tmp_path / "x.zip"), SourceLimits(), staging=tmp_path) as source:
        assert [m.path for m in source.members] == ["a.png"]
        assert source.findings == ()


def test_a_bundle_in_a_bucket_is_read_where_it_lies(tmp_path: Path) -> None:
    objects = Objects((tmp_path / "objects").as_uri())
    objects.put("uploads/x", bundle({"a.png": b"a" * 100, "b.png": b"b" * 200}))
    ref = SourceRef.of_object((tmp_path / "objects").as_uri(), "uploads/x", "cells")
    with open_source(ref, SourceLimits(), staging=tmp_path / "staging") as source:
        assert [source.reader.read(m) for m in source.members] == [b"a" * 100, b"b" * 200]
    assert not (tmp_path / "staging").exists()


@pytest.mark.parametrize(
    "name", ["../a.png", "x/../../a.png", "/etc/a.png", "C:/a.png", "\\\\server\\a.png", "a\0.png"]
)
def test_a_name_that_leaves_the_folder_refuses_the_whole(name: str, tmp_path: Path) -> None:
    assert refusal(bundle({"ok.png": b"1", name: b"2"}), tmp_path) == "unsafe_path"


def test_names_end_in_the_same_bins_as_those_of_a_zip(tmp_path: Path) -> None:
    files = [
        ("a.png", b"old"), ("sub\\b.png", b"b"), ("deep/" * 120 + "c.png", b"c"), ("d" * 1_100, b"d"),
        ("..", b"e"), ("folder/", b""), ("full/", b"f"), ("./g.png", b"g"), ("a.png", b"new"),
        ("é.png", b"1"), ("e\u0301.png", b"2"),
    ]  # fmt: skip
    with opened(bundle(files), tmp_path) as source:
        assert [m.path for m in source.members] == ["sub/b.png", "g.png", "a.png", "é.png", "e\u0301.png"]
        assert [source.reader.read(m) for m in source.members] == [b"b", b"g", b"new", b"1", b"2"]
        assert [left.code for left in source.skipped] == [
            "path_too_deep", "path_too_long", "no_file_name", "folder_with_data",
        ]  # fmt: skip
        assert [left.path for left in source.shadowed] == ["a.png"]
        codes = {finding.code for finding in source.findings}
    assert codes == {"backslash_names", "duplicate_names", "names_look_alike"}


def test_bytes_of_a_name_that_is_not_utf8_are_guessed_as_those_of_an_archive(tmp_path: Path) -> None:
    raw = "細胞影像資料.png".encode("cp950")
    name = raw.decode("utf-8", "surrogateescape")
    with opened(bundle({name: b"1", "b.png": b"2"}), tmp_path) as source:
        assert [m.path for m in source.members] == ["細胞影像資料.png", "b.png"]
        assert "names_guessed" in {finding.code for finding in source.findings}


def test_half_of_a_surrogate_pair_is_no_name_and_the_rest_is_unharmed(tmp_path: Path) -> None:
    with opened(bundle({"a\ud800.png": b"1", "b.png": b"2"}), tmp_path) as source:
        assert [m.path for m in source.members] == ["b.png"]
        assert [(left.path, left.code) for left in source.skipped] == [("a\ufffd.png", "name_not_text")]


GOOD = b'["a.png",3,1700000000000]'


@pytest.mark.parametrize(
    "listing",
    [
        b"",
        b"{}",
        b"null",
        b"not json",
        b"[" + GOOD,
        b"[" + GOOD + b",]",
        b"[" + GOOD + b"]x",
        b"[" + GOOD + b"],[]",
        b"[" + GOOD + GOOD + b"]",
        b"[" * 100_000,
        b'[["a.png",-3,0]]',
        b'[["a.png",3.0,0]]',
        b'[["a.png",1e3,0]]',
        b'[["a.png",03,0]]',
        b'[["a.png",9999999999999999999999,0]]',
        b'[["a.png",3,NaN]]',
        b'[["a.png",3,null]]',
        b'[["a.png",3]]',
        b'[["a.png",3,0,0]]',
        b'[["a.png","3",0]]',
        b"[[3,3,0]]",
        b'[{"path":"a.png","size":3}]',
        b'[["a\0.png",3,0]]',
        b'[["a\n.png",3,0]]',
        b'[["a\\x.png",3,0]]',
        b'[["a\\u12.png",3,0]]',
        b'[["a\\u\\"",3,0]]',
        b'[["a\xff.png",3,0]]',
        b'[["a\xed\xa0\x80.png",3,0]]',
        b'[["' + b"a" * 70_000 + b'",3,0]]',
        '[["a.png",3,0]]'.encode("utf-16"),
    ],
)
def test_a_listing_that_is_none_refuses_the_whole(listing: bytes, tmp_path: Path) -> None:
    assert refusal(front(listing) + b"abc", tmp_path) == "damaged_container"


@pytest.mark.parametrize(
    "length", [b"", b"3", b"-000000000000001\n", b"00000000000000FF\n", b" " * 16 + b"\n"]
)
def test_a_length_that_is_none_refuses_the_whole(length: bytes, tmp_path: Path) -> None:
    data = b"triptych folder 1\n" + length + b"[" + GOOD + b"]abc" + bytes(100)
    assert refusal(data, tmp_path) == "damaged_container"


def test_sizes_have_to_add_up_to_the_file(tmp_path: Path) -> None:
    whole = bundle({"a.png": b"123", "b.png": b"4567"})
    assert refusal(whole[:-1], tmp_path) == "contradicts_directory"
    assert refusal(whole + b"x", tmp_path) == "contradicts_directory"
    assert refusal(front(b'[["a.png",999999999999999999,0]]') + b"abc", tmp_path) == "contradicts_directory"


def test_what_is_cut_off_before_its_files_is_said_to_be(tmp_path: Path) -> None:
    whole = bundle({"a.png": b"123"})
    for length in (18, 25, 34, 35, 40):
        assert refusal(whole[:length], tmp_path) == "truncated"


def test_huge_promises_are_refused_before_anything_is_read(tmp_path: Path) -> None:
    for length in (b"ffffffffffffffff\n", b"7fffffffffffffff\n"):
        assert refusal(b"triptych folder 1\n" + length + b"[]", tmp_path) == "over_limit"
    small = SourceLimits(members=3, directory_bytes=200, source_bytes=300)
    many = bundle({f"{number}.png": b"" for number in range(4)})
    assert refusal(many, tmp_path, small) == "over_limit"
    assert refusal(bundle({"a" * 200: b""}), tmp_path, small) == "over_limit"
    assert refusal(bundle({"a": bytes(300)}), tmp_path, small) == "over_limit"


def test_an_empty_folder_holds_nothing_to_import(tmp_path: Path) -> None:
    for listing in (b"[]", b"[ ]\n"):
        assert refusal(front(listing), tmp_path) == "nothing_to_import"
    assert refusal(bundle({"only/": b""}), tmp_path) == "nothing_to_import"


def test_a_bundle_of_a_later_version_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="this version does not know") as caught, opened(
        b"triptych folder 2\n" + bytes(500), tmp_path
    ):  # fmt: skip
        pass
    assert caught.value.code == "not_an_archive"


def test_a_file_over_the_limit_is_not_read_and_one_that_is_gone_is_said(tmp_path: Path) -> None:
    with opened(bundle({"a.png": b"a" * 100}), tmp_path) as source:
        with pytest.raises(MemberError) as caught:
            source.reader.read(source.members[0], 99)
        assert caught.value.code == "over_limit"
        os.truncate(tmp_path / "cells", 120)
        with pytest.raises(Refused) as gone:
            source.reader.read(source.members[0])
        assert gone.value.code == "truncated"
