"""The registry of collections: the shipped table, a file of the administrator's, and bands recognised by it."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from triptych.core.errors import InvalidInput
from triptych.formats.geotiff_pairs.collections import collections, match_bands, parse_collections

if TYPE_CHECKING:
    from pathlib import Path

SENTINEL = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B10", "B11", "B12")


def entry(**changes: Any) -> dict[str, Any]:
    bands = changes.pop(
        "bands", [{"band_name": "X1", "RGB_band": "R", "wavelength": 650, "scaling_factor": 0.5}]
    )
    return {
        "connector": "own", "collection_name": "drone", "modality_tag": "DRONE", "resolution_m": 0.1, "bands": bands
    } | changes  # fmt: skip


def document(*entries: Any) -> str:
    return json.dumps({"collections": list(entries)})


def matched(descriptions: tuple[str, ...], *words: str) -> tuple[str, tuple[str, ...]] | None:
    found = match_bands(descriptions, words, collections())
    return None if found is None else (found.collection.name, tuple(band.name for band in found.bands))


def test_the_shipped_table_is_the_list_of_the_data_sources() -> None:
    known = {each.name: each for each in collections()}
    assert len(known) == len(collections()) == 12
    tags = {name: each.modality_tag for name, each in known.items()}
    assert (tags["s2_l2a"], tags["s1_grd"], tags["HLSS30_2.0"]) == ("S2L2A", "S1GRD", "HLS_S30")
    counts = {name: len(each.bands) for name, each in known.items() if each.bands and not each.variables}
    assert counts | {
        "s2_l2a": 15, "s2_l1c": 13, "s1_grd": 4, "dem": 1, "hls_l30": 11, "hls_s30": 14, "HLSS30_2.0": 14
    } == counts  # fmt: skip
    assert {band.scale for band in known["HLSS30_2.0"].bands} >= {0.0001}
    waves = {band.name: band.wavelength for band in known["s2_l1c"].bands}
    assert (waves["B02"], waves["B8A"], waves["B12"]) == (492.4, 864.7, 2202.4)
    for each in known.values():
        colors = [band.color for band in each.bands if band.color]
        assert sorted(colors) in ([], ["B", "G", "R"])


@pytest.mark.parametrize(
    ("descriptions", "words", "name", "first"),
    [
        (("VV", "VH"), (), "s1_grd", "VV"),
        (SENTINEL, (), "s2_l1c", "B01"),
        (("B04", "B03"), ("s2l2a", "s2", "l2", "a"), "s2_l2a", "B04"),
        (("B04", "B03"), ("s2l1c", "s2"), "s2_l1c", "B04"),
        (("Blue", "Green", "Red", "NIR_Narrow", "SWIR1", "SWIR2"), ("hls", "s30"), "hls_s30", "Blue"),
        (("", "") , ("s1hand",), "s1_grd", "VV"),
        (("",) * 13, ("s2hand",), "s2_l1c", "B01"),
        (("",) * 12, ("s2l2a",), "s2_l2a", "B01"),
        (("band 4", "band_3"), ("s2l2a",), "s2_l2a", "B04"),
    ],
)  # fmt: skip
def test_bands_are_recognised_by_names_else_by_sensor_and_number(
    descriptions: tuple[str, ...], words: tuple[str, ...], name: str, first: str
) -> None:
    found = matched(descriptions, *words)
    assert found is not None
    assert (found[0], found[1][0], len(found[1])) == (name, first, len(descriptions))


@pytest.mark.parametrize(
    ("descriptions", "words"),
    [(("",) * 4, ()), (("VV", "nonsense"), ("s1",)), (("",) * 7, ("s1",)), (("B04", "B04"), ("s2l2a",)), ((), ()),
     (("B04", ""), ("s2l2a",))],
)  # fmt: skip
def test_what_says_nothing_is_no_collection(descriptions: tuple[str, ...], words: tuple[str, ...]) -> None:
    assert matched(descriptions, *words) is None


def test_a_file_adds_collections_replaces_shipped_ones_and_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "more.json"
    path.write_text(document(entry(), entry(connector="sentinelhub", collection_name="dem")))
    found = collections(str(path))
    assert [each.name for each in found[:2]] == ["drone", "dem"]
    assert len(found) == len(collections()) + 1
    band = found[0].bands[0]
    assert (band.name, band.color, band.wavelength, band.scale) == ("X1", "R", 650.0, 0.5)
    path.write_text(document(entry(collection_name="other")))
    os.utime(path, ns=(1, 1))
    assert collections(str(path))[0].name == "other"


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[" * 100_000, "3", '{"collections": 3}', document(3), document(entry(), entry()),
        document(entry(connector="")), document(entry(modality_tag="a b")), document(entry(collection_name="a/b")),
        document(entry(resolution_m="ten")), document(entry(resolution_m=True)), document(entry(bands={})),
        document(entry(bands=[3])), document(entry(bands=[{"band_name": "a"}, {"band_name": "a"}])),
        document(entry(bands=[{"band_name": "a", "RGB_band": "X"}])),
        document(entry(bands=[{"band_name": "a", "scaling_factor": 0}])),
        document(entry(bands=[{"band_name": "a", "wavelength": "red"}])),
        document(entry(bands=[{"band_name": "a", "description": 3}])),
        document(entry(variables=-1)), '{"collections": [{"resolution_m": NaN}]}',
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_used_says_where(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_collections(text, "more.json")
    assert caught.value.code == "bad_collections"
    assert "more.json" in caught.value.message


def test_a_file_that_is_not_there_or_too_large_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InvalidInput, match="cannot be opened"):
        collections(str(tmp_path / "none.json"))
    (tmp_path / "large.json").write_text(document(entry()))
    monkeypatch.setattr("triptych.formats.geotiff_pairs.collections.LARGEST", 10)
    with pytest.raises(InvalidInput, match="more than 10 bytes"):
        collections(str(tmp_path / "large.json"))
