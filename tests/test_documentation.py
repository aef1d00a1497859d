"""The pages are true: their Python runs, their links lead somewhere, and every code has its heading."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from tests.conftest import REPOSITORY
from tests.support.codes import error_codes, finding_codes, reason_codes
from tests.support.studio import open_studio
from triptych.client.dataset import Dataset

if TYPE_CHECKING:
    from pathlib import Path

PAGES = sorted(
    [*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md"), REPOSITORY / "benchmarks/README.md"]
)
BLOCK = re.compile(
    r"(?:<!-- not run: (?P<reason>[^>]+) -->\n)?```python\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL
)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def _id(page: Path) -> str:
    return page.relative_to(REPOSITORY).as_posix()


def _headings(name: str) -> list[str]:
    text = (REPOSITORY / "docs" / name).read_text(encoding="utf-8")
    return re.findall(r"^### (.+)$", FENCE.sub("", text), flags=re.MULTILINE)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the dataset that the pages speak of, in small."""
    folder = tmp_path_factory.mktemp("pages")
    random = np.random.default_rng(5)
    with zipfile.ZipFile(folder / "blood_cells.zip", "w") as archive:
        rows = []
        for number in range(8):
            buffer = io.BytesIO()
            Image.fromarray(random.integers(0, 255, (48, 64, 3), np.uint8)).save(buffer, "JPEG")
            archive.writestr(f"image/{number}.jpg", buffer.getvalue())
            rows.append(f"{number}.jpg,{('RBC', 'WBC')[number % 2]},1,2,10,12\n")
        archive.writestr("label.csv", "".join(rows))
    with open_studio(folder / "home") as studio:
        studio.add(folder / "blood_cells.zip")
    return folder / "home"


@pytest.mark.parametrize("page", [page for page in PAGES if "```python" in page.read_text("utf-8")], ids=_id)
def test_the_python_of_a_page_runs_or_says_why_not(
    page: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = page.read_text(encoding="utf-8")
    blocks = list(BLOCK.finditer(text))
    assert len(blocks) == text.count("```python")
    monkeypatch.setenv("TRIPTYCH_HOME", str(home))
    monkeypatch.delenv("TRIPTYCH_SERVER", raising=False)
    names: dict[str, Any] = {}
    try:
        for block in blocks:
            if block["reason"] is None:
                line = text.count("\n", 0, block.start("code"))
                exec(compile("\n" * line + block["code"], str(page), "exec"), names)
    finally:
        for value in names.values():
            if isinstance(value, Dataset):
                value.close()


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as forges make them of the text."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    found: set[str] = set()
    for heading in re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE):
        kept = "".join(c for c in heading.lower() if c in " -_" or unicodedata.category(c)[0] in "LN")
        found.add(kept.replace(" ", "-"))
    return found


@pytest.mark.parametrize("page", PAGES, ids=_id)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{_id(page)}: {link}"
        assert not anchor or anchor in _anchors(target), f"{_id(page)}: {link}"


def test_every_page_is_reached_from_the_index() -> None:
    index = REPOSITORY / "docs" / "README.md"
    linked = {
        (index.parent / link.partition("#")[0]).resolve() for link in LINK.findall(index.read_text("utf-8"))
    }
    assert {page for page in PAGES if "docs" in page.parts and page != index} - linked == set()


def test_every_finding_has_its_heading_and_every_heading_its_finding() -> None:
    codes = finding_codes() | reason_codes()
    assert {
        "clutter",
        "box_zero_size",
        "near_duplicates",
        "split_leaks",
        "icc_profile",
        "decoder_crashed",
    } <= codes
    assert sorted(codes - set(_headings("findings.md"))) == []
    assert sorted(set(_headings("findings.md")) - codes) == []


def test_every_error_has_its_heading_and_every_heading_its_error() -> None:
    codes = error_codes()
    assert {"name_taken", "needs_decision", "dataset_not_found", "unsafe_path", "storage_full"} <= codes
    assert sorted(codes - set(_headings("errors.md"))) == []
    assert sorted(set(_headings("errors.md")) - codes) == []


@pytest.mark.parametrize("name", ["findings.md", "errors.md"])
def test_no_code_has_two_headings(name: str) -> None:
    assert len(_headings(name)) == len(set(_headings(name)))
