"""The laws of every format, for `parquet`."""

from __future__ import annotations

from tests.formats.conformance import FormatConformance


class TestParquet(FormatConformance):
    """Inherited."""

    name = "parquet"
