"""The page of the command line is held against the program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typer

from triptych.cli.application import app

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "command-line.md"
EVERYWHERE = {"--home", "--server", "--token", "--json", "--quiet", "-q", "--help", "-h"}

COMMANDS: dict[str, Any] = dict(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def _section(verb: str) -> str:
    text = PAGE.read_text(encoding="utf-8")
    start = text.index(f"\n### `triptych {verb}")
    following = [place for place in (text.find(mark, start + 1) for mark in ("\n### ", "\n## ")) if place > 0]
    return text[start : min(following, default=len(text))]


@pytest.mark.parametrize("verb", sorted(COMMANDS))
def test_every_verb_has_its_section_and_every_option_is_named(verb: str) -> None:
    command = COMMANDS[verb]
    commands = list(getattr(command, "commands", {}).values()) or [command]
    section = _section(verb)
    for each in commands:
        options = {
            option for parameter in each.params for option in parameter.opts if option.startswith("--")
        }
        missing = {option for option in options - EVERYWHERE if option not in section}
        # Limits, cursors and "all" are said once, for all lists.
        assert missing <= {"--limit", "--after", "--all"}, (verb, missing)
        if each is not command:
            assert f"{verb} {each.name}" in section


def test_the_page_names_no_verb_that_is_not_there() -> None:
    text = PAGE.read_text(encoding="utf-8")
    named = {
        line.split("`triptych ")[1].strip("`").split()[0]
        for line in text.splitlines()
        if line.startswith("### ")
    }
    assert named == set(COMMANDS)
