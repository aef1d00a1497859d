"""Leak-safe splits of 200,000 items, stratified, grouped and both; prints how even the classes came out."""

from __future__ import annotations

import numpy as np

from benchmarks.in_process import measure
from benchmarks.measuring import HEADER, row
from triptych.core.class_counts import ClassCounts
from triptych.core.groups import combine_groups
from triptych.core.split import RATIOS, SplitResult, make_split

ITEMS = 200_000
GROUPS = 60_000
BAR = "< 2 s"


def main() -> None:
    """Print the table."""
    generator = np.random.default_rng(1)
    keys = [f"image/{index:06d}.png" for index in range(ITEMS)]
    alone = np.arange(ITEMS)
    grouped = generator.integers(0, GROUPS, ITEMS)
    skewed = np.minimum(generator.zipf(1.5, ITEMS), 5_000)
    labels = generator.choice(10, ITEMS, p=np.array([40, 20, 10, 10, 5, 5, 4, 3, 2, 1]) / 100)
    ten = ClassCounts.of_labels(labels)
    thousand = ClassCounts.of_labels(generator.integers(0, 1000, ITEMS))
    several = ClassCounts.of_matrix((generator.random((ITEMS, 14)) < 0.1).astype(np.int8))
    half = np.full(ITEMS, -1, dtype=np.int8)
    half[: ITEMS // 2] = make_split(keys[: ITEMS // 2], alone[: ITEMS // 2]).parts
    cases = [
        ("200,000 items, no groups, no classes", alone, None, None),
        ("200,000 items, 10 classes", alone, ten, None),
        ("60,000 groups, 10 classes", grouped, ten, None),
        ("60,000 groups, 14 labels, several an item", grouped, several, None),
        ("60,000 groups, 1,000 classes", grouped, thousand, None),
        ("groups of 1 to 71,000, 10 classes", skewed, ten, None),
        ("half has its part already, 10 classes", alone, ten, half),
    ]
    print(HEADER)
    for what, groups, classes, fixed in cases:
        results: list[SplitResult] = []
        figures = measure(
            lambda g=groups, c=classes, f=fixed, r=results: r.append(  # type: ignore[misc]
                make_split(keys, g, classes=c, fixed=f)
            )
        )
        print(row(what, figures, BAR), _evenness(results[0]))
    studies = [f"study {group}" for group in grouped.tolist()]
    near = np.where(generator.random(ITEMS) < 0.05, generator.integers(1, ITEMS // 40, ITEMS), 0)
    print(row("uniting studies and near duplicates", measure(lambda: combine_groups(studies, near)), ""))


def _evenness(result: SplitResult) -> str:
    counts = "/".join(f"{count:,}" for count in result.counts)
    if result.class_counts is None:
        return counts
    wanted = result.class_counts.sum(axis=1, keepdims=True) * np.array(RATIOS)
    return f"{counts}, classes off by at most {np.abs(result.class_counts - wanted).max():.1f}"


if __name__ == "__main__":
    main()
