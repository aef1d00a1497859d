"""The laws of every format, for `voc`."""

from __future__ import annotations

from tests.formats.conformance import FormatConformance


class TestVoc(FormatConformance):
    """Inherited."""

    name = "voc"
