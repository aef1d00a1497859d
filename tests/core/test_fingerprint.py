from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triptych.core import fingerprint
from triptych.core.fingerprint import equal_groups, near_groups, near_pairs
from triptych.core.groups import connected, numbered

if TYPE_CHECKING:
    from numpy.typing import NDArray


def all_near(hashes: list[int], valid: list[bool], distance: int) -> list[tuple[int, int]]:
    """Every near pair, by looking at each."""
    return [
        (i, j)
        for i, j in combinations(range(len(hashes)), 2)
        if valid[i] and valid[j] and (hashes[i] ^ hashes[j]).bit_count() <= distance
    ]


def as_arrays(hashes: list[int], valid: list[bool]) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
    return np.array(hashes, dtype=np.uint64), np.array(valid, dtype=bool)


def expected_groups(hashes: list[int], valid: list[bool], distance: int = 4) -> list[int]:
    pairs = np.array(all_near(hashes, valid, distance), dtype=np.int64).reshape(-1, 2)
    groups: list[int] = numbered(connected(len(hashes), pairs)).tolist()
    return groups


# Few starting points with few bits changed, so that distances around the limit are common.
crowded = st.lists(
    st.tuples(
        st.sampled_from([0, 0xFFFF_FFFF, 0x8000_0000_0000_0001]), st.sets(st.integers(0, 63), max_size=6)
    ),
    max_size=30,
).map(lambda rows: [base ^ sum(1 << bit for bit in bits) for base, bits in rows])


@given(crowded, st.integers(0, 8))
def test_groups_equal_those_of_comparing_every_pair(hashes: list[int], distance: int) -> None:
    valid = [(value * 7 + index) % 5 != 0 for index, value in enumerate(hashes)]
    assert near_groups(*as_arrays(hashes, valid), distance).tolist() == expected_groups(
        hashes, valid, distance
    )


@given(crowded)
def test_every_pair_returned_is_near_and_none_is_superfluous(hashes: list[int]) -> None:
    valid = [index % 6 != 0 for index in range(len(hashes))]
    pairs = near_pairs(*as_arrays(hashes, valid))
    assert {tuple(sorted(pair)) for pair in pairs.tolist()} <= set(all_near(hashes, valid, 4))
    assert len(pairs) == len(hashes) - len(set(connected(len(hashes), pairs).tolist()))


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1), st.sampled_from([8, 14, 20, 40, 64]))
def test_large_buckets_are_searched_as_exactly_as_small_ones(seed: int, bits: int) -> None:
    generator = np.random.default_rng(seed)
    hashes = generator.integers(0, 2**bits, 700, dtype=np.uint64, endpoint=False) << np.uint64(64 - bits)
    near = hashes[:60] ^ (np.uint64(1) << generator.integers(0, 64, 60).astype(np.uint64))
    hashes = np.concatenate([hashes, near])
    valid = generator.random(760) < 0.95
    assert near_groups(hashes, valid).tolist() == expected_groups(hashes.tolist(), valid.tolist())


def test_pairs_are_handed_on_in_portions_without_changing_the_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    hashes = np.random.default_rng(3).integers(0, 2**16, 900, dtype=np.uint64)
    valid = np.ones(900, dtype=bool)
    expected = expected_groups(hashes.tolist(), valid.tolist())
    monkeypatch.setattr(fingerprint, "_PAIRS_HELD", 50)
    monkeypatch.setattr(fingerprint, "_SMALL_BUCKET", 16)
    assert near_groups(hashes, valid).tolist() == expected


def test_five_bits_apart_is_not_near_and_four_bits_is() -> None:
    hashes, valid = as_arrays([0, 0b1111, 0b11111 << 30], [True, True, True])
    assert near_groups(hashes, valid).tolist() == [1, 1, 0]


def test_nearness_is_passed_on_along_a_chain() -> None:
    hashes, valid = as_arrays([0, 0xF, 0xFF, 0xFFF], [True] * 4)
    assert near_groups(hashes, valid).tolist() == [1, 1, 1, 1]


def test_a_constant_picture_binds_nobody() -> None:
    hashes, valid = as_arrays([5, 5, 5, 6], [False, True, False, True])
    assert near_groups(hashes, valid).tolist() == [0, 1, 0, 1]


def test_a_hundred_thousand_equal_hashes_are_one_group() -> None:
    hashes = np.full(100_000, 77, dtype=np.uint64)
    assert near_groups(hashes, np.ones(100_000, dtype=bool)).tolist() == [1] * 100_000


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_and_one_hash_form_no_group(count: int) -> None:
    hashes, valid = np.zeros(count, dtype=np.uint64), np.ones(count, dtype=bool)
    assert near_groups(hashes, valid).tolist() == [0] * count
    assert near_pairs(hashes, valid).shape == (0, 2)


@pytest.mark.parametrize("distance", [-1, 9])
def test_a_distance_that_bands_cannot_serve_is_an_error(distance: int) -> None:
    with pytest.raises(ValueError, match="bits"):
        near_pairs(*as_arrays([1, 2], [True, True]), distance)


@given(st.lists(st.binary(min_size=1, max_size=1), max_size=20))
def test_equal_digests_are_numbered_by_their_first_item(tails: list[bytes]) -> None:
    digests = [bytes(31) + tail for tail in tails]
    numbers: dict[bytes, int] = {}
    for digest in digests:
        if digests.count(digest) > 1:
            numbers.setdefault(digest, len(numbers) + 1)
    rows = np.frombuffer(b"".join(digests), dtype=np.uint8).reshape(-1, 32)
    assert equal_groups(rows).tolist() == [numbers.get(digest, 0) for digest in digests]
