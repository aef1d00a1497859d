"""How the classes of an annotation set are spread over a version, from what was counted on publishing it."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from triptych.annotations.sets import no_such_set
from triptych.core.dataset import PARTS

if TYPE_CHECKING:
    from collections.abc import Mapping

COLUMNS = ("id", "name", "color", "labels", "items", *(part.value for part in PARTS))

FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
"""What a spreadsheet takes for the beginning of a formula, and the sign that keeps it from doing so."""


def distribution(counts: Mapping[str, Any], version: int, name: str) -> dict[str, Any]:
    """Labels and items of each class, and labels in each part. NotFound `set_not_found`."""
    for entry in counts["sets"]:
        if entry["name"] == name:
            return {
                "set": name,
                "task": entry["task"],
                "items": entry["items"],
                "classes": [_row(each) for each in entry["classes"]],
            }
    raise no_such_set(version, name)


def _row(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": entry["id"],
        "name": entry["name"],
        "color": entry["color"],
        "labels": entry["count"],
        "items": entry["items"],
        **{part.value: entry["parts"].get(part.value, 0) for part in PARTS},
    }


def as_csv(document: Mapping[str, Any]) -> str:
    """The classes as a table with a header, lines ended as RFC 4180 has it.

    A name that a spreadsheet would take for a formula has an apostrophe put before it, as in label files that
    are exported.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in document["classes"]:
        name = row["name"]
        safe = f"'{name}" if name.startswith(FORMULA) else name
        writer.writerow([safe if column == "name" else row[column] for column in COLUMNS])
    return text.getvalue()
