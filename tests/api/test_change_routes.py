"""Changes publish versions: the newest one is as asked for, and every earlier one stays what it was."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from tests.support.studio import Studio, open_studio
from tests.support.versions import contents, curated_zip, published
from triptych.client.connection import dataset_path
from triptych.core.errors import Conflict, InvalidInput, NotFound, TriptychError
from triptych.db.tables import events

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def studio(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """An installation on each database; each test adds a dataset of its own."""
    address = request.getfixturevalue("module_postgresql_url") if request.param == "postgresql" else ""
    with open_studio(tmp_path_factory.mktemp("home"), database=address) as opened:
        yield opened


@pytest.fixture
def name(studio: Studio, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A fresh dataset of five studies of four pictures, with classes and boxes."""
    wanted = request.node.name
    studio.add(curated_zip(tmp_path / "curated.zip"), name=wanted)
    return str(wanted)


def change(studio: Studio, name: str, what: str, **body: Any) -> dict[str, Any]:
    """Ask for a change; its answer."""
    answer: dict[str, Any] = studio.connection.post(dataset_path(name, *what.split("/")), body)
    return answer


def keys(studio: Studio, name: str, **query: Any) -> list[str]:
    """Keys of the items of the newest version, in their order."""
    return [item["key"] for item in studio.items(name, **query)]


def other_part(studio: Studio, name: str, study: str) -> str:
    """A part that a study is not in."""
    return "validation" if studio.items(name, study=study)[0]["part"] == "train" else "train"


def test_a_version_without_some_items_counts_only_what_is_left(studio: Studio, name: str) -> None:
    before = contents(studio, name, 1)
    gone = {"S0/Series1/1.png", "S3/Series1/2.png", "S4/Series1/3.png"}
    answer = change(studio, name, "items/remove", keys=sorted(gone))
    assert answer == {"version": 2, "changed": 3, "findings": []}
    after = contents(studio, name, 2)
    left = [item for item in before["items"] if item["key"] not in gone]
    assert after["items"] == left
    assert after["counts"]["items"] == 17
    assert after["counts"]["files"] == before["counts"]["files"] - 3
    size = sum(item["bytes"] for item in before["items"] if item["key"] in gone)
    assert after["counts"]["bytes"] == before["counts"]["bytes"] - size
    shown = studio.show(name)
    assert sum(shown["split"].values()) == 17
    for entry in shown["annotation_sets"]:
        labels = [label for item in left for label in item["labels"] if label["set"] == entry["name"]]
        assert {each["name"]: each["count"] for each in entry["classes"]} == {
            each["name"]: sum(label["class"] == each["name"] for label in labels) for each in entry["classes"]
        }
        assert entry["items"] == len(
            {item["key"] for item in left for x in item["labels"] if x["set"] == entry["name"]}
        )
    train = after["statistics"]["training"]
    assert train["items"] == shown["split"]["train"]
    assert after["content_hash"] != before["content_hash"]
    assert contents(studio, name, 1) == before


def test_items_are_removed_by_what_a_filter_lets_pass(studio: Studio, name: str) -> None:
    before = contents(studio, name, 1)
    wanted = {"study": ["S1", "S2"], "class": ["label:cat", "dog"]}
    chosen = keys(studio, name, study=["S1", "S2"], class_=["label:cat", "dog"])
    assert 0 < len(chosen) < 8
    answer = change(studio, name, "items/remove", filter=wanted)
    assert answer["changed"] == len(chosen)
    assert keys(studio, name) == [item["key"] for item in before["items"] if item["key"] not in chosen]
    assert contents(studio, name, 1) == before


def test_duplicates_that_are_removed_are_no_finding_any_more(studio: Studio, name: str) -> None:
    before = contents(studio, name, 1)
    assert any("duplicate_bytes" in finding for finding in before["findings"])
    assert len(before["duplicates"]) == 1
    change(studio, name, "items/remove", keys=["S1/Series1/0.png"])
    after = contents(studio, name, 2)
    assert not any("duplicate_bytes" in finding for finding in after["findings"])
    assert after["duplicates"] == []
    assert contents(studio, name, 1) == before


