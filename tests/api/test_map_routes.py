"""Tiles of the map show what GDAL's own warper shows; many chips have stand-ins; tokens open them from elsewhere."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import morecantile
import numpy as np
import pytest
from affine import Affine
from PIL import Image
from rasterio.enums import Resampling
from rasterio.io import MemoryFile
from rasterio.vrt import WarpedVRT
from rasterio.warp import transform

from tests.api.conftest import _opened
from tests.support.chips import Chip, scene, store, tiff
from triptych.api import map_routes
from triptych.api.map_grid import deepest_zoom
from triptych.api.map_routes import RenderedTiles

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx
    from numpy.typing import NDArray

    from tests.support.house import House, Person

NODATA = -9999
PLAIN: dict[str, Any] = {
    "purpose": "Segmentation",
    "label_suffix": "_mask.tif",
    "data_sources": [
        {"modality_tag": "img", "file_suffix": "_img.tif", "bands": [{"index": 0, "band_name": "B1"}]}
    ],
}


def holed(seed: int) -> NDArray[Any]:
    samples = scene(seed, 1, 96)
    samples[:, 30:50, 10:60] = NODATA
    return samples


MASK = (np.indices((1, 96, 96))[2] // 24).astype(np.uint8)
FILES = {
    "utm": tiff(holed(1), nodata=NODATA),
    "degrees": tiff(scene(2, 1, 96), crs="EPSG:4326", origin=(15.02, 52.36), resolution=0.0001),
    "rotated": b"",
    "dateline": tiff(scene(3, 1, 64), crs="EPSG:32601", origin=(250_000, 7_000_000), resolution=4000),
    "north": tiff(scene(4, 1, 64), crs="EPSG:3995", origin=(-320_000, 320_000), resolution=10_000),
    "homeless": tiff(scene(5, 1, 32), crs=None),
    "mask": tiff(MASK),
    "large": tiff(scene(6, 1, 1500), origin=(700_000, 5_800_000), tiled=True),
}


def _rotated() -> bytes:
    turned = Affine(8, 3, 505_000, 2, -9, 5_799_000)
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff", width=80, height=70, count=1, dtype="int16", crs="EPSG:32633", transform=turned
        ) as target:
            target.write(scene(8, 1, 80)[:, :70])
        return bytes(memory.read())


FILES["rotated"] = _rotated()


@dataclass
class World:
    house: House
    owner: Person
    client: httpx.Client

    def get(self, path: str, **query: Any) -> httpx.Response:
        return self.client.get(f"/datasets/{path}", params=query)

    def tile(self, dataset: str, at: str, grid: str = "WebMercatorQuad", **query: Any) -> NDArray[Any]:
        answer = self.get(f"{dataset}/map/{grid}/{at}", **query)
        assert answer.status_code == 200, answer.text
        with Image.open(io.BytesIO(answer.content)) as image:
            assert image.size == (256, 256)
            return np.asarray(image.convert("RGBA"))

    def refused(self, path: str, **query: Any) -> tuple[int, str]:
        answer = self.get(path, **query)
        return answer.status_code, answer.json()["error"]["code"]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with _opened(tmp_path_factory.mktemp("map") / "home") as house:
        owner = house.person()
        for name in FILES.keys() - {"mask"}:
            layers = {"img": ("image", FILES[name])}
            if name == "utm":
                layers["mask"] = ("label", FILES["mask"])
            store(
                house.installation,
                house.dataset(owner, name),
                [Chip("a", layers)],
                recipe=PLAIN,
                classes={0: "#0072B2", 1: "#E69F00", 2: "#009E73", -1: "#000000"},
            )
        with owner.client() as client:
            yield World(house, owner, client)


def expected(
    data: bytes, tile: morecantile.Tile, grid: str = "WebMercatorQuad"
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Samples and validity of a tile by rasterio's WarpedVRT, nearest sample."""
    matrix = morecantile.tms.get(grid)
    bounds = matrix.xy_bounds(tile)
    side = (bounds.right - bounds.left) / 256
    with (
        MemoryFile(data) as memory,
        memory.open() as opened,
        WarpedVRT(
            opened,
            crs=matrix.rasterio_crs,
            transform=Affine(side, 0, bounds.left, 0, -side, bounds.top),
            width=256,
            height=256,
            resampling=Resampling.nearest,
            add_alpha=opened.nodata is None,
        ) as warped,
    ):
        seen = warped.read(1) != opened.nodata if opened.nodata is not None else warped.read(2) != 0
        return warped.read(1), seen


