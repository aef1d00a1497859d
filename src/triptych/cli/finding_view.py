"""Findings and errors on a terminal: what, why, what to do, where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from triptych.cli.words import count, shown
from triptych.core.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rich.console import RenderableType

    from triptych.core.errors import TriptychError

# Always a sign and a word, never colour alone.
SIGNS = {"error": ("✕", "red"), "warning": ("▲", "yellow"), "note": ("·", "cyan")}
TITLES = {"error": "Errors", "warning": "Worth a look", "note": "For your information"}
EXAMPLES_SHOWN = 5


def error_view(error: TriptychError) -> RenderableType:
    """Why something failed: the message, what to do, and the findings behind it."""
    head = Text.assemble(("✕ ", "bold red"), (shown(error.message), "bold"))
    parts: list[RenderableType] = [_hanging(head)]
    parts += [_indented(Text(shown(line)), 2) for line in error.hint.splitlines()]
    grave = [finding for finding in error.findings if finding.severity is not Severity.NOTE]
    for finding in grave[:10]:
        parts.append(
            _finding(
                {
                    "severity": str(finding.severity), "code": finding.code, "subject": finding.subject,
                    "message": finding.message, "hint": finding.hint, "count": finding.count,
                    "examples": finding.examples,
                },
                2,
            )
        )  # fmt: skip
    if len(grave) > 10:
        parts.append(_indented(Text(f"… and {count(len(grave) - 10)} more findings", style="dim"), 2))
    return Group(*parts)


def findings_view(findings: Iterable[Mapping[str, Any]]) -> RenderableType:
    """All findings, gravest first, under a title for each severity."""
    parts: list[RenderableType] = []
    listed = list(findings)
    for severity, title in TITLES.items():
        chosen = [finding for finding in listed if finding["severity"] == severity]
        if not chosen:
            continue
        if parts:
            parts.append(Text())
        parts.append(Text(title, style=f"bold {SIGNS[severity][1]}"))
        parts.extend(_finding(finding, 0) for finding in chosen)
    return Group(*parts) if parts else Text("Nothing was noticed.")


def _finding(finding: Mapping[str, Any], indent: int) -> RenderableType:
    sign, color = SIGNS[finding["severity"]]
    head = Text.assemble((f"{sign} ", color), shown(finding["message"]), (f"  {finding['code']}", "dim"))
    parts: list[RenderableType] = [_hanging(head)]
    if finding.get("hint"):
        parts.append(_indented(Text(shown(finding["hint"]), style="dim"), 2))
    examples = [str(example) for example in finding.get("examples") or ()]
    if not examples and finding.get("subject"):
        examples = [str(finding["subject"])]
    for example in examples[:EXAMPLES_SHOWN]:
        parts.append(_indented(Text(shown(example), style="cyan", overflow="fold"), 4))
    more = max(int(finding.get("count") or 1), len(examples)) - min(len(examples), EXAMPLES_SHOWN)
    if examples and more > 0:
        parts.append(_indented(Text(f"… {count(more)} more", style="dim"), 4))
    return Padding(Group(*parts), (0, 0, 0, indent), expand=False)


def _hanging(text: Text) -> RenderableType:
    """Text whose first two cells are a sign; lines that follow are set in by as much."""
    from rich.table import Table

    grid = Table.grid(padding=0)
    grid.add_column(width=2, no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(text[:2], text[2:])
    return grid


def _indented(text: Text, cells: int) -> RenderableType:
    return Padding(text, (0, 0, 0, cells), expand=False)
