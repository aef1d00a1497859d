"""A small database of random rows: two datasets whose ids lie among each other, at three versions."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.dataset import OPEN_END, PARTS
from triptych.core.labels import Kind
from triptych.datasets.item_filter import Copies
from triptych.db.item_search import index_items
from triptych.db.session import insert_rows
from triptych.db.tables import annotation_rows, assignments, items, layers, tag_runs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from triptych.datasets.item_filter import ItemFilter, Scope
    from triptych.db.session import Database

DATASETS = ("a" * 24, "b" * 24)
SPLITS = {DATASETS[0]: 1, DATASETS[1]: 2}
SETS = {DATASETS[0]: (1, 2), DATASETS[1]: (3, 4)}
CLASSES = range(3)
VERSIONS = (1, 2, 3)
NOTES = ("icc_profile", "icc_profile more_than_8_bits", "icc_profiles")
"""Texts of codes; the last one only begins like another."""
WORDS = ("image", "IMAGE", "50%_a", "50xya", "quo\"te'", "Ärzte", "back\\slash", "日本語", "a")
SEARCHES = (
    "image", "mag", "im", "a", "%_", "50%_a", 'o"t', "'", "k\\s", "rzte", "本語", "日本語", "nowhere",
    "image/", "\0", "a\0b", "Ärz", "ärz",
)  # fmt: skip


@dataclass
class World:
    """The rows, as dictionaries; `tags` has those of each item."""

    items: list[dict[str, Any]] = field(default_factory=list)
    annotations: list[dict[str, Any]] = field(default_factory=list)
    assignments: list[dict[str, Any]] = field(default_factory=list)
    tags: dict[int, dict[str, str]] = field(default_factory=dict)
    _by_item: dict[int, World] = field(default_factory=dict, repr=False)
    _expected: dict[tuple[Scope, ItemFilter], list[int]] = field(default_factory=dict, repr=False)

    def _of(self, item: int) -> World:
        """The rows of one item."""
        if not self._by_item:
            for name in ("items", "annotations", "assignments"):
                for row in getattr(self, name):
                    own = self._by_item.setdefault(row.get("item_id", row.get("id")), World())
                    getattr(own, name).append(row)
        return self._by_item[item]

    def expected(self, scope: Scope, wanted: ItemFilter) -> list[int]:
        """The ids that pass, found by looking at every row."""
        if (scope, wanted) not in self._expected:
            self._expected[scope, wanted] = [
                row["id"] for row in self.items if self._passes(row, scope, wanted)
            ]
        return self._expected[scope, wanted]

    def _passes(self, row: dict[str, Any], scope: Scope, wanted: ItemFilter) -> bool:
        held = row["dataset_id"] == scope.dataset_id and _holds(row, scope.version)
        plain: tuple[tuple[Sequence[Any], Any], ...] = (
            (wanted.studies, row["study"]),
            (wanted.series, row["series"]),
            (wanted.sizes, (row["width"], row["height"])),
            (wanted.bit_depths, row["bit_depth"]),
            (wanted.bands, row["bands"]),
            (wanted.parts, self.part_of(row["id"], scope)),
            (wanted.modalities, self.tags[row["id"]].get("Modality", "").lower()),
            (wanted.body_parts, self.tags[row["id"]].get("BodyPartExamined", "").lower()),
            *(
                (wish.values or ("nothing",), self.tags[row["id"]].get(wish.tag, "").lower())
                for wish in wanted.tags
            ),
        )
        sets: tuple[tuple[Sequence[Any], set[Any]], ...] = (
            (wanted.classes, self.classes_of(row["id"], scope)),
            (wanted.findings, set(row["notes"].split())),
            (wanted.duplicates, copies_of(row)),
        )
        return (
            held
            and all(not asked or value in asked for asked, value in plain)
            and all(not asked or not values.isdisjoint(asked) for asked, values in sets)
            and (not wanted.flagged or row["flagged"])
            and (not wanted.search or _contains(row["key"], wanted.search, indexed=scope.indexed))
        )

    def part_of(self, item: int, scope: Scope) -> str | None:
        """The part of an item in the scope's split."""
        for row in self._of(item).assignments:
            if row["split_id"] == scope.split_id and _holds(row, scope.version):
                return str(row["part"])
        return None

    def classes_of(self, item: int, scope: Scope) -> set[tuple[int, int]]:
        """Pairs (set, class) that stand on an item."""
        return {
            (row["set_id"], row["class_id"])
            for row in self._of(item).annotations
            if _holds(row, scope.version)
            and row["kind"] != Kind.NOTHING
            and (row["value"] is None or row["value"] > 0)
        }


def copies_of(row: dict[str, Any]) -> set[Copies]:
    """Whether the item of a row has others like it."""
    found = {Copies.EXACT} if row["duplicate_group"] > 0 else set()
    found |= {Copies.NEAR} if row["near_group"] > 0 else set()
    return found or {Copies.NONE}


