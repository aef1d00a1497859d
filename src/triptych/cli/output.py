"""Where words go: results to standard output, everything else to standard error; one document with --json."""

from __future__ import annotations

import json
import os
import sys
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from triptych.core.errors import TriptychError

PIPE_WIDTH = 160
"""Columns when nobody looks: output into a file or a pipe is not folded at 80."""


class Output:
    """The two streams of one command."""

    def __init__(self, *, as_json: bool = False, quiet: bool = False) -> None:
        self.as_json = as_json
        self.quiet = quiet

    @cached_property
    def result(self) -> Console:
        """Standard output."""
        return _console(stderr=False)

    @cached_property
    def aside(self) -> Console:
        """Standard error."""
        return _console(stderr=True)

    def document(self, value: Any) -> None:
        """Print one JSON document on standard output."""
        text = json.dumps(value, indent=2, ensure_ascii=False)
        try:
            text.encode(sys.stdout.encoding or "utf-8")
        except UnicodeEncodeError:
            text = json.dumps(value, indent=2)
        sys.stdout.write(text + "\n")

    def flush(self) -> None:
        """Send on what was printed, for a process that stays."""
        sys.stdout.flush()

    def show(self, *parts: RenderableType) -> None:
        """Print a result for people; nothing with --json."""
        if not self.as_json:
            for part in parts:
                _print(self.result, part)

    def say(self, text: RenderableType) -> None:
        """Print a message on standard error, unless quiet."""
        if not self.quiet:
            _print(self.aside, text)

    def fail(self, error: TriptychError, extra: dict[str, Any] | None = None) -> None:
        """Tell why it failed: the error's document with --json, else words on standard error."""
        from triptych.client.errors import document_from_error

        if self.as_json:
            self.document({"error": document_from_error(error), **(extra or {})})
            return
        from triptych.cli.finding_view import error_view

        _print(self.aside, error_view(error))


def _print(console: Console, part: RenderableType) -> None:
    soft = isinstance(part, str)
    if console.is_terminal:
        console.print(part, soft_wrap=soft, markup=False)
        return
    with console.capture() as captured:
        console.print(part, soft_wrap=soft, markup=False)
    # Tables fill their cells; in a file or a pipe the spaces at the ends of lines are only in the way.
    text = "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())
    console.file.write(text)


def _console(*, stderr: bool) -> Console:
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() or os.environ.get("COLUMNS") else PIPE_WIDTH
    return Console(stderr=stderr, highlight=False, emoji=False, width=width)
