"""Headers for the grid: the route names what the list is divided by, under the filters of the list."""

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
def test_groups_divide_the_list_of_the_same_filter(gallery: Gallery, query: dict[str, str]) -> None:
    listed = gallery.get("/items", limit=500, **query)["items"]
    for by in ("study", "series"):
        found = gallery.get("/items/groups", by=by, **query)
        names = [(each["study"], each["series"] if by == "series" else None) for each in listed]
        expected = [(*name, len(list(each))) for name, each in groupby(names)]
        assert [(each["study"], each["series"], each["items"]) for each in found["groups"]] == expected
        assert found["complete"]
