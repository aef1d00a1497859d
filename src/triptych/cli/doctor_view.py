"""The doctor's report on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from triptych.cli.words import counted, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from triptych.cli.diagnosis import Check

SIGNS = {"ok": ("●", "green"), "warn": ("▲", "yellow"), "fail": ("✕", "red")}


def doctor_view(checks: Sequence[Check]) -> RenderableType:
    """A line for each part, what to do under those that need it, and a verdict."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for check in checks:
        sign, color = SIGNS[check.state]
        text = Text(shown(check.message))
        if check.hint:
            text.append(f"\n{shown(check.hint)}", style="dim")
        grid.add_row(Text.assemble((f"{sign} {check.state}", color)), check.name, text)
    return Group(grid, Text(), _verdict(checks))


def _verdict(checks: Sequence[Check]) -> Text:
    failed = sum(check.state == "fail" for check in checks)
    warned = sum(check.state == "warn" for check in checks)
    if failed:
        return Text(f"{counted(failed, 'part')} failed.", style="bold red")
    if warned:
        return Text(f"It works; {counted(warned, 'part')} could be better.", style="bold yellow")
    return Text("Everything is well.", style="bold green")
