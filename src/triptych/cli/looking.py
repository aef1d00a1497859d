"""list, show, items, findings, stats, log, jobs: what there is, and what was noticed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from triptych.cli.arguments import AfterOption, LimitOption, ModalityOption, NameArgument
from triptych.cli.context import Context, verb

if TYPE_CHECKING:
    from triptych.client.connection import Connection

TABLE_LIMIT, JSON_LIMIT = 50, 100_000
"""Entries of a list when nobody says how many: for people, and for programs."""

TRAINING_FORMS = ("yaml", "py", "json")

AllOption = Annotated[bool, typer.Option("--all", metavar=" ", help="To the very end.")]


@verb
def list_(
    context: Context,
    search: Annotated[
        str | None,
        typer.Option("--search", help="Text in name, title, description or tags.", show_default=False),
    ] = None,
    modality: ModalityOption = None,
    annotated: Annotated[
        bool | None,
        typer.Option(
            "--annotated/--not-annotated", metavar=" ", help="With labels, or without.", show_default=False
        ),
    ] = None,
    state: Annotated[
        str | None, typer.Option("--state", help="ready, needs_decision, failed, …", show_default=False)
    ] = None,
    trashed: Annotated[bool, typer.Option("--trashed", metavar=" ", help="What is in the trash.")] = False,
    limit: LimitOption = None,
    after: AfterOption = None,
) -> None:
    """List datasets, newest first."""
    from triptych.cli.tables import dataset_table

    query = {
        "search": search, "modality": modality, "annotated": annotated,
        "state": "trashed" if trashed else state,
    }  # fmt: skip
    _list(context, "/datasets", query, dataset_table, "dataset", limit or JSON_LIMIT, after)


@verb
def show(context: Context, name: NameArgument) -> None:
    """Show a dataset: counts, layers, labels, split, findings."""
    from triptych.cli.reach import reach
    from triptych.client.connection import dataset_path

    with reach(context) as connection:
        document = connection.get(dataset_path(name))
    if context.json:
        context.output.document(document)
        return
    from triptych.cli.show_view import show_view

    context.output.show(show_view(document))


@verb
def items(
    context: Context,
    name: NameArgument,
    class_: Annotated[
        str | None, typer.Option("--class", help="With this class: CLASS or SET:CLASS.", show_default=False)
    ] = None,
    part: Annotated[
        str | None, typer.Option("--part", help="train, validation or test.", show_default=False)
    ] = None,
    study: Annotated[str | None, typer.Option("--study", help="Of this study.", show_default=False)] = None,
    series: Annotated[
        str | None, typer.Option("--series", help="Of this series.", show_default=False)
    ] = None,
    search: Annotated[
        str | None,
        typer.Option("--search", help="Text in the key, or TAG:VALUE of DICOM.", show_default=False),
    ] = None,
    tag: Annotated[
        list[str] | None,
        typer.Option("--tag", help="With this DICOM tag: TAG:VALUE; may be repeated.", show_default=False),
    ] = None,
    duplicates: Annotated[
        bool, typer.Option("--duplicates", metavar=" ", help="Those that have a duplicate.")
    ] = False,
    limit: LimitOption = None,
    after: AfterOption = None,
    all_: AllOption = False,
) -> None:
    """List the items of a dataset."""
    from triptych.cli.tables import item_table
    from triptych.client.connection import dataset_path

    query = {
        "class_": class_, "part": part, "study": study, "series": series, "search": search,
        "tag": tag or None, "duplicates": duplicates or None,
    }  # fmt: skip
    wanted = None if all_ else limit or (JSON_LIMIT if context.json else TABLE_LIMIT)
    _list(context, dataset_path(name, "items"), query, item_table, "item", wanted, after)


@verb
def findings(
    context: Context,
    name: NameArgument,
    severity: Annotated[
        str | None, typer.Option("--severity", help="error, warning or note.", show_default=False)
    ] = None,
) -> None:
    """List what was noticed about a dataset, and what to do about it."""
    from triptych.cli.finding_view import findings_view
    from triptych.client.connection import dataset_path

    _list(context, dataset_path(name, "findings"), {"severity": severity}, findings_view, "", None, None)


@verb
def stats(
    context: Context,
    name: NameArgument,
    training: Annotated[
        str | None,
        typer.Option(
            "--training",
            metavar="yaml|py|json",
            help="Print the configuration of a training with TerraTorch instead; for GeoTIFF chips.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Show statistics per part, class counts and weights, training parameters."""
    from triptych.cli.reach import reach
    from triptych.cli.words import shown
    from triptych.client.connection import dataset_path

    if training not in (None, *TRAINING_FORMS):
        raise typer.BadParameter(f"--training takes {', '.join(TRAINING_FORMS)}.")
    with reach(context) as connection:
        if training is not None and not context.json:
            text = connection.text(dataset_path(name, f"training.{training}"))
            context.output.show(*(shown(line) for line in text.splitlines()))
            return
        document = connection.get(dataset_path(name, "statistics" if training is None else "training.json"))
    if context.json:
        context.output.document(document)
        return
    from triptych.cli.stats_view import stats_view

    context.output.show(stats_view(document))


