"""The laws of the view: clutter is set aside, the folder around everything is looked through."""

from __future__ import annotations

import pytest

from tests.formats.memory_root import MemoryRoot
from tests.formats.samples import png
from triptych.core.errors import InvalidInput
from triptych.formats.base import ReaderOptions, SourceView, view_of


def view(*paths: str) -> SourceView:
    return view_of(MemoryRoot([(path, b"") for path in paths]))


@pytest.mark.parametrize(
    "path",
    [
        "__MACOSX/image/._a.png", "image/._a.png", ".DS_Store", "image/Thumbs.db", "desktop.ini", "a.png~",
        ".git/HEAD", "sub/.git/objects/ab/cd", "image/.~lock.label.csv#", "~$label.xlsx", "x.swp", "b.png.tmp",
        ".ipynb_checkpoints/a.png", "@eaDir/a.png", ".Trashes/x", "$RECYCLE.BIN/a.png",
    ],
)  # fmt: skip
def test_clutter_is_set_aside_with_a_reason(path: str) -> None:
    found = view("image/a.png", path)
    assert found.kept == [0]
    assert [(entry.member, entry.code) for entry in found.ignored] == [(1, "clutter")]
    assert found.ignored[0].reason.startswith("Clutter: ")
    assert [(finding.code, finding.severity) for finding in found.findings] == [("clutter", "note")]


@pytest.mark.parametrize(
    "path", ["image/.a.png", "image/git/a.png", "image/a~b.png", "Thumbs.db.png", "_a.png"]
)
def test_what_looks_a_little_like_clutter_is_kept(path: str) -> None:
    assert view("image/a.png", path).ignored == []


def test_a_picture_under_a_leftovers_name_is_kept() -> None:
    found = view_of(MemoryRoot({"image/a.png": png(1), "image/b.tmp": png(2), "image/c.tmp": b"x"}))
    assert found.kept == [0, 1]


@pytest.mark.parametrize(
    ("paths", "wrapper"),
    [
        (("image/a.png", "label.csv"), ""),
        (("my data/image/a.png", "my data/label.csv"), "my data/"),
        (("my data/image/a.png", "__MACOSX/my data/._image"), "my data/"),
        (("a/b/image/x.png", "a/b/label.csv"), "a/b/"),
        (("a/b/Classes/c/x.png",), "a/b/"),
        (("a/b/x.png", "a/b/y.png"), "a/"),
        (("a/b/c/image/x.png",), "a/"),
        (("image/x.png",), ""),
        (("IMAGE/x.png",), ""),
        (("classes/a/x.png",), ""),
        (("Ann/Series1/x.png", "Ann/series 2/x.png"), ""),
        (("a/x.png", "b/x.png"), ""),
        (("x.png",), ""),
        ((), ""),
    ],
)
def test_one_folder_around_everything_is_looked_through(paths: tuple[str, ...], wrapper: str) -> None:
    found = view(*paths)
    assert found.wrapper == wrapper
    assert all(wrapper + found.paths[index] == paths[index] for index in found.kept)
    nested = "nested_wrapper" in {finding.code for finding in found.findings}
    assert nested == (wrapper.count("/") > 1)


def test_of_two_members_with_one_path_the_later_counts() -> None:
    found = view("a.png", "b.png", "a.png")
    assert found.kept == [1, 2]
    assert [(entry.member, entry.code) for entry in found.ignored] == [(0, "duplicate_name")]
    assert [finding.code for finding in found.findings] == ["duplicate_name"]


def test_paths_that_are_too_deep_are_set_aside() -> None:
    found = view("d/" * 500 + "x.jpg", "image/a.png")
    assert found.kept == [1]
    assert [entry.code for entry in found.ignored] == ["path_too_deep"]
    assert all(len(example) < 200 for finding in found.findings for example in finding.examples)


def test_a_survey_is_made_once() -> None:
    found = view("a.png")
    made: list[SourceView] = []

    def survey(of: SourceView) -> int:
        made.append(of)
        return 7

    assert (found.once(survey), found.once(survey)) == (7, 7)
    assert len(made) == 1


def test_options_are_read_from_pairs() -> None:
    options = ReaderOptions.of(
        {"labels": "ignore", "csv_encoding": "cp950", "class_min": "5", "limits": "original"}
    )
    assert options == ReaderOptions(5, "ignore", "cp950", "original")
    assert ReaderOptions.of({}, class_min=7).class_min == 7


@pytest.mark.parametrize(
    "pair",
    [
        ("labels", "maybe"),
        ("csv_encoding", "klingon"),
        ("csv_encoding", "hex"),
        ("class_min", "-1"),
        ("x", "1"),
    ],
)
def test_an_unknown_option_is_named(pair: tuple[str, str]) -> None:
    with pytest.raises(InvalidInput) as wrong:
        ReaderOptions.of(dict([pair]))
    assert wrong.value.code == "unknown_option"
    assert f"{pair[0]}={pair[1]}" in wrong.value.message
