"""The laws of every format, for `dicom`."""

from __future__ import annotations

from tests.formats.conformance import FormatConformance


class TestDicom(FormatConformance):
    """Inherited, but for the order: items stand in that of their series."""

    name = "dicom"

    def test_items_are_in_natural_order(self) -> None:
        items = self.inventory(self.root()).items
        places = [(item.series or "", item.position or 0) for item in items if item.series]
        assert places == sorted(places)
        assert [item.key for item in items][:4] == ["scan/b.dcm", "scan/c", "scan/a", "scan/d.dcm"]
