"""What a kind of job does: its stages, one after the other, and what follows when it does not succeed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from triptych.core.errors import TriptychError
    from triptych.jobs.context import JobContext


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a job. `name` is shown to people.

    `run` must bear being run twice: the process may die after its work and before the note that it is done.
    Work in batches skips `context.done_batches(name)` and calls `context.mark_batch` in the transaction that
    writes the batch's rows; a transaction without a batch calls `context.fence`.
    """

    name: str
    run: Callable[[JobContext], None]


@dataclass(frozen=True, slots=True)
class Runner:
    """How jobs of one kind run.

    `on_failure` and `on_cancel` run before the job's own row says failed or cancelled, and may run twice.
    `on_leave` runs when this process stops working on a job that is not finished (it shuts down, or another
    worker took the job over): it lets go of what the process holds and writes nothing.
    """

    kind: str
    stages: tuple[Stage, ...]
    on_failure: Callable[[JobContext, TriptychError], None] | None = None
    on_cancel: Callable[[JobContext, TriptychError], None] | None = None
    on_leave: Callable[[JobContext], None] | None = None


def refusal(error: TriptychError, runner: Runner | None = None) -> Runner:
    """A runner whose jobs fail with the error at once, followed by what follows a failure of `runner`."""

    def refuse(_context: JobContext) -> None:
        raise error

    stages = (Stage("begin", refuse),)
    return Runner("", stages) if runner is None else replace(runner, stages=stages)
