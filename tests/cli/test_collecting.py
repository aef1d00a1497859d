"""What a command makes while it starts is not looked through again; other processes are left as they are."""

from __future__ import annotations

import subprocess
import sys

from triptych.cli.collecting import uncollected

PROGRAM = """
import gc
from triptych.cli.collecting import begin, uncollected

begin()
before = gc.get_freeze_count()
with uncollected():
    assert not gc.isenabled()
    kept = [[] for _ in range(1000)]
assert gc.isenabled()
assert gc.get_freeze_count() >= before + 1000
try:
    with uncollected():
        raise KeyError
except KeyError:
    assert gc.isenabled()
gc.disable()
with uncollected():
    pass
assert not gc.isenabled()
"""


def test_what_a_command_makes_while_it_starts_stays_to_the_end() -> None:
    subprocess.run([sys.executable, "-c", PROGRAM], check=True)


def test_a_process_that_is_not_the_commands_own_is_left_as_it_is() -> None:
    script = """
import gc
from triptych.cli.collecting import uncollected

with uncollected():
    assert gc.isenabled()
assert gc.get_freeze_count() == 0
"""
    subprocess.run([sys.executable, "-c", script], check=True)
    with uncollected():
        pass
