"""What a pre-scan tells beside its counts: formats by their titles, and every rejected file by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support import pictures
from triptych.formats.registry import FORMATS
from triptych.onboarding.check import Wish
from triptych.onboarding.prescan import prescan
from triptych.settings import Settings
from triptych.storage.sources import SourceRef

if TYPE_CHECKING:
    from pathlib import Path


def report_of(folder: Path, **options: str) -> dict[str, Any]:
    source = pictures.archive(
        folder / "mixed.zip",
        {
            "image/fine.png": pictures.png(1),
            "image/tiny.png": pictures.png(2, width=15, height=20),
            "image/empty.png": b"",
        },
    )
    wish = Wish(options=tuple(sorted(options.items())))
    return prescan(SourceRef.of_file(source), wish, Settings(home=folder / "home"), folder / "staging")


def findings_of(report: dict[str, Any]) -> dict[tuple[str, str], tuple[int, tuple[str, ...]]]:
    return {(f["code"], f["subject"]): (f["count"], tuple(f["examples"])) for f in report["finding_list"]}


def test_formats_are_told_by_their_titles_with_the_reason(tmp_path: Path) -> None:
    report = report_of(tmp_path)
    assert [(each["format"], each["title"]) for each in report["accepted"]] == [
        ("image_only", "Pictures alone")
    ]
    others = {spec.name for spec in FORMATS if spec.reader} - {"image_only"}
    assert {each["format"] for each in report["refused"]} == others
    assert all(each["title"] and each["why"] for each in report["refused"])


@pytest.mark.parametrize("limits", ["report", "original"])
def test_a_picture_outside_the_limits_is_named_whether_it_is_imported_or_not(
    limits: str, tmp_path: Path
) -> None:
    report = report_of(tmp_path, limits=limits)
    found = findings_of(report)
    assert found["file_rejected", "empty_file"] == (1, ("image/empty.png: The file has no bytes.",))
    if limits == "report":
        assert report["counts"]["items"] == 2
        assert found["size_outside_limits", ""] == (1, ("tiny.png (15 × 20 px)",))
    else:
        assert report["counts"]["items"] == 1
        count, (example,) = found["file_rejected", "size_outside_limits"]
        assert count == 1
        assert example.startswith("image/tiny.png: ")
        assert example.endswith("It is 15 × 20 px.")
        assert ("size_outside_limits", "") not in found
    assert report["bins"]["rejected"] == 3 - report["counts"]["items"]