def _holds(row: dict[str, Any], version: int) -> bool:
    return bool(row["since"] <= version < row["until"])


def _contains(key: str, text: str, *, indexed: bool) -> bool:
    # The index of SQLite folds every letter, reading the keys folds ASCII alone.
    if indexed:
        return text.lower() in key.lower()
    return _fold_ascii(text) in _fold_ascii(key)


def _fold_ascii(text: str) -> str:
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


def make_world(database: Database, count: int = 240) -> World:
    """Fill a database."""
    chance, noted = random.Random(11), random.Random(12)
    world = World()
    for item in range(1, count + 1):
        dataset = chance.choice(DATASETS)
        world.items.append(
            {
                "id": item,
                "dataset_id": dataset,
                **_range(chance),
                "key": f"{chance.choice(WORDS)}/{chance.choice(WORDS)}{item}",
                "study": f"study{chance.randrange(12)}",
                "series": chance.choice([None, "1", "2"]),
                "position": noted.choice([None, 0, 1, 2, 3]),
                "bytes": item,
                "width": chance.choice([10, 20]),
                "height": chance.choice([10, 30]),
                "bit_depth": chance.choice([8, 8, 8, 16]),
                "bands": chance.choice(["gray", "red green blue"]),
                "duplicate_group": chance.choice([0, 0, 1]),
                "near_group": chance.choice([0, 0, 1]),
                "flagged": chance.random() < 0.2,
                "source_id": dataset,
                "member": item,
            }
        )
        world.tags[item] = _tags(noted, item)
        world.items[-1]["notes"] = noted.choice(NOTES) if world.items[-1]["flagged"] else ""
        world.annotations += _annotations(chance, item, SETS[dataset])
        if chance.random() < 0.8:
            world.assignments += _assignments(chance, item, SPLITS[dataset])
    with database.write() as connection:
        insert_rows(connection, items, world.items)
        insert_rows(connection, layers, [_layer(row) for row in world.items])
        insert_rows(connection, annotation_rows, world.annotations)
        insert_rows(connection, assignments, world.assignments)
        insert_rows(connection, tag_runs, list(_runs(world)))
        index_items(connection, 1, count)
        if not database.is_sqlite:
            connection.execute(sa.text("ANALYZE"))
    return world


def _tags(chance: random.Random, item: int) -> dict[str, str]:
    """Tags of long runs, of short ones, and one that each item has for itself."""
    found = {"Modality": "CT" if item < 90 else "MR", "InstanceNumber": str(item)}
    if chance.random() < 0.5:
        found["BodyPartExamined"] = chance.choice(["HEAD", "CHEST"])
    return found


def _runs(world: World) -> Iterator[dict[str, Any]]:
    for dataset in DATASETS:
        open_runs: dict[str, dict[str, Any]] = {}
        for row in world.items:
            if row["dataset_id"] != dataset:
                continue
            for tag in ("Modality", "BodyPartExamined", "InstanceNumber"):
                shown = world.tags[row["id"]].get(tag)
                run = open_runs.get(tag)
                if run is not None and run["shown"] == shown:
                    run["last_item"] = row["id"]
                    continue
                if run is not None:
                    yield run
                    open_runs.pop(tag)
                if shown is not None:
                    own = {"dataset_id": dataset, "tag": tag, "value": shown.lower(), "shown": shown}
                    open_runs[tag] = {**own, "first_item": row["id"], "last_item": row["id"]}
        yield from open_runs.values()


def _layer(item: dict[str, Any]) -> dict[str, Any]:
    values = {"name": "image", "role": "image", "format": "png", "dtype": "uint8", "sha256": bytes(32)}
    return {"item_id": item["id"], "since": item["since"], "until": item["until"], **values}


def _range(chance: random.Random) -> dict[str, int]:
    since = chance.choice([1, 1, 1, 2, 3])
    return {"since": since, "until": chance.choice([OPEN_END, OPEN_END, since + 1])}


def _annotations(chance: random.Random, item: int, sets: tuple[int, int]) -> Iterator[dict[str, Any]]:
    for _ in range(chance.randrange(5)):
        kind = chance.choice([Kind.CLASS, Kind.BOX, Kind.NOTHING])
        yield {
            "set_id": chance.choice(sets),
            "item_id": item,
            **_range(chance),
            "kind": kind.value,
            "class_id": None if kind == Kind.NOTHING else chance.choice(CLASSES),
            "value": chance.choice([None, 1.0, 0.0]) if kind == Kind.CLASS else None,
        }


def _assignments(chance: random.Random, item: int, split: int) -> Iterator[dict[str, Any]]:
    """A part up to a version, then another one."""
    turn = chance.choice([2, 3, OPEN_END])
    for since, until in ((1, turn), (turn, OPEN_END)):
        if since < until:
            yield {
                "split_id": split,
                "item_id": item,
                "since": since,
                "until": until,
                "part": chance.choice(PARTS).value,
            }
