"""A pool of processes that may die: each has its own socket, so that one that is killed harms no other.

One thread starts the processes, hands out tasks, receives answers and enforces time limits. It lives as long as
the pool, because the kernel ties the end of a process to the thread that started it.
"""

from __future__ import annotations

import atexit
import os
import pickle
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from triptych.core.errors import Unavailable
from triptych.jobs import pool_worker

if TYPE_CHECKING:
    from collections.abc import Callable

Ending = Literal["done", "raised", "crashed", "out_of_memory", "timed_out", "closed"]

START_SECONDS = 60.0
STARTS = 3
"""Processes that may end before they are ready, one after the other, before the pool gives up."""
STALL_SECONDS = 10
"""A process that neither takes nor gives bytes for so long, within a message, is taken for dead."""
END_SECONDS = 5.0
LATE_SECONDS = 1.0
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""The pool is the parallelism; numerical libraries would start a thread and a buffer for each core."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How a task ended. `content` is pickled: the result, or the exception with its traceback as text.

    `signal` is what killed the process, None when it left by itself.
    """

    ending: Ending
    content: bytes = b""
    signal: int | None = None


@dataclass(eq=False, slots=True)
class Task:
    """A pickled (function, argument), its limit in seconds, and who is told how it ended (in the pool's
    thread: must not block)."""

    message: bytes
    seconds: float
    tell: Callable[[Answer], None]
    cancelled: bool = False


@dataclass(eq=False, slots=True)
class _Process:
    process: subprocess.Popen[bytes]
    connection: Connection
    deadline: float
    ready: bool = False
    task: Task | None = None

    def end(self) -> int:
        """Kill it if it still runs; its exit status, negative for a signal."""
        self.connection.close()
        if self.process.poll() is None:
            self.process.kill()
        try:
            return self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:  # it hangs in the kernel, as on a network disk that is gone
            return -signal.SIGKILL


@dataclass(eq=False)
class Pool:
    """At most `size` processes, started as they are needed and ended after `idle_seconds` without a task."""

    size: int
    memory: int
    idle_seconds: float = 60.0
    _processes: list[_Process] = field(default_factory=list)
    _waiting: deque[Task] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _thread: threading.Thread | None = None
    _wake: tuple[Connection, Connection] | None = None
    _rung: bool = False
    _closing: bool = False
    _failed_starts: int = 0

    def submit(self, *tasks: Task) -> None:
        """Queue tasks; the first call starts the pool. Raises Unavailable (`pool_closed`) after `close`."""
        with self._lock:
            if self._closing:
                raise Unavailable("The pool of processes is closed.", code="pool_closed")
            self._waiting.extend(tasks)
            if self._thread is None:
                ours, theirs = socket.socketpair()
                self._wake = Connection(ours.detach()), Connection(theirs.detach())
                self._thread = threading.Thread(target=self._serve, name="triptych-pool", daemon=True)
                self._thread.start()
                # Else the interpreter may stop the thread while it holds the lock, and wait for it for ever.
                atexit.register(self.close)
            self._ring()

    def cancel(self, tasks: list[Task]) -> None:
        """Drop tasks that wait and kill the processes of those that run; nobody is told."""
        with self._lock:
            for task in tasks:
                task.cancelled = True
            if self._thread is not None and not self._closing:
                self._ring()

    def close(self) -> None:
        """End all processes at once; whoever still waits is told `closed`. May be called twice."""
        with self._lock:
            thread, self._closing = self._thread, True
            if thread is not None and self._wake is not None:
                self._ring()
        if thread is not None:
            thread.join()
            atexit.unregister(self.close)

    def process_ids(self) -> list[int]:
        """The processes that are there now."""
        return [worker.process.pid for worker in list(self._processes)]

    def _ring(self) -> None:
        assert self._wake is not None
        if not self._rung:
            self._rung = True
            self._wake[0].send_bytes(b"")

    def _serve(self) -> None:
        assert self._wake is not None
        try:
            while not self._closing:
                self._step(self._wake[1])
        finally:
            with self._lock:
                self._closing = True
                left = [worker.task for worker in self._processes if worker.task] + list(self._waiting)
                self._waiting.clear()
                for end in self._wake:
                    end.close()
                self._wake = None
            for worker in self._processes:
                worker.end()
            self._processes.clear()
            for task in left:
                task.tell(Answer("closed"))

    def _step(self, bell: Connection) -> None:
        self._drop_cancelled()
        self._start()
        self._hand_out()
        deadline = min((worker.deadline for worker in self._processes), default=None)
        seconds = None if deadline is None else max(0.0, deadline - time.monotonic())
        before = time.monotonic()
        readable = wait([bell, *(worker.connection for worker in self._processes)], seconds)
        now = time.monotonic()
        if seconds is not None and now - before - seconds > LATE_SECONDS:
            # This process was stopped; its workers may have been too.
            for worker in self._processes:
                worker.deadline += now - before
        if bell in readable:
            with self._lock:
                bell.recv_bytes()
                self._rung = False
        for worker in list(self._processes):
            if worker.connection in readable:
                self._receive(worker)
        for worker in list(self._processes):
            if worker.deadline <= time.monotonic():
                self._lose(worker, "timed_out")

    def _drop_cancelled(self) -> None:
        with self._lock:
            if any(task.cancelled for task in self._waiting):
                self._waiting = deque(task for task in self._waiting if not task.cancelled)
        for worker in list(self._processes):
            if worker.task is not None and worker.task.cancelled:
                self._processes.remove(worker)
                worker.end()

    def _start(self) -> None:
        busy = sum(worker.task is not None for worker in self._processes)
        wanted = min(self.size, busy + len(self._waiting))
        while len(self._processes) < wanted:
            self._processes.append(self._start_process())

    def _start_process(self) -> _Process:
        ours, theirs = socket.socketpair()
        stall = struct.pack("ll", STALL_SECONDS, 0)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, stall)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, stall)
        with theirs:
            process = subprocess.Popen(
                [
                    sys.executable,
                    *subprocess._args_from_interpreter_flags(),  # type: ignore[attr-defined]
                    "-P",
                    str(Path(pool_worker.__file__)),
                    str(theirs.fileno()),
                    str(os.getpid()),
                    str(self.memory),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env={**os.environ, **ONE_THREAD},
                process_group=0,  # Ctrl-C at a terminal is for the parent alone, from the first moment on
            )
        connection = Connection(ours.detach())
        worker = _Process(process, connection, time.monotonic() + START_SECONDS)
        try:
            connection.send_bytes(pickle.dumps([path or str(Path.cwd()) for path in sys.path]))
        except OSError:
            worker.deadline = 0.0
        return worker

    def _hand_out(self) -> None:
        for worker in list(self._processes):
            if worker.ready and worker.task is None:
                with self._lock:
                    if not self._waiting:
                        return
                    worker.task = self._waiting.popleft()
                worker.deadline = time.monotonic() + worker.task.seconds
                try:
                    worker.connection.send_bytes(worker.task.message)
                except OSError:
                    self._lose(worker, "crashed")

    def _receive(self, worker: _Process) -> None:
        try:
            answer = worker.connection.recv_bytes()
        except (EOFError, OSError):
            self._lose(worker, "crashed")
            return
        if answer == pool_worker.READY and not worker.ready:
            worker.ready = True
            worker.deadline = time.monotonic() + self.idle_seconds
            self._failed_starts = 0
            return
        if answer == pool_worker.OUT_OF_MEMORY:
            self._lose(worker, "out_of_memory")
            return
        if worker.task is None:
            self._lose(worker, "crashed")
            return
        task, worker.task = worker.task, None
        worker.deadline = time.monotonic() + self.idle_seconds
        task.tell(Answer("done" if answer[:1] == pool_worker.DONE else "raised", answer[1:]))

    def _lose(self, worker: _Process, ending: Ending) -> None:
        """End a process; if it was at a task, tell how that ended."""
        self._processes.remove(worker)
        status = worker.end()
        if worker.task is not None:
            number = -status if ending == "crashed" and status < 0 else None
            worker.task.tell(Answer(ending, b"", number))
        elif not worker.ready:
            self._failed_starts += 1
            if self._failed_starts >= STARTS:
                self._give_up(status)

    def _give_up(self, status: int) -> None:
        error = Unavailable(
            f"No process of the pool starts (exit status {status}, memory limit {self.memory} bytes).",
            code="pool_does_not_start",
            hint="Raise the setting worker_memory, and look at what the process wrote to standard error.",
        )
        self._failed_starts = 0
        with self._lock:
            waiting, self._waiting = list(self._waiting), deque()
        for task in waiting:
            task.tell(Answer("raised", pickle.dumps((error, ""))))
