"""The demonstration: sample data in a home of its own, through the ordinary requests."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from triptych.cli.progress import progress
from triptych.cli.show_view import show_view
from triptych.settings import default_home

if TYPE_CHECKING:
    from triptych.cli.context import Context

DESCRIPTIONS = {
    "cells": "A drawn blood film with boxes around three kinds of cell.",
    "shapes": "Five coloured shapes, a folder for each.",
    "phantom": "16-bit slices of drawn heads in studies and series; some hold a bright sphere.",
    "scans": "CT series of drawn heads as DICOM; spheres are masked.",
    "valley": "A drawn river valley in six bands on two days, with its land cover.",
}


def demo_home(context: Context) -> Path:
    """The home of the demonstration: --home or TRIPTYCH_HOME where given, else one beside the usual home."""
    given = context.home or os.environ.get("TRIPTYCH_HOME")
    return Path(given).expanduser().absolute() if given else default_home().with_name("triptych-demo")


def add_samples(context: Context, home: Path) -> list[dict[str, Any]]:
    """Make those of the datasets that the home lacks; what `show` prints for each of them."""
    from triptych.cli.adding import add_source
    from triptych.cli.demo_data import write_samples
    from triptych.cli.reach import in_process
    from triptych.client.connection import dataset_path

    documents = []
    with (
        tempfile.TemporaryDirectory(prefix="triptych-demo-") as folder,
        in_process(context.settings_of(home), work=True) as connection,
    ):
        known = {row["name"] for row in connection.all("/datasets")}
        missing = [name for name in DESCRIPTIONS if name not in known]
        if missing:
            with progress(context.output) as report:
                write_samples(Path(folder), lambda done, total: report("Drawing samples", done, total))
        for name, description in DESCRIPTIONS.items():
            if name in missing:
                path = str(Path(folder) / f"{name}.zip")
                document = add_source(context, connection, path, description=description, tags=["demo"])
                context.output.show(show_view(document), "")
            else:
                document = connection.get(dataset_path(name))
            documents.append(document)
    return documents
