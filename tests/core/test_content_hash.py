from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triptych.core.content_hash import content_hash

DIGESTS = [hashlib.sha256(bytes([index])).digest() for index in range(4)]
ITEM = ("image/a.png", DIGESTS[0], "study", "1", 2, "train", (("S2", "image", DIGESTS[2]),))
CLASS = (0, "cat", "#0072B2", 1.0, 0.5, False)
LABEL = ("image/a.png", "box", "cat", 1.0, (1.0, 2.0, 3.0, 4.0), None)
SET = ("detection", [CLASS], [LABEL])

texts = st.text(max_size=4)
floats = st.floats(allow_nan=False)
boxes = st.none() | st.tuples(floats, floats, floats, floats)
items = st.lists(
    st.tuples(
        texts,
        st.sampled_from(DIGESTS),
        texts,
        st.none() | texts,
        st.none() | st.integers(0, 3),
        st.none() | st.sampled_from(["train", "validation", "test"]),
        st.lists(
            st.tuples(texts, st.sampled_from(["image", "label"]), st.sampled_from(DIGESTS)), max_size=2
        ).map(tuple),
    ),
    max_size=6,
)
classes = st.lists(
    st.tuples(st.integers(-1, 3), texts, texts, floats, st.none() | floats, st.booleans()), max_size=3
)
labels = st.lists(
    st.tuples(texts, texts, st.none() | texts, st.none() | floats, boxes, st.none() | texts), max_size=5
)
sets = st.lists(st.tuples(texts, classes, labels), max_size=3)


def shuffled(values: list[Any], data: st.DataObject) -> list[Any]:
    return data.draw(st.permutations(values)) if values else []


def canonical(some_items: list[Any], some_sets: list[Any]) -> object:
    """What the hash is of, in a form that Python compares: order taken away, minus zero made zero."""

    def plain(row: Any) -> str:
        if isinstance(row, tuple):
            return "(" + ",".join(plain(value) for value in row) + ")"
        return repr(row + 0.0) if isinstance(row, float) else repr(row)

    return (
        sorted(map(plain, some_items)),
        sorted(
            (task, sorted(map(plain, of_set)), sorted(map(plain, rows))) for task, of_set, rows in some_sets
        ),
    )


@given(items, sets, st.data())
def test_order_does_not_matter(some_items: list[Any], some_sets: list[Any], data: st.DataObject) -> None:
    mixed = [(task, shuffled(a, data), shuffled(b, data)) for task, a, b in shuffled(some_sets, data)]
    assert content_hash(shuffled(some_items, data), mixed) == content_hash(some_items, some_sets)


@given(items, sets, items, sets)
def test_hashes_are_equal_exactly_when_the_content_is(
    some_items: list[Any], some_sets: list[Any], other_items: list[Any], other_sets: list[Any]
) -> None:
    same = canonical(some_items, some_sets) == canonical(other_items, other_sets)
    assert (content_hash(some_items, some_sets) == content_hash(other_items, other_sets)) == same


ITEM_CHANGES = ["image/b.png", DIGESTS[1], "other", None, None, None, (("S1", "image", DIGESTS[2]),)]
CLASS_CHANGES = [1, "dog", "#0072B3", 0.99, None, True]
LABEL_CHANGES = ["image/b.png", "class", None, None, None, '{"parts":[[1.0,2.0,3.0,4.0,5.0,6.0]]}']


def changed(row: tuple[Any, ...], index: int, value: object) -> tuple[Any, ...]:
    return (*row[:index], value, *row[index + 1 :])


def hash_of(item: Any = ITEM, task: str = "detection", of_class: Any = CLASS, label: Any = LABEL) -> bytes:
    return content_hash([item], [(task, [of_class], [label])])


def test_every_field_matters() -> None:
    hashes = [
        hash_of(),
        hash_of(task="segmentation"),
        *(hash_of(item=changed(ITEM, index, value)) for index, value in enumerate(ITEM_CHANGES)),
        *(hash_of(of_class=changed(CLASS, index, value)) for index, value in enumerate(CLASS_CHANGES)),
        *(hash_of(label=changed(LABEL, index, value)) for index, value in enumerate(LABEL_CHANGES)),
        *(hash_of(label=changed(LABEL, 4, changed((1.0, 2.0, 3.0, 4.0), index, 9.0))) for index in range(4)),
        content_hash([ITEM, ITEM], [SET]),
        content_hash([ITEM], [SET, SET]),
        content_hash([ITEM], [("detection", [CLASS], [LABEL, LABEL])]),
        content_hash([ITEM], []),
        content_hash([], [SET]),
        content_hash([], []),
    ]
    assert len(set(hashes)) == len(hashes)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("ab", DIGESTS[0], "c", None, None, None, ()), ("a", DIGESTS[0], "bc", None, None, None, ())),
        (("a", DIGESTS[0], "", None, None, None, ()), ("a", DIGESTS[0], "", "", None, None, ())),
        (("a", DIGESTS[0], "", None, 0, None, ()), ("a", DIGESTS[0], "", None, None, None, ())),
        (("a", DIGESTS[0], "train", None, None, None, ()), ("a", DIGESTS[0], "", None, None, "train", ())),
    ],
)
def test_fields_do_not_run_into_each_other(one: Any, other: Any) -> None:
    assert content_hash([one], []) != content_hash([other], [])


def test_the_smallest_difference_of_a_float_matters_and_the_sign_of_zero_does_not() -> None:
    def of_x(x: float) -> bytes:
        return hash_of(label=changed(LABEL, 4, (x, 2.0, 3.0, 4.0)))

    assert of_x(0.1 + 0.2) != of_x(0.3)
    assert of_x(0.0) == of_x(-0.0)
    assert of_x(1) == of_x(1.0)


def test_iterators_are_read_once() -> None:
    streamed = content_hash(iter([ITEM]), iter([("detection", iter([CLASS]), iter([LABEL]))]))
    assert streamed == content_hash([ITEM], [SET])


def test_a_key_that_is_no_valid_unicode_has_a_hash_too() -> None:
    assert len(content_hash([("\udcff.png", DIGESTS[0], "s", None, None, None, ())], [])) == 32


def test_a_digest_of_another_length_is_an_error() -> None:
    with pytest.raises(ValueError, match="31 bytes"):
        content_hash([("a", DIGESTS[0][:31], "s", None, None, None, ())], [])


def test_this_hash_stays_the_same_in_every_release() -> None:
    assert (
        content_hash([(*ITEM[:6], ())], [SET]).hex()
        == "4951bfe1f5900ba8d825fdd8a1eff39270d29222e5977fe8a7514123c1523b21"
    )
