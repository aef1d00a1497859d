"""Footprints: those that meet a rectangle, also across the antimeridian, else how many lie where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from tests.api.conftest import _opened
from tests.support.chips import SIDES, Chip, scene, store, tiff
from triptych.core.zones import zone_of
from triptych.datasets import footprints
from triptych.db import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from tests.support.house import House

SMALL = tiff(scene(1, 1, 16))
RECIPE: dict[str, Any] = {
    "label_suffix": "_mask.tif",
    "data_sources": [
        {"modality_tag": "img", "file_suffix": ".tif", "bands": [{"index": 0, "band_name": "B1"}]}
    ],
}


@dataclass
class World:
    house: House
    client: httpx.Client

    def get(self, path: str, **query: Any) -> httpx.Response:
        return self.client.get(f"/datasets/{path}", params=query)

    def keys(self, bbox: str, **query: Any) -> list[str]:
        answer = self.get("world/footprints", bbox=bbox, **query)
        assert answer.status_code == 200, answer.text
        document = answer.json()
        assert document["complete"] is True
        return [feature["properties"]["key"] for feature in document["features"]]


PLACES: dict[str, tuple[float, float, float, float]] = {
    "berlin": (13.3, 52.4, 13.4, 52.5),
    "berlin_later": (13.3, 52.4, 13.4, 52.5),
    "berlin_last": (13.3, 52.4, 13.4, 52.5),
    "greenwich": (-0.05, 51.4, 0.05, 51.5),
    "equator": (20.0, -0.05, 20.1, 0.05),
    "fiji": (179.95, -17.1, -179.95, -17.0),
    "samoa": (-172.5, -13.7, -172.4, -13.6),
    "pole": (-180.0, 85.9, 180.0, 90.0),
    "gone": (13.3, 52.4, 13.4, 52.5),
}
TIMES = {"berlin": 200.0, "berlin_later": 300.0, "berlin_last": None}


def put_at(house: House, item_id: int, box: tuple[float, float, float, float]) -> None:
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    zone = zone_of(*box)
    with house.installation.database.write() as connection:
        connection.execute(
            sa.update(tables.footprints)
            .where(tables.footprints.c.place == item_id)
            .values(
                **dict(zip(SIDES, box, strict=True)), zone=zone[0], zone_level=zone[1],
                outline={"type": "Polygon", "coordinates": [ring]},
            )
        )  # fmt: skip


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def world(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[World]:
    address = request.getfixturevalue("module_postgresql_url") if request.param == "postgresql" else ""
    with _opened(tmp_path_factory.mktemp("footprints") / "home", database=address) as house:
        owner = house.person()
        dataset = house.dataset(owner, "world")
        chips = [
            Chip(
                key, {"img": ("image", SMALL)}, "train" if key.startswith("b") else "test", TIMES.get(key), "a scene",
                {0: 100, 1: 150, -1: 6} if key == "berlin" else {1: 0}, 2 if key == "gone" else 2**31 - 1,
            )
            for key in PLACES
        ]  # fmt: skip
        chips.append(Chip("nowhere", {"img": ("image", tiff(scene(2, 1, 16), crs=None))}))
        ids = store(
            house.installation, dataset, chips, recipe=RECIPE, version=2,
            classes={0: "#0072B2", 1: "#E69F00", -1: "#000000"},
        )  # fmt: skip
        for item_id, box in zip(ids, PLACES.values(), strict=False):
            put_at(house, item_id, box)
        with owner.client() as client:
            yield World(house, client)


BERLIN = ["berlin", "berlin_later", "berlin_last"]


@pytest.mark.parametrize(
    ("bbox", "keys"),
    [
        ("13.35,52.45,13.36,52.46", BERLIN),
        ("13,52,14,53", BERLIN),
        ("13.5,52.4,13.6,52.5", []),
        ("-1,51,1,52", ["greenwich"]),
        ("20.02,0.01,20.03,0.02", ["equator"]),
        ("20.02,-0.02,20.03,-0.01", ["equator"]),
        ("179.96,-18,179.97,-16", ["fiji"]),
        ("-179.96,-18,-179.955,-16", ["fiji"]),
        ("170,-20,-170,-10", ["fiji", "samoa"]),
        ("170,-20,190,-10", ["fiji", "samoa"]),
        ("-190,-20,-170,-10", ["fiji", "samoa"]),
        ("179,-17.05,179.9,-17.04", []),
        ("-30,86,30,89", ["pole"]),
        ("-180,-90,180,90", [*BERLIN, "greenwich", "equator", "fiji", "samoa", "pole"]),
        ("-400,-90,400,90", None),
        ("100,-90,-100,90", ["fiji", "samoa", "pole"]),
    ],
)
def test_what_meets_a_rectangle(world: World, bbox: str, keys: list[str] | None) -> None:
    if keys is None:
        assert world.get("world/footprints", bbox=bbox).json()["error"]["code"] == "bad_bbox"
        return
    assert world.keys(bbox) == keys


@pytest.mark.parametrize("bbox", ["", "1,2,3", "1,2,3,x", "0,10,1,9", "0,-91,1,0", "nan,0,1,1", "0,0,inf,1"])
def test_what_is_no_rectangle_is_told(world: World, bbox: str) -> None:
    answer = world.get("world/footprints", bbox=bbox)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_bbox")


def test_a_feature_is_geojson_with_what_a_map_shows(world: World) -> None:
    document = world.get("world/footprints", bbox="13,52,14,53", color="class").json()
    assert document["type"] == "FeatureCollection"
    feature = document["features"][0]
    assert feature["type"] == "Feature"
    assert feature["bbox"] == [13.3, 52.4, 13.4, 52.5]
    assert feature["geometry"]["type"] == "Polygon"
    properties = feature["properties"]
    assert properties["thumbnail"].endswith(f"/thumbnails/{properties['sha256']}")
    assert {name: properties[name] for name in ("key", "part", "time", "scene", "class", "color")} == {
        "key": "berlin", "part": "train", "time": 200.0, "scene": "a scene", "class": "class 1", "color": "#E69F00",
    }  # fmt: skip
    assert document["features"][1]["properties"]["class"] is None, "no pixel of it is of the class"


def test_filters_hold_on_the_map(world: World) -> None:
    everywhere = "-180,-90,180,90"
    assert world.keys(everywhere, part="train") == BERLIN
    assert world.keys(everywhere, search="later") == ["berlin_later"]
    assert world.keys(everywhere, **{"class": "mask:class 0"}) == ["berlin"]
    assert world.keys(everywhere, part="validation") == []


def test_an_older_version_has_its_own_items(world: World) -> None:
    assert "gone" not in world.keys("13,52,14,53")
    with world.house.installation.database.write() as connection:
        old = connection.execute(sa.select(tables.versions)).mappings().first()
        assert old is not None
        connection.execute(sa.insert(tables.versions).values({**old, "number": 1}))
    answer = world.get("world@1/footprints", bbox="13,52,14,53").json()
    assert [feature["properties"]["key"] for feature in answer["features"]] == [*BERLIN, "gone"]


def test_beyond_the_limit_clusters_tell_how_many_lie_where(world: World) -> None:
    document = world.get("world/footprints", limit=3).json()
    assert (document["complete"], document["features"]) == (False, [])
    clusters = sorted(document["clusters"], key=lambda cluster: cluster["items"])
    assert sum(cluster["items"] for cluster in clusters) == 8
    # Greenwich lies on the edge of two squares; its middle lies in Berlin's.
    assert clusters[-1] == {"items": 4, "bbox": [-0.05, 51.4, 13.4, 52.5]}
    assert {"items": 1, "bbox": [179.95, -17.1, -179.95, -17.0]} in clusters
    few = world.get("world/footprints", limit=2, part="train").json()
    assert few["clusters"] == [{"items": 3, "bbox": [13.3, 52.4, 13.4, 52.5]}]
    assert world.get("world/footprints", limit=8).json()["complete"] is True


def test_the_extent_tells_where_everything_lies(world: World) -> None:
    found = world.get("world/footprints/extent").json()
    assert (found["placed"], found["unplaced"]) == (8, 1)
    assert (found["first"], found["last"]) == (200.0, 300.0)
    assert found["bounds"] == {"west": -180, "south": -17.1, "east": 180, "north": 90}


def test_an_extent_across_the_antimeridian_is_narrow(world: World) -> None:
    house = world.house
    owner = house.person()
    dataset = house.dataset(owner, "islands")
    files = [tiff(scene(seed, 1, 16), crs="EPSG:4326", origin=(0, 0), resolution=0.01) for seed in range(3)]
    chips = [Chip(str(seed), {"img": ("image", data)}) for seed, data in enumerate(files)]
    ids = store(house.installation, dataset, chips, recipe=RECIPE)
    for item_id, key in zip(ids, ("fiji", "samoa", "samoa"), strict=True):
        put_at(house, item_id, PLACES[key])
    with owner.client() as client:
        bounds = client.get(f"/datasets/{dataset}/footprints/extent").json()["bounds"]
    assert bounds == pytest.approx({"west": 179.95, "south": -17.1, "east": -172.4, "north": -13.6})


def test_an_item_tells_what_else_shows_the_same_ground(world: World) -> None:
    found = world.get("world/item", key="berlin_later").json()["same_ground"]
    assert found == [
        {"key": "berlin", "time": 200.0, "part": "train"},
        {"key": "berlin_last", "time": None, "part": "train"},
    ]
    assert world.get("world/item", key="samoa").json()["same_ground"] == []


def test_a_planar_dataset_lies_nowhere(world: World) -> None:
    house = world.house
    owner = house.person()
    dataset = house.dataset(owner, "waiting")
    with owner.client() as client:
        answer = client.get(f"/datasets/{dataset}/footprints")
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "dataset_not_ready")


def test_items_on_the_edges_of_squares_are_told_with_those_of_their_square(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = world.house
    owner = house.person()
    dataset = house.dataset(owner, "rows")
    file = tiff(scene(77, 1, 16))
    chips = [Chip(f"{number:02}", {"img": ("image", file)}) for number in range(40)]
    for number, item_id in enumerate(store(house.installation, dataset, chips, recipe=RECIPE)):
        # Two rows of twenty, the second on the equator, an edge of squares of every level.
        west, south = 0.01 + number % 20 * 0.1, (0.5, -0.04)[number // 20]
        put_at(house, item_id, (west, south, west + 0.08, south + 0.08))
    with owner.client() as client:
        found = client.get(f"/datasets/{dataset}/footprints", params={"limit": 5}).json()["clusters"]
        assert sum(cluster["items"] for cluster in found) == 40
        assert len(found) < 8
        assert min(cluster["items"] for cluster in found) > 2
        monkeypatch.setattr(footprints, "MOST_ON_EDGES", 7)
        rest = client.get(f"/datasets/{dataset}/footprints", params={"limit": 5}).json()["clusters"]
        assert sum(cluster["items"] for cluster in rest) == 40
