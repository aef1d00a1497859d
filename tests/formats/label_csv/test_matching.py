"""The laws of matching: exact first, each step less sure and reported, never a guess between two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triptych.formats.label_csv.matching import Found, Matcher

KEYS = [
    "a.png",
    "b/A.png",
    "b/c.jpg",
    "Ann/Series1/x.png",
    "Ann/Series2/x.png",
    "Ann/2/y.png",
    "Zelle\u0301.jpg",
]
PATHS = [f"image/{key}" for key in KEYS]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("a.png", Found(0)),
        ("image/a.png", Found(0)),
        ("./a.png", Found(0)),
        ("/image/b/c.jpg", Found(2)),
        ("data/image/b/c.jpg", Found(2)),
        ("Zell\u00e9.jpg", Found(6)),
        ("Ann/1/x.png", Found(3)),
        ("Ann/Series02/x.png", Found(4)),
        ("Ann/Series2/y.png", Found(5)),
        ("B/C.JPG", Found(2, "matched_by_case")),
        ("ann/1/X.png", Found(3, "matched_by_case")),
        ("b/c", Found(2, "matched_without_ending")),
        ("b/c.png", Found(2, "matched_without_ending")),
        ("c.jpg", Found(2, "matched_by_name")),
        ("old/c", Found(2, "matched_by_name")),
        ("b\\c.jpg", Found(2, "matched_by_separator")),
        ("A.png", Found(0, "matched_by_case")),
        ("old/x.png", Found(None, "match_ambiguous")),
        ("ghost.png", Found(None)),
        ("", Found(None)),
        ("../a.txt", Found(None)),
    ],
)
def test_a_path_means_the_nearest_picture(path: str, found: Found) -> None:
    assert Matcher(KEYS, PATHS, "data/").find(path) == found


def test_a_path_may_begin_where_its_file_lies() -> None:
    matcher = Matcher(["sub/a.png", "a.png"], ["sub/a.png", "a.png"])
    assert matcher.find("a.png", "sub/") == Found(1)
    assert Matcher(["sub/a.png", "x/a.png"], ["sub/a.png", "x/a.png"]).find("a.png", "sub/") == Found(0)


def test_two_series_of_one_number_are_not_confused() -> None:
    keys = ["A/1/x.png", "A/Series1/x.png"]
    assert Matcher(keys, keys).find("A/1/x.png") == Found(0)
    assert Matcher(keys, keys).find("A/Series1/x.png") == Found(1)
    assert Matcher(keys, keys).find("A/01/x.png") == Found(None, "match_ambiguous")


@given(st.lists(st.text(min_size=1, max_size=5), unique=True, min_size=1, max_size=20))
def test_every_key_means_itself(keys: list[str]) -> None:
    matcher = Matcher(keys, [f"image/{key}" for key in keys])
    assert [matcher.find(key) for key in keys] == [Found(index) for index in range(len(keys))]
