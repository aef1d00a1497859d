"""The laws of every format, for `coco`."""

from __future__ import annotations

from tests.formats.conformance import FormatConformance


class TestCoco(FormatConformance):
    """Inherited."""

    name = "coco"
