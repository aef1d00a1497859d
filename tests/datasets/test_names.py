"""Names of datasets and `NAME@3`."""

from __future__ import annotations

import pytest

from triptych.core.errors import InvalidInput
from triptych.datasets.names import addresses, check_name, name_from_filename, search_text


@pytest.mark.parametrize(
    ("filename", "name"),
    [
        ("cells.zip", "cells"),
        ("cells.v2.ZIP", "cells.v2"),
        ("cells.tar.gz", "cells"),
        ("cells.tgz", "cells"),
        (".zip", ".zip"),
        ("folder", "folder"),
        ("no.ending.txt", "no.ending.txt"),
    ],
)
def test_a_dataset_is_called_as_its_archive_without_the_ending(filename: str, name: str) -> None:
    assert name_from_filename(filename) == name


def test_a_version_follows_the_last_at_sign_and_the_whole_name_comes_first() -> None:
    assert addresses("a@b@12") == (("a@b@12", None), ("a@b", 12))
    assert addresses("a") == (("a", None),)
    for text in ("a@", "@3", "a@0", "a@-1", "a@x", "a@1234567890"):
        assert addresses(text) == ((text, None),)


@pytest.mark.parametrize("name", ["a/b", "'\"", "😀", "x" * 1000, "<b>", " spaces ", "a@3"])
def test_names_are_taken_as_they_are(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize(
    ("name", "code"),
    [("", "name_empty"), (" \t", "name_empty"), ("x" * 1001, "name_too_long"), ("a\nb", "name_unprintable")],
)
def test_a_name_that_cannot_be_shown_is_refused(name: str, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_name(name)
    assert caught.value.code == code


def test_a_search_ignores_case_and_form_of_letters() -> None:
    assert search_text("Stra\u00dfe", "A\u0308") == "strasse\n\u00e4"
