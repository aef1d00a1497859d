"""Counts of values as bytes."""

from __future__ import annotations

import numpy as np
import pytest

from triptych.core.value_counts import pack_value_counts, unpack_value_counts


def test_counts_come_back_in_the_order_of_values() -> None:
    packed = pack_value_counts(np.array([-1, 0, 65_535]), np.array([3, 2**40, 1]))
    assert list(unpack_value_counts(packed).items()) == [(-1, 3), (0, 2**40), (65_535, 1)]
    assert unpack_value_counts(pack_value_counts(np.array([], np.int64), np.array([], np.int64))) == {}


def test_another_version_is_an_error() -> None:
    with pytest.raises(ValueError, match="version 9"):
        unpack_value_counts(b"\x09")
