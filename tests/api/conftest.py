"""The application over a fresh home."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.house import House, build
from triptych.client.in_process import InProcessTransport

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """The application over a fresh home."""
    with _opened(tmp_path / "home") as opened:
        yield opened


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def any_house(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    """The application over a fresh home, once on each database."""
    address = request.getfixturevalue("migrated_postgresql_url") if request.param == "postgresql" else ""
    with _opened(tmp_path / "home", database=address) as opened:
        yield opened


@contextmanager
def _opened(home: Path, **settings: Any) -> Iterator[House]:
    installation, app, passwords = build(home, **settings)
    transport = InProcessTransport(app)
    try:
        yield House(installation, app, transport, passwords)
    finally:
        transport.close()
        installation.close()
