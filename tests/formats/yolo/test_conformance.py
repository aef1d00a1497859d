"""The laws of every format, for `yolo`."""

from __future__ import annotations

from tests.formats.conformance import FormatConformance


class TestYolo(FormatConformance):
    """Inherited."""

    name = "yolo"
