"""The laws of every format, for `study_series`."""

from __future__ import annotations

from tests.formats.conformance import FormatConformance


class TestStudySeries(FormatConformance):
    """Inherited."""

    name = "study_series"
