"""The note that says which server runs on a home."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from triptych.client.home_server import HomeServer, announce, running_server, withdraw

if TYPE_CHECKING:
    from pathlib import Path


def test_the_note_is_for_its_owner_alone_and_says_who_serves(tmp_path: Path) -> None:
    server = HomeServer("http://127.0.0.1:1", os.getpid(), "secret")
    announce(tmp_path, server)
    assert (tmp_path / "serve.json").stat().st_mode & 0o777 == 0o600
    assert running_server(tmp_path) == server
    withdraw(tmp_path, os.getpid())
    assert running_server(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_the_note_of_a_killed_server_does_not_count(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    announce(tmp_path, HomeServer("http://127.0.0.1:1", process.pid, "secret"))
    assert running_server(tmp_path) is not None
    process.kill()
    for _ in range(500):  # a zombie until somebody asks for its end
        if running_server(tmp_path) is None:
            break
        time.sleep(0.01)
    assert running_server(tmp_path) is None
    process.wait()
    assert running_server(tmp_path) is None


def test_a_number_that_another_process_has_now_does_not_count(tmp_path: Path) -> None:
    announce(tmp_path, HomeServer("http://127.0.0.1:1", os.getpid(), "secret"))
    os.utime(tmp_path / "serve.json", (1, 1))
    assert running_server(tmp_path) is None


def test_only_the_one_who_wrote_a_note_takes_it_away(tmp_path: Path) -> None:
    announce(tmp_path, HomeServer("http://127.0.0.1:1", os.getpid(), "secret"))
    withdraw(tmp_path, os.getpid() + 1)
    assert running_server(tmp_path) is not None


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"address": "x"}', '{"address": 1, "pid": "x", "secret": ""}']
)
def test_a_note_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "serve.json").write_text(text)
    assert running_server(tmp_path) is None
