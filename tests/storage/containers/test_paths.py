"""Which names are taken, which are left out, which refuse the whole upload."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triptych.core.errors import Refused
from triptych.storage.containers.paths import are_plain, judge, leaves_folder


@pytest.mark.parametrize(
    "name",
    [
        "../a", "a/../b", "a/../../b", "../../..", "..\\a", "a\\..\\b", "/etc/passwd", "\\a", "//host/a",
        "\\\\host\\share\\a",
        "C:\\a", "c:/a", "C:a", "a\0b", "./../a", "a/b/../../../c",
    ],
)  # fmt: skip
def test_names_that_leave_the_folder_refuse_the_upload(name: str) -> None:
    with pytest.raises(Refused) as refusal:
        judge(name)
    assert refusal.value.code == "unsafe_path"


@pytest.mark.parametrize(
    "name",
    [
        "%2e%2e/%2e%2e/a.png",
        "..%2fa.png",
        "..../..../a.png",
        "...",
        "a..b",
        "..a/b..",
        "a b/ü:x.png",
        ".hidden",
    ],
)
def test_names_that_only_look_dangerous_stay_as_they_are(name: str) -> None:
    assert judge(name).path == name


@pytest.mark.parametrize(
    ("name", "path"),
    [("./a", "a"), ("a//b", "a/b"), ("a/./b", "a/b"), ("a\\b", "a/b"), ("a/", "a"), ("././/a", "a")],
)
def test_paths_are_written_one_way(name: str, path: str) -> None:
    assert judge(name).path == path


@pytest.mark.parametrize("name", ["", ".", "..", "image/..", "./", "image/./.."])
def test_names_of_nothing_are_left_out(name: str) -> None:
    assert judge(name).code == "no_file_name"


def test_paths_too_long_for_a_key_are_left_out() -> None:
    assert judge("d/" * 500 + "x.png").code == "path_too_deep"
    assert judge("ü" * 600).code == "path_too_long"
    assert judge("d/" * 99 + "x").code == judge("x" * 1_024).code == ""


@given(st.lists(st.text(st.sampled_from("ab./\\:\0C\n%é")), max_size=4))
def test_the_quick_look_never_passes_what_the_slow_one_does_not(names: list[str]) -> None:
    if are_plain(names):
        for name in names:
            judged = judge(name)
            assert (judged.path, judged.code) == (name, "")


@given(st.text(st.sampled_from("ab./\\:\0C\n"), max_size=20))
def test_a_path_never_climbs_whatever_the_name(name: str) -> None:
    try:
        judged = judge(name)
    except Refused:
        return
    if not judged.code:
        parts = judged.path.split("/")
        assert not {"", ".", ".."} & set(parts)
        assert "\\" not in judged.path


def test_links_are_followed_on_paper_only() -> None:
    for folder, target in (("", "../x"), ("a", "../../x"), ("a/b", "/x"), ("", "C:x"), ("a", "..\\..\\x")):
        assert leaves_folder(folder, target)
    for folder, target in (("a", "../x"), ("", "x/../y"), ("a/b", "../../x")):
        assert not leaves_folder(folder, target)
