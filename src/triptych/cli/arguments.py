"""Arguments that several verbs share."""

from __future__ import annotations

from typing import Annotated

import typer

NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="The dataset: NAME, NAME@VERSION or its id.", show_default=False)
]
SourceArgument = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE",
        help="A zip, tar or folder; the address of a zip; or root:NAME/FOLDER under a registered root.",
        show_default=False,
    ),
]
FormatOption = Annotated[
    str | None, typer.Option("--format", help="Read it as this format.", show_default=False)
]
ModalityOption = Annotated[
    str | None,
    typer.Option("--modality", help="planar, volume or geospatial.", show_default=False),
]
OptionsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--option", metavar="KEY=VALUE", help="Configure the format; may be repeated.", show_default=False
    ),
]
LimitOption = Annotated[
    int | None, typer.Option("--limit", min=1, help="At most so many.", show_default=False)
]
AfterOption = Annotated[
    str | None,
    typer.Option("--after", metavar="CURSOR", help="Go on after a page: its `next`.", show_default=False),
]


def options_of(pairs: list[str] | None) -> dict[str, str]:
    """`key=value` pairs as a dictionary; wrong usage for anything else."""
    options: dict[str, str] = {}
    for pair in pairs or ():
        key, sign, value = pair.partition("=")
        if not sign or not key:
            raise typer.BadParameter(f"--option takes KEY=VALUE, not {pair!r}.")
        options[key] = value
    return options
