"""Tags as runs of items: what follows each other with one value is one row, and later rows of an item are in it."""

from __future__ import annotations

from itertools import pairwise

from triptych.datasets.item_ids import APART, place_of
from triptych.dicom.filing import Filing
from triptych.onboarding.filings import _runs, subject_of


def filing(*tags: tuple[str, str]) -> Filing:
    return Filing("", "", "", "", "CT", "", "", "", "", None, tags, ())


def items_of(*places: int) -> list[int]:
    return [64 * APART + APART * place for place in places]


def test_equal_values_of_neighbours_are_one_run_and_the_spelling_of_the_first_is_shown() -> None:
    ids = items_of(0, 1, 2)
    rows = _runs(
        "d",
        [
            (item, b"", filing(("Modality", shown)))
            for item, shown in zip(ids, ["CT", "ct", "CT"], strict=True)
        ],
    )
    assert rows == [("d", "Modality", "ct", ids[0], place_of(ids[2])[1], "CT")]


def test_another_value_or_a_gap_ends_a_run() -> None:
    first, second, third, fifth = items_of(0, 1, 2, 4)
    rows = _runs(
        "d",
        [
            (first, b"", filing(("A", "x"))),
            (second, b"", filing(("A", "y"))),
            (third, b"", filing(("A", "x"))),
            (fifth, b"", filing(("A", "x"))),
        ],
    )
    assert [(value, start, end) for _, _, value, start, end, _ in rows] == [
        ("x", first, place_of(first)[1]),
        ("x", third, place_of(third)[1]),
        ("x", fifth, place_of(fifth)[1]),
        ("y", second, place_of(second)[1]),
    ]


def test_a_value_that_comes_twice_in_a_file_counts_once_and_several_values_each() -> None:
    (item,) = items_of(0)
    rows = _runs(
        "d", [(item, b"", filing(("ImageType", "AXIAL"), ("ImageType", "ORIGINAL"), ("ImageType", "Axial")))]
    )
    assert [row[2] for row in rows] == ["axial", "original"]


def test_runs_of_one_value_never_overlap() -> None:
    ids = items_of(*range(30))
    rows = _runs("d", [(item, b"", filing(("A", str(item // APART % 3 // 2)))) for item in ids])
    for value in {row[2] for row in rows}:
        ends = sorted((row[3], row[4]) for row in rows if row[2] == value)
        assert all(before[1] < after[0] for before, after in pairwise(ends))


def test_a_patient_is_a_text_that_means_nothing_in_another_dataset() -> None:
    assert subject_of("a", "p") == subject_of("a", "p")
    assert len({subject_of("a", "p"), subject_of("b", "p"), subject_of("a", "q")}) == 3
    assert "p1" not in subject_of("a", "p1")
