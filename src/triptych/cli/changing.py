"""split, export, rm, restore: what is done with a dataset."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from triptych.cli.arguments import NameArgument
from triptych.cli.context import Context, verb

if TYPE_CHECKING:
    from collections.abc import Mapping

    from triptych.cli.unpacking import Written
    from triptych.client.connection import Connection


LENGTHS = {"": 1.0, "m": 1.0, "km": 1000.0, "deg": 111_319.49}
"""Metres; of a degree along the equator of WGS 84."""

DURATIONS = {"": 86_400.0, "d": 86_400.0, "h": 3_600.0, "min": 60.0, "s": 1.0}
"""Seconds; a number alone means days."""


@verb
def split(
    context: Context,
    name: NameArgument,
    ratios: Annotated[
        str, typer.Option("--ratios", help="Shares of train, validation and test.")
    ] = "60/20/20",
    seed: Annotated[int, typer.Option("--seed", help="Another seed gives another split.")] = 0,
    by: Annotated[
        str,
        typer.Option(
            "--by",
            help="What stays whole: group (all that belongs together), study, scene, block (of the ground), "
            "time (train is earliest), or item.",
        ),
    ] = "group",
    block_size: Annotated[
        str | None,
        typer.Option(
            "--block-size", metavar="SIZE", help="Side of a block: 5km, 800m, 0.1deg.", show_default=False
        ),
    ] = None,
    buffer: Annotated[
        str | None,
        typer.Option(
            "--buffer",
            metavar="SIZE",
            help="How far train keeps away from validation and test, by block or scene.",
            show_default=False,
        ),
    ] = None,
    time_gap: Annotated[
        str | None,
        typer.Option(
            "--time-gap", metavar="TIME", help="Time between the parts: 30d, 12h.", show_default=False
        ),
    ] = None,
    split_name: Annotated[
        str | None, typer.Option("--name", help="Name of the split.", show_default=False)
    ] = None,
) -> None:
    """Split a dataset into train, validation and test; publishes the next version."""
    from triptych.cli.reach import reach
    from triptych.client.connection import dataset_path

    body: dict[str, Any] = {"ratios": _ratios(ratios), "seed": seed, "by": by}
    if split_name:
        body["name"] = split_name
    measures = (
        ("block_size", "--block-size", block_size, LENGTHS),
        ("buffer", "--buffer", buffer, LENGTHS),
        ("time_gap", "--time-gap", time_gap, DURATIONS),
    )
    body |= {
        field: _measure(text, units, option) for field, option, text, units in measures if text is not None
    }
    with reach(context, work=True) as connection:
        answer = connection.post(dataset_path(name, "split"), body)
        document = connection.get(dataset_path(name))
    if context.json:
        context.output.document(answer)
        return
    from triptych.cli.finding_view import findings_view
    from triptych.cli.show_view import show_view

    context.output.show(show_view(document))
    if answer.get("findings"):
        context.output.show("", findings_view(answer["findings"]))


@verb
def export(
    context: Context,
    name: NameArgument,
    format: Annotated[
        str,
        typer.Option(
            "--format",
            help="image_label, class_folders, parquet, coco, yolo, voc or labelme.",
            show_default=False,
        ),
    ],
    to: Annotated[
        Path,
        typer.Option(
            "--to", metavar="PATH", help="A new folder, or a new file that ends in .zip.", show_default=False
        ),
    ],
) -> None:
    """Write a dataset out: its files, labels and split."""
    from triptych.cli.reach import reach
    from triptych.cli.unpacking import check_target
    from triptych.cli.words import counted, size
    from triptych.client.connection import dataset_path

    target = to.expanduser().absolute()
    check_target(target)
    with reach(context) as connection:
        checked = connection.get(dataset_path(name, "export", "check"), format=format)
        written = _write(context, connection, name, format, target)
    losses = checked.get("findings") or []
    if context.json:
        context.output.document(
            {
                "dataset": name, "format": format, "path": str(target), "files": written.files,
                "bytes": written.bytes, "findings": losses,
            }
        )  # fmt: skip
        return
    from triptych.cli.finding_view import findings_view

    context.output.show(f"{target}: {counted(written.files, 'file')}, {size(written.bytes)}")
    if losses:
        context.output.show(findings_view(losses))


def _write(context: Context, connection: Connection, name: str, format: str, target: Path) -> Written:
    from triptych.cli.progress import progress
    from triptych.cli.unpacking import unpack_tar, write_file
    from triptych.client.connection import dataset_path

    as_zip = target.suffix.lower() == ".zip"
    query = {"format": format, "container": "zip" if as_zip else "tar"}
    with progress(context.output, in_bytes=True) as report:
        report("Exporting", 0, None)
        with connection.stream(dataset_path(name, "export"), **query) as response:
            write = write_file if as_zip else unpack_tar
            return write(
                response.iter_bytes(), target, lambda written: report("Exporting", written.bytes, None)
            )


@verb
def rm(context: Context, name: NameArgument) -> None:
    """Move a dataset into the trash; discard one that needs a decision."""
    from triptych.cli.reach import reach
    from triptych.client.connection import dataset_path

    with reach(context) as connection:
        row = connection.delete(dataset_path(name))
    if context.json:
        context.output.document(row)
    else:
        context.output.say(f"{_called(row, name)} is in the trash; `triptych restore` brings it back.")


@verb
def restore(context: Context, name: NameArgument) -> None:
    """Bring a dataset back from the trash."""
    from triptych.cli.reach import reach
    from triptych.client.connection import dataset_path

    with reach(context) as connection:
        row = connection.post(dataset_path(name, "restore"))
    if context.json:
        context.output.document(row)
    else:
        context.output.say(f"{_called(row, name)} is back.")


def _called(row: dict[str, Any] | None, name: str) -> str:
    from triptych.cli.words import shown

    return shown(str((row or {}).get("name") or name))


def _ratios(text: str) -> list[float]:
    """Shares that sum to 1 from "60/20/20", "0.6,0.2,0.2" or "60 20 20"."""
    try:
        numbers = [float(part) for part in re.split(r"[/,:\s]+", text.strip())]
    except ValueError:
        numbers = []
    total = sum(numbers)
    if len(numbers) != 3 or not min(numbers) >= 0 or not 0 < total < math.inf:
        raise typer.BadParameter(f"--ratios takes three shares such as 60/20/20, not {text!r}.")
    return [number / total for number in numbers]


def _measure(text: str, units: Mapping[str, float], option: str) -> float:
    """A number with a unit, such as 5km or 30d, in metres or seconds."""
    found = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*([a-z]*)\s*", text.lower())
    if found is None or found[2] not in units:
        known = ", ".join(unit for unit in units if unit)
        raise typer.BadParameter(f"{option} takes a number with a unit ({known}), not {text!r}.")
    return float(found[1]) * units[found[2]]
