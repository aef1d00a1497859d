"""The data configuration of a training with TerraTorch, made from the recipe and the train part's statistics.

Class and argument names are those of terratorch.datamodules (GenericNonGeoSegmentationDataModule,
GenericNonGeoPixelwiseRegressionDataModule, GenericMultiModalDataModule) and terratorch.tasks at its commit 85467a9 of
2025-11-17. The document:

    {"type": "terratorch-training", "version": 1, "dataset": "harbour@3", "items": {"train": 218, …},
     "layout": {"root": "data", "folders": {"S2L2A": "data/S2L2A", "labels": "data/labels"}, "lists": {...}},
     "data": {"class_path": "terratorch.datamodules.…", "init_args": {...}},
     "model": {"class_path": "terratorch.tasks.…", "init_args": {"ignore_index": -1, "class_names": [...], ...}},
     "labels": {"num_classes": 2, "ignore_index": -1, "rewrite": false, "classes": [{"id", "name", "index"}]} | null,
     "notes": ["…"]}

Files are found by their whole names: the lists of the parts hold names of files, and none is matched by a part of it.
"""

from __future__ import annotations

import glob
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from triptych.core.dataset import PARTS, Part
from triptych.core.errors import InvalidInput
from triptych.core.recipe import Purpose
from triptych.core.statistics import class_weights
from triptych.tuning.label_mapping import LabelMapping, map_labels
from triptych.tuning.layout import Layout, layout_of
from triptych.tuning.source_bands import SourceBands, source_bands

if TYPE_CHECKING:
    from triptych.tuning.facts import TrainingFacts

TYPE = "terratorch-training"
VERSION = 1

DATA_MODULES = "terratorch.datamodules."
TASKS = {
    Purpose.SEGMENTATION: ("segmentation", "terratorch.tasks.SemanticSegmentationTask"),
    Purpose.REGRESSION: ("regression", "terratorch.tasks.PixelwiseRegressionTask"),
}
NO_TARGET = -9999
"""The value of a regression's target that is not learnt from; -1 may well be a height or a difference."""

PREFIXES = {Part.TRAIN: "train", Part.VALIDATION: "val", Part.TEST: "test"}
"""What TerraTorch calls the parts in its arguments."""

