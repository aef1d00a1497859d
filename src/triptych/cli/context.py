"""What every verb shares: the global options, before and after the verb, and one way for all to fail."""

from __future__ import annotations

import functools
import inspect
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Concatenate, ParamSpec

import typer

from triptych.cli.output import Output
from triptych.core.errors import TriptychError
from triptych.settings import Settings, read_settings

P = ParamSpec("P")

PANEL = "Everywhere"

HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        metavar="FOLDER",
        help="Folder of the installation.",
        show_default=False,
        rich_help_panel=PANEL,
    ),
]
ServerOption = Annotated[
    str | None,
    typer.Option(
        "--server",
        metavar="URL",
        help="Address of a server to talk to.",
        show_default=False,
        rich_help_panel=PANEL,
    ),
]
TokenOption = Annotated[
    str | None,
    typer.Option(
        "--token", metavar="TOKEN", help="Token for that server.", show_default=False, rich_help_panel=PANEL
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", metavar=" ", help="Print one JSON document.", rich_help_panel=PANEL)
]
QuietOption = Annotated[
    bool, typer.Option("--quiet", "-q", metavar=" ", help="No progress, no messages.", rich_help_panel=PANEL)
]


@dataclass(frozen=True)
class Context:
    """The global options as they were given, and where words go."""

    home: Path | None = None
    server: str | None = None
    token: str | None = None
    json: bool = False
    quiet: bool = False
    output: Output = field(default_factory=Output)

    def settings(self, **given: Any) -> Settings:
        """The installation's settings: the environment, then what was given on the command line."""
        return self.settings_of(self.home.expanduser().absolute() if self.home else None, **given)

    @staticmethod
    def settings_of(home: Path | None, **given: Any) -> Settings:
        """The settings of a home; None: the one that the environment names, or the usual one."""
        return read_settings(os.environ, home=home, **given)

    @property
    def server_address(self) -> str | None:
        """The server to talk to: --server, else TRIPTYCH_SERVER unless --home says otherwise."""
        return self.server or (None if self.home else os.environ.get("TRIPTYCH_SERVER") or None)

    @property
    def server_token(self) -> str | None:
        """The token for it: --token, else TRIPTYCH_TOKEN."""
        return self.token or os.environ.get("TRIPTYCH_TOKEN") or None


def accept_globals(
    ctx: typer.Context,
    home: HomeOption = None,
    server: ServerOption = None,
    token: TokenOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Keep what stands before a verb for the verb."""
    ctx.obj = _merged(ctx.obj, {"home": home, "server": server, "token": token, "json": json, "quiet": quiet})


PREFIX = "everywhere_"
"""Before the names of the global options in a verb's signature, where a verb may have a `token` of its own."""


def verb(function: Callable[Concatenate[Context, P], None]) -> Callable[..., None]:
    """A command for Typer from a function that takes a Context first: adds the global options, and turns
    every failure into its message and the exit status 1."""
    own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
    ctx, *shared = inspect.signature(accept_globals, eval_str=True).parameters.values()
    keyword = inspect.Parameter.KEYWORD_ONLY
    parameters = [
        ctx,
        *(parameter.replace(kind=keyword) for parameter in own),
        *(parameter.replace(kind=keyword, name=PREFIX + parameter.name) for parameter in shared),
    ]
    names = [parameter.name for parameter in shared]

    @functools.wraps(function)
    def command(ctx: typer.Context, **arguments: Any) -> None:
        merged = _merged(ctx.obj, {name: arguments.pop(PREFIX + name) for name in names})
        context = Context(**merged, output=Output(as_json=merged["json"], quiet=merged["quiet"]))
        guarded(context.output, functools.partial(function, context, **arguments))

    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined, unused-ignore]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    del command.__wrapped__
    return command


def _merged(before: dict[str, Any] | None, given: dict[str, Any]) -> dict[str, Any]:
    return given if before is None else {name: value or before[name] for name, value in given.items()}


def guarded(output: Output, run: Callable[[], None]) -> None:
    """Run a command; say why it failed and leave with status 1, never with a traceback.

    TRIPTYCH_DEBUG=1 lets the traceback through.
    """
    try:
        run()
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read has seen enough; Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
    except (TriptychError, KeyboardInterrupt, OSError, Exception) as error:
        if isinstance(error, typer.Exit | typer.Abort | typer.BadParameter):
            raise
        if os.environ.get("TRIPTYCH_DEBUG"):
            raise
        output.fail(_explained(error), getattr(error, "extra", None))
        raise typer.Exit(1) from None


def _explained(error: BaseException) -> TriptychError:
    if isinstance(error, TriptychError):
        return error
    if isinstance(error, KeyboardInterrupt):
        return TriptychError("Stopped.", code="interrupted")
    if isinstance(error, OSError):
        where = f" ({error.filename})" if error.filename else ""
        return TriptychError(
            f"{error.strerror or error}{where}.",
            code="file_error",
            hint="Check that the place exists, may be written to and has space left.",
        )
    return TriptychError(
        f"Triptych met a fault of its own: {type(error).__name__}: {error}.",
        code="bug",
        hint="Run the same command with TRIPTYCH_DEBUG=1 and report what it prints.",
    )
