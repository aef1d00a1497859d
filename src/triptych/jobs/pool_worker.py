"""A process of the pool: takes a chunk, answers, takes the next.

The pool runs this file by its path, so that nothing of the program is imported here but what the chunk's
function asks for. Arguments: the descriptor of the socket, the id of the parent process, and RLIMIT_DATA in
bytes. The first message is the parent's `sys.path`. Each answer is one byte that says what it is, then its
pickled content.
"""

from __future__ import annotations

import ctypes
import os
import pickle
import resource
import signal
import sys
import traceback
from multiprocessing.connection import Connection

READY = b"s"
DONE = b"d"
RAISED = b"r"
OUT_OF_MEMORY = b"m"

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Serve until the socket closes, the parent ends or memory has run out once."""
    descriptor, parent, memory = (int(argument) for argument in arguments)
    _end_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limit = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    connection = Connection(descriptor)
    try:
        sys.path[:] = pickle.loads(connection.recv_bytes())
        connection.send_bytes(READY)
        answer = b""
        # What did not fit once leaves the heap in pieces; a new process is cheap.
        while answer != OUT_OF_MEMORY:
            answer = _answer(connection.recv_bytes())
            connection.send_bytes(answer)
    except (EOFError, ConnectionError):
        return


def _end_with(parent: int) -> None:
    """Have the kernel kill this process when the thread that started it ends, with kill -9 too."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the kernel was told
        os._exit(1)


def _answer(message: bytes) -> bytes:
    try:
        function, chunk = pickle.loads(message)
        return DONE + pickle.dumps(function(chunk), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return OUT_OF_MEMORY
    except Exception as error:  # noqa: BLE001 - it is raised again where the chunk came from
        return RAISED + _pickled(error, traceback.format_exc())


def _pickled(error: Exception, trace: str) -> bytes:
    try:
        content = pickle.dumps((error, trace))
        pickle.loads(content)
    except Exception:  # noqa: BLE001 - exceptions of others need not travel well
        return pickle.dumps((RuntimeError(f"{type(error).__name__}: {error}"), trace))
    return content


if __name__ == "__main__":
    main(sys.argv[1:])
