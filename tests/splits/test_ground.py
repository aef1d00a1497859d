"""Splits of chips: what overlaps stays together, and regions and times are parted cleanly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.support.grounded import Chip, add_chips, key_of
from tests.support.studio import Studio, open_studio
from triptych.client.connection import dataset_path
from triptych.core.blocks import block_numbers, centers
from triptych.core.errors import TriptychError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

SIDE = 0.05

MOSAIC = [Chip(10 + SIDE * column, 50 + SIDE * row, day=row) for row in range(10) for column in range(10)]
"""Side by side, ten by ten; a day for each row."""

STRIPS = [
    Chip(10 + 0.8 * SIDE * number, 50 + row, scene=f"scene {row}", day=100 * row + number)
    for row in range(10)
    for number in range(10)
]
"""Ten scenes far apart, the chips of each one over its neighbours."""

DENSE = [Chip(10 + 0.9 * SIDE * column, 50 + 0.9 * SIDE * row) for row in range(12) for column in range(12)]
"""Every chip over its neighbours, so that all are one group."""

DATES = [Chip(15, 46, day=16 * number) for number in range(68)]
"""One place at 68 times."""

CHIPS = {"mosaic": MOSAIC, "strips": STRIPS, "dense": DENSE, "dates": DATES}


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    folder: Path = tmp_path_factory.mktemp("ground")
    with open_studio(folder / "home") as opened:
        for name, chips in CHIPS.items():
            add_chips(opened, folder, name, chips)
        yield opened


def split(studio: Studio, name: str, **plan: Any) -> dict[str, Any]:
    made: dict[str, Any] = studio.connection.post(dataset_path(name, "split"), plan)
    return made


def parts(studio: Studio, name: str) -> list[str | None]:
    by_key = {item["key"]: item["part"] for item in studio.items(name)}
    return [by_key[key_of(number)] for number in range(len(CHIPS[name]))]


def report(studio: Studio, name: str) -> dict[str, Any]:
    document: dict[str, Any] = studio.connection.get(dataset_path(name, "leaks"))
    return {**document, "kinds": {each["kind"]: each for each in document["kinds"]}}


def overlapping(chips: Sequence[Chip]) -> list[tuple[int, int]]:
    """Pairs of chips whose interiors meet, compared one by one."""
    found = []
    for one, first in enumerate(chips):
        for other, second in enumerate(chips[:one]):
            assert first.west is not None
            assert second.west is not None
            across = min(first.west, second.west) + first.side - max(first.west, second.west)
            up = min(first.south, second.south) + first.side - max(first.south, second.south)
            if across > 1e-6 and up > 1e-6:
                found.append((other, one))
    return found


def crossing(chips: Sequence[Chip], dealt: Sequence[str | None]) -> list[tuple[int, int]]:
    return [
        (one, other)
        for one, other in overlapping(chips)
        if dealt[one] != dealt[other] and None not in (dealt[one], dealt[other])
    ]


def codes(made: dict[str, Any]) -> set[str]:
    return {finding["code"] for finding in made["findings"]}


# --- what belongs together --------------------------------------------------------------------------------


def test_chips_side_by_side_are_dealt_one_by_one(studio: Studio) -> None:
    made = split(studio, "mosaic")
    assert made["split"] == {"train": 60, "validation": 20, "test": 20}
    assert made["findings"] == []
    ground = report(studio, "mosaic")["kinds"]["ground"]
    assert (ground["groups"], ground["divided"]) == (0, 0)


def test_touching_neighbours_are_counted_and_no_leak(studio: Studio) -> None:
    split(studio, "mosaic")
    dealt = parts(studio, "mosaic")
    beside = {
        number
        for number, chip in enumerate(MOSAIC)
        for other, second in enumerate(MOSAIC)
        if dealt[number] != "train"
        and dealt[other] == "train"
        and chip.west is not None
        and second.west is not None
        and max(abs(chip.west - second.west), abs(chip.south - second.south)) < 1.5 * SIDE
    }
    assert report(studio, "mosaic")["neighbours"] == len(beside) > 0


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_chips_that_overlap_are_in_one_part(studio: Studio, seed: int) -> None:
    made = split(studio, "strips", seed=seed)
    assert made["split"] == {"train": 60, "validation": 20, "test": 20}
    assert crossing(STRIPS, parts(studio, "strips")) == []
    assert len(overlapping(STRIPS)) == 90
    assert "split_leaks" not in codes(made)


def test_who_insists_on_single_items_is_told_what_leaks(studio: Studio) -> None:
    made = split(studio, "strips", by="item")
    (leak,) = made["findings"]
    assert (leak["code"], leak["severity"]) == ("split_leaks", "error")
    assert "same ground or same scene" in leak["message"]
    assert "asked for by item" in leak["message"]
    kinds = report(studio, "strips")["kinds"]
    assert kinds["ground"]["divided"] == kinds["scene"]["divided"] == leak["count"] > 0
    assert sum(kinds["ground"]["between"].values()) >= kinds["ground"]["divided"]


def test_one_place_at_many_times_is_dealt_item_by_item_and_a_split_by_time_is_offered(studio: Studio) -> None:
    made = split(studio, "dates")
    assert made["split"] == {"train": 41, "validation": 14, "test": 13}
    (leak,) = made["findings"]
    assert (leak["code"], leak["severity"], leak["count"]) == ("split_leaks", "error", 1)
    assert "only 1 group" in leak["message"]
    assert "triptych split NAME --by time" in leak["hint"]
    assert "--by block" not in leak["hint"]
    offers = report(studio, "dates")["offers"]
    assert [(offer["by"], offer["regions"]) for offer in offers] == [("time", 68)]


# --- time -------------------------------------------------------------------------------------------------


def test_a_split_by_time_trains_on_the_earliest(studio: Studio) -> None:
    made = split(studio, "dates", by="time")
    assert made["split"] == {"train": 41, "validation": 14, "test": 13}
    assert made["findings"] == []
    assert parts(studio, "dates") == ["train"] * 41 + ["validation"] * 14 + ["test"] * 13
    document = report(studio, "dates")
    assert document["kinds"]["ground"] | {"between": {}} == {
        "kind": "ground", "meant": True, "groups": 1, "divided": 1, "items": 68, "between": {},
    }  # fmt: skip
    assert document["made"]["begins"] == [41 * 16 * 86_400, 55 * 16 * 86_400]
    assert "split_leaks" not in studio.finding_codes("dates")


def test_items_in_the_gap_between_parts_are_in_none(studio: Studio) -> None:
    made = split(studio, "dates", by="time", time_gap=33 * 86_400)
    assert made["unassigned"] == 4
    assert made["split"] == {"train": 39, "validation": 12, "test": 13}
    (note,) = made["findings"]
    assert (note["code"], note["count"]) == ("split_left_out", 4)
    assert report(studio, "dates")["unassigned"] == 4
    assert split(studio, "dates", by="time")["findings"] == []
    assert "split_left_out" not in studio.finding_codes("dates")


def test_equal_times_stay_together(studio: Studio) -> None:
    split(studio, "mosaic", by="time")
    assert parts(studio, "mosaic") == ["train"] * 60 + ["validation"] * 20 + ["test"] * 20


# --- regions ----------------------------------------------------------------------------------------------


def test_blocks_lie_in_one_part(studio: Studio) -> None:
    made = split(studio, "mosaic", by="block", block_size=2 * SIDE * 111_319.49)
    assert made["unassigned"] == 0
    size = report(studio, "mosaic")["made"]["block_size"]
    assert size == pytest.approx(2 * SIDE * 111_319.49)
    boxes = (
        np.array([[chip.west, chip.south, chip.west, chip.south] for chip in MOSAIC], np.float64) + SIDE / 2
    )
    blocks = block_numbers(centers(boxes), size).tolist()
    assert report(studio, "mosaic")["made"]["blocks"] == len(set(blocks)) > 10
    found = set(zip(blocks, parts(studio, "mosaic"), strict=True))
    assert len(found) == len(set(blocks))
    assert min(made["split"].values()) >= 12


@pytest.mark.parametrize("buffer", [0.0, 3_000.0])
def test_blocks_leave_out_what_overlaps_another_part(studio: Studio, buffer: float) -> None:
    made = split(studio, "dense", by="block", buffer=buffer)
    assert made["unassigned"] > 0
    assert codes(made) == {"split_left_out"}
    assert crossing(DENSE, parts(studio, "dense")) == []
    assert report(studio, "dense")["kinds"]["ground"]["divided"] == 0


def test_train_keeps_the_buffer_from_validation_and_test(studio: Studio) -> None:
    plan = {"by": "block", "block_size": 3 * SIDE * 111_319.49}
    free = split(studio, "mosaic", **plan)["split"]
    made = split(studio, "mosaic", **plan, buffer=4_000.0)
    dealt = parts(studio, "mosaic")
    near = 0
    for chip, part in zip(MOSAIC, dealt, strict=True):
        for other, of in zip(MOSAIC, dealt, strict=True):
            assert chip.west is not None
            assert other.west is not None
            if part == "train" and of in ("validation", "test"):
                steps = max(abs(chip.west - other.west), abs(chip.south - other.south)) / SIDE
                near += steps < 1.5
    assert near == 0
    assert made["split"]["train"] == free["train"] - made["unassigned"] < free["train"]
    assert (made["split"]["validation"], made["split"]["test"]) == (free["validation"], free["test"])


def test_a_buffer_that_leaves_no_train_is_refused(studio: Studio) -> None:
    before = studio.show("mosaic")["version"]
    with pytest.raises(TriptychError) as caught:
        split(studio, "mosaic", by="block", buffer=500_000.0)
    assert caught.value.code == "buffer_too_wide"
    assert studio.show("mosaic")["version"] == before


def test_scenes_lie_in_one_part(studio: Studio) -> None:
    made = split(studio, "strips", by="scene", seed=5)
    assert made["split"] == {"train": 60, "validation": 20, "test": 20}
    dealt = parts(studio, "strips")
    assert all(len(set(dealt[10 * row : 10 * row + 10])) == 1 for row in range(10))
    offered = {offer["by"]: offer["regions"] for offer in report(studio, "strips")["offers"]}
    assert offered["scene"] == 10
    assert offered["time"] == 100
    assert offered["block"] >= 3


@pytest.mark.parametrize("by", ["group", "block", "scene", "item"])
def test_the_same_plan_gives_the_same_split(studio: Studio, by: str) -> None:
    split(studio, "strips", by=by, seed=3)
    first = parts(studio, "strips")
    split(studio, "strips", by="group", seed=4)
    assert parts(studio, "strips") != first
    split(studio, "strips", by=by, seed=3)
    assert parts(studio, "strips") == first


# --- what does not go -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "plan", "code"),
    [
        ("dense", {"by": "time"}, "times_unknown"),
        ("mosaic", {"by": "scene"}, "scenes_unknown"),
        ("dates", {"by": "block"}, "regions_too_few"),
        ("mosaic", {"by": "block", "block_size": 5_000_000}, "regions_too_few"),
        ("mosaic", {"by": "block", "block_size": 0.001}, "bad_split_option"),
        ("mosaic", {"by": "group", "block_size": 5_000}, "bad_split_option"),
        ("mosaic", {"by": "time", "buffer": 5}, "bad_split_option"),
        ("mosaic", {"by": "block", "time_gap": 5}, "bad_split_option"),
        ("dates", {"by": "time", "time_gap": 86_400 * 5_000}, "gap_too_wide"),
    ],
)
def test_a_plan_that_does_not_go_with_the_dataset_says_why(
    studio: Studio, name: str, plan: dict[str, Any], code: str
) -> None:
    before = studio.show(name)["version"]
    with pytest.raises(TriptychError) as caught:
        split(studio, name, **plan)
    assert caught.value.code == code
    assert caught.value.hint
    assert studio.show(name)["version"] == before


def test_chips_without_a_place_have_no_split_by_block(studio: Studio, tmp_path: Path) -> None:
    add_chips(studio, tmp_path, "unplaced", [*MOSAIC[:9], Chip(None)])
    with pytest.raises(TriptychError, match="1 of the 10 items have no place") as caught:
        split(studio, "unplaced", by="block")
    assert caught.value.code == "places_unknown"
    assert key_of(9) in str(caught.value)
    with pytest.raises(TriptychError) as unscened:
        split(studio, "unplaced", by="scene", buffer=10.0)
    assert unscened.value.code == "places_unknown"
    assert split(studio, "unplaced")["split"] == {"train": 6, "validation": 2, "test": 2}
