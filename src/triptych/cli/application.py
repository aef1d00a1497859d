"""The verbs in the order in which help lists them, and the one way out of the program."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from triptych.cli import adding, caring, changing, collecting, looking, people, running
from triptych.cli.context import (
    HomeOption,
    JsonOption,
    QuietOption,
    ServerOption,
    TokenOption,
    accept_globals,
)
from triptych.cli.output import Output
from triptych.core.errors import InvalidInput

WORK, LOOK, SHARE, CARE = "Datasets", "Looking", "People and folders", "The installation"

app = typer.Typer(
    name="triptych",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from triptych import __version__

        typer.echo(f"triptych {__version__}")
        raise typer.Exit


@app.callback(epilog="Works on a home folder, on the server that runs on it, or with --server on any other.")
def _root(
    ctx: typer.Context,
    home: HomeOption = None,
    server: ServerOption = None,
    token: TokenOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
    version: Annotated[
        bool,
        typer.Option("--version", metavar=" ", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """One home for image datasets: checked, stored unchanged, measured, split, ready to train on."""
    accept_globals(ctx, home, server, token, json, quiet)


for _name, _command, _panel in (
    ("demo", running.demo, WORK),
    ("prescan", adding.prescan, WORK),
    ("add", adding.add, WORK),
    ("keep", adding.keep, WORK),
    ("split", changing.split, WORK),
    ("export", changing.export, WORK),
    ("rm", changing.rm, WORK),
    ("restore", changing.restore, WORK),
    ("list", looking.list_, LOOK),
    ("show", looking.show, LOOK),
    ("items", looking.items, LOOK),
    ("findings", looking.findings, LOOK),
    ("stats", looking.stats, LOOK),
    ("log", looking.log, LOOK),
    ("jobs", looking.jobs, LOOK),
    ("serve", running.serve, CARE),
    ("work", running.work, CARE),
    ("verify", caring.verify, CARE),
    ("doctor", caring.doctor, CARE),
    ("backup", caring.backup, CARE),
    ("restore-backup", caring.restore_backup, CARE),
):
    app.command(_name, rich_help_panel=_panel)(_command)
app.add_typer(people.user_app, name="user", rich_help_panel=SHARE)
app.add_typer(people.token_app, name="token", rich_help_panel=SHARE)
app.add_typer(people.root_app, name="root", rich_help_panel=SHARE)


def main(arguments: list[str] | None = None) -> None:
    """Run one command and leave with its status: 0 done, 1 failed, 2 wrong usage."""
    if arguments is None:
        collecting.begin()
    given = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A terminal that cannot show a letter gets its code, not a crash.
            stream.reconfigure(errors="backslashreplace")
    command = typer.main.get_command(app)
    try:
        status: Any = command.main(given, prog_name="triptych", standalone_mode=False)
    except TyperException as error:
        status = _wrong_usage(error, as_json="--json" in given)
    except typer.Abort:
        status = 1
    sys.exit(status if isinstance(status, int) else 0)


def _wrong_usage(error: TyperException, *, as_json: bool) -> int:
    command_path = getattr(getattr(error, "ctx", None), "command_path", "triptych")
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stdout.write(error.format_message() + "\n")
        return 2
    message = error.format_message()
    Output(as_json=as_json).fail(
        InvalidInput(message, code="wrong_usage", hint=f"`{command_path} --help` says what it takes.")
    )
    return error.exit_code
