"""`compute.map(function, chunks)`: the one seam through which batches of pixels reach the cores.

A chunk is a list or tuple of items, or a frozen dataclass with a field `items` (its other fields say what all
items share). A chunk whose process dies, runs out of memory or of time is cut in half, and again, until the one
item that does the harm is alone; that item fails, all others get their results.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field, replace
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, Protocol, TypeVar, cast

from triptych.core.errors import Unavailable
from triptych.jobs.pool import Answer, Pool, Task
from triptych.jobs.preparing import import_all

if TYPE_CHECKING:
    from types import TracebackType

Reason = Literal["crashed", "out_of_memory", "timed_out"]

AHEAD = 2
"""Chunks in flight for each process: one that runs, one that waits its turn."""
WATCH_SECONDS = 0.25
PREPARED = 2
"""Processes that are started ahead of the first chunk."""
LIVES = 2
"""How often an item may kill its process, alone, before it is blamed: once may be somebody else's kill."""


class ItemsChunk(Protocol):
    """A dataclass with a field `items`; pieces of it are made with `dataclasses.replace`."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def items(self) -> Sequence[Any]:
        """What the chunk is about; each can be done without the others."""


Chunk = Sequence[Any] | ItemsChunk
C = TypeVar("C", bound=Chunk)
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class ComputeLimits:
    """How many processes, the bytes that each may allocate (RLIMIT_DATA), the seconds that an item may take."""

    workers: int
    memory: int
    seconds_per_item: float


@dataclass(frozen=True, slots=True)
class Failed:
    """An item that kills whatever process works on it.

    `position` is its place among the items of the chunk as it was given; `signal` is what ended the process,
    None when it left by itself or when the reason is not `crashed`.
    """

    item: Any
    position: int
    reason: Reason
    signal: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome(Generic[R]):
    """What became of a chunk: the results of its pieces in the order of the items, and what failed.

    Without failures `results` holds one result. Every item is in exactly one piece or in `failed`.
    """

    results: tuple[R, ...]
    failed: tuple[Failed, ...] = ()


class Compute:
    """A pool of processes that is made when first needed and kept until `close`; safe to use from threads."""

    def __init__(self, limits: ComputeLimits) -> None:
        self.limits = limits
        self._pool = Pool(limits.workers, limits.memory)

    def __enter__(self) -> Compute:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the processes; a `map` that still runs raises Unavailable (`pool_closed`)."""
        self._pool.close()

    def prepare(self, modules: Sequence[str]) -> None:
        """Start a few processes now and have them import what their tasks will need; does not wait for it.

        What goes wrong here is left to the first task to tell.
        """
        tasks = [
            Task(
                pickle.dumps((import_all, tuple(modules)), pickle.HIGHEST_PROTOCOL),
                self.limits.seconds_per_item,
                _told_to_nobody,
            )
            for _ in range(min(PREPARED, self.limits.workers))
        ]
        self._pool.submit(*tasks)

    def process_ids(self) -> list[int]:
        """The processes that are there now."""
        return self._pool.process_ids()

    def map(
        self,
        function: Callable[[C], R],
        chunks: Iterable[C],
        *,
        seconds: Callable[[C], float] | None = None,
        watch: Callable[[], None] | None = None,
    ) -> Generator[tuple[int, Outcome[R]], None, None]:
        """Apply a top-level function to every chunk; give (number of the chunk, outcome) as chunks are done.

        Chunks are taken from the iterable only as they are needed, and are not given in order. `seconds` is how
        long a chunk or a piece of one may take; without it as long as one item may. A generous limit for one
        item and the same for a chunk is right: a chunk over it is only cut. `watch` is called a few times a
        second while nothing is done yet; what it raises is raised here (a job's `check_cancelled`).

        What the function raises is raised here, with the process's traceback as a note; it should return
        what is wrong with an item as part of its result. MemoryError is the exception: it cuts the chunk.
        Closing the generator, also by leaving the loop, kills what is in flight.
        """
        if function.__module__ == "__main__":
            raise ValueError(f"{function.__qualname__} cannot be imported by another process")
        limit = seconds or (lambda _chunk: self.limits.seconds_per_item)
        run: _Run[C, R] = _Run(self._pool, function, limit)
        source = enumerate(chunks)
        more = True
        try:
            while True:
                while more and len(run.open) < AHEAD * self.limits.workers:
                    following = next(source, None)
                    more = following is not None
                    if following is not None:
                        run.begin(*following)
                if not run.open:
                    return
                finished = run.step(watch)
                if finished is not None:
                    yield finished
        finally:
            self._pool.cancel(list(run.tasks.values()))


