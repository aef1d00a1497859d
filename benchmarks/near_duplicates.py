"""Near duplicates among 200,000 perceptual hashes: honest ones, and such as crowd together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.in_process import measure
from benchmarks.measuring import HEADER, row
from triptych.core.fingerprint import NEAR_DISTANCE, equal_groups, near_groups
from triptych.core.groups import summarize_groups

if TYPE_CHECKING:
    from numpy.typing import NDArray

HASHES = 200_000
PLANTED = HASHES // 20
EVERY_PAIR = 10_000
BAR = "≤ 10 s, < 400 MB"


def main() -> None:
    """Print the table."""
    generator = np.random.default_rng(1)
    honest = planted(generator)
    low_bits = np.uint64(0xFFFF_FFFF)
    half_crowded = honest.copy()
    half_crowded[: HASHES // 2] &= low_bits
    crowds = [
        ("200,000 hashes, 5 % of them near another", honest),
        ("half of them equal in 32 of 64 bits", half_crowded),
        ("all in 20 bits: one chain", generator.integers(0, 2**20, HASHES, dtype=np.uint64)),
        ("each bit set with a chance of 20 %", biased(generator, 0.2)),
        ("each bit set with a chance of 10 %", biased(generator, 0.1)),
        ("1,000 different hashes", generator.integers(0, 1000, HASHES, dtype=np.uint64)),
    ]
    valid = np.ones(HASHES, dtype=bool)
    print(HEADER)
    for what, hashes in crowds:
        found: list[NDArray[np.int64]] = []
        figures = measure(lambda h=hashes, f=found: f.append(near_groups(h, valid)))  # type: ignore[misc]
        summary = summarize_groups(found[0])
        print(
            row(what, figures, BAR if hashes is honest else ""),
            f"{summary.groups:,} groups, largest {summary.largest:,}",
        )
        if hashes is honest and not (found[0][-PLANTED:] == found[0][:PLANTED]).all():
            raise RuntimeError("a planted near duplicate was not found")
    few = honest[:EVERY_PAIR]
    print(row("for comparison: every pair of 10,000, numpy", measure(lambda: every_pair(few)), ""))
    digests = generator.integers(0, 256, (HASHES, 32), dtype=np.uint8)
    digests[-PLANTED:] = digests[:PLANTED]
    print(row("200,000 digests, 5 % of them twice", measure(lambda: equal_groups(digests)), ""))


def planted(generator: np.random.Generator) -> NDArray[np.uint64]:
    """Random hashes, of which the last 5 % are the first ones with at most 4 bits changed."""
    hashes = generator.integers(0, 2**64, HASHES, dtype=np.uint64)
    hashes[-PLANTED:] = hashes[:PLANTED]
    for _ in range(NEAR_DISTANCE):
        hashes[-PLANTED:] ^= np.uint64(1) << generator.integers(0, 64, PLANTED).astype(np.uint64)
    return hashes


def biased(generator: np.random.Generator, chance: float) -> NDArray[np.uint64]:
    """Hashes whose bits are set with this chance, so that they lie nearer to each other than random ones."""
    hashes = np.zeros(HASHES, dtype=np.uint64)
    for bit in range(64):
        hashes |= (generator.random(HASHES) < chance).astype(np.uint64) << np.uint64(bit)
    return hashes


def every_pair(hashes: NDArray[np.uint64]) -> int:
    """How many pairs are near, by comparing all."""
    return sum(
        int((np.bitwise_count(hashes[index + 1 :] ^ hashes[index]) <= NEAR_DISTANCE).sum())
        for index in range(len(hashes))
    )


if __name__ == "__main__":
    main()
