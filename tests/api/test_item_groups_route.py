"""Headers for the grid and keys for its selection: both follow the list, under its filters."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import pytest

from tests.support.gallery import Gallery, open_gallery

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gallery]:
    """A picture of every kind."""
    with open_gallery(tmp_path_factory.mktemp("gallery")) as opened:
        yield opened


@pytest.mark.parametrize("query", [{}, {"class": "odd"}, {"search": "nothing has this name"}])
def test_groups_and_keys_follow_the_list_of_the_same_filter(gallery: Gallery, query: dict[str, str]) -> None:
    listed = gallery.get("/items", limit=500, **query)["items"]
    assert gallery.get("/items/keys", **query)["items"] == [each["key"] for each in listed]
    for by in ("study", "series"):
        found = gallery.get("/items/groups", by=by, **query)
        names = [(each["study"], each["series"] if by == "series" else None) for each in listed]
        expected = [(*name, len(list(each))) for name, each in groupby(names)]
        assert [(each["study"], each["series"], each["items"]) for each in found["groups"]] == expected
        assert found["complete"]


def test_keys_go_on_where_a_page_of_the_list_ended(gallery: Gallery) -> None:
    first = gallery.get("/items", limit=2)
    every = gallery.get("/items/keys")["items"]
    assert gallery.get("/items/keys", after=first["next"], limit=1)["items"] == every[2:3]
