"""Passwords and the price of guessing them."""

from __future__ import annotations

import anyio
import pytest
from argon2 import PasswordHasher

from triptych.core.errors import InvalidInput
from triptych.people import passwords as module
from triptych.people.passwords import Passwords, check_password_rules
from triptych.people.throttle import TooManyAttempts


class CountingHasher(PasswordHasher):
    """argon2 at its lowest price, which counts how often it verifies."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
        self.verified += 1
        return super().verify(hash, password)


def test_a_password_matches_its_own_hash_alone() -> None:
    passwords = Passwords(CountingHasher())
    stored = passwords.hash("correct horse")
    assert passwords.matches(stored, "correct horse")
    assert not passwords.matches(stored, "correct horsE")
    assert stored.startswith("$argon2id$")


def test_a_missing_user_costs_the_same_work_and_never_matches() -> None:
    hasher = CountingHasher()
    passwords = Passwords(hasher)
    assert not passwords.matches(None, "anything")
    assert not passwords.matches(None, "nobody has this password")
    assert hasher.verified == 2


def test_a_damaged_hash_matches_nothing() -> None:
    assert not Passwords(CountingHasher()).matches("$argon2id$broken", "x")


def test_half_a_surrogate_pair_is_a_password_like_any_other() -> None:
    passwords = Passwords(CountingHasher())
    assert passwords.matches(passwords.hash("\ud800 and more"), "\ud800 and more")


@pytest.mark.parametrize("password", ["", "nine char", "x" * 1001])
def test_passwords_too_short_or_too_long_are_refused(password: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_password_rules(password)
    assert caught.value.code == "weak_password"
    assert password not in caught.value.message or not password


def test_few_verify_at_a_time_and_few_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAITING", 1)
    passwords = Passwords(CountingHasher())
    outcomes: list[bool | str] = []

    async def one() -> None:
        try:
            outcomes.append(await passwords.matches_aside(None, "x"))
        except TooManyAttempts as error:
            outcomes.append(error.code)

    async def all_at_once() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(8):
                group.start_soon(one)

    anyio.run(all_at_once)
    assert outcomes.count(False) + outcomes.count("too_many_attempts") == 8
    assert "too_many_attempts" in outcomes
    assert False in outcomes