@verb
def log(context: Context, name: NameArgument) -> None:
    """Print the log of a dataset's onboarding."""
    from triptych.cli.reach import reach
    from triptych.cli.words import shown
    from triptych.client.connection import dataset_path

    with reach(context) as connection:
        text = connection.text(dataset_path(name, "log"))
    lines = text.splitlines()
    if context.json:
        context.output.document({"dataset": name, "lines": lines})
        return
    context.output.show(*(shown(line) for line in lines))


@verb
def jobs(
    context: Context,
    state: Annotated[
        str | None,
        typer.Option("--state", help="waiting, running, succeeded, failed or cancelled.", show_default=False),
    ] = None,
    dataset: Annotated[
        str | None, typer.Option("--dataset", help="Of this dataset.", show_default=False)
    ] = None,
    limit: LimitOption = None,
    after: AfterOption = None,
    cancel: Annotated[
        str | None, typer.Option("--cancel", metavar="ID", help="Cancel this job.", show_default=False)
    ] = None,
    retry: Annotated[
        str | None, typer.Option("--retry", metavar="ID", help="Run this job again.", show_default=False)
    ] = None,
) -> None:
    """List what runs and ran; cancel or retry a job."""
    from triptych.cli.tables import job_table

    if cancel and retry:
        raise typer.BadParameter("--cancel and --retry exclude each other.")
    if cancel or retry:
        _change_job(context, cancel or retry or "", "cancel" if cancel else "retry")
        return
    wanted = limit or (JSON_LIMIT if context.json else TABLE_LIMIT)
    _list(context, "/jobs", {"state": state, "dataset": dataset}, job_table, "job", wanted, after)


def _change_job(context: Context, job_id: str, action: str) -> None:
    from triptych.cli.reach import reach
    from triptych.cli.tables import job_table
    from triptych.client.connection import segment

    with reach(context, work=action == "retry") as connection:
        job = connection.post(f"/jobs/{segment(job_id)}/{action}")
        if action == "retry":
            from triptych.cli.waiting import wait

            job = wait(context.output, connection, job.get("job", job))
    if context.json:
        context.output.document(job)
    else:
        context.output.show(job_table([job.get("job", job)]))


def _list(
    context: Context,
    path: str,
    query: dict[str, Any],
    view: Any,
    noun: str,
    limit: int | None,
    after: str | None,
) -> None:
    from triptych.cli.reach import reach

    with reach(context) as connection:
        rows, cursor = entries(connection, path, query, limit, after)
    if context.json:
        context.output.document({"items": rows, "next": cursor})
        return
    from triptych.cli.tables import ending

    if not rows and noun:
        context.output.say(_nothing(path))
        return
    context.output.show(view(rows))
    if noun:
        context.output.say(ending(len(rows), cursor is not None, noun, f"--after {cursor} goes on"))


def entries(
    connection: Connection, path: str, query: dict[str, Any], limit: int | None, after: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    """Entries of a list from a cursor on, at most `limit`, and the cursor of what follows."""
    from triptych.client.connection import PAGE

    rows: list[dict[str, Any]] = []
    while True:
        wanted = PAGE if limit is None else min(PAGE, limit - len(rows))
        page = connection.page(path, limit=wanted, after=after, **query)
        rows += page["items"]
        after = page.get("next")
        if not after or (limit is not None and len(rows) >= limit):
            return rows, after or None


def _nothing(path: str) -> str:
    if path == "/datasets":
        return "No datasets. `triptych add SOURCE` makes one of a zip or a folder."
    return "Nothing matches."