def at(tile: morecantile.Tile) -> str:
    return f"{tile.z}/{tile.x}/{tile.y}"


def tile_over(data: bytes, zoom: int, grid: str = "WebMercatorQuad") -> morecantile.Tile:
    with MemoryFile(data) as memory, memory.open() as opened:
        middle = opened.transform @ (opened.width / 2, opened.height / 2)
        (longitude,), (latitude,) = transform(opened.crs, "EPSG:4326", [middle[0]], [middle[1]])
    return morecantile.tms.get(grid).tile(longitude, latitude, zoom)


CASES = [
    (name, zoom, grid)
    for name in ("utm", "degrees", "rotated")
    for zoom, grid in (
        (13, "WebMercatorQuad"),
        (15, "WebMercatorQuad"),
        (18, "WebMercatorQuad"),
        (13, "WGS1984Quad"),
    )
] + [
    ("utm", 11, "EuropeanETRS89_LAEAQuad"),
    ("north", 4, "UPSArcticWGS84Quad"),
    ("dateline", 9, "WebMercatorQuad"),
]


@pytest.mark.parametrize(("name", "zoom", "grid"), CASES)
def test_a_tile_is_what_gdal_shows(world: World, name: str, zoom: int, grid: str) -> None:
    if name == "north":
        tile = morecantile.tms.get(grid).tile(30, 89, zoom)
    elif name == "dateline":
        tile = morecantile.tms.get(grid).tile(-179.9, 62.0, zoom)
    else:
        tile = tile_over(FILES[name], zoom, grid)
    samples, valid = expected(FILES[name], tile, grid)
    assert valid.any(), "the tile shows nothing of the chip"
    shown = world.tile(name, at(tile), grid, low="0", high="2550")
    assert np.mean((shown[..., 3] > 0) != valid) < 0.002
    both = valid & (shown[..., 3] > 0)
    wanted = np.clip(samples[both] / 10, 0, 255)
    assert np.mean(np.abs(shown[both][:, 0].astype(float) - wanted) > 1.01) < 0.004


def test_the_corner_of_a_chip_lies_where_it_is(world: World) -> None:
    """A chip of one bright pixel in its corner, seen so near that a pixel is 100 of the tile."""
    samples = np.zeros((1, 4, 4), np.uint8) + 10
    samples[0, 0, 0] = 200
    house = world.house
    data = tiff(samples, crs="EPSG:3857", origin=(1_000_000, 6_000_000), resolution=100)
    store(
        house.installation,
        house.dataset(world.owner, "corner"),
        [Chip("a", {"img": ("image", data)})],
        recipe=PLAIN,
    )
    matrix = morecantile.tms.get("WebMercatorQuad")
    longitude, latitude = matrix.lnglat(1_000_001, 5_999_999)
    tile = matrix.tile(longitude, latitude, 18)
    bounds = matrix.xy_bounds(tile)
    side = (bounds.right - bounds.left) / 256
    shown = world.tile("corner", at(tile), low="0", high="255")
    column, row = round((1_000_000 - bounds.left) / side), round((bounds.top - 6_000_000) / side)
    assert shown[row, column].tolist() == [200, 200, 200, 255]
    assert shown[row - 1, column, 3] == 0
    assert shown[row, column - 1, 3] == 0
    edge = round((1_000_100 - bounds.left) / side)
    if edge < 256:
        assert shown[row, edge - 1, 0] == 200
        assert shown[row, edge, 0] == 10


def test_labels_have_the_colours_of_their_classes(world: World) -> None:
    tile = tile_over(FILES["utm"], 15)
    samples, _ = expected(FILES["mask"], tile)
    shown = world.tile("utm", at(tile), label="1")
    colors = {0: (0, 0x72, 0xB2), 1: (0xE6, 0x9F, 0), 2: (0, 0x9E, 0x73)}
    for value, color in colors.items():
        here = shown[(samples == value) & (shown[..., 3] > 0)]
        assert len(here) > 100 or value == 0
        assert np.mean((here[:, :3] == color).all(axis=1)) > 0.99
    assert not shown[samples == 3][:, 3].any(), "no class is called 3"
    one = world.tile("utm", at(tile), label="1", classes="1")
    assert {tuple(color) for color in one[one[..., 3] > 0][:, :3].tolist()} == {colors[1]}


