"""Attempts to sign in are counted, and after some failures the next one has to wait.

Counts live in this process: a restart forgets them, which matters little beside argon2's price.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING

from triptych.core.errors import NotAllowed

if TYPE_CHECKING:
    from collections.abc import Callable

FREE_FAILURES = {"person": 5, "place": 50, "account": 100}
"""Failures without a wait: of one account from one address; from one address; of one account from anywhere.

The first stops guessing and the third guessing from many places, without letting a stranger who knows an
e-mail lock its owner out at once; the second allows for a laboratory behind one address.
"""

LONGEST_WAIT = 300.0
KEYS_KEPT = 10_000


class TooManyAttempts(NotAllowed):
    """Signing in failed too often, or too many try at once; `seconds` is how long to wait."""

    code = "too_many_attempts"
    seconds = 5


def too_many(message: str, seconds: float) -> TooManyAttempts:
    """The error that says how long to wait."""
    whole = max(1, round(seconds))
    error = TooManyAttempts(message, hint=f"Try again in {whole} seconds.")
    error.seconds = whole
    return error


class Throttle:
    """Failures to sign in, by account and address. The first one too many means a wait of one second, each
    further one doubles it; five minutes after the wait has ended all is forgotten."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: OrderedDict[tuple[str, ...], tuple[int, float]] = OrderedDict()

    def check(self, account: str, address: str) -> None:
        """TooManyAttempts while this account, from this address, has to wait."""
        now = self._clock()
        with self._lock:
            free_at = max(self._failures.get(key, (0, now))[1] for key in _keys(account, address))
        if free_at > now:
            raise too_many("Signing in failed too often.", free_at - now)

    def failed(self, account: str, address: str) -> None:
        """Count a failure."""
        now = self._clock()
        with self._lock:
            for key in _keys(account, address):
                count, free_at = self._failures.pop(key, (0, now))
                count = 1 if now - free_at > LONGEST_WAIT else count + 1
                over = min(count - FREE_FAILURES[key[0]], 10)
                wait = min(LONGEST_WAIT, 2.0 ** (over - 1)) if over > 0 else 0.0
                self._failures[key] = (count, now + wait)
            while len(self._failures) > KEYS_KEPT:
                self._failures.popitem(last=False)

    def succeeded(self, account: str, address: str) -> None:
        """Forget the failures of this account from this address."""
        with self._lock:
            self._failures.pop(("person", account, address), None)


def _keys(account: str, address: str) -> tuple[tuple[str, ...], ...]:
    return ("person", account, address), ("place", address), ("account", account)
