"""A fake server in this process, and a connection to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.fake_api import FakeServer
from triptych.client.connection import Connection
from triptych.client.in_process import ADDRESS, InProcessTransport

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def server() -> FakeServer:
    return FakeServer()


@pytest.fixture
def connection(server: FakeServer) -> Iterator[Connection]:
    with Connection(ADDRESS, transport=InProcessTransport(server.application())) as made:
        yield made
