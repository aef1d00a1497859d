"""Failures to sign in make the next attempt wait."""

from __future__ import annotations

import pytest

from triptych.people.throttle import FREE_FAILURES, KEYS_KEPT, Throttle, TooManyAttempts


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def fail(throttle: Throttle, times: int, account: str = "ada", address: str = "10.0.0.1") -> None:
    for _ in range(times):
        throttle.failed(account, address)


def test_a_few_failures_cost_nothing() -> None:
    throttle = Throttle(Clock())
    fail(throttle, FREE_FAILURES["person"])
    throttle.check("ada", "10.0.0.1")


def test_one_failure_more_means_a_wait_that_doubles() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    fail(throttle, FREE_FAILURES["person"] + 1)
    with pytest.raises(TooManyAttempts) as first:
        throttle.check("ada", "10.0.0.1")
    fail(throttle, 3)
    with pytest.raises(TooManyAttempts) as later:
        throttle.check("ada", "10.0.0.1")
    assert (first.value.seconds, later.value.seconds) == (1, 8)
    clock.now += 8.1
    throttle.check("ada", "10.0.0.1")


def test_others_do_not_wait_for_somebody_elses_failures() -> None:
    throttle = Throttle(Clock())
    fail(throttle, FREE_FAILURES["person"] + 5)
    throttle.check("grace", "10.0.0.1")
    throttle.check("ada", "10.0.0.2")


def test_guessing_one_account_from_many_places_waits_too() -> None:
    throttle = Throttle(Clock())
    for number in range(FREE_FAILURES["account"] + 1):
        throttle.failed("ada", f"10.0.{number}.1")
    with pytest.raises(TooManyAttempts):
        throttle.check("ada", "192.168.0.1")


def test_guessing_many_accounts_from_one_place_waits_too() -> None:
    throttle = Throttle(Clock())
    for number in range(FREE_FAILURES["place"] + 1):
        throttle.failed(f"user{number}", "10.0.0.1")
    with pytest.raises(TooManyAttempts):
        throttle.check("new", "10.0.0.1")


def test_success_and_time_forget_failures() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    fail(throttle, FREE_FAILURES["person"])
    throttle.succeeded("ada", "10.0.0.1")
    fail(throttle, FREE_FAILURES["person"])
    throttle.check("ada", "10.0.0.1")
    clock.now += 3600
    fail(throttle, FREE_FAILURES["person"])
    throttle.check("ada", "10.0.0.1")


def test_memory_is_bounded() -> None:
    throttle = Throttle(Clock())
    for number in range(KEYS_KEPT):
        throttle.failed(f"user{number}", "10.0.0.1")
    assert len(throttle._failures) <= KEYS_KEPT
