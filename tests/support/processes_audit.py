"""Notes every file that a process of Python writes outside of its home.

A test copies this file to `sitecustomize.py` on the path of the processes that it starts, so that it is there
before the program is. What libraries write without Python's knowing, the test looks for itself.
"""

from __future__ import annotations

import os
import sys

HOME = os.path.realpath(os.environ["TRIPTYCH_TEST_HOME"])
LOG = os.open(os.environ["TRIPTYCH_TEST_AUDIT"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
TARGETS = {
    "os.mkdir": 0,
    "os.rename": 1,
    "os.link": 1,
    "os.symlink": 1,
    "os.truncate": 0,
    "sqlite3.connect": 0,
}


def _look(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open":
        path, _, flags = arguments
        if not isinstance(flags, int) or not flags & WRITES:
            return
    elif event in TARGETS:
        path = arguments[TARGETS[event]]
    else:
        return
    if isinstance(path, str | bytes):
        place = os.path.realpath(os.fsdecode(path).removeprefix("file:"))
        if place != HOME and not place.startswith((HOME + os.sep, "/dev/", "/proc/")):
            os.write(LOG, f"{os.getpid()} {event} {place}\n".encode("utf-8", "surrogateescape"))


sys.addaudithook(_look)
