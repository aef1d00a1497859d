"""serve, work, demo: processes that stay."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from triptych.cli.context import Context, verb

HOST, PORT = "127.0.0.1", 8765

HostOption = Annotated[str, typer.Option("--host", help="Address to listen on; 0.0.0.0 for all.")]
PortOption = Annotated[
    int, typer.Option("--port", min=0, max=65_535, help="Port to listen on; 0 takes a free one.")
]
DatabaseOption = Annotated[
    str | None,
    typer.Option("--database", help="postgresql://user@host/name.", show_default="SQLite in the home"),
]
StorageOption = Annotated[
    str | None, typer.Option("--storage", help="s3://bucket/prefix.", show_default="a folder in the home")
]
WorkersOption = Annotated[
    int | None, typer.Option("--workers", min=1, help="Decoding processes.", show_default="one for each core")
]


@verb
def serve(
    context: Context,
    host: HostOption = HOST,
    port: PortOption = PORT,
    database: DatabaseOption = None,
    storage: StorageOption = None,
    workers: WorkersOption = None,
    tls_cert: Annotated[
        Path | None,
        typer.Option(
            "--tls-cert", exists=True, dir_okay=False, help="Certificate chain (PEM).", show_default=False
        ),
    ] = None,
    tls_key: Annotated[
        Path | None,
        typer.Option(
            "--tls-key", exists=True, dir_okay=False, help="Its private key (PEM).", show_default=False
        ),
    ] = None,
) -> None:
    """Run the server with its workers; prints the address, and on first start a one-time sign-in link."""
    if (tls_cert is None) != (tls_key is None):
        raise typer.BadParameter("--tls-cert and --tls-key come together.")
    from triptych.cli.server import Listening, run_server

    settings = context.settings(database=database, storage=storage, workers=workers)
    run_server(settings, Listening(host, port, tls_cert, tls_key), context.output)


@verb
def work(
    context: Context,
    database: DatabaseOption = None,
    storage: StorageOption = None,
    workers: WorkersOption = None,
) -> None:
    """Run jobs for a server on another machine; both name the same database and storage."""
    from triptych.cli.server import run_worker

    run_worker(context.settings(database=database, storage=storage, workers=workers), context.output)


@verb
def demo(
    context: Context,
    host: HostOption = HOST,
    port: Annotated[
        int | None,
        typer.Option(
            "--port", min=0, max=65_535, help="Port to listen on.", show_default=f"{PORT}, else a free one"
        ),
    ] = None,
    no_serve: Annotated[
        bool, typer.Option("--no-serve", metavar=" ", help="Stop when the samples are datasets.")
    ] = False,
) -> None:
    """Draw sample data, onboard it the ordinary way into a home of its own, and serve it."""
    from triptych.cli.demonstration import add_samples, demo_home
    from triptych.cli.server import Listening, require_no_server, run_server

    home = demo_home(context)
    require_no_server(home)
    shown: dict[str, Any] = {"home": str(home), "datasets": add_samples(context, home)}
    if no_serve:
        if context.json:
            context.output.document(shown)
        return
    listening = Listening(host, PORT if port is None else port, or_any_port=port is None)
    run_server(context.settings_of(home), listening, context.output, shown)
