"""The services that the tests start for themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from obstore.store import from_url

from triptych.db.session import Database
from triptych.settings import Settings

if TYPE_CHECKING:
    from tests.support.s3 import S3Storage


@pytest.mark.postgresql
def test_each_test_gets_an_empty_database_of_its_own(postgresql_url: str) -> None:
    database = Database(Settings(database=postgresql_url).database_url)
    with database.write() as connection:
        connection.execute(sa.text("CREATE TABLE t (n integer)"))
    with database.read() as connection:
        assert sa.inspect(connection).get_table_names() == ["t"]
    database.close()


@pytest.mark.postgresql
def test_what_another_test_made_is_not_there(postgresql_url: str) -> None:
    database = Database(Settings(database=postgresql_url).database_url)
    with database.read() as connection:
        assert sa.inspect(connection).get_table_names() == []
        assert connection.execute(sa.text("CREATE EXTENSION pg_trgm")) is not None
    database.close()


def test_a_bucket_gives_back_the_bytes_that_it_was_given(
    s3_storage: S3Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    s3_storage.set(monkeypatch)
    store = from_url(s3_storage.url)
    store.put("a/b", b"bytes")
    assert bytes(store.get("a/b").bytes()) == b"bytes"


def test_buckets_of_two_tests_are_apart(s3_storage: S3Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    s3_storage.set(monkeypatch)
    assert list(from_url(s3_storage.url).list()) == []
