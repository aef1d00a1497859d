"""Identifiers sort by the time of their making."""

from __future__ import annotations

import time

from triptych.core.ids import first_id, is_id, new_id


def test_ids_of_one_process_sort_in_the_order_in_which_they_were_made() -> None:
    made = [new_id() for _ in range(5000)]
    assert made == sorted(set(made))
    assert all(is_id(each) for each in made)


def test_an_id_begins_with_the_millisecond_of_its_making() -> None:
    before = time.time_ns() // 1_000_000
    made = int(new_id()[:12], 16)
    assert before - 1 <= made <= time.time_ns() // 1_000_000 + 1


def test_the_first_id_of_a_time_sorts_before_what_is_made_then_and_after_what_was_made_before() -> None:
    before = new_id()
    time.sleep(0.002)
    first = first_id(time.time())
    time.sleep(0.002)
    assert before < first < new_id()
    assert is_id(first)


def test_only_24_hexadecimal_digits_are_an_id() -> None:
    for text in ("", "0" * 23, "0" * 25, "g" * 24, "A" * 24, "0" * 24 + "\n"):
        assert not is_id(text)
