"""What publishing a version computes from kept rows: moments, histograms, counts, weights, content hash."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

import numpy as np

from benchmarks.in_process import measure
from benchmarks.measuring import HEADER, row
from triptych.core.class_counts import ClassCounts
from triptych.core.content_hash import content_hash
from triptych.core.statistics import (
    class_weights,
    merge_packed,
    pack_histograms,
    pack_moments,
)
from triptych.core.statistics import measure as measure_pixels

ITEMS = 100_000
HASHED = 200_000
SAMPLES = 500
BANDS = "red green blue"


def main() -> None:
    """Print the table."""
    generator = np.random.default_rng(1)
    moments, histograms = kept_rows(generator)
    names = [BANDS] * ITEMS
    labels = generator.integers(0, 10, ITEMS)
    parts = generator.choice(3, ITEMS, p=[0.6, 0.2, 0.2]).astype(np.int8)

    def merge() -> None:
        merge_packed(names, moments)
        counts = ClassCounts.of_labels(labels).by_part(parts)
        class_weights(dict(enumerate(counts[:, 0].tolist())))

    items: list[Any] = [
        (
            f"image/{index:06d}.png",
            hashlib.sha256(b"%d" % index).digest(),
            f"s{index}",
            None,
            None,
            "train",
            (),
        )
        for index in range(HASHED)
    ]
    boxes: list[Any] = [
        (f"image/{index:06d}.png", "box", "cell", None, (index * 0.1, 2.0, 30.0, 40.0), None)
        for index in range(HASHED)
    ]
    classes: list[Any] = [(0, "cell", "#0072B2", 1.0, None, False)]
    print(HEADER)
    print(row("moments, counts and weights of 100,000 items", measure(merge), "< 0.2 s"))
    print(row("for comparison: classes counted by Counter", measure(lambda: Counter(labels.tolist())), ""))
    print(row("histograms of 100,000 items", measure(lambda: merge_packed(names, moments, histograms)), ""))
    print(row("content hash of 200,000 items", measure(lambda: content_hash(items, [])), "< 2 s"))
    sets = [("detection", classes, boxes)]
    print(row("content hash of 200,000 items and boxes", measure(lambda: content_hash(items, sets)), ""))


def kept_rows(generator: np.random.Generator) -> tuple[list[bytes], list[bytes]]:
    """Packed moments and histograms of as many items; a few pictures are measured and repeated."""
    measured = [
        measure_pixels(generator.integers(0, 256, (3, 32, 32)).astype(np.uint8)) for _ in range(SAMPLES)
    ]
    moments = [pack_moments(one) for one, _ in measured]
    histograms = [pack_histograms(each) for _, each in measured]
    times = ITEMS // SAMPLES
    return moments * times, histograms * times


if __name__ == "__main__":
    main()