def test_a_version_of_no_items_is_refused_and_nothing_is_published(studio: Studio, name: str) -> None:
    before = contents(studio, name, 1)
    with pytest.raises(Conflict) as caught:
        change(studio, name, "items/remove", filter={})
    assert caught.value.code == "no_items_left"
    assert studio.show(name)["version"] == 1
    assert contents(studio, name, 1) == before


def test_what_is_not_there_is_passed_over_and_nothing_to_change_publishes_nothing(
    studio: Studio, name: str
) -> None:
    answer = change(studio, name, "items/remove", keys=["nowhere.png", "S0/Series1/9.png"])
    assert (answer["version"], answer["changed"]) == (1, 0)
    (finding,) = answer["findings"]
    assert (finding["code"], finding["count"]) == ("item_not_in_version", 2)
    assert finding["examples"] == ["nowhere.png", "S0/Series1/9.png"]
    assert change(studio, name, "items/remove", filter={"search": "nowhere"})["version"] == 1
    part = studio.items(name)[0]["part"]
    key = studio.items(name)[0]["key"]
    assert change(studio, name, "items/part", keys=[key], part=part)["changed"] == 0
    assert studio.show(name)["version"] == 1


@pytest.mark.parametrize("body", [{}, {"keys": [], "filter": {}}])
def test_a_change_is_about_keys_or_about_a_filter(studio: Studio, name: str, body: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as caught:
        change(studio, name, "items/remove", **body)
    assert caught.value.code == "bad_choice"


def test_items_move_to_a_part_and_statistics_follow(studio: Studio, name: str) -> None:
    before = contents(studio, name, 1)
    moved = [item["key"] for item in before["items"] if item["part"] == "train"][:2]
    answer = change(studio, name, "items/part", keys=moved, part="test")
    assert (answer["version"], answer["changed"]) == (2, 2)
    parts = {item["key"]: item["part"] for item in studio.items(name)}
    assert parts == {
        item["key"]: "test" if item["key"] in moved else item["part"] for item in before["items"]
    }
    shown = studio.show(name)
    assert shown["split"]["train"] == before["counts"]["split"]["train"] - 2
    assert shown["training"]["items"] == shown["split"]["train"]
    assert keys(studio, name, part="test") == [key for key, part in parts.items() if part == "test"]
    assert contents(studio, name, 1) == before


def test_a_group_that_is_divided_by_hand_is_a_finding_until_it_is_whole_again(
    studio: Studio, name: str
) -> None:
    other = other_part(studio, name, "S4")
    answer = change(studio, name, "items/part", keys=["S4/Series1/0.png"], part=other)
    (leak,) = answer["findings"]
    assert (leak["code"], leak["severity"], leak["count"]) == ("split_leaks", "error", 1)
    assert "by hand" in leak["message"]
    assert "split_leaks" in studio.finding_codes(name)
    whole = change(studio, name, "items/part", filter={"study": ["S4"]}, part=other)
    assert whole["findings"] == []
    assert "split_leaks" not in studio.finding_codes(name)
    assert "split_leaks" in {
        row["code"] for row in studio.connection.all(dataset_path(f"{name}@2", "findings"))
    }


def test_a_leak_ends_with_the_items_that_made_it(studio: Studio, name: str) -> None:
    change(studio, name, "items/part", keys=["S4/Series1/0.png"], part=other_part(studio, name, "S4"))
    still = change(studio, name, "items/remove", keys=["S3/Series1/0.png"])
    assert still["findings"] == []
    assert "split_leaks" in studio.finding_codes(name)
    change(studio, name, "items/remove", keys=["S4/Series1/0.png"])
    assert "split_leaks" not in studio.finding_codes(name)


def test_reverting_gives_the_same_contents_in_the_same_order(studio: Studio, name: str) -> None:
    versions = {1: contents(studio, name, 1)}
    change(studio, name, "items/remove", filter={"study": ["S1"]})
    change(studio, name, "items/part", filter={"study": ["S2"]}, part=other_part(studio, name, "S2"))
    change(studio, name, "items/part", keys=["S3/Series1/0.png"], part=other_part(studio, name, "S3"))
    change(studio, name, "items/remove", keys=["S0/Series1/0.png", "S3/Series1/0.png"])
    versions |= {number: contents(studio, name, number) for number in range(2, 6)}
    for number, target in ((6, 1), (7, 4), (8, 1), (9, 5), (10, 3)):
        answer = change(studio, name, "revert", version=target)
        assert answer["version"] == number
        versions[number] = contents(studio, name, number)
        assert versions[number] == versions[target], f"version {number} is not {target}"
    for number, known in versions.items():
        assert contents(studio, name, number) == known, f"version {number} is not what it was"


def test_reverting_counts_the_items_that_are_different(studio: Studio, name: str) -> None:
    change(studio, name, "items/remove", filter={"study": ["S1"]})
    assert change(studio, name, "revert", version=1)["changed"] == 4
    change(studio, name, "items/part", keys=["S2/Series1/0.png"], part=other_part(studio, name, "S2"))
    # Version 1 is another one in rows, for S1 came back, and in one part.
    assert change(studio, name, "revert", version=1)["changed"] == 1


def test_a_split_that_was_replaced_comes_back(studio: Studio, name: str) -> None:
    before = contents(studio, name, 1)
    again = {"ratios": [0.2, 0.4, 0.4], "seed": 5, "name": "other"}
    studio.connection.post(dataset_path(name, "split"), again)
    assert studio.show(name)["split"] != before["counts"]["split"]
    change(studio, name, "revert", version=1)
    assert contents(studio, name, 3) == before


def test_reverting_to_the_newest_version_or_to_none_changes_nothing(studio: Studio, name: str) -> None:
    assert change(studio, name, "revert", version=1) == {"version": 1, "changed": 0, "findings": []}
    with pytest.raises(NotFound) as caught:
        change(studio, name, "revert", version=2)
    assert caught.value.code == "version_not_found"


def test_only_the_newest_version_is_changed(studio: Studio, name: str) -> None:
    change(studio, name, "items/remove", keys=["S0/Series1/0.png"])
    for what, body in (
        ("items/remove", {"keys": ["S0/Series1/1.png"]}),
        ("items/part", {"keys": ["S0/Series1/1.png"], "part": "test"}),
        ("revert", {"version": 1}),
    ):
        with pytest.raises(Conflict) as caught:
            change(studio, f"{name}@1", what, **body)
        assert caught.value.code == "version_not_newest"
    assert change(studio, f"{name}@2", "revert", version=1)["version"] == 3


def test_two_changes_at_once_become_two_versions(studio: Studio, name: str) -> None:
    ready = threading.Barrier(4)
    answers: list[dict[str, Any]] = []
    failed: list[TriptychError] = []

    def remove(key: str) -> None:
        ready.wait()
        try:
            answers.append(change(studio, name, "items/remove", keys=[key]))
        except TriptychError as error:
            failed.append(error)

    gone = [f"S{study}/Series1/2.png" for study in range(4)]
    threads = [threading.Thread(target=remove, args=(key,)) for key in gone]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failed
    assert sorted(answer["version"] for answer in answers) == [2, 3, 4, 5]
    assert set(keys(studio, name)).isdisjoint(gone)
    counted = [published(studio, name, number).counts["items"] for number in range(1, 6)]
    assert counted == [20, 19, 18, 17, 16]


def test_each_change_is_recorded_once(studio: Studio, name: str) -> None:
    dataset = studio.show(name)["id"]
    change(studio, name, "items/remove", keys=["S0/Series1/1.png"])
    change(studio, name, "items/remove", keys=["S0/Series1/1.png"])
    change(studio, name, "revert", version=1)
    with studio.installation.database.read() as connection:
        rows = connection.execute(
            sa.select(events.c.action, events.c.details)
            .where(events.c.thing_id == dataset)
            .order_by(events.c.id)
        ).all()
    noted = [(row.action, row.details["version"]) for row in rows if row.details.get("version", 1) > 1]
    assert noted == [("dataset.items_removed", 2), ("dataset.reverted", 3)]
