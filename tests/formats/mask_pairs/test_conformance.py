"""The laws of every format, for `mask_pairs`."""

from __future__ import annotations

from tests.formats.conformance import FormatConformance


class TestMaskPairs(FormatConformance):
    """Inherited."""

    name = "mask_pairs"
