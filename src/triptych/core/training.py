"""Training parameters: what a training loop needs to know of the train part, as a document for JSON.

    {"type": "training-parameters", "version": 1, "part": "train", "items": 218,
     "layers": {"image": {
         "bands": ["red", "green", "blue"],
         "native": {"n": [...], "mean": [...], "std": [...], "min": [...], "max": [...], "invalid": [...],
                    "percentiles": {"1": [...], ..., "99": [...]}, "exact": true},
         "scaled": {"range": [0.0, 255.0], "mean": [...], "std": [...], "min": [...], "max": [...],
                    "percentiles": {...}},
         "bit_depth": 8, "bit_depths": [8], "dtypes": ["uint8"],
         "size": [640, 480], "sizes": {"min": [...], "median": [...], "max": [...]}}},
     "sets": {"cells": {"task": "detection", "counts": {"RBC": 2500}, "weights": {...}}}}

Lists run over the bands in the order of `bands`. Native numbers are those of the file. Scaled ones are
(value - low) / (high - low) for the range [low, high] that the bit depth allows, 0 to 255 for 8 bits: what a loop
sees that divides by the largest possible value. They are null where pictures differ in bit depth or type, and for
floating point, since no one range fits. Of rasters whose recipe has scales and offsets they are of the values
scale × sample + offset, with `scale` and `offset` besides, and `range` null. `size` is [width, height] when all
pictures have it, else null; `sizes` are least, middle and greatest width and height, each on its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from triptych.core.dataset import Part
from triptych.core.raster import dtype_range
from triptych.core.statistics import median_of_counted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

TYPE = "training-parameters"
VERSION = 1

_PER_BAND = ("n", "mean", "std", "min", "max", "invalid")
_PLACES = ("mean", "min", "max")


@dataclass(frozen=True, slots=True)
class LayerNumbers:
    """What is known of a layer of the train part.

    `scaling` has (scale, offset) of each band where values are scale × sample + offset, None where samples count.
    `bands` are documents as `triptych.core.statistics.band_statistics` makes them; `kinds` the pairs (dtype,
    bit depth) that occur; `sizes` rows (width, height, pictures), in pixels.
    """

    name: str
    bands: Sequence[Mapping[str, Any]]
    kinds: Sequence[tuple[str, int]]
    sizes: Sequence[tuple[int, int, int]]
    scaling: Sequence[tuple[float, float]] | None = None


@dataclass(frozen=True, slots=True)
class SetNumbers:
    """What is known of an annotation set in the train part: annotations of each class by name, and weights as
    `triptych.core.statistics.class_weights` makes them."""

    name: str
    task: str
    counts: Mapping[str, int]
    weights: Mapping[str, Any]


def training_document(
    items: int, layers: Sequence[LayerNumbers], sets: Sequence[SetNumbers]
) -> dict[str, Any]:
    """The document for a train part of `items` items; only lists, dicts, texts, numbers and None in it."""
    return {
        "type": TYPE,
        "version": VERSION,
        "part": Part.TRAIN.value,
        "items": items,
        "layers": {layer.name: _layer(layer) for layer in layers},
        "sets": {
            each.name: {"task": each.task, "counts": dict(each.counts), "weights": dict(each.weights)}
            for each in sets
        },
    }


def _layer(layer: LayerNumbers) -> dict[str, Any]:
    kinds = sorted(set(layer.kinds))
    depths = sorted({depth for _, depth in kinds})
    return {
        "bands": [band["name"] for band in layer.bands],
        "native": _native(layer.bands),
        "scaled": _scaled_layer(layer, kinds),
        "bit_depth": depths[0] if len(depths) == 1 else None,
        "bit_depths": depths,
        "dtypes": sorted({dtype for dtype, _ in kinds}),
        **_sizes(layer.sizes),
    }


def _scaled_layer(layer: LayerNumbers, kinds: Sequence[tuple[str, int]]) -> dict[str, Any] | None:
    if layer.scaling is not None:
        return _declared(layer.bands, layer.scaling)
    return _scaled(layer.bands, *kinds[0]) if len(kinds) == 1 else None


def _declared(bands: Sequence[Mapping[str, Any]], scaling: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """Numbers of values = scale × sample + offset; a negative scale exchanges the ends."""

    def placed(place: Callable[[Mapping[str, Any]], float | None]) -> list[float | None]:
        found = [place(band) for band in bands]
        return [
            None if value is None else scale * value + offset
            for value, (scale, offset) in zip(found, scaling, strict=True)
        ]

    lows, highs = placed(lambda band: band["min"]), placed(lambda band: band["max"])
    turned = [scale < 0 for scale, _ in scaling]
    return {
        "range": None,
        "scale": [scale for scale, _ in scaling],
        "offset": [offset for _, offset in scaling],
        "mean": placed(lambda band: band["mean"]),
        "std": [
            None if band["std"] is None else band["std"] * abs(scale)
            for band, (scale, _) in zip(bands, scaling, strict=True)
        ],
        "min": [high if turn else low for low, high, turn in zip(lows, highs, turned, strict=True)],
        "max": [low if turn else high for low, high, turn in zip(lows, highs, turned, strict=True)],
        "percentiles": {
            q: [
                None if value is None else scale * value + offset
                for value, (scale, offset) in zip(
                    [
                        band["percentiles"][str(100 - int(q)) if scale < 0 else q]
                        for band, (scale, _) in zip(bands, scaling, strict=True)
                    ],
                    scaling,
                    strict=True,
                )
            ]
            for q in _percentiles(bands)
        },
    }


def _native(bands: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        **{name: [band[name] for band in bands] for name in _PER_BAND},
        "percentiles": {q: [band["percentiles"][q] for band in bands] for q in _percentiles(bands)},
        "exact": all(band["percentiles"]["exact"] for band in bands),
    }


def _scaled(bands: Sequence[Mapping[str, Any]], dtype: str, bit_depth: int) -> dict[str, Any] | None:
    low, high = dtype_range(np.dtype(dtype), bit_depth)
    if not np.isfinite(high - low):
        return None

    def place(value: float | None) -> float | None:
        return None if value is None else (value - low) / (high - low)

    return {
        "range": [low, high],
        **{name: [place(band[name]) for band in bands] for name in _PLACES},
        "std": [None if band["std"] is None else band["std"] / (high - low) for band in bands],
        "percentiles": {q: [place(band["percentiles"][q]) for band in bands] for q in _percentiles(bands)},
    }


def _percentiles(bands: Sequence[Mapping[str, Any]]) -> list[str]:
    return [q for q in bands[0]["percentiles"] if q != "exact"] if bands else []


def _sizes(sizes: Sequence[tuple[int, int, int]]) -> dict[str, Any]:
    if not sizes:
        return {"size": None, "sizes": None}
    table = np.array(sizes, dtype=np.int64)
    least, greatest = table[:, :2].min(axis=0).tolist(), table[:, :2].max(axis=0).tolist()
    middle = [median_of_counted(table[:, axis].tolist(), table[:, 2].tolist()) for axis in (0, 1)]
    return {
        "size": least if least == greatest else None,
        "sizes": {"min": least, "median": middle, "max": greatest},
    }
