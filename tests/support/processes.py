"""The program as real processes of its own, which tests start, kill and count.

Every process of one run carries a variable with the run's own mark in its environment, and so do the processes
that it starts; whoever is left is found by it.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import httpx

from triptych.client.connection import Connection
from triptych.client.home_server import LOCAL_HEADER, running_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MARK = "TRIPTYCH_TEST_MARK"
ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0
END_SECONDS = 30.0


@dataclass
class Programs:
    """Processes of `triptych` on one home. `batch_files` makes batches smaller, so that small sources have many."""

    home: Path
    batch_files: int = 256
    environment: dict[str, str] = field(default_factory=dict)
    mark: str = field(default_factory=lambda: secrets.token_hex(8))
    _started: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(
        self, *arguments: str, to: IO[str] | None = None, on_home: bool = True
    ) -> subprocess.Popen[str]:
        """Begin a command, on the home unless told otherwise, in a process group of its own.

        Standard error goes to `<home>.log`.
        """
        place = ["--home", str(self.home)] if on_home else []
        log = self.home.with_name(self.home.name + ".log")
        with log.open("a") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.processes_main", *arguments, *place],
                stdin=subprocess.DEVNULL,
                stdout=to or subprocess.PIPE,
                stderr=errors,
                text=True,
                cwd=ROOT,
                env=self._environment(),
                start_new_session=True,
            )
        self._started.append(process)
        return process

    def serve(self, port: int = 0) -> Server:
        """A server that answers by the time this returns; 0: on a free port."""
        process = self.start("serve", "--port", str(port), "--workers", "2", "--json")
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if line == "}\n":
                break
        server = running_server(self.home)
        assert server is not None, "".join(said) + self.errors()
        assert server.pid == process.pid
        connection = Connection(
            server.address,
            headers={LOCAL_HEADER: server.secret},
            reads_local_paths=True,
            trusted=True,
            transport=httpx.HTTPTransport(retries=0),
        )
        return Server(process, connection, json.loads("".join(said)))

    def errors(self) -> str:
        """What the processes wrote to standard error."""
        return self.home.with_name(self.home.name + ".log").read_text("utf-8", "replace")

    def alive(self) -> list[int]:
        """Processes of this run that are there."""
        return marked(self.mark)

    def end(self) -> None:
        """Kill whatever is left and wait for it."""
        for process in self._started:
            if process.poll() is None:
                process.kill()
            process.wait(END_SECONDS)
            if process.stdout is not None:
                process.stdout.close()
        for number in self.alive():
            os.kill(number, signal.SIGKILL)

    def _environment(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith("TRIPTYCH_")}
        speed = {"TRIPTYCH_HEARTBEAT_SECONDS": "0.2", "TRIPTYCH_SILENCE_SECONDS": "1"}
        mark = {MARK: self.mark, "TRIPTYCH_TEST_BATCH_FILES": str(self.batch_files)}
        return own | speed | mark | self.environment


@dataclass(frozen=True)
class Server:
    """A process that serves, a connection to it as the home's first administrator, and what it said of itself."""

    process: subprocess.Popen[str]
    connection: Connection
    announced: dict[str, Any]

    def kill(self) -> None:
        """End it by SIGKILL."""
        self.connection.close()
        self.process.kill()
        self.process.wait(END_SECONDS)

    def stop(self) -> int:
        """End it by SIGTERM; its exit status."""
        self.connection.close()
        self.process.terminate()
        return self.process.wait(END_SECONDS)


@contextmanager
def programs(home: Path, **options: object) -> Iterator[Programs]:
    """Processes on a home; none is left at the end."""
    run = Programs(home, **options)  # type: ignore[arg-type]
    try:
        yield run
    finally:
        run.end()


def marked(mark: str) -> list[int]:
    """Processes that carry the mark; those that have ended and wait for their parent do not count."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                if wanted in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(int(folder.name))
            except OSError:
                continue
    return sorted(found)


def decoders(server: int, mark: str) -> list[int]:
    """The decoding processes of a process, by their parent."""
    return [number for number in marked(mark) if number != server and _parent(number) == server]


def _parent(number: int) -> int:
    try:
        return int(Path(f"/proc/{number}/stat").read_text("ascii").rpartition(")")[2].split()[1])
    except OSError:
        return 0


def eventually(condition: Callable[[], object], seconds: float = 60.0, pause: float = 0.02) -> None:
    """Wait until the condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(pause)
