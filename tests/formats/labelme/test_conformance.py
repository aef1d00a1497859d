"""The laws of every format, for `labelme`."""

from __future__ import annotations

from tests.formats.conformance import FormatConformance


class TestLabelMe(FormatConformance):
    """Inherited."""

    name = "labelme"
