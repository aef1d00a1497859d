"""Installations to test against: SQLite and a folder, PostgreSQL and a bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.studio import Studio, open_studio

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = ("sqlite-folder", pytest.param("postgresql-s3", marks=pytest.mark.postgresql))


@pytest.fixture(scope="module", params=KINDS)
def studio(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """An installation of each kind, shared by the tests of a module; tests take names of their own."""
    home = tmp_path_factory.mktemp("home")
    if request.param == "sqlite-folder":
        with open_studio(home) as opened:
            yield opened
        return
    database = request.getfixturevalue("module_postgresql_url")
    storage = request.getfixturevalue("module_s3_storage")
    with pytest.MonkeyPatch.context() as patch:
        storage.set(patch)
        with open_studio(home, database=database, storage=storage.url) as opened:
            yield opened


@pytest.fixture(scope="module")
def plain_studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """SQLite and a folder, for tests that do not depend on where rows and bytes lie."""
    with open_studio(tmp_path_factory.mktemp("home")) as opened:
        yield opened
