"""The laws of every format, for `image_only`."""

from __future__ import annotations

from tests.formats.conformance import FormatConformance


class TestImageOnly(FormatConformance):
    """Inherited."""

    name = "image_only"
