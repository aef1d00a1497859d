"""Passwords: argon2id in a thread of its own kind, the same time whether the user exists or not.

One verification takes 130–150 ms of a core and 64 MiB, so few run at a time and few wait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
from anyio.lowlevel import RunVar
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from triptych.core.errors import InvalidInput
from triptych.people.throttle import too_many

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    Result = TypeVar("Result")

SHORTEST = 10
LONGEST = 1000  # argon2 takes any length; a megabyte of password would be a way to keep a core busy
AT_A_TIME = 2
WAITING = 32
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$xIv+q2CgPSX0kNFXVzZb+A$3zowCV4MtDzAUxrnEmdBAL1CwDEUczh9rE5CwQdhnw4"
"""A hash at the usual price, of words that open nothing; to make it takes as long as a sign-in."""


def check_password_rules(password: str) -> None:
    """InvalidInput `weak_password` for one that is too short or too long; there are no rules on its letters."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise InvalidInput(
            f"The password has {len(password)} characters.",
            code="weak_password",
            hint=f"Choose one of {SHORTEST} to {LONGEST} characters.",
        )


class Passwords:
    """Hashes and verifies passwords; `hasher` sets the price, and tests pass a cheap one."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        # Verified in place of a missing user's hash, so that the time does not tell who has an account.
        self._nobody = NOBODY
        if self._hasher.check_needs_rehash(NOBODY):
            self._nobody = self._hasher.hash("nobody has this password")
        self._limiter: RunVar[anyio.CapacityLimiter] = RunVar("password_limiter")
        self._inside = 0

    def hash(self, password: str) -> str:
        """The argon2id hash of a password, salted, with its parameters."""
        return self._hasher.hash(_bytes(password))

    def matches(self, stored: str | None, password: str) -> bool:
        """Whether the password is the one of the stored hash; takes as long for `None`, and is then False."""
        try:
            self._hasher.verify(stored or self._nobody, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether the stored hash was made at another price than today's."""
        return self._hasher.check_needs_rehash(stored)

    async def hash_aside(self, password: str) -> str:
        """`hash`, in a thread, few at a time."""
        return await self._aside(lambda: self.hash(password))

    async def matches_aside(self, stored: str | None, password: str) -> bool:
        """`matches`, in a thread, few at a time; TooManyAttempts when too many wait already."""
        return await self._aside(lambda: self.matches(stored, password))

    async def _aside(self, work: Callable[[], Result]) -> Result:
        limiter = self._limiter.get(None)
        if limiter is None:
            limiter = anyio.CapacityLimiter(AT_A_TIME)
            self._limiter.set(limiter)
        if self._inside >= AT_A_TIME + WAITING:
            raise too_many("Many people sign in at this moment.", 5)
        self._inside += 1
        try:
            return await anyio.to_thread.run_sync(work, limiter=limiter)
        finally:
            self._inside -= 1


def _bytes(password: str) -> bytes:
    # A lone surrogate in JSON would otherwise be an UnicodeEncodeError, and so a bug's answer.
    return password.encode("utf-8", "surrogatepass")
