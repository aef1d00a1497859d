"""Which server runs on a home: the file `serve.json`, written by `triptych serve`, readable by its owner."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from pathlib import Path

LOCAL_HEADER = "X-Triptych-Local"
"""The header that carries the secret of the home; who knows it acts as the home's first administrator."""


@dataclass(frozen=True, slots=True)
class HomeServer:
    """A server on this machine: where it listens, its process, and the secret for local callers."""

    address: str
    pid: int
    secret: str


def announce(home: Path, server: HomeServer) -> None:
    """Write down that a server runs on the home; mode 0600 before anything secret is in the file."""
    path = _file(home)
    draft = path.with_name(f".serve.{server.pid}.json")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        os.fchmod(descriptor, 0o600)
        json.dump(asdict(server), file)
    draft.replace(path)


def withdraw(home: Path, pid: int) -> None:
    """Take the note away, unless another process has written its own since."""
    server = _read(home)
    if server is not None and server.pid == pid:
        _file(home).unlink(missing_ok=True)


def running_server(home: Path) -> HomeServer | None:
    """The server that runs on this home, or None. A note left by a process that is gone does not count."""
    server = _read(home)
    return server if server is not None and _serves(server.pid, _file(home)) else None


def _file(home: Path) -> Path:
    return home / "serve.json"


def _read(home: Path) -> HomeServer | None:
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        document = json.loads(_file(home).read_text(encoding="utf-8"))
        return HomeServer(str(document["address"]), int(document["pid"]), str(document["secret"]))
    return None


def _serves(pid: int, note: Path) -> bool:
    try:
        process = psutil.Process(pid)
        # Numbers of processes are used again: one that began after the note was written is somebody else.
        # A second of slack covers the resolution of file times.
        began_before = process.create_time() <= note.stat().st_mtime + 1.0
        return began_before and process.status() != psutil.STATUS_ZOMBIE
    except (psutil.Error, OSError):
        return False
