"""docs/settings.md and `triptych.settings.Settings` say the same: every field, its default and its sentence."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from triptych.settings import Settings, read_settings

PAGE = Path(__file__).parent.parent / "docs" / "settings.md"
ROW = re.compile(r"^\| `TRIPTYCH_([A-Z_]+)` \| (?:`([^`]*)`)? \| (.+) \|$", re.MULTILINE)


def _rows() -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = ROW.findall(PAGE.read_text(encoding="utf-8"))
    return [(name.lower(), default, sentence) for name, default, sentence in found]


def test_every_field_has_one_row_and_every_row_a_field() -> None:
    assert sorted(name for name, _, _ in _rows()) == sorted(field.name for field in fields(Settings))


@pytest.mark.parametrize("field", fields(Settings), ids=lambda field: str(field.name))
def test_a_row_says_what_the_class_says(field: Any) -> None:
    [(default, sentence)] = [row[1:] for row in _rows() if row[0] == field.name]
    assert sentence == field.metadata["help"]
    read = read_settings({f"TRIPTYCH_{field.name.upper()}": default})
    assert getattr(read, field.name) == getattr(Settings(), field.name)


def test_a_row_without_a_default_is_one_that_is_empty() -> None:
    empty = {name for name, default, _ in _rows() if not default}
    assert empty == {field.name for field in fields(Settings) if getattr(Settings(), field.name) == ""}