def test_a_large_scene_is_thinned_by_means(world: World) -> None:
    tile = tile_over(FILES["large"], 10)
    shown = world.tile("large", at(tile), low="0", high="51000")
    assert (shown[..., 3] > 0).sum() > 1000
    inside = shown[shown[..., 3] > 0][:, 0].astype(float) * 200
    samples, valid = expected(FILES["large"], tile)
    assert inside.mean() == pytest.approx(float(samples[valid].mean()), rel=0.02)


def test_the_first_chip_lies_on_top(world: World) -> None:
    house = world.house
    low, high = np.full((1, 32, 32), 10, np.uint8), np.full((1, 32, 32), 250, np.uint8)
    low[:, :16] = 0
    chips = [
        Chip("a", {"img": ("image", tiff(low, nodata=0))}),
        Chip("b", {"img": ("image", tiff(high))}),
    ]
    store(house.installation, house.dataset(world.owner, "two"), chips, recipe=PLAIN)
    tile = tile_over(tiff(low), 16)
    shown = world.tile("two", at(tile), low="0", high="255")
    _, upper = expected(tiff(low, nodata=0), tile)
    _, lower = expected(tiff(high), tile)
    assert 0 < upper.sum() < lower.sum()
    wanted = np.where(upper, 10, np.where(lower, 250, 0))
    assert np.mean(shown[..., 0] != wanted) < 0.004


def _field(house: House, owner: Person, name: str, across: int, down: int) -> str:
    """Chips of 160 m side by side."""
    chips = []
    for row in range(down):
        for column in range(across):
            origin = 500_000 + 160 * column, 5_800_000 - 160 * row
            data = tiff(scene(row * across + column, 1, 16), origin=origin)
            chips.append(Chip(f"{row}-{column}", {"img": ("image", data)}))
    dataset = house.dataset(owner, name)
    store(house.installation, dataset, chips, recipe=PLAIN)
    return dataset


