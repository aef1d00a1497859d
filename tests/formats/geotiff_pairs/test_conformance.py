"""The laws of every format, for `geotiff_pairs`."""

from __future__ import annotations

from tests.formats.conformance import FormatConformance


class TestGeotiffPairs(FormatConformance):
    """Inherited."""

    name = "geotiff_pairs"