@dataclass(eq=False, slots=True)
class _Piece(Generic[C]):
    """Part of a chunk: `start` is the place of its first item in the chunk as it was given."""

    index: int
    start: int
    chunk: C
    lives: int = LIVES


@dataclass(eq=False, slots=True)
class _Open(Generic[R]):
    """A chunk that is not done yet."""

    pieces: int = 0
    results: dict[int, R] = field(default_factory=dict)
    failed: list[Failed] = field(default_factory=list)


@dataclass(eq=False)
class _Run(Generic[C, R]):
    """One call of `map`."""

    pool: Pool
    function: Callable[[C], R]
    seconds: Callable[[C], float]
    open: dict[int, _Open[R]] = field(default_factory=dict)
    tasks: dict[_Piece[C], Task] = field(default_factory=dict)
    answers: SimpleQueue[tuple[_Piece[C], Answer]] = field(default_factory=SimpleQueue)

    def begin(self, index: int, chunk: C) -> None:
        """Hand a chunk to the pool."""
        self.open[index] = _Open()
        self._submit(_Piece(index, 0, chunk))

    def _submit(self, *pieces: _Piece[C]) -> None:
        for piece in pieces:
            message = pickle.dumps((self.function, piece.chunk), pickle.HIGHEST_PROTOCOL)
            self.open[piece.index].pieces += 1
            self.tasks[piece] = Task(message, self.seconds(piece.chunk), self._teller(piece))
        self.pool.submit(*(self.tasks[piece] for piece in pieces))

    def _teller(self, piece: _Piece[C]) -> Callable[[Answer], None]:
        return lambda answer: self.answers.put((piece, answer))

    def step(self, watch: Callable[[], None] | None) -> tuple[int, Outcome[R]] | None:
        """Wait for one answer; the chunk's number and outcome if that was the last of it."""
        piece, answer = self._next_answer(watch)
        del self.tasks[piece]
        state = self.open[piece.index]
        state.pieces -= 1
        if answer.ending == "done":
            state.results[piece.start] = pickle.loads(answer.content)
        elif answer.ending == "raised":
            error, trace = pickle.loads(answer.content)
            error.add_note(trace)
            raise error
        elif answer.ending == "closed":
            raise Unavailable("The pool of processes was closed.", code="pool_closed")
        else:
            self._blame(piece, answer.ending, answer.signal)
        if state.pieces:
            return None
        del self.open[piece.index]
        results = tuple(state.results[start] for start in sorted(state.results))
        return piece.index, Outcome(results, tuple(sorted(state.failed, key=lambda failed: failed.position)))

    def _next_answer(self, watch: Callable[[], None] | None) -> tuple[_Piece[C], Answer]:
        while watch is not None:
            try:
                return self.answers.get(timeout=WATCH_SECONDS)
            except Empty:
                watch()
        return self.answers.get()

    def _blame(self, piece: _Piece[C], reason: Reason, signal: int | None) -> None:
        items = _items(piece.chunk)
        if len(items) > 1:
            half = len(items) // 2
            self._submit(
                _Piece(piece.index, piece.start, _cut(piece.chunk, 0, half)),
                _Piece(piece.index, piece.start + half, _cut(piece.chunk, half, len(items))),
            )
        elif piece.lives > 1 and reason != "timed_out":
            self._submit(replace(piece, lives=piece.lives - 1))
        else:
            item = items[0] if items else None
            self.open[piece.index].failed.append(Failed(item, piece.start, reason, signal))


def _told_to_nobody(_: Answer) -> None:
    pass


def _items(chunk: Chunk) -> Sequence[Any]:
    return chunk if isinstance(chunk, Sequence) else chunk.items


def _cut(chunk: C, start: int, stop: int) -> C:
    if isinstance(chunk, Sequence):
        return cast("C", chunk[start:stop])
    return cast("C", replace(chunk, items=chunk.items[start:stop]))
