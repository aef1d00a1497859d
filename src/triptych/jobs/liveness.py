"""Whether another worker is alive, judged without trusting its clock."""

from __future__ import annotations

import os
import socket
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from triptych.jobs.repository import Owned

BUSY_FACTOR = 12
"""A process that can be seen to run may be silent this many times longer: SQLite lets one write at a time."""

SAME_START_SECONDS = 5.0
"""The kernel's start of a process is counted from the start of the machine, which the clock's corrections move."""


def host_identity() -> str:
    """This machine, since it was started, and the space in which process ids mean something."""
    parts = [socket.gethostname()]
    try:
        parts.append(Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()[:8])
        parts.append(str(Path("/proc/self/ns/pid").readlink()))
    except OSError:
        parts.append("unknown")
    return " ".join(parts)


def started_at() -> float:
    """When this process started, in seconds since 1970."""
    return psutil.Process(os.getpid()).create_time()


@dataclass
class Watch:
    """Remembers when each worker's sign of life was last seen to change, by this process's own clock."""

    host: str
    silence_seconds: float
    _seen: dict[str, tuple[float, float]] = field(default_factory=dict)
    _looked: float = 0.0

    def look(self) -> None:
        """A new look begins. After a pause of its own (frozen, database gone) all silence counts from now."""
        now = time.monotonic()
        if now - self._looked > self.silence_seconds:
            self._seen.clear()
        self._looked = now

    def is_silent(self, owned: Owned) -> bool:
        """Whether the worker of the job is to be given up."""
        if owned.worker_id is None or owned.beat_at is None:
            return True
        patience = self.silence_seconds
        if owned.host == self.host:
            status = _status(owned)
            if status is None:
                return True
            if status not in (psutil.STATUS_STOPPED, psutil.STATUS_TRACING_STOP):
                patience *= BUSY_FACTOR
        now = time.monotonic()
        beat, since = self._seen.get(owned.worker_id, (None, now))
        if beat != owned.beat_at:
            self._seen[owned.worker_id] = (owned.beat_at, now)
            return False
        return now - since >= patience


def _status(owned: Owned) -> str | None:
    """What the kernel says of a worker on this machine; None: it has ended."""
    try:
        process = psutil.Process(owned.pid)
        if abs(process.create_time() - (owned.worker_started_at or 0.0)) > SAME_START_SECONDS:
            return None  # another process has got its number
        status: str = process.status()
    except psutil.NoSuchProcess:
        return None
    return None if status == psutil.STATUS_ZOMBIE else status
