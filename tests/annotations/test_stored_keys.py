"""Keys of a version of which only hashes are held are matched as the keys of a source that lie in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from triptych.annotations.stored_keys import StoredKeys
from triptych.core.dataset import OPEN_END
from triptych.db.migrate import upgrade
from triptych.db.session import Database, insert_rows
from triptych.db.tables import items
from triptych.formats.label_csv.matching import Matcher

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DATASET, OTHER = "a" * 24, "b" * 24
KEYS = [
    "A/Series1/0.png", "A/Series1/1.png", "A/Series2/0.png", "B/Series01/7.jpg", "Caf\u00e9/x.png", "Upper.PNG",
    "alone.jpeg", "dir/alone.png", "e\u0301.png", "image/odd.png", "twice.jpg", "twice.png",
]  # fmt: skip
PATHS = [
    *KEYS, "A/1/0.png", "a/series1/0.PNG", "A/Series1/0", "A\\Series1\\0.png", "./A/Series1/1.png",
    "/A/Series2/0.png",
    "0.png", "7.jpg", "B/1/7.jpg", "Cafe\u0301/x.png", "upper.png", "alone", "alone.png", "\u00e9.png", "twice",
    "odd.png", "nowhere.png", "", "A", "old/Upper.PNG", "twice.gif",
]  # fmt: skip


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Two datasets; of the first one, an item is there in version 1 alone and one from version 2 on."""
    folder: Path = tmp_path_factory.mktemp("keys")
    opened = Database(f"sqlite:///{folder / 'triptych.sqlite'}")
    upgrade(opened)
    rows = [_row(number, DATASET, key) for number, key in enumerate(KEYS, 1)]
    rows.append(_row(100, DATASET, "gone.png", until=2))
    rows.append(_row(101, DATASET, "later.png", since=2))
    rows.append(_row(102, OTHER, "nowhere.png"))
    with opened.write() as connection:
        insert_rows(connection, items, rows)
    yield opened
    opened.close()


def _row(number: int, dataset: str, key: str, since: int = 1, until: int = OPEN_END) -> dict[str, Any]:
    sizes = {"bytes": 1, "width": 1, "height": 1, "bit_depth": 8, "bands": "gray"}
    source = {"study": key, "source_id": dataset, "member": number}
    return {
        "id": number,
        "dataset_id": dataset,
        "since": since,
        "until": until,
        "key": key,
        **sizes,
        **source,
    }


@pytest.mark.parametrize("path", PATHS)
def test_a_path_is_matched_as_in_an_import(database: Database, path: str) -> None:
    stored = StoredKeys(database, DATASET, 1)
    known = Matcher([*KEYS, "gone.png"], [*KEYS, "gone.png"])
    found, expected = stored.find(path), known.find(path)
    ids = [*range(1, len(KEYS) + 1), 100]
    assert found.item == (None if expected.item is None else ids[expected.item])
    assert found.code == expected.code
    assert stored.exact(path) is known.exact(path)


def test_folders_of_layouts_are_read_as_absent(database: Database) -> None:
    stored = StoredKeys(database, DATASET, 1)
    for path in ("image/A/Series1/0.png", "Image/A/1/0.png", "Classes/A/Series1/0.png"):
        assert stored.find(path) == (1, "")
    assert stored.find("image/a/series1/0.png") == (1, "matched_by_case")
    assert stored.find("image/odd.png") == (KEYS.index("image/odd.png") + 1, "")
    assert stored.find("images/Upper.PNG").code == "matched_by_name", "only the folders of layouts are"


def test_only_items_of_the_version_are_found(database: Database) -> None:
    first, second = StoredKeys(database, DATASET, 1), StoredKeys(database, DATASET, 2)
    assert (first.find("gone.png").item, second.find("gone.png").item) == (100, None)
    assert (first.find("later.png").item, second.find("later.png").item) == (None, 101)
    assert first.find("nowhere.png").item is None
    assert [key for block in second.blocks() for _, key in block] == [*KEYS, "later.png"]
