"""What is said of a single item is there for every code that an item can have."""

from __future__ import annotations

from triptych.datasets.item_findings import TEXTS, finding_label, gravest, own_findings
from triptych.modalities.geospatial.notes import NOTES as RASTER_NOTES
from triptych.modalities.planar.notes import NOTES
from triptych.onboarding.notes import OWN_NOTES


def test_every_code_of_an_item_is_told_with_the_severity_of_its_finding() -> None:
    known = NOTES | RASTER_NOTES | OWN_NOTES
    assert TEXTS.keys() == known.keys()
    for code, text in TEXTS.items():
        assert text.severity is known[code].severity, code
        assert "{count}" not in text.message, code
        assert text.label, code


def test_findings_of_an_item_come_gravest_first_and_name_what_was_found() -> None:
    found = own_findings(["more_than_8_bits", "ink_colors"], {"more_than_8_bits": "12"})
    assert [(each["severity"], each["code"]) for each in found] == [
        ("warning", "ink_colors"),
        ("note", "more_than_8_bits"),
    ]
    assert found[1]["message"] == "The picture has 12 bits per sample. All bits are kept."


def test_a_code_of_a_later_release_has_a_label_and_is_not_told() -> None:
    assert finding_label("quite_new") == "quite new"
    assert own_findings(["quite_new"], {}) == []


def test_the_gravest_finding_speaks_for_an_item() -> None:
    assert gravest([]) is None
    assert gravest(["more_than_8_bits"]) == "note"
    assert gravest(["more_than_8_bits", "ink_colors"]) == "warning"
    assert gravest(["quite_new"]) == "note", "one that a later release has written is no reason to worry"
