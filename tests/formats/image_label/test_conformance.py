"""The laws of every format, for `image_label`."""

from __future__ import annotations

from tests.formats.conformance import FormatConformance


class TestImageLabel(FormatConformance):
    """Inherited."""

    name = "image_label"
