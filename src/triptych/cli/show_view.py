"""A dataset on a terminal, from the document that `show` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

from triptych.cli.tables import state_text
from triptych.cli.words import count, counted, shown, size

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import RenderableType

CLASSES_SHOWN = 12
PARTS = {"train": ("█", "blue"), "validation": ("▓", "cyan"), "test": ("░", "")}
"""How each part of a split is drawn: told apart by its pattern where there is no colour."""
BAR_CELLS, SPLIT_CELLS = 30, 20


def show_view(document: Mapping[str, Any]) -> RenderableType:
    """Name, state, counts, layers, labels, split, findings and bins."""
    rows: list[tuple[str, RenderableType]] = [("Holds", _counts(document))]
    rows += [("Layer", _layer(layer)) for layer in document.get("layers") or ()]
    rows += _annotation_sets(document.get("annotation_sets") or (), document)
    split = document.get("split") or {}
    if sum(split.values()):
        rows.append(("Split", _split(split)))
    rows.append(("Files", _bins(document.get("bins") or {})))
    rows.append(("Findings", _findings(document)))
    if document.get("tags"):
        rows.append(("Tags", Text(shown(", ".join(document["tags"])))))
    return Group(_head(document), *_description(document), Text(), _facts(rows))


def prescan_view(document: Mapping[str, Any]) -> RenderableType:
    """What a source holds, before anything is stored."""
    source = document.get("source") or {}
    rows: list[tuple[str, RenderableType]] = [("Holds", _counts(document))]
    for accepted in document.get("accepted") or ():
        rows.append(("Reads as", Text.assemble(accepted["format"], (f"  {shown(accepted['why'])}", "dim"))))
    for refused in document.get("refused") or ():
        rows.append(("Not as", Text.assemble(refused["format"], (f"  {shown(refused['why'])}", "dim"))))
    rows += _annotation_sets(document.get("annotation_sets") or (), document)
    rows.append(("Files", _bins(document.get("bins") or {})))
    sampled = document.get("sampled")
    if sampled:
        rows.append(
            (
                "Sample",
                Text(f"headers of {count(sampled['members'])} of {count(sampled['of'])} members were read"),
            )
        )
    name = shown(str(source.get("filename") or ""))
    kind = Text.assemble(
        (name, "bold"),
        ("  ", ""),
        (f"{source.get('container') or ''}, {size(int(source.get('bytes') or 0))}", "dim"),
    )
    return Group(kind, Text(), _facts(rows))


def _head(document: Mapping[str, Any]) -> Text:
    head = Text.assemble((shown(document["name"]), "bold"), "  ")
    if document.get("version"):
        head.append(f"version {document['version']}  ", style="dim")
    head.append_text(state_text(document["state"]))
    return head


def _description(document: Mapping[str, Any]) -> list[Text]:
    lines = []
    display = document.get("display_name")
    if display and display != document["name"]:
        lines.append(Text(shown(display)))
    if document.get("description"):
        lines.append(Text(shown(document["description"])))
    return lines


def _facts(rows: Sequence[tuple[str, RenderableType]]) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    before = ""
    for title, value in rows:
        grid.add_row(title if title != before else "", value)
        before = title
    return grid


def _counts(document: Mapping[str, Any]) -> Text:
    counts = document.get("counts") or {}
    items, studies = int(counts.get("items") or 0), int(counts.get("studies") or 0)
    noun = {"planar": "picture", "volume": "volume", "geospatial": "chip"}.get(
        str(document["modality"]), "item"
    )
    text = counted(items, noun)
    if studies != items:
        text += f" in {counted(studies, 'study', 'studies')}"
    text += f", {size(int(counts.get('bytes') or 0))}"
    form = f"{document['modality']}, {document.get('format') or 'format unknown'}"
    return Text.assemble(text, (f"  {form}", "dim"))


def _layer(layer: Mapping[str, Any]) -> Text:
    sizes = layer.get("sizes") or {}
    least, most = sizes.get("min"), sizes.get("max")
    parts = [", ".join(layer.get("formats") or ())]
    if least and most:
        lowest, highest = (f"{width}×{height}" for width, height in (least, most))
        parts.append(f"{lowest} px" if lowest == highest else f"{lowest} to {highest} px")
    bands = layer.get("bands") or ()
    parts.append(" / ".join(" ".join(band) if isinstance(band, list) else str(band) for band in bands))
    depths = layer.get("bit_depths") or ()
    parts.append(f"{' and '.join(map(str, depths))} bit" if depths else "")
    return Text.assemble(shown(layer["name"]), ("  " + ", ".join(part for part in parts if part), "dim"))


def _annotation_sets(
    sets: Sequence[Mapping[str, Any]], document: Mapping[str, Any]
) -> list[tuple[str, RenderableType]]:
    rows: list[tuple[str, RenderableType]] = []
    for labels in sets:
        classes = labels.get("classes") or ()
        what = {"detection": "box", "segmentation": "pixel"}.get(labels["task"], "item")
        head = Text.assemble(
            shown(labels["name"]),
            (
                f"  {labels['task'].replace('_', ' ')} on {counted(int(labels['items']), 'item')}, "
                f"{counted(len(classes), 'class', 'classes')}, counted in {'boxes' if what == 'box' else what + 's'}",
                "dim",
            ),
        )
        rows.append(("Labels", Group(head, _classes(classes)) if classes else head))
    return rows


def _classes(classes: Sequence[Mapping[str, Any]]) -> Table:
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(no_wrap=True)
    most = max((int(entry["count"] or 0) for entry in classes), default=0)
    for entry in classes[:CLASSES_SHOWN]:
        number = int(entry["count"] or 0)
        bar = "▄" * max(1, round(BAR_CELLS * number / most)) if number and most else ""
        grid.add_row(
            Text("■", style=str(entry["color"]).lower()), Text(shown(entry["name"])), count(number),
            Text(bar, style="dim"),
        )  # fmt: skip
    if len(classes) > CLASSES_SHOWN:
        grid.add_row("", Text(f"… {count(len(classes) - CLASSES_SHOWN)} more classes", style="dim"), "", "")
    return grid


def _split(split: Mapping[str, int]) -> Text:
    total = sum(split.values())
    text = Text()
    for part, number in split.items():
        sign, style = PARTS.get(part, ("·", ""))
        text.append(sign * max(1, round(SPLIT_CELLS * number / total)) if number else "", style=style)
    for part, number in split.items():
        sign, style = PARTS.get(part, ("·", ""))
        text.append("  ")
        text.append(sign, style=style)
        text.append(f" {part} ", style="dim")
        text.append(count(number))
    return text


def _bins(bins: Mapping[str, int]) -> Text:
    text = Text(f"{count(int(bins.get('imported') or 0))} imported")
    for name, style in (("ignored", ""), ("rejected", "red")):
        number = int(bins.get(name) or 0)
        text.append(f", {count(number)} {name}", style=style if number else "dim")
    return text


def _findings(document: Mapping[str, Any]) -> Text:
    numbers = document.get("findings") or {}
    text = Text()
    for severity, style in (("error", "red"), ("warning", "yellow"), ("note", "cyan")):
        number = int(numbers.get(severity) or 0)
        if number:
            text.append(", " if text.plain else "")
            text.append(counted(number, severity), style=style)
    if not text.plain:
        return Text("none", style="dim")
    return text
