"""When a worker is given up: by this process's own clock, and by what the kernel says of its process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import psutil
import pytest

from triptych.jobs import liveness
from triptych.jobs.liveness import BUSY_FACTOR, Watch, host_identity, started_at
from triptych.jobs.repository import Owned


class Clock:
    """Time that tests move."""

    now = 1_000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(liveness, "time", clock)
    return clock


def elsewhere(beat: float) -> Owned:
    return Owned("job", "worker", "another machine", 1, 0.0, beat)


def looks(watch: Watch, clock: Clock, owned: Owned, seconds: float) -> bool:
    """Look every second; whether the worker is silent at the end."""
    silent = False
    for _ in range(int(seconds)):
        clock.now += 1.0
        watch.look()
        silent = watch.is_silent(owned)
    return silent


def test_a_worker_on_another_machine_is_given_up_after_the_silence(clock: Clock) -> None:
    watch = Watch("here", 5.0)
    assert not looks(watch, clock, elsewhere(7.0), 5)
    assert looks(watch, clock, elsewhere(7.0), 2)


def test_a_sign_of_life_begins_the_silence_anew_whatever_its_clock_says(clock: Clock) -> None:
    watch = Watch("here", 5.0)
    looks(watch, clock, elsewhere(7.0), 5)
    assert not looks(watch, clock, elsewhere(-1e9), 5)
    assert looks(watch, clock, elsewhere(-1e9), 2)


def test_who_was_frozen_itself_gives_nobody_up_for_it(clock: Clock) -> None:
    watch = Watch("here", 5.0)
    looks(watch, clock, elsewhere(7.0), 4)
    clock.now += 600.0
    watch.look()
    assert not watch.is_silent(elsewhere(7.0))


def test_a_job_without_a_worker_is_given_up_at_once(clock: Clock) -> None:
    watch = Watch("here", 5.0)
    watch.look()
    assert watch.is_silent(Owned("job", None, None, None, None, None))
    assert watch.is_silent(Owned("job", "forgotten", None, None, None, None))


def test_a_process_that_has_ended_here_is_given_up_at_once(clock: Clock) -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    watch = Watch(host_identity(), 5.0)
    watch.look()
    assert watch.is_silent(Owned("job", "worker", host_identity(), process.pid, started_at(), 7.0))


def test_another_process_with_the_same_number_does_not_count(clock: Clock) -> None:
    watch = Watch(host_identity(), 5.0)
    watch.look()
    assert watch.is_silent(Owned("job", "worker", host_identity(), os.getpid(), started_at() - 3_600, 7.0))


def test_a_process_that_runs_here_has_more_patience_than_one_that_is_frozen(clock: Clock) -> None:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    try:
        started = psutil.Process(process.pid).create_time()
        owned = Owned("job", "worker", host_identity(), process.pid, started, 7.0)
        assert not looks(Watch(host_identity(), 5.0), clock, owned, 5 * BUSY_FACTOR)
        process.send_signal(signal.SIGSTOP)
        os.waitpid(process.pid, os.WUNTRACED)
        watch = Watch(host_identity(), 5.0)
        assert not looks(watch, clock, owned, 5)
        assert looks(watch, clock, owned, 2)
    finally:
        process.kill()
        process.wait()


def test_this_machine_has_the_same_name_every_time() -> None:
    assert host_identity() == host_identity()
