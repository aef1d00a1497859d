"""Running the command line in this process, against a fake server or a real home."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from tests.cli.fake_api import FakeServer
from triptych.cli import main, reach
from triptych.client.connection import Connection
from triptych.client.in_process import ADDRESS, InProcessTransport

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from triptych.settings import Settings


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Standard output as one JSON document."""
        return json.loads(self.out)


class Run(Protocol):
    """Runs a command; its arguments as a person gives them."""

    def __call__(self, *arguments: object) -> Ended: ...


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("TRIPTYCH_SERVER", "TRIPTYCH_TOKEN", "TRIPTYCH_DEBUG", "FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TRIPTYCH_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("triptych.client.jobs.FIRST_PAUSE", 0.01)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def runs(*arguments: object) -> Ended:
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        assert isinstance(left.value.code, int)
        return Ended(left.value.code, captured.out, captured.err)

    return runs


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> FakeServer:
    """A fake installation; commands without a server talk to it."""
    fake = FakeServer()

    @contextmanager
    def in_process(settings: Settings, *, work: bool) -> Iterator[Connection]:
        transport = InProcessTransport(fake.application())
        with Connection(ADDRESS, transport=transport, reads_local_paths=not fake.is_remote) as connection:
            yield connection

    monkeypatch.setattr(reach, "in_process", in_process)
    return fake
