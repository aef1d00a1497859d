"""Broken, odd and malicious uploads behave as their manifest expects.

REJECT refuses the whole and leaves no trace; SKIP imports the rest and says what it left out; FLAG imports and
tells; OK imports without a complaint. Every member of an accepted source is in exactly one bin.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, NamedTuple

import pytest
import sqlalchemy as sa

from tests.conftest import real_data_folder
from triptych.core.errors import TriptychError
from triptych.db.tables import blobs, datasets, items

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.studio import Studio

CATEGORIES = ("1_paths", "2_bombs", "3_container", "4_names", "5_images", "6_labels")

DOMAIN = ("dicom_", "geo_", "labelme_")
"""Those of the category 7_domain whose formats are read here."""

EMPTY = {"7_domain/labelme_bad.zip"}
"""Sources in which nothing is left once what is broken is skipped: they are refused as a whole."""


class Case(NamedTuple):
    """A row of the manifest."""

    path: Path
    expect: str


def _cases() -> list[object]:
    folder = real_data_folder()
    if folder is None:
        return [pytest.param(None, marks=pytest.mark.skip(reason="no real data: set TRIPTYCH_TEST_DATA"))]
    with (folder / "hostile" / "manifest.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if _is_read(row["file"], row["category"])]
    return [
        pytest.param(
            Case(folder / "hostile" / row["file"], "REJECT" if row["file"] in EMPTY else row["expect"]),
            id=row["file"],
        )
        for row in rows
    ]


def _is_read(file: str, category: str) -> bool:
    return category in CATEGORIES or file.removeprefix("7_domain/").startswith(DOMAIN)


def _counts(studio: Studio) -> tuple[int, ...]:
    with studio.installation.database.read() as connection:
        return tuple(
            connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in (datasets, items, blobs)
        )


@pytest.mark.parametrize("case", _cases())
def test_each_hostile_upload_behaves_as_its_manifest_expects(plain_studio: Studio, case: Case) -> None:
    name = case.path.parent.name + "-" + case.path.stem
    before = _counts(plain_studio)
    objects = set(plain_studio.installation.objects.names())
    if case.expect == "REJECT":
        with pytest.raises(TriptychError) as caught:
            plain_studio.add(case.path, name=name)
        assert caught.value.code not in ("bug", "failed"), caught.value.message
        assert _counts(plain_studio) == before, "a refused upload leaves no row and no blob"
        assert set(plain_studio.installation.objects.names()) == objects, "nor an object"
        return
    shown = plain_studio.add(case.path, name=name)
    assert shown["state"] == "ready"
    assert shown["counts"]["items"] > 0
    told = shown["findings"]
    bins = shown["bins"]
    if case.expect == "OK":
        # A sample of one study cannot be split without a leak; that is said of the split, not of the upload.
        complaints = [
            finding
            for finding in plain_studio.findings(name)
            if finding["severity"] != "note" and finding["code"] != "split_leaks"
        ]
        assert complaints == []
        assert bins["rejected"] == 0
    elif case.expect == "FLAG":
        assert plain_studio.finding_codes(name) - {"format_chosen"}
    else:
        assert bins["ignored"] + bins["rejected"] > 0 or told["error"] + told["warning"] > 0
    left_out = plain_studio.members(name)
    assert all(member["reason"] for member in left_out)
    assert bins["imported"] == shown["counts"]["files"]
    counted = {each: sum(member["bin"] == each for member in left_out) for each in ("ignored", "rejected")}
    assert counted == {"ignored": bins["ignored"], "rejected": bins["rejected"]}
