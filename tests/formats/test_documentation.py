"""Every finding has its heading with an example, and every format its page."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import REPOSITORY
from triptych.formats.geotiff_pairs.notices import NOTICES as RASTER_NOTICES
from triptych.formats.label_csv.notices import NOTICES as LABEL_NOTICES
from triptych.formats.pictures.notices import NOTICES
from triptych.formats.registry import FORMATS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from triptych.formats.registry import FormatSpec
    from triptych.formats.tally import Notice

SOURCE = REPOSITORY / "src" / "triptych" / "formats"
PAGE = REPOSITORY / "docs" / "findings.md"
PLACES = {"note": 0, "warn": 0, "error": 0, "add": 0, "_say": 1, "Finding": 1, "Ignored": 1}
"""Where a call that reports something has its code."""


def reported_codes() -> set[str]:
    """All codes of findings and of ignored members that the formats can emit, read from their source."""
    codes = set(LABEL_NOTICES) | set(NOTICES) | set(RASTER_NOTICES)
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            place = PLACES.get(name)
            if place is not None and len(node.args) > place:
                value = node.args[place]
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    codes.add(value.value)
    return {code for code in codes if re.fullmatch(r"[a-z][a-z0-9_]+", code)}


def sections() -> dict[str, str]:
    """The page's sections by code."""
    parts = re.split(r"^### ([a-z0-9_]+)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_code_has_its_heading() -> None:
    codes = reported_codes()
    assert {"clutter", "labels_ignored", "row_unreadable", "format_chosen", "sidecar_unreadable"} <= codes
    assert codes - sections().keys() == set()


def test_no_heading_comes_twice() -> None:
    headings = re.findall(r"^### (.*)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert len(headings) == len(set(headings))


@pytest.mark.parametrize("code", sorted(reported_codes()))
def test_every_code_has_an_example(code: str) -> None:
    assert "*Example:*" in sections()[code]


@pytest.mark.parametrize(
    "notices", [LABEL_NOTICES, NOTICES, RASTER_NOTICES], ids=["label files", "pictures", "rasters"]
)
def test_the_page_has_the_severity_of_the_code(notices: Mapping[str, Notice]) -> None:
    for code, notice in notices.items():
        assert notice.severity.value in sections()[code].split(".")[0], code


@pytest.mark.parametrize("spec", FORMATS, ids=lambda spec: spec.name)
def test_every_format_has_its_page(spec: FormatSpec) -> None:
    page = REPOSITORY / "docs" / "formats" / f"{spec.name}.md"
    assert page.read_text(encoding="utf-8").startswith(f"# `{spec.name}`")


def test_links_between_the_pages_lead_somewhere() -> None:
    pages = [PAGE, *(REPOSITORY / "docs" / "formats").glob("*.md")]
    for page in pages:
        for link in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
            assert (page.parent / Path(link)).is_file(), f"{page.name}: {link}"
