"""Workers as real processes, which tests kill, freeze and wake."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from triptych.db.session import Database

ROOT = Path(__file__).resolve().parents[2]


def start_worker(home: Path, database: Database, silence: float = 1.0) -> subprocess.Popen[str]:
    """A worker that works by the time this returns."""
    (worker,) = start_workers(1, home, database, silence)
    return worker


def start_workers(
    count: int, home: Path, database: Database, silence: float = 1.0
) -> tuple[subprocess.Popen[str], ...]:
    """Workers that work by the time this returns."""
    command = [sys.executable, "-m", "tests.jobs.worker_process", str(home), database.url, str(silence)]
    workers = tuple(
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(count)
    )
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "works\n"
    return workers


@contextmanager
def ended(*workers: subprocess.Popen[str]) -> Iterator[None]:
    """The workers are gone at the end, whatever happens."""
    try:
        yield
    finally:
        for worker in workers:
            end(worker)


def end(worker: subprocess.Popen[str]) -> None:
    """Kill the worker, if it still runs, and wait for it."""
    worker.kill()
    worker.wait()
    if worker.stdout is not None:
        worker.stdout.close()


def eventually(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until the condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