Weights = Literal["none", "given", "inverse_frequency", "median_frequency", "effective_number"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person chooses: the folder of the files, which class weights are written, and how batches are loaded."""

    root: str = "data"
    weights: Weights = "none"
    batch_size: int = 4
    num_workers: int = 2


def terratorch_document(facts: TrainingFacts, wish: Wish) -> dict[str, Any]:
    """The document; only lists, dicts, texts, numbers and None in it.

    InvalidInput `no_training_configuration` for a dataset that TerraTorch's data modules cannot read: another
    purpose, labels that are no rasters, no classes.
    """
    _check(facts)
    layout = layout_of(facts, wish.root)
    bands = {
        each.source.name: source_bands(each, may_expand=len(facts.sources) == 1) for each in facts.sources
    }
    mapping = map_labels(facts.classes) if facts.purpose is Purpose.SEGMENTATION else None
    arguments = (
        _single(facts, wish, layout, next(iter(bands.values())), mapping)
        if len(facts.sources) == 1
        else _several(facts, wish, layout, bands, mapping)
    )
    _, task = TASKS[facts.purpose]
    return {
        "type": TYPE,
        "version": VERSION,
        "dataset": f"{facts.dataset}@{facts.version}",
        "items": {part.value: facts.items.get(part.value, 0) for part in PARTS},
        "layout": layout.document(),
        "data": {"class_path": DATA_MODULES + _module(facts), "init_args": arguments},
        "model": {"class_path": task, "init_args": _model(facts, wish, mapping)},
        "labels": None if mapping is None else _labels(facts, mapping),
        "target": None if facts.target is None else {"mean": facts.target.mean, "std": facts.target.std},
        "notes": _notes(facts, bands, mapping),
    }


def _check(facts: TrainingFacts) -> None:
    if facts.purpose not in TASKS:
        _refuse(
            f"“{facts.dataset}” is for {facts.purpose.value}.",
            "TerraTorch's data modules for rasters are for segmentation and for pixelwise regression.",
        )
    if not facts.sources:
        _refuse(
            f"“{facts.dataset}” has no data source.",
            "Its recipe names the files and bands; see its settings.",
        )
    if not facts.label_suffix:
        _refuse(
            f"The labels of “{facts.dataset}” are no rasters beside the chips.",
            "TerraTorch reads one label raster for each chip.",
        )
    if facts.purpose is Purpose.SEGMENTATION and all(each.ignore for each in facts.classes):
        _refuse(f"“{facts.dataset}” has no class that is learnt.", "Name the classes in its settings.")


def _refuse(what: str, hint: str) -> None:
    raise InvalidInput(
        f"{what} No configuration of a training can be written.", code="no_training_configuration", hint=hint
    )


def _module(facts: TrainingFacts) -> str:
    if len(facts.sources) > 1:
        return "GenericMultiModalDataModule"
    if facts.purpose is Purpose.REGRESSION:
        return "GenericNonGeoPixelwiseRegressionDataModule"
    return "GenericNonGeoSegmentationDataModule"


def _single(
    facts: TrainingFacts, wish: Wish, layout: Layout, bands: SourceBands, mapping: LabelMapping | None
) -> dict[str, Any]:
    name = facts.sources[0].source.name
    folders = {
        f"{prefix}_{kind}": layout.folders[folder]
        for prefix in PREFIXES.values()
        for kind, folder in (("data_root", name), ("label_data_root", layout.label_folder))
    }
    return {
        "batch_size": wish.batch_size,
        "num_workers": wish.num_workers,
        **folders,
        **{f"{prefix}_split": layout.lists[part] for part, prefix in PREFIXES.items()},
        "img_grep": f"*{glob.escape(layout.suffixes[name])}",
        "label_grep": f"*{glob.escape(layout.suffixes[layout.label_folder])}",
        "allow_substring_split_file": False,
        "ignore_split_file_extensions": False,
        "dataset_bands": list(bands.in_file),
        "output_bands": list(bands.out),
        "rgb_indices": list(bands.rgb),
        "constant_scale": bands.scale,
        "means": list(bands.means),
        "stds": list(bands.stds),
        "expand_temporal_dimension": bands.expanded,
        **_of_labels(mapping),
        "check_stackability": False,
    }


def _several(
    facts: TrainingFacts,
    wish: Wish,
    layout: Layout,
    bands: dict[str, SourceBands],
    mapping: LabelMapping | None,
) -> dict[str, Any]:
    names = list(bands)
    folders = {name: layout.folders[name] for name in names}
    labels = layout.folders[layout.label_folder]
    shown = next((each.source.name for each in facts.sources if _has_colours(each.source.bands)), names[0])
    return {
        "task": TASKS[facts.purpose][0],
        "batch_size": wish.batch_size,
        "num_workers": wish.num_workers,
        "modalities": names,
        **{f"{prefix}_data_root": dict(folders) for prefix in PREFIXES.values()},
        **{f"{prefix}_label_data_root": labels for prefix in PREFIXES.values()},
        **{f"{prefix}_split": layout.lists[part] for part, prefix in PREFIXES.items()},
        "image_grep": {name: f"*{layout.suffixes[name]}" for name in names},
        "label_grep": f"*{layout.suffixes[layout.label_folder]}",
        "allow_substring_file_names": False,
        "dataset_bands": {name: list(each.in_file) for name, each in bands.items()},
        "output_bands": {name: list(each.out) for name, each in bands.items()},
        "rgb_modality": shown,
        "rgb_indices": list(bands[shown].rgb),
        "constant_scale": {name: each.scale for name, each in bands.items()},
        "means": {name: list(each.means) for name, each in bands.items()},
        "stds": {name: list(each.stds) for name, each in bands.items()},
        **_of_labels(mapping),
        "check_stackability": False,
    }


def _has_colours(bands: Any) -> bool:
    return len({band.color for band in bands if band.color}) == 3


def _of_labels(mapping: LabelMapping | None) -> dict[str, Any]:
    if mapping is None:
        return {"no_data_replace": 0, "no_label_replace": NO_TARGET}
    return {
        "num_classes": mapping.count,
        "reduce_zero_label": mapping.shifted,
        "no_data_replace": 0,
        "no_label_replace": mapping.missing,
    }


def _model(facts: TrainingFacts, wish: Wish, mapping: LabelMapping | None) -> dict[str, Any]:
    if mapping is None:
        return {"ignore_index": NO_TARGET}
    weights = _weights(facts, wish.weights, mapping)
    return {
        "ignore_index": mapping.ignored,
        "class_names": [each.name for each in mapping.learnt],
        **({} if weights is None else {"class_weights": weights}),
    }


def _weights(facts: TrainingFacts, convention: Weights, mapping: LabelMapping) -> list[float] | None:
    """A weight for each class that is learnt, in the order of their indices, with the mean 1; a class without pixels
    in the train part, or without a given weight, has 1."""
    if convention == "none":
        return None
    found: dict[int, float | None] = {each.id: each.weight for each in mapping.learnt}
    if convention != "given":
        found = class_weights({each.id: facts.pixels.get(each.id, 0) for each in mapping.learnt})[convention]
    known = [weight for weight in found.values() if weight is not None]
    middle = sum(known) / len(known) if known else 0.0
    return [
        1.0 if (weight := found[each.id]) is None or not middle else weight / middle
        for each in mapping.learnt
    ]


def _labels(facts: TrainingFacts, mapping: LabelMapping) -> dict[str, Any]:
    table = mapping.table(facts.classes)
    return {
        "num_classes": mapping.count,
        "ignore_index": mapping.ignored,
        "rewrite": mapping.rewritten,
        "classes": [
            {
                "id": each.id,
                "name": each.name,
                "ignore": each.ignore,
                "index": mapping.indices.get(each.id),
                "value": table[each.id],
            }
            for each in sorted(facts.classes, key=lambda each: each.id)
        ],
    }


def _notes(facts: TrainingFacts, bands: dict[str, SourceBands], mapping: LabelMapping | None) -> list[str]:
    notes = []
    if facts.drawn is not None:
        notes.append(
            "The labels are outlines: the archive of the training has them drawn on the grids of the chips."
        )
    if mapping is not None and mapping.rewritten:
        notes.append(
            "Class ids have gaps, or several of them are ignored, and a loss takes 0, 1, 2, …: rewrite the label "
            "files by the table of “labels” before the training."
        )
    for name, each in bands.items():
        if each.empty:
            notes.append(
                f"{name}: no valid pixel in the train part for {', '.join(each.empty)}; mean 0, std 1."
            )
        if each.constant:
            notes.append(
                f"{name}: one value everywhere in the train part for {', '.join(each.constant)}; std 1."
            )
    for source in (each.source for each in facts.sources):
        if source.nodata is not None:
            notes.append(
                f"{source.name}: {source.nodata:g} was declared to mean nothing was measured. TerraTorch knows only "
                "what the files themselves declare; such pixels reach the model as they are."
            )
        if source.dates and not bands[source.name].expanded:
            notes.append(
                f"{source.name}: the {len(source.dates)} dates are bands of their own, date by date. TerraTorch "
                "unfolds a time axis only from files of one source in which all dates of a band follow each other."
            )
    if not facts.in_order:
        notes.append(
            "Sorted by their names, images and labels would stand in different orders, and TerraTorch pairs them by "
            "it: in the archive of the training all files of a chip have one name."
        )
    if not facts.items.get(Part.TRAIN.value):
        notes.append("The train part has no chips.")
    return notes
