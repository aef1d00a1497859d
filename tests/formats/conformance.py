"""The laws of every format: a new one names itself, brings a sample and a golden file, and inherits the rest."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from tests.formats.memory_root import MemoryRoot
from tests.formats.samples import SAMPLES
from triptych.core.names import natural_key
from triptych.formats.base import Match, ReaderOptions, Refusal, view_of
from triptych.formats.registry import choose, find_format

if TYPE_CHECKING:
    from triptych.core.dataset import DraftItem, Inventory
    from triptych.core.labels import MaskFile

GOLDEN = Path(__file__).parent / "golden"
RENEW = os.environ.get("TRIPTYCH_RENEW_GOLDEN") == "1"
"""`TRIPTYCH_RENEW_GOLDEN=1 pytest tests/formats` writes the golden files anew; review them as code."""


def golden_document(inventory: Inventory, root: MemoryRoot) -> dict[str, Any]:
    """An inventory as JSON that a person can review: paths in place of indices."""
    paths = [member.path for member in root.members]
    return {
        "format": inventory.format,
        "modality": inventory.modality,
        "items": [
            [item.key, paths[item.member], *item[2:6], *filter(None, item[6:7]), *_layers(item, paths)]
            for item in inventory.items
        ],
        **({"recipe": inventory.recipe.document()} if inventory.recipe is not None else {}),
        "annotation_sets": [
            {
                "name": made.name,
                "task": made.task,
                "source": made.source,
                "classes": [[entry.id, entry.name, entry.color] for entry in made.classes],
                "labels": [
                    [inventory.items[label.item].key, label.kind, label.class_id, label.value, label.box]
                    + ([label.shape.document()] if label.shape is not None else [])
                    for label in made.labels
                ],
                **_masks(made.masks, inventory, paths),
            }
            for made in inventory.annotation_sets
        ],
        "label_files": sorted(paths[member] for member in inventory.label_files),
        "ignored": sorted([paths[entry.member], entry.code] for entry in inventory.ignored),
        "findings": [[f.severity, f.code, f.subject, f.count, list(f.examples)] for f in inventory.findings],
    }


def _layers(item: DraftItem, paths: list[str]) -> list[Any]:
    """What an item of rasters has besides: its layers, when it was taken, its scene."""
    if item.layer == "image":
        return []
    others = [[layer.name, paths[layer.member], layer.role] for layer in item.others]
    return [item.layer, others, item.time, item.scene]


def _masks(masks: list[MaskFile], inventory: Inventory, paths: list[str]) -> dict[str, Any]:
    rows = [
        [
            paths[mask.member],
            mask.reading,
            None if mask.item is None else inventory.items[mask.item].key,
            mask.class_id,
        ]
        for mask in masks
    ]
    return {"masks": rows} if rows else {}


class FormatConformance:
    """Inherit, and set `name` to the format's name."""

    name: ClassVar[str]

    def root(self) -> MemoryRoot:
        """The format's own sample."""
        return MemoryRoot(SAMPLES[self.name]())

    def inventory(self, root: MemoryRoot) -> Inventory:
        """What the format's reader finds in a root."""
        return find_format(self.name).load_reader().inventory(view_of(root), ReaderOptions())

    def test_keys_are_unique(self) -> None:
        keys = [item.key for item in self.inventory(self.root()).items]
        assert keys
        assert len(set(keys)) == len(keys)

    def test_every_member_is_in_exactly_one_place(self) -> None:
        root = self.root()
        found = self.inventory(root)
        places = [item.member for item in found.items] + found.label_files
        places += [layer.member for item in found.items for layer in item.others]
        places += [entry.member for entry in found.ignored]
        assert sorted(places) == list(range(len(root.members)))

    def test_items_are_in_natural_order(self) -> None:
        keys = [item.key for item in self.inventory(self.root()).items]
        assert keys == sorted(keys, key=natural_key)

    def test_labels_point_at_items_and_classes_that_are_there(self) -> None:
        found = self.inventory(self.root())
        for made in found.annotation_sets:
            ids = {entry.id for entry in made.classes} | {None}
            assert all(0 <= label.item < len(found.items) for label in made.labels)
            assert {label.class_id for label in made.labels} <= ids

    def test_the_format_is_chosen_for_its_own_sample(self) -> None:
        spec, findings = choose(view_of(self.root()))
        assert spec.name == self.name
        assert [finding.code for finding in findings] == ["format_chosen"]

    @pytest.mark.parametrize("other", sorted(SAMPLES))
    def test_it_accepts_its_own_sample_and_says_why_not_to_others(self, other: str) -> None:
        answer = find_format(self.name).load_reader().detect(view_of(MemoryRoot(SAMPLES[other]())))
        if other == self.name:
            assert isinstance(answer, Match)
            assert 0 < answer.confidence <= 1
            assert answer.why.endswith(".")
        elif isinstance(answer, Refusal):
            assert answer.why.endswith(".")
            assert answer.hint.endswith(".")
        else:
            # Layouts that take any picture read these sources as well, less surely.
            own = find_format(other).load_reader().detect(view_of(MemoryRoot(SAMPLES[other]())))
            assert isinstance(own, Match)
            assert answer.confidence < own.confidence

    def test_the_order_of_members_changes_nothing(self) -> None:
        root = self.root()
        files = list(SAMPLES[self.name]().items())
        random.Random(7).shuffle(files)
        shuffled = MemoryRoot(files)
        expected = golden_document(self.inventory(root), root)
        assert golden_document(self.inventory(shuffled), shuffled) == expected

    def test_one_folder_around_everything_changes_nothing_but_paths(self) -> None:
        root = self.root()
        wrapped = MemoryRoot({f"my data/{path}": data for path, data in SAMPLES[self.name]().items()})
        keys = [item.key for item in self.inventory(wrapped).items]
        assert keys == [item.key for item in self.inventory(root).items]

    def test_the_inventory_is_the_golden_one(self) -> None:
        root = self.root()
        document = json.loads(json.dumps(golden_document(self.inventory(root), root)))
        path = GOLDEN / f"{self.name}.json"
        if RENEW:
            path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        assert document == json.loads(path.read_text(encoding="utf-8"))
