"""compute.map: every item gets its result or a reason, whatever its neighbours do to the processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.jobs import chunk_functions as functions
from triptych.core.errors import Cancelled, Unavailable
from triptych.jobs.compute import Compute, ComputeLimits, Failed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LIMITS = ComputeLimits(workers=2, memory=1_000_000_000, seconds_per_item=30)


@pytest.fixture(scope="module")
def compute() -> Iterator[Compute]:
    with Compute(LIMITS) as pool:
        yield pool


def eventually(condition: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def gone(process_id: int) -> bool:
    try:
        return psutil.Process(process_id).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_every_chunk_gives_one_outcome_under_its_number(compute: Compute) -> None:
    chunks = [list(range(start, start + 3)) for start in range(0, 60, 3)]
    outcomes = dict(compute.map(functions.squares, chunks))
    assert sorted(outcomes) == list(range(20))
    assert all(outcomes[n].results == ([i * i for i in chunk],) for n, chunk in enumerate(chunks))
    assert not any(outcome.failed for outcome in outcomes.values())


def test_processes_that_are_prepared_take_the_chunks() -> None:
    with Compute(LIMITS) as compute:
        compute.prepare(["tests.jobs.chunk_functions"])
        assert eventually(lambda: len(compute.process_ids()) == 2)
        prepared = set(compute.process_ids())
        assert dict(compute.map(functions.squares, [[1], [2], [3]]))[2].results == ([9],)
        assert set(compute.process_ids()) == prepared


def test_what_cannot_be_prepared_harms_no_chunk() -> None:
    with Compute(LIMITS) as compute:
        compute.prepare(["there.is.no.such.module"])
        assert dict(compute.map(functions.squares, [[1]]))[0].results == ([1],)


def test_no_chunks_give_no_outcomes_and_no_processes() -> None:
    with Compute(LIMITS) as compute:
        assert list(compute.map(functions.squares, [])) == []
        assert compute.process_ids() == []


@pytest.mark.parametrize(
    ("item", "reason", "number"),
    [
        (functions.KILL, "crashed", signal.SIGKILL),
        (functions.SEGFAULT, "crashed", signal.SIGSEGV),
        (functions.LEAVE, "crashed", None),
        (functions.ALLOCATE, "out_of_memory", None),
    ],
)
def test_a_poisonous_item_fails_alone(compute: Compute, item: int, reason: str, number: int | None) -> None:
    chunk = functions.Numbers((1, 2, 3, item, 4, 5, 6, 7), factor=10)
    [(index, outcome)] = compute.map(functions.scale, [chunk])
    assert index == 0
    assert [value for piece in outcome.results for value in piece] == [10, 20, 30, 40, 50, 60, 70]
    assert outcome.failed == (Failed(item, 3, reason, number),)  # type: ignore[arg-type]


def test_an_item_that_takes_too_long_fails_alone() -> None:
    with Compute(ComputeLimits(1, 1_000_000_000, 0.4)) as compute:
        [(_, outcome)] = compute.map(functions.squares, [[1, functions.HANG, 2]])
    assert outcome.results == ([1], [4])
    assert outcome.failed == (Failed(functions.HANG, 1, "timed_out", None),)


def test_the_seconds_of_a_chunk_may_depend_on_the_chunk(compute: Compute) -> None:
    outcomes = dict(compute.map(functions.sleep, [[5.0], [0.2]], seconds=lambda chunk: 1.0))
    assert outcomes[0].failed == (Failed(5.0, 0, "timed_out"),)
    assert not outcomes[1].failed


def test_several_poisonous_items_among_many_are_all_found(compute: Compute) -> None:
    items = list(range(200))
    items[17], items[18], items[150] = functions.KILL, functions.ALLOCATE, functions.KILL
    chunks = [items[start : start + 25] for start in range(0, 200, 25)]
    outcomes = dict(compute.map(functions.squares, chunks))
    values = [v for n in sorted(outcomes) for piece in outcomes[n].results for v in piece]
    assert values == [i * i for i in range(200) if i not in (17, 18, 150)]
    failed = [(n, f.position, f.reason) for n in sorted(outcomes) for f in outcomes[n].failed]
    assert failed == [(0, 17, "crashed"), (0, 18, "out_of_memory"), (6, 0, "crashed")]


def test_an_item_is_not_blamed_for_a_kill_that_came_from_outside(compute: Compute, tmp_path: Path) -> None:
    chunk = functions.Numbers((functions.KILL_ONCE,), 1, tmp_path)
    [(_, outcome)] = compute.map(functions.scale, [chunk])
    assert outcome.failed == ()
    assert outcome.results == ([functions.KILL_ONCE],)


def test_killing_processes_from_outside_loses_no_item(compute: Compute) -> None:
    results = []
    for index, outcome in compute.map(functions.sleep, [[0.03]] * 30):
        results.append(index)
        assert not outcome.failed
        if index in (5, 15):
            os.kill(compute.process_ids()[0], signal.SIGKILL)
    assert sorted(results) == list(range(30))


def test_a_bug_in_the_function_is_raised_with_its_traceback(compute: Compute) -> None:
    with pytest.raises(ZeroDivisionError, match="at 7") as caught:
        list(compute.map(functions.bug, [[7]]))
    assert "chunk_functions.py" in caught.value.__notes__[0]


def test_an_error_of_the_product_keeps_its_code_and_hint(compute: Compute) -> None:
    with pytest.raises(Unavailable) as caught:
        list(compute.map(functions.full_disk, [[7]]))
    assert (caught.value.code, caught.value.hint) == ("disk_full", "Free space.")


def test_an_exception_that_does_not_travel_is_still_told(compute: Compute) -> None:
    with pytest.raises(RuntimeError, match="Awkward: first"):
        list(compute.map(functions.awkward, [[7]]))


def test_at_most_twice_as_many_chunks_as_processes_are_taken_ahead(compute: Compute) -> None:
    taken: list[int] = []

    def chunks() -> Iterator[list[int]]:
        for number in range(50):
            taken.append(number)
            yield [number]

    given = 0
    for _ in compute.map(functions.squares, chunks()):
        assert len(taken) - given <= 2 * LIMITS.workers
        given += 1
    assert given == 50


def test_leaving_the_loop_kills_what_is_in_flight(compute: Compute, tmp_path: Path) -> None:
    def chunks() -> Iterator[functions.Numbers]:
        yield functions.Numbers((1,), 1, tmp_path)
        yield functions.Numbers((2,), 1, tmp_path)
        assert eventually(lambda: len(list(tmp_path.iterdir())) == 2)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(compute.map(functions.sleep_for_ever, chunks()))
    at_work = [int(path.name) for path in tmp_path.iterdir()]
    assert eventually(lambda: all(gone(process_id) for process_id in at_work), 5)
    assert len(list(compute.map(functions.squares, [[1], [2]]))) == 2


def test_what_watches_may_end_a_map_whose_chunk_takes_long(compute: Compute) -> None:
    looks = 0

    def watch() -> None:
        nonlocal looks
        looks += 1
        if looks == 2:
            raise Cancelled("The job was cancelled.")

    with pytest.raises(Cancelled):
        list(compute.map(functions.sleep, [[600.0]], watch=watch))
    assert len(list(compute.map(functions.squares, [[1], [2]]))) == 2


def test_several_threads_share_the_processes(compute: Compute) -> None:
    results: dict[int, list[int]] = {}

    def work(base: int) -> None:
        outcomes = dict(compute.map(functions.squares, [[base + n] for n in range(20)]))
        results[base] = [outcomes[n].results[0][0] for n in range(20)]

    threads = [threading.Thread(target=work, args=(base,)) for base in (0, 100, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {base: [(base + n) ** 2 for n in range(20)] for base in (0, 100, 200)}
    assert len(compute.process_ids()) <= 2


def test_the_processes_outlive_the_thread_that_first_used_them() -> None:
    with Compute(LIMITS) as compute:
        first: list[int] = []
        thread = threading.Thread(
            target=lambda: first.extend(o.results[0] for _, o in compute.map(functions.sleep, [[0.0]]))
        )
        thread.start()
        thread.join()
        [(_, outcome)] = compute.map(functions.sleep, [[0.0]])
        assert [*outcome.results] == first


def test_large_chunks_and_large_results_pass(compute: Compute) -> None:
    [(_, outcome)] = compute.map(functions.megabytes, [[5, 5]])
    assert outcome.results == (bytes(10_000_000),)
    [(_, taken)] = compute.map(functions.take, [[bytes(10_000_000)]])
    assert taken.results == (10_000_000,)


def test_a_process_imports_what_its_function_needs_and_no_more() -> None:
    with Compute(LIMITS) as compute:
        [(_, outcome)] = compute.map(functions.loaded, [[1]])
    names = set(outcome.results[0])
    assert not names & {"numpy", "sqlalchemy", "dbos", "typer", "pytest", "triptych.jobs.pool"}


def test_closing_the_pool_ends_a_map_that_runs() -> None:
    compute = Compute(LIMITS)
    running = compute.map(functions.sleep, [[0.0], [600.0]])
    next(running)
    ids = compute.process_ids()
    compute.close()
    with pytest.raises(Unavailable, match="closed"):
        next(running)
    assert all(gone(process_id) for process_id in ids)
    compute.close()


def test_processes_that_do_not_start_are_not_tried_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with Compute(LIMITS) as compute:
        with pytest.raises(Unavailable) as caught:
            list(compute.map(functions.squares, [[1]]))
        assert caught.value.code == "pool_does_not_start"


def test_processes_that_have_nothing_to_do_end() -> None:
    with Compute(LIMITS) as compute:
        compute._pool.idle_seconds = 0.1
        list(compute.map(functions.squares, [[1], [2]]))
        assert eventually(lambda: compute.process_ids() == [])
        assert len(list(compute.map(functions.squares, [[1], [2]]))) == 2


PARENT = """
import signal
import sys
from tests.jobs.chunk_functions import sleep
from triptych.jobs.compute import Compute, ComputeLimits
# Where tests run in the background, the shell has told them to ignore it.
signal.signal(signal.SIGINT, signal.default_int_handler)
compute = Compute(ComputeLimits(2, 1_000_000_000, 900))
running = compute.map(sleep, [[0.0], [0.0], [600.0], [600.0], [600.0]])
next(running), next(running)
print(*compute.process_ids(), flush=True)
if sys.argv[1] == "wait":
    next(running)
"""


def start_parent(how: str) -> tuple[subprocess.Popen[str], list[int]]:
    root = Path(__file__).resolve().parents[2]
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, how],
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
        start_new_session=True,
    )
    assert parent.stdout is not None
    ids = [int(word) for word in parent.stdout.readline().split()]
    parent.stdout.close()
    assert len(ids) == 2
    return parent, ids


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_process_outlives_its_parent(number: signal.Signals) -> None:
    parent, ids = start_parent("wait")
    parent.send_signal(number)
    parent.wait(20)
    assert eventually(lambda: all(gone(process_id) for process_id in ids))
    assert left_in_session(parent.pid) == []


def test_no_process_is_left_when_the_program_ends_without_closing_the_pool() -> None:
    parent, ids = start_parent("end")
    assert parent.wait(20) == 0
    assert eventually(lambda: all(gone(process_id) for process_id in ids))
    assert left_in_session(parent.pid) == []


def left_in_session(session: int) -> list[int]:
    left = []
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) == session and process.status() != psutil.STATUS_ZOMBIE:
                left.append(process.pid)
        except (ProcessLookupError, psutil.NoSuchProcess):
            continue
    return left
