"""One item with everything about it: what it is, where it stands, and what is shown to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import sqlalchemy as sa

from tests.support.gallery import KEYS, NAME, SECRET, Gallery, expected_pixels, open_gallery
from triptych.core.errors import InvalidInput, NotFound
from triptych.datasets.item_detail import spacing_of
from triptych.db.tables import sources

if TYPE_CHECKING:
    from collections.abc import Iterator

GRAY, TURNED, WIDE = "P1/Series1/deep.png", "P1/Series2/turned.jpg", "P3/Series1/wide.png"


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gallery]:
    """A picture of every kind."""
    with open_gallery(tmp_path_factory.mktemp("gallery")) as opened:
        yield opened


def test_an_item_is_shown_as_in_lists_and_with_its_picture(gallery: Gallery) -> None:
    listed = {each["key"]: each for each in gallery.get("/items")["items"]}
    assert list(listed) == list(KEYS)
    for key in KEYS:
        found = gallery.item(key)
        assert {name: found[name] for name in listed[key]} == listed[key]
        image = found["image"]
        assert (image["sha256"], image["width"], image["height"]) == tuple(
            listed[key][name] for name in ("sha256", "width", "height")
        )
        assert image["media_type"] == ("image/jpeg" if key.endswith("jpg") else "image/png")
        assert image["tile"] == 512
        assert image["original"].endswith(f"/files/{image['sha256']}")


@pytest.mark.parametrize("key", KEYS)
def test_statistics_are_those_of_the_pixels(gallery: Gallery, key: str) -> None:
    found = gallery.item(key)
    samples = expected_pixels(key, gallery.files[key])
    bands = np.moveaxis(samples, 2, 0) if samples.ndim == 3 else samples[np.newaxis]
    assert [each["band"] for each in found["statistics"]] == found["image"]["bands"]
    for each, band in zip(found["statistics"], bands, strict=True):
        assert (each["min"], each["max"]) == (band.min(), band.max())
        assert each["mean"] == pytest.approx(band.mean())
        assert each["std"] == pytest.approx(band.std())
        histogram = each["histogram"]
        edges = np.linspace(histogram["low"], histogram["high"], 257)
        assert histogram["counts"] == np.histogram(band, edges)[0].tolist()
        assert sum(histogram["counts"]) == band.size


@pytest.mark.parametrize("key", KEYS)
def test_windows_lie_in_the_values_of_the_picture_and_leave_alpha_out(gallery: Gallery, key: str) -> None:
    found = gallery.item(key)
    samples = expected_pixels(key, gallery.files[key])
    colors = samples[..., :-1] if found["image"]["bands"][-1] == "alpha" else samples
    assert found["windows"] == []
    assert found["extent"] == {"low": colors.min(), "high": colors.max()}
    assert found["full"] == {"low": 0, "high": 2 ** found["image"]["bit_depth"] - 1}
    low, high = found["automatic"]["low"], found["automatic"]["high"]
    assert colors.min() <= low < high <= colors.max()
    if colors.dtype == np.uint8:
        flat = colors.reshape(-1, colors.shape[2]) if colors.ndim == 3 else colors.reshape(-1, 1)
        expected = np.percentile(flat, (1, 99), axis=0)
        if expected[0].min() < expected[1].max():
            assert (low, high) == (pytest.approx(expected[0].min()), pytest.approx(expected[1].max()))


def test_an_item_knows_its_neighbours_and_its_place_under_a_filter(gallery: Gallery) -> None:
    for query in ({}, {"class": ["label:odd"]}, {"study": ["P1", "P3"]}, {"finding": ["more_than_8_bits"]}):
        keys = [each["key"] for each in gallery.get("/items", **query)["items"]]
        for key in KEYS:
            found = gallery.item(key, **query)
            behind = [other for other in keys if KEYS.index(other) > KEYS.index(key)]
            before = [other for other in keys if KEYS.index(other) < KEYS.index(key)]
            assert found["total"] == len(keys)
            assert found["index"] == (keys.index(key) if key in keys else None)
            assert found["previous"] == (before[-1] if before else None)
            assert found["next"] == (behind[0] if behind else None)


def test_an_item_has_its_place_in_study_and_series(gallery: Gallery) -> None:
    found = gallery.item("P1/Series1/palette.png")
    assert (found["series_index"], found["series_items"], found["position"]) == (2, 3, 2)
    assert found["study_position"] == {
        "index": 0,
        "total": 3,
        "previous": None,
        "next": "P2/Series1/alpha.png",
    }
    found = gallery.item(WIDE, study="P3")
    assert found["study_position"] == {
        "index": 2,
        "total": 3,
        "previous": "P2/Series1/alpha.png",
        "next": None,
    }


def test_studies_and_series_are_listed_page_by_page(gallery: Gallery) -> None:
    page = gallery.get("/studies", limit=2)
    assert [(each["study"], each["items"]) for each in page["items"]] == [("P1", 4), ("P2", 3)]
    series = page["items"][0]["series"]
    assert [(each["series"], each["items"], each["first_key"]) for each in series] == [
        ("Series1", 3, "P1/Series1/bit.png"),
        ("Series2", 1, TURNED),
    ]
    address = series[0]["thumbnail"].removeprefix("/api/v1")
    assert gallery.studio.connection.content(address).startswith(b"\xff\xd8")
    following = gallery.get("/studies", limit=2, after=page["next"])
    assert ([each["study"] for each in following["items"]], following["next"]) == (["P3"], None)
    assert [each["study"] for each in gallery.get("/studies", search="p2")["items"]] == ["P2"]
    first = gallery.get("/series", study="P1", series="Series1", limit=2)
    rest = gallery.get("/series", study="P1", series="Series1", limit=2, after=first["next"])
    assert [each["key"] for each in [*first["items"], *rest["items"]]] == list(KEYS[:3])
    assert first["items"][1]["sha256"] == gallery.item(GRAY)["sha256"]
    assert gallery.get("/series", study="P1") == {"items": [], "next": None}


def test_findings_of_an_item_say_what_was_found(gallery: Gallery) -> None:
    found = gallery.item(TURNED)["findings"]
    assert [(each["severity"], each["code"]) for each in found] == [("note", "exif_orientation")]
    assert found[0]["message"].startswith("The file carries the EXIF orientation 6.")
    assert gallery.item("P1/Series1/bit.png")["findings"] == []


def _metadata(document: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each["value"] for each in document["metadata"]}


def test_what_may_be_of_a_person_is_shown_to_those_alone_who_may_edit(gallery: Gallery) -> None:
    address = f"/datasets/{NAME}/item"
    seen, edited = (
        client.get(address, params={"key": TURNED}).json() for client in (gallery.viewer, gallery.editor)
    )
    assert _metadata(edited).items() >= {"Artist": SECRET, "GPSLatitudeRef": "N", "Make": "Canon"}.items()
    assert _metadata(seen).keys() == _metadata(edited).keys() - {"Artist", "GPSLatitudeRef"}
    assert (seen["metadata_withheld"], edited["metadata_withheld"]) == (2, 0)
    assert SECRET not in gallery.viewer.get(address, params={"key": TURNED}).text
    assert (seen["image"]["original"], edited["image"]["original"] is None) == (None, False)


def test_an_item_tells_where_it_came_from(gallery: Gallery, monkeypatch: pytest.MonkeyPatch) -> None:
    found = _metadata(gallery.item(TURNED))
    assert found["Format"] == "JPEG"
    assert found["Compression"] == "JPEG, baseline"
    assert found["Bytes"] == f"{len(gallery.files[TURNED]):,}"
    assert found["SHA-256"] == gallery.item(TURNED)["sha256"]
    assert (found["Source"], found["Path"]) == (f"{NAME}.zip", f"image/{TURNED}")
    monkeypatch.setattr("triptych.datasets.item_origin.MANIFEST_BYTES", 10)
    assert "Path" not in _metadata(gallery.item(TURNED))


def test_an_item_is_shown_also_where_its_source_has_no_manifest(gallery: Gallery) -> None:
    with gallery.studio.installation.database.write() as connection:
        known = connection.execute(sa.select(sources.c.manifest)).scalar_one()
        connection.execute(sa.update(sources).values(manifest=None))
    found = _metadata(gallery.item(WIDE))
    with gallery.studio.installation.database.write() as connection:
        connection.execute(sa.update(sources).values(manifest=known))
    assert "Path" not in found
    assert found["Source"] == f"{NAME}.zip"


def test_an_unknown_item_is_not_found(gallery: Gallery) -> None:
    for key in ("nothing", KEYS[0].upper()):
        with pytest.raises(NotFound) as caught:
            gallery.item(key)
        assert caught.value.code == "item_not_found"
    with pytest.raises(NotFound) as unclassed:
        gallery.item(KEYS[0], **{"class": "none"})
    assert unclassed.value.code == "class_not_found"
    with pytest.raises(InvalidInput):
        gallery.get("/item")


def test_milestones_are_cursors_of_pages(gallery: Gallery) -> None:
    found = gallery.get("/items/milestones", step=50)
    assert found == {"total": len(KEYS), "step": 50, "exact": True, "cursors": [None]}
    assert gallery.get("/items/milestones", study="P1")["total"] == 4
    with pytest.raises(InvalidInput):
        gallery.get("/items/milestones", step=51)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (0.5, [0.5, 0.5]),
        ([1, 2.5], [1.0, 2.5]),
        (None, None),
        ("0.5", None),
        (0, None),
        (-1, None),
        (True, None),
        ([1], None),
        ([1, 2, 3], None),
        ([1, None], None),
        ([1, [2]], None),
        ({"row": 1}, None),
        (10**400, None),
    ],
)
def test_the_size_of_a_pixel_is_a_length_or_two(given: Any, expected: list[float] | None) -> None:
    assert spacing_of({"pixel_spacing_mm": given}) == expected


def test_the_size_of_a_pixel_comes_from_the_details_of_the_dataset(gallery: Gallery) -> None:
    assert gallery.item(GRAY)["spacing"] is None
    gallery.studio.connection.patch(f"/datasets/{NAME}", {"details": {"pixel_spacing_mm": [0.25, 0.5]}})
    assert gallery.item(GRAY)["spacing"] == [0.25, 0.5]