def test_many_chips_have_thumbnails_and_more_have_outlines(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = _field(world.house, world.owner, "field", 6, 5)
    tile = morecantile.tms.get("WebMercatorQuad").tile(15.007, 52.347, 13)
    thumbnails = world.tile(dataset, at(tile))
    covered = thumbnails[..., 3] > 0
    assert covered.sum() > 400
    assert np.ptp(thumbnails[covered][:, 0]) > 100, "thumbnails show the chips"
    monkeypatch.setattr(map_routes, "MOST_THUMBNAILS", 20)
    monkeypatch.setattr(map_routes, "TILES", RenderedTiles())
    outlines = world.tile(dataset, at(tile))
    assert {tuple(color) for color in outlines[outlines[..., 3] == 255][:, :3].tolist()} == {(0, 114, 178)}
    both = (outlines[..., 3] > 0) & covered
    assert both.sum() > 0.8 * covered.sum(), "they lie in the same place"
    monkeypatch.setattr(map_routes, "MOST_OUTLINES", 10)
    monkeypatch.setattr(map_routes, "TILES", RenderedTiles())
    clusters = world.tile(dataset, at(tile))
    assert ((clusters[..., 3] > 0) & covered).sum() > 0.8 * covered.sum()
    near = morecantile.tms.get("WebMercatorQuad").tile(15.007, 52.347, 16)
    monkeypatch.setattr(map_routes, "TILES", RenderedTiles())
    monkeypatch.setattr(map_routes, "MOST_OUTLINES", 2000)
    assert (world.tile(dataset, at(near), low="0", high="3000")[..., 3] > 0).sum() > 1000


def test_a_tile_is_kept_and_its_address_lasts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    tile = tile_over(FILES["utm"], 14)
    document = world.get("utm/map/WebMercatorQuad/tilejson.json", bands="0").json()
    (template,) = document["tiles"]
    assert "/map/WebMercatorQuad/{z}/{x}/{y}.png?" in template
    address = template.format(z=tile.z, x=tile.x, y=tile.y)
    path = address.split("/api/v1", 1)[1]
    answer = world.client.get(path)
    assert "immutable" in answer.headers["cache-control"]
    assert world.get(f"utm/map/WebMercatorQuad/{at(tile)}").headers["cache-control"] == "private, no-cache"
    again = world.client.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")

    def unexpected(*_: object) -> None:
        raise AssertionError("painted twice")

    monkeypatch.setattr(map_routes, "laid_on", unexpected)
    assert world.client.get(path).content == answer.content


def test_rendered_tiles_are_held_up_to_a_limit() -> None:
    held = RenderedTiles(limit=10)
    held.keep("a", b"12345")
    held.keep("b", b"1234")
    assert held.get("a") == b"12345"
    held.keep("c", b"12")
    assert (held.get("a"), held.get("b"), held.get("c")) == (b"12345", None, b"12")
    held.keep("d", b"x" * 11)
    assert held.get("d") is None


def test_tilejson_tells_where_the_chips_are(world: World) -> None:
    document = world.get("utm/map/WebMercatorQuad/tilejson.json").json()
    assert document["tilejson"] == "3.0.0"
    west, south, east, north = document["bounds"]
    assert west == pytest.approx(15, abs=1e-4)
    assert 52.3 < south < north < 52.4
    assert west < east < 15.02
    assert 13 <= document["maxzoom"] <= 15, "10 m are shown in full"
    assert document["minzoom"] == 0
    crossing = world.get("dateline/map/WebMercatorQuad/tilejson.json").json()
    assert crossing["bounds"][0] == -180
    assert crossing["bounds"][2] == 180
    nowhere = world.get("homeless/map/WebMercatorQuad/tilejson.json").json()
    assert nowhere["bounds"] == [-180, -90, 180, 90]
    assert (world.tile("homeless", "0/0/0")[..., 3] == 0).all()


@pytest.mark.parametrize(
    ("path", "query", "error"),
    [
        ("Nothing/0/0/0", {}, (404, "no_such_grid")),
        ("Nothing/tilejson.json", {}, (404, "no_such_grid")),
        ("WebMercatorQuad/0/1/0", {}, (404, "no_such_tile")),
        ("WebMercatorQuad/99/0/0", {}, (404, "no_such_tile")),
        ("WebMercatorQuad/0/0/x", {}, (404, "no_such_tile")),
        ("WebMercatorQuad/0/0/0.gif", {}, (404, "no_such_tile")),
        ("WebMercatorQuad/0/0/0", {"colormap": "none"}, (422, "bad_colormap")),
        ("WebMercatorQuad/13/4437/2693", {"bands": "7"}, (422, "bad_bands")),
        ("WebMercatorQuad/13/4437/2693", {"expression": "B7"}, (422, "bad_expression")),
    ],
)
def test_what_cannot_be_shown_is_told(
    world: World, path: str, query: dict[str, str], error: tuple[int, str]
) -> None:
    assert world.refused(f"utm/map/{path}", **query) == error


def test_formats_follow_the_ending(world: World) -> None:
    tile = at(tile_over(FILES["utm"], 14))
    for ending, media in (("", "png"), (".png", "png"), (".webp", "webp"), (".jpg", "jpeg")):
        answer = world.get(f"utm/map/WebMercatorQuad/{tile}{ending}")
        assert answer.headers["content-type"] == f"image/{media}"


def test_a_token_in_the_address_opens_tiles_and_nothing_else(world: World) -> None:
    token = world.owner.token
    with world.house.client() as nobody:
        tile = f"/datasets/utm/map/WebMercatorQuad/{at(tile_over(FILES['utm'], 14))}"
        assert nobody.get(tile).status_code == 404
        answer = nobody.get(tile, params={"token": token})
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert nobody.get(tile, params={"token": "wrong"}).json()["error"]["code"] == "bad_token"
        assert nobody.get("/datasets", params={"token": token}).status_code == 401
        assert nobody.delete("/datasets/utm", params={"token": token}).status_code in (401, 404)
        document = nobody.get(
            "/datasets/utm/map/WebMercatorQuad/tilejson.json", params={"token": token}
        ).json()
        assert document["tiles"][0].endswith(f"&token={token}")
        asked = nobody.request("OPTIONS", tile, headers={"Origin": "https://maps.example"})
        assert asked.status_code == 204
        assert asked.headers["access-control-allow-headers"] == "Authorization"


def test_a_session_opens_tiles_for_its_own_pages_alone(world: World) -> None:
    from tests.support.house import PASSWORD

    with world.house.client() as browser:
        signed = browser.post("/session", json={"email": world.owner.email, "password": PASSWORD})
        assert signed.status_code < 300, signed.text
        answer = browser.get(f"/datasets/utm/map/WebMercatorQuad/{at(tile_over(FILES['utm'], 14))}")
        assert answer.status_code == 200
        assert "access-control-allow-origin" not in answer.headers
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"


def test_zooms_follow_the_resolution() -> None:
    assert deepest_zoom("WebMercatorQuad", 10.0, 0.0) == 14
    assert deepest_zoom("WebMercatorQuad", 0.3, 60.0) in (18, 19)
    assert deepest_zoom("WebMercatorQuad", None, 0.0) == 14
    assert deepest_zoom("WGS1984Quad", 10.0, 0.0) == 13
