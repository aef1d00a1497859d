"""The laws of choosing a format."""

from __future__ import annotations

import pytest

from tests.formats.memory_root import MemoryRoot
from tests.formats.reading import pictures, six
from triptych.core.errors import InvalidInput, Refused
from triptych.formats.base import Match, Refusal, view_of
from triptych.formats.registry import FORMATS, choose, find_format, propose


def test_names_are_unique_and_everything_loads() -> None:
    assert len({spec.name for spec in FORMATS}) == len(FORMATS)
    for spec in FORMATS:
        if spec.reader:
            assert hasattr(spec.load_reader(), "inventory")
        if spec.writer:
            assert hasattr(spec.load_writer(), "losses")


def test_every_format_answers_best_first() -> None:
    answers = [proposal.answer for proposal in propose(view_of(MemoryRoot(six())))]
    assert len(answers) == len([spec for spec in FORMATS if spec.reader])
    assert isinstance(answers[0], Match)
    kinds = [isinstance(answer, Refusal) for answer in answers]
    assert kinds == sorted(kinds)


def test_a_format_that_is_asked_for_must_accept() -> None:
    view = view_of(MemoryRoot(six()))
    assert choose(view, "image_only")[0].name == "image_only"
    with pytest.raises(Refused) as refused:
        choose(view, "class_folders")
    assert refused.value.code == "layout_not_recognised"
    assert "Classes/" in refused.value.message


def test_a_modality_without_a_format_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        choose(view_of(MemoryRoot(six())), modality="volume")
    assert refused.value.code == "layout_not_recognised"
    assert choose(view_of(MemoryRoot(six())), modality="planar")[0].name == "image_only"


@pytest.mark.parametrize(
    ("format", "modality", "code"), [("dcm", None, "unknown_format"), (None, "x", "unknown_modality")]
)
def test_unknown_names_are_wrong_usage(format: str | None, modality: str | None, code: str) -> None:
    with pytest.raises(InvalidInput) as wrong:
        choose(view_of(MemoryRoot(six())), format, modality)
    assert wrong.value.code == code


def test_a_format_that_is_only_read_cannot_be_written() -> None:
    with pytest.raises(InvalidInput) as wrong:
        find_format("image_only").load_writer()
    assert wrong.value.code == "format_without_writer"


def test_a_refusal_carries_the_reason_of_every_format() -> None:
    with pytest.raises(Refused) as refused:
        choose(view_of(MemoryRoot({"x.txt": b""})))
    assert {finding.subject for finding in refused.value.findings if finding.code == "format_refused"} == {
        spec.name for spec in FORMATS if spec.reader
    }


def test_the_choice_names_what_else_is_possible() -> None:
    rows = {"label.csv": b"cell_0.jpg,A\n"}
    _, findings = choose(view_of(MemoryRoot(six() | rows | pictures("Classes/a/x.png"))))
    assert "image_label" in findings[0].message
    assert "class_folders" in findings[0].message
