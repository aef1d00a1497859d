"""verify, doctor, backup, restore-backup: keeping an installation healthy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from triptych.cli.context import Context, verb
from triptych.core.errors import InvalidInput, TriptychError
from triptych.core.findings import Finding, Severity


class Damaged(TriptychError):
    """Stored bytes are missing, or differ from their hash."""

    code = "damaged"

    def __init__(self, result: dict[str, Any]) -> None:
        counts = [int(result.get(f"{what}_count", 0)) for what in ("damaged", "missing")]
        super().__init__(
            f"{counts[0]:,} blobs differ from their hash and {counts[1]:,} are missing.",
            hint="Restore them from a backup: `triptych restore-backup` into a new home holds them.",
            findings=[
                *(
                    Finding(Severity.ERROR, "content_damaged", f"Content {digest} differs from its hash.")
                    for digest in result.get("damaged") or []
                ),
                *(
                    Finding(Severity.ERROR, "content_missing", f"Content {digest} is not stored.")
                    for digest in result.get("missing") or []
                ),
            ],
        )
        self.extra = {"result": result}


@verb
def verify(context: Context) -> None:
    """Read every stored byte again and compare it with its hash."""
    from triptych.cli.reach import reach
    from triptych.cli.waiting import wait
    from triptych.cli.words import counted, size

    with reach(context, work=True) as connection:
        job = wait(context.output, connection, connection.post("/verify")["job"])
    result = job.get("result") or {}
    if result.get("damaged") or result.get("missing"):
        raise Damaged(result)
    if context.json:
        context.output.document(result)
        return
    context.output.show(
        f"{counted(int(result['blobs']), 'blob')}, {size(int(result['bytes']))}: all as they were."
    )


@verb
def doctor(context: Context) -> None:
    """Check the installation part by part, and say what to do."""
    from triptych.cli.diagnosis import diagnose

    checks = diagnose(context)
    failed = [check for check in checks if check.state == "fail"]
    if context.json:
        document = {"ok": not failed, "checks": [check.document() for check in checks]}
        context.output.document(document)
    else:
        from triptych.cli.doctor_view import doctor_view

        context.output.show(doctor_view(checks))
    if failed:
        raise typer.Exit(1)


@verb
def backup(
    context: Context,
    path: Annotated[Path, typer.Argument(help="A new folder for the copy.", show_default=False)],
) -> None:
    """Copy everything into a folder: rows, bytes and what proves them. Works while a server runs."""
    _local_only(context, "backup")
    from triptych.assembly import open_installation
    from triptych.cli.progress import progress
    from triptych.cli.words import counted, size
    from triptych.maintenance.backup import back_up

    target = path.expanduser().absolute()
    with (
        open_installation(context.settings(), work=False) as installation,
        progress(context.output) as report,
    ):
        made = back_up(installation, target, lambda stage, done, total: report(stage, done, total))
    if context.json:
        context.output.document(made.document())
        return
    context.output.show(
        f"{target}: {counted(made.rows, 'row')}, {counted(made.objects, 'object')}, {size(made.bytes)}"
    )


@verb
def restore_backup(
    context: Context,
    path: Annotated[Path, typer.Argument(help="The folder that `backup` made.", show_default=False)],
) -> None:
    """Bring a backup into an empty home; `triptych verify` proves it afterwards."""
    _local_only(context, "restore-backup")
    from triptych.cli.progress import progress
    from triptych.cli.words import counted, size
    from triptych.maintenance.backup import restore

    settings = context.settings()
    with progress(context.output) as report:
        made = restore(
            settings, path.expanduser().absolute(), lambda stage, done, total: report(stage, done, total)
        )
    if context.json:
        context.output.document(made.document())
        return
    context.output.show(
        f"{settings.home}: {counted(made.rows, 'row')}, {counted(made.objects, 'object')}, {size(made.bytes)}"
    )


def _local_only(context: Context, what: str) -> None:
    if context.server_address is not None:
        raise InvalidInput(
            f"`triptych {what}` works on a home, not through a server.",
            code="not_through_server",
            hint=f"Run it on the server's machine: triptych {what} --home FOLDER.",
        )
