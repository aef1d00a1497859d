"""argon2 at its lowest price, for every test and every process of the program that a test starts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from argon2 import PasswordHasher

from triptych.people import passwords

if TYPE_CHECKING:
    from collections.abc import Callable

cheap_hasher = partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)


def cheap_hashers(replace: Callable[[object, str, object], None] = setattr) -> None:
    """From now on passwords are hashed at this price unless a hasher is given; `replace` is as `setattr`."""
    replace(passwords, "PasswordHasher", cheap_hasher)
