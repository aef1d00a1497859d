"""Cursors are opaque, and only those that were given out are taken back."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triptych.api.documents import decode_cursor, encode_cursor
from triptych.core.errors import InvalidInput

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
numbers = st.integers(-(2**63) + 1, 2**63 - 1)
floats = st.floats(allow_nan=False, allow_infinity=False)


@given(texts, numbers, floats)
def test_a_cursor_gives_back_the_position(text: str, number: int, real: float) -> None:
    cursor = encode_cursor((text, number, real))
    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert decode_cursor(cursor, str, int, float) == (text, number, real)


def test_no_cursor_is_no_position() -> None:
    assert decode_cursor(None, str) is None


@given(st.text(max_size=40))
def test_garbage_is_refused_and_nothing_else_happens(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        decode_cursor(text, str, int)
    assert caught.value.code == "bad_cursor"


@pytest.mark.parametrize(
    "values", [[1], ["a"], [True], [None], [2**63], [float("nan")], ["a\0"], {}, 1, [[1]]]
)
def test_positions_of_another_kind_are_refused(values: object) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")
    for kinds in ((int, int), (str, str), (), (float, int)):
        with pytest.raises(InvalidInput):
            decode_cursor(cursor, *kinds)
    if values != [1]:
        with pytest.raises(InvalidInput):
            decode_cursor(cursor, int)
