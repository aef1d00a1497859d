"""Statistics and training parameters on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Group
from rich.text import Text

from triptych.cli.tables import Column, table
from triptych.cli.words import count, figure, shown
from triptych.core.dataset import PARTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import RenderableType

_OTHER = ("classes", "weights", "box_sizes", "training")


def stats_view(document: Mapping[str, Any]) -> RenderableType:
    """Bands for each layer and part, classes for each set, weights in each convention."""
    parts: list[RenderableType] = []
    for layer, sums in document.items():
        if layer not in _OTHER and isinstance(sums, dict):
            parts += [Text(shown(layer), style="bold"), _bands(sums), Text()]
    weights = document.get("weights") or {}
    for name, by_part in (document.get("classes") or {}).items():
        parts += [Text(shown(name), style="bold"), _classes(by_part, weights.get(name) or {}), Text()]
    return Group(*parts[:-1]) if parts else Text("No statistics yet.")


def _bands(sums: Mapping[str, Any]) -> RenderableType:
    columns = [Column("Part"), Column("Band")]
    columns += [Column(title, "right") for title in ("Values", "Mean", "Std", "Min", "Max", "Invalid")]
    rows = [
        [
            part if number == 0 else "",
            band["name"],
            figure(band["n"]),
            *(figure(band[key], 6) for key in ("mean", "std")),
            *(figure(band[key]) for key in ("min", "max")),
            count(int(band["invalid"])),
        ]
        for part, entry in sums.items()
        if isinstance(entry, dict)
        for number, band in enumerate(entry.get("bands") or ())
    ]
    return table(columns, rows)


def _classes(by_part: Mapping[str, Mapping[str, Any]], weights: Mapping[str, Any]) -> RenderableType:
    listed = [str(part) for part in ("all", *PARTS) if part in by_part]
    names = list(dict.fromkeys(name for part in listed for name in by_part[part]))
    columns = [Column("Class", flexible=True), *(Column(part, "right") for part in listed)]
    rows = [[name, *(count(int(by_part[part].get(name) or 0)) for part in listed)] for name in names]
    conventions = {name: values for name, values in weights.items() if isinstance(values, dict)}
    if not conventions:
        return table(columns, rows)
    titles = [Column(name.replace("_", " "), "right") for name in conventions]
    weighed = [[name, *(figure(values.get(name)) for values in conventions.values())] for name in names]
    return Group(
        table(columns, rows), Text(), table([Column("Class weight", flexible=True), *titles], weighed)
    )
