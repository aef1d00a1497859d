"""Tables of lists: one look for all. Names are folded, never cut; numbers stand right."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from rich.table import Table
from rich.text import Text

from triptych.cli.words import count, counted, duration, moment, shown, size
from triptych.core.names import cut_front

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console, ConsoleOptions, RenderResult

STATES = {
    "ready": ("●", "green"),
    "succeeded": ("●", "green"),
    "waiting": ("○", "dim"),
    "onboarding": ("◐", "cyan"),
    "running": ("◐", "cyan"),
    "needs_decision": ("▲", "yellow"),
    "failed": ("✕", "red"),
    "cancelled": ("–", "dim"),
    "trashed": ("–", "dim"),
}
STATE_WORDS = {"needs_decision": "needs a decision", "trashed": "in the trash"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, how its cells stand, whether they may be folded, and whether a terminal of fewer
    than `WIDE` columns does without it."""

    title: str
    align: Literal["left", "right"] = "left"
    flexible: bool = False
    wide: bool = False


WIDE = 110


class Listing:
    """A table with hairlines left out: a dim head, then rows. As wide as it must be, never wider."""

    def __init__(self, columns: Sequence[Column], rows: Sequence[Sequence[str | Text]]) -> None:
        self.columns = columns
        self.rows = rows

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        shown_columns = [
            number
            for number, column in enumerate(self.columns)
            if options.max_width >= WIDE or not column.wide
        ]
        made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", show_edge=False)
        for number in shown_columns:
            column = self.columns[number]
            made.add_column(
                column.title,
                justify=column.align,
                no_wrap=not column.flexible,
                overflow="fold",
                vertical="top",
            )
        for row in self.rows:
            cells = (row[number] for number in shown_columns)
            made.add_row(*(Text(shown(cell)) if isinstance(cell, str) else cell for cell in cells))
        yield made


def table(columns: Sequence[Column], rows: Sequence[Sequence[str | Text]]) -> Listing:
    """A list of rows under titles."""
    return Listing(columns, rows)


def state_text(state: str) -> Text:
    """A state with its sign: always a word too."""
    sign, style = STATES.get(state, ("·", ""))
    return Text.assemble((f"{sign} ", style), (STATE_WORDS.get(state, state), style))


def dataset_table(rows: Sequence[Mapping[str, Any]]) -> Listing:
    """Datasets: name, kind, state and what is in them."""
    return table(
        [
            Column("Name", flexible=True),
            Column("Modality", wide=True),
            Column("State"),
            Column("Items", "right"),
            Column("Studies", "right"),
            Column("Sets", "right"),
            Column("Size", "right"),
            Column("Added", wide=True),
        ],
        [
            [
                row["name"],
                str(row["modality"]),
                state_text(row["state"]),
                count(_counts(row, "items")),
                count(_counts(row, "studies")),
                count(_counts(row, "annotation_sets")),
                size(_counts(row, "bytes")),
                moment(row.get("created_at")),
            ]
            for row in rows
        ],
    )


def _counts(row: Mapping[str, Any], name: str) -> int:
    return int((row.get("counts") or row).get(name) or 0)


def item_table(rows: Sequence[Mapping[str, Any]]) -> Listing:
    """Items: key, place, size, part of the split, labels."""
    with_series = any(row.get("series") for row in rows)
    columns = [Column("Key", flexible=True)]
    if with_series:
        columns += [
            Column("Study", flexible=True, wide=True), Column("Series", wide=True), Column("No.", "right"),
        ]  # fmt: skip
    columns += [
        Column("Pixels", "right"),
        Column("Bits", "right"),
        Column("Part"),
        Column("Labels", flexible=True),
    ]
    body: list[list[str | Text]] = []
    for row in rows:
        position = row.get("position")
        names = [_short(row["study"]), _short(row.get("series") or "")]
        place = [*names, "" if position is None else count(position)]
        body.append(
            [
                row["key"],
                *(place if with_series else []),
                f"{row['width']}×{row['height']}",
                f"{row['bit_depth']}",
                str(row.get("part") or ""),
                label_summary(row.get("labels") or []),
            ]
        )
    return table(columns, body)


_UID = re.compile(r"[0-9.]{20,64}(-[0-9]+)?")


def _short(name: str) -> str:
    """A name, of a DICOM UID the end alone: the beginning is the same for all that one machine made."""
    return cut_front(name, 14) if _UID.fullmatch(name) else name


def label_summary(labels: Sequence[Mapping[str, Any]]) -> str:
    """The labels of an item in a few words: "cat", "RBC ×14, WBC", "nothing there"."""
    tally: dict[str, int] = {}
    for label in labels:
        if label["kind"] == "nothing":
            tally.setdefault("nothing there", 1)
        elif label.get("value") != 0:
            name = str(label.get("class") or "")
            tally[name] = tally.get(name, 0) + 1
    return ", ".join(f"{name} ×{number}" if number > 1 else name for name, number in tally.items())


def job_table(rows: Sequence[Mapping[str, Any]]) -> Listing:
    """Jobs: what, state, how far."""
    return table(
        [
            Column("Id"),
            Column("Job"),
            Column("What", flexible=True),
            Column("State", flexible=True),
            Column("Began", wide=True),
            Column("Took", "right", wide=True),
        ],
        [
            [
                str(row["id"]),
                str(row["kind"]),
                str(row.get("title") or ""),
                _job_state(row),
                moment(row.get("started_at") or row.get("created_at")),
                _took(row),
            ]
            for row in rows
        ],
    )


def _job_state(row: Mapping[str, Any]) -> Text:
    text = state_text(row["state"])
    if row["state"] == "running":
        stage = str(row.get("stage") or "")
        if row.get("total"):
            stage += f" {count(row['done'])} of {count(row['total'])}"
        if row.get("seconds_left") is not None:
            stage += f", {duration(row['seconds_left'])} left"
        text.append(f" {stage}", style="dim")
    error = row.get("error")
    if row["state"] == "failed" and error:
        text.append(f" {shown(str(error.get('code') or ''))}", style="dim")
    return text


def _took(row: Mapping[str, Any]) -> str:
    began, ended = row.get("started_at"), row.get("finished_at")
    if isinstance(began, int | float) and isinstance(ended, int | float):
        return duration(ended - began)
    return ""


def ending(listed: int, more: bool, noun: str, hint: str) -> Text:
    """The line under a list: how many are shown, and how to see the rest."""
    text = counted(listed, noun)
    return Text(f"{text} shown; {hint}" if more else text, style="dim")
