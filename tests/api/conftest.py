"""The application over a fresh home."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.house import House, build

from triptych.client.in_process import InProcessTransport

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """The application over a fresh home."""
    installation, app, passwords = build(tmp_path / "home")
    transport = InProcessTransport(app)
    try:
        yield House(installation, app, transport, passwords)
    finally:
        transport.close()
        installation.close()
