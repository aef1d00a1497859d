"""Headers that stand behind the pixels, as GDAL writes them: found wherever the source can be begun in the middle."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.formats.raster_sample import geotiff
from tests.support.archives import honest_zip
from triptych.formats.base import ReaderOptions, view_of
from triptych.formats.geotiff_pairs import heads
from triptych.formats.geotiff_pairs.reader import GeotiffPairsReader
from triptych.storage.sources import SourceLimits, SourceRef, open_source

if TYPE_CHECKING:
    from pathlib import Path

    from triptych.core.dataset import Inventory

NAMES = ("B02", "B03", "B04", "B08")


@pytest.fixture(scope="module")
def scene() -> bytes:
    """A raster of 4.5 MB whose directory is the last thing in it."""
    pixels = np.random.default_rng(1).integers(0, 60_000, (4, 750, 750)).astype(np.uint16)
    content = geotiff(
        pixels, descriptions=NAMES, compress="deflate", tiled=True, blockxsize=256, blockysize=256
    )
    assert int.from_bytes(content[4:8], "little") > 4_000_000
    return content


def inventory(ref: SourceRef, tmp_path: Path, most_headers: int | None) -> Inventory:
    with open_source(ref, SourceLimits(), staging=tmp_path / "staging") as opened:
        return GeotiffPairsReader().inventory(view_of(opened, most_headers), ReaderOptions())


@pytest.mark.parametrize("most_headers", [5, None])
@pytest.mark.parametrize("kind", ["folder", "stored"])
def test_a_scene_is_known_before_it_is_imported(
    kind: str, most_headers: int | None, scene: bytes, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    if kind == "folder":
        (tmp_path / "in/scene_S2.tif").write_bytes(scene)
        ref = SourceRef.of_folder(tmp_path / "in")
    else:
        (tmp_path / "in.zip").write_bytes(honest_zip({"scene_S2.tif": scene}, zipfile.ZIP_STORED))
        ref = SourceRef.of_file(tmp_path / "in.zip")
    found = inventory(ref, tmp_path, most_headers)
    assert found.recipe is not None
    assert tuple(band.name for band in found.recipe.sources[0].bands) == NAMES
    assert "header_out_of_reach" not in {finding.code for finding in found.findings}


def test_a_packed_scene_is_unpacked_for_it_when_it_is_imported(
    scene: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads, "DEEP", 2_000_000)
    (tmp_path / "in.zip").write_bytes(honest_zip({"scene_S2.tif": scene}))
    ref = SourceRef.of_file(tmp_path / "in.zip")
    looked = inventory(ref, tmp_path, 5)
    assert "header_out_of_reach" in {finding.code for finding in looked.findings}
    found = inventory(ref, tmp_path, None)
    assert found.recipe is not None
    assert tuple(band.name for band in found.recipe.sources[0].bands) == NAMES
