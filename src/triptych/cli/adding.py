"""prescan, add, keep: from a source to a dataset."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Annotated, Any

import typer

from triptych.cli.arguments import (
    FormatOption,
    ModalityOption,
    NameArgument,
    OptionsOption,
    SourceArgument,
    options_of,
)
from triptych.cli.context import Context, verb
from triptych.core.errors import Conflict

if TYPE_CHECKING:
    from triptych.client.connection import Connection


class NeedsDecision(Conflict):
    """Files were rejected, nothing is published, and a person has to decide."""

    code = "needs_decision"

    def __init__(self, dataset: dict[str, Any], findings: tuple[Any, ...]) -> None:
        bins = dataset["bins"]
        name = shlex.quote(dataset["name"])
        super().__init__(
            f"{bins['rejected']:,} of {sum(bins.values()):,} files were rejected, so nothing is published yet.",
            hint=f"Keep what succeeded: triptych keep {name}\nDiscard all of it: triptych rm {name}",
            findings=findings,
        )
        self.extra = {"dataset": dataset}


@verb
def prescan(
    context: Context,
    source: SourceArgument,
    modality: ModalityOption = None,
    format: FormatOption = None,
    option: OptionsOption = None,
) -> None:
    """Say what is in a source; store nothing."""
    from triptych.cli.reach import reach
    from triptych.cli.sources import source_document

    options = options_of(option)
    with reach(context) as connection:
        body = {"source": source_document(connection, source, context.output), "options": options}
        document = connection.post("/prescan", body | _given(modality=modality, format=format))
    if context.json:
        context.output.document(document)
        return
    from rich.text import Text

    from triptych.cli.finding_view import findings_view
    from triptych.cli.show_view import prescan_view

    context.output.show(prescan_view(document), Text(), findings_view(document.get("finding_list") or ()))


@verb
def add(
    context: Context,
    source: SourceArgument,
    name: Annotated[
        str | None, typer.Option("--name", help="Name of the dataset.", show_default="the source's name")
    ] = None,
    modality: ModalityOption = None,
    format: FormatOption = None,
    option: OptionsOption = None,
    keep_succeeded: Annotated[
        bool,
        typer.Option(
            "--keep-succeeded", metavar=" ", help="Publish what succeeds even if files are rejected."
        ),
    ] = False,
    display_name: Annotated[
        str | None, typer.Option("--display-name", help="Title for people.", show_default=False)
    ] = None,
    description: Annotated[
        str | None, typer.Option("--description", help="What it is.", show_default=False)
    ] = None,
    tag: Annotated[
        list[str] | None, typer.Option("--tag", help="A tag; may be repeated.", show_default=False)
    ] = None,
) -> None:
    """Make a dataset of a source: check, store, measure, split, publish. Waits and reports."""
    from triptych.cli.reach import reach

    options = options_of(option)
    described = _given(
        name=name,
        modality=modality,
        format=format,
        display_name=display_name,
        description=description,
        tags=tag,
    )
    with reach(context, work=True) as connection:
        document = add_source(
            context, connection, source, options=options, keep_succeeded=keep_succeeded, **described
        )
    _print_dataset(context, document)


@verb
def keep(context: Context, name: NameArgument) -> None:
    """Publish what succeeded of a dataset whose files were rejected in part."""
    from triptych.cli.reach import reach
    from triptych.client.connection import dataset_path

    with reach(context, work=True) as connection:
        answer = connection.post(dataset_path(name, "keep"))
        document = _finish(context, connection, answer)
    _print_dataset(context, document)


def add_source(context: Context, connection: Connection, source: str, **described: Any) -> dict[str, Any]:
    """Add a source and wait; the document of the dataset. Raises why it failed, NeedsDecision among it."""
    from triptych.cli.sources import source_document

    body = {"source": source_document(connection, source, context.output), **described}
    return _finish(context, connection, connection.post("/datasets", body))


def _finish(context: Context, connection: Connection, answer: dict[str, Any]) -> dict[str, Any]:
    """Wait for the job of an answer `{dataset, job}`; what `show` says afterwards."""
    from triptych.cli.waiting import wait
    from triptych.client.connection import dataset_path
    from triptych.client.errors import findings_from_documents

    wait(context.output, connection, answer["job"])
    path = dataset_path(answer["dataset"]["id"])
    document: dict[str, Any] = connection.get(path)
    if document["state"] == "needs_decision":
        findings = findings_from_documents(connection.all(f"{path}/findings", severity="error"))
        raise NeedsDecision(document, findings)
    return document


def _print_dataset(context: Context, document: dict[str, Any]) -> None:
    if context.json:
        context.output.document(document)
        return
    from triptych.cli.show_view import show_view

    context.output.show(show_view(document))


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
