"""Real server processes: start, stop, and everything over HTTP with a token."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import zipfile
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import httpx
import numpy as np
import pytest
from PIL import Image

import triptych
from triptych.cli.demonstration import DESCRIPTIONS
from triptych.cli.running import PORT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.conftest import Run


@contextmanager
def _running(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process of the command line and the first line that it prints; ended at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "triptych.cli", *arguments],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def _ends(process: subprocess.Popen[str]) -> tuple[int, str]:
    process.send_signal(signal.SIGTERM)
    assert process.stdout is not None
    out = process.stdout.read()
    return process.wait(60), out


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "cells.zip"
    with zipfile.ZipFile(path, "w") as made:
        for number in range(6):
            buffer = io.BytesIO()
            pixels = np.random.default_rng(number).integers(0, 4095, (20, 30)).astype(np.uint16)
            Image.fromarray(pixels).save(buffer, "PNG")
            made.writestr(f"Classes/{'ab'[number % 2]}/{number}.png", buffer.getvalue())
    return path


def test_a_server_serves_until_it_is_told_to_stop(run: Run, tmp_path: Path, archive: Path) -> None:
    with _running("serve", "--port", "0") as (process, line):
        address = line.split()[-1]
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", address)
        assert process.stdout is not None
        link = process.stdout.readline()
        assert f"{address}/sign-in#" in link
        assert httpx.get(f"{address}/healthz").status_code == 200
        # The command line on this home talks to it, and so does one elsewhere with a token.
        assert json.loads((tmp_path / "home" / "serve.json").read_text())["address"] == address
        token = run("token", "new", "elsewhere", "--json").document["token"]
        far = ("--server", address, "--token", token)
        added = run("add", archive, "--json", *far)
        assert (added.status, added.document["counts"]["items"]) == (0, 6)
        assert run("list", "--json").document["items"][0]["name"] == "cells"
        assert run("export", "cells", "--format", "class_folders", "--to", tmp_path / "out", *far).status == 0
        folder = run("add", tmp_path / "out", "--name", "again", "--json", *far)
        assert folder.document["content_hash"] == added.document["content_hash"]
        assert run("doctor", "--json", *far).document["ok"]
        assert (
            run("list", "--json", "--server", address, "--token", "tri_x").document["error"]["code"]
            == "bad_token"
        )
        taken = run("serve", "--home", tmp_path / "other", "--port", address.rpartition(":")[2], "--json")
        assert (taken.status, taken.document["error"]["code"]) == (1, "port_taken")
        twice = run("serve", "--port", 0, "--json")
        assert (twice.status, twice.document["error"]["code"]) == (1, "already_serving")
        near, remote = triptych.load("cells"), triptych.load("cells", server=address, token=token)
        assert [sample.key for sample in near] == [sample.key for sample in remote]
        assert all(np.array_equal(a.image, b.image) for a, b in zip(near, remote, strict=True))
        assert _ends(process)[0] == 0
    assert not (tmp_path / "home" / "serve.json").exists()
    at_home = triptych.load("cells", home=tmp_path / "home")
    assert [sample.key for sample in at_home] == [sample.key for sample in near]


def test_a_server_prints_one_document_with_json(tmp_path: Path) -> None:
    with _running("serve", "--port", "0", "--json") as (process, line):
        status, rest = _ends(process)
        document = json.loads(line + rest)
    assert status == 0
    assert document["address"].startswith("http://127.0.0.1:")
    assert document["pid"] == process.pid


def test_a_server_that_is_killed_is_no_hindrance(run: Run) -> None:
    with _running("serve", "--port", "0") as (process, _):
        process.kill()
        process.wait()
        assert run("list", "--json").document["items"] == []


def test_a_worker_works_until_it_is_told_to_stop(run: Run, archive: Path) -> None:
    with _running("work", "--json") as (process, line):
        status, rest = _ends(process)
        assert json.loads(line + rest)["pid"] == process.pid
    assert status == 0


def test_a_host_that_is_not_this_machine_is_said(run: Run) -> None:
    ended = run("serve", "--host", "no.such.host.invalid", "--json")
    assert (ended.status, ended.document["error"]["code"]) == (1, "bad_host")


def test_the_demonstration_is_served_even_if_its_usual_port_is_taken(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triptych.cli.demo_data.CELL_PICTURES", 3)
    home = tmp_path / "demo"
    assert run("demo", "--no-serve", "--home", home, "-q").status == 0
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):
            taken.bind(("127.0.0.1", PORT))
            taken.listen()
        with _running("demo", "--home", str(home), "-q") as (process, line):
            address = line.split()[-1]
            assert httpx.get(f"{address}/healthz").status_code == 200
            assert len(run("list", "--home", home, "--json").document["items"]) == len(DESCRIPTIONS)
            twice = run("demo", "--home", home, "--json")
            assert (twice.status, twice.document["error"]["code"]) == (1, "already_serving")
            assert _ends(process)[0] == 0


def test_every_address_of_the_machine_may_be_listened_on(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with _running("serve", "--host", "0.0.0.0", "--port", "0") as (process, line):
            assert re.search(r"http://127\.0\.0\.1:\d+", line)
            assert run("list", "--json").document["items"] == []
            assert _ends(process)[0] == 0
