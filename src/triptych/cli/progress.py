"""Progress on standard error: a bar where somebody looks, a line for each stage where a log is kept."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from triptych.cli.words import count, duration, size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress as Bars

    from triptych.cli.output import Output


class Report(Protocol):
    """Takes how far something is: the stage, done, total (None: unknown), seconds left (None: unknown)."""

    def __call__(
        self, stage: str, done: int, total: int | None, seconds_left: float | None = None
    ) -> None: ...


@contextmanager
def progress(output: Output, *, in_bytes: bool = False) -> Iterator[Report]:
    """Shows what is reported inside the block."""
    if output.quiet:
        yield _silent
    elif output.aside.is_terminal:
        with _bars(output) as bars:
            task = bars.add_task("Waiting", total=None, figures="", left="")

            def draw(stage: str, done: int, total: int | None, seconds_left: float | None = None) -> None:
                bars.update(
                    task,
                    description=_named(stage),
                    completed=done,
                    total=total or None,
                    figures=_figures(done, total, in_bytes),
                    left="" if seconds_left is None else f"{duration(seconds_left)} left",
                )

            yield draw
    else:
        yield _Lines(output)


def _bars(output: Output) -> Bars:
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

    return Progress(
        SpinnerColumn(style="blue"),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24, complete_style="blue", finished_style="green"),
        TextColumn("{task.fields[figures]}", markup=False),
        TextColumn("{task.fields[left]}", markup=False, style="dim"),
        console=output.aside,
        transient=True,
    )


def _named(stage: str) -> str:
    return stage[:1].upper() + stage[1:] or "Waiting"


def _figures(done: int, total: int | None, in_bytes: bool) -> str:
    say = size if in_bytes else count
    if total:
        return f"{say(done)} of {say(total)}"
    return say(done) if done else ""


def _silent(stage: str, done: int, total: int | None, seconds_left: float | None = None) -> None:
    return


class _Lines:
    """One line when a stage begins."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._stage = ""

    def __call__(self, stage: str, done: int, total: int | None, seconds_left: float | None = None) -> None:
        if stage and stage != self._stage:
            self._stage = stage
            self._output.say(_named(stage))
