"""The catalogue over HTTP: whole, paged, valid, and shown to nobody who may not see the datasets."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pyarrow.parquet as pq
import pytest
import shapely
from shapely.geometry import shape

from tests.cataloguing.validation import check
from tests.support.chips import tiff
from tests.support.published_chips import chips, publish
from triptych.core.access import Role

if TYPE_CHECKING:
    import httpx

    from tests.support.house import House, Person


@pytest.fixture
def owner(house: House) -> Person:
    person = house.person()
    publish(house.installation, house.dataset(person, "har bour", display_name="Harbour"), chips())
    return person


def follow(client: httpx.Client, href: str) -> Any:
    """What an address of a document answers."""
    parts = urlsplit(href)
    answer = client.get(f"{parts.scheme}://{parts.netloc}{parts.path}?{parts.query}")
    assert answer.status_code == 200, (href, answer.text)
    return answer


def linked(document: dict[str, Any], rel: str) -> list[str]:
    return [each["href"] for each in document["links"] if each["rel"] == rel]


def test_a_crawler_finds_every_item_from_the_root(owner: Person) -> None:
    with owner.client() as client:
        root = check(follow(client, "http://triptych.test/stac").json())
        (child,) = linked(root, "child")
        collection = check(follow(client, child).json())
        (page,) = linked(collection, "items")
        page += "?limit=2"
        keys = []
        while page:
            document = follow(client, page).json()
            assert document["numberMatched"] == 5
            for item in document["features"]:
                check(item)
                (own,) = linked(item, "self")
                assert follow(client, own).json() == item
                keys.append(item["id"])
            page = next(iter(linked(document, "next")), "")
        assert keys == [f"a/chip {number}" for number in range(5)]
        listed = follow(client, *linked(root, "data")).json()["collections"]
        assert listed == [collection]


def test_items_say_where_chips_lie_as_rasterio_says(owner: Person) -> None:
    with owner.client() as client:
        features = follow(client, "http://triptych.test/stac/collections/har%20bour/items").json()["features"]
        first, last = features[0], features[-1]
        assert first["properties"]["proj:code"] == "EPSG:32633"
        assert first["properties"]["proj:bbox"] == [500000.0, 5799360.0, 500640.0, 5800000.0]
        outline = shape(first["geometry"])
        assert outline.contains(shapely.Point(15.002, 52.348))
        assert outline.bounds == pytest.approx(first["bbox"])
        assert last["geometry"] is None
        assert last["properties"]["datetime"] is None
        assert [each["properties"]["ml-aoi:split"] for each in features] == [
            "train", "train", "train", "validate", "test",
        ]  # fmt: skip


def test_assets_are_the_files_as_they_were_uploaded(owner: Person) -> None:
    made = chips()
    with owner.client() as client:
        item = follow(client, "http://triptych.test/stac/collections/har%20bour/items?limit=1").json()[
            "features"
        ][0]
        for name, (_, data) in made[0].files.items():
            assert follow(client, item["assets"][name]["href"]).content == data
        assert follow(client, item["assets"]["thumbnail"]["href"]).headers["content-type"] == "image/jpeg"


def test_statistics_are_of_valid_samples(owner: Person) -> None:
    from tests.support.chips import reread

    made = chips()
    with owner.client() as client:
        item = follow(client, "http://triptych.test/stac/collections/har%20bour/items?limit=1").json()[
            "features"
        ][0]
    samples = reread(made[0].files["S2L2A"][1]).astype("float64")
    for band, plane in zip(item["assets"]["S2L2A"]["bands"], samples, strict=True):
        assert band["statistics"]["mean"] == pytest.approx(plane.mean(), rel=1e-9)
        assert band["statistics"]["stddev"] == pytest.approx(plane.std(), rel=1e-9)
    counted = {each["name"]: each["count"] for each in item["properties"]["label:overviews"][0]["counts"]}
    assert counted == {f"class {value}": made[0].pixels[value] for value in (0, 1)}


def test_a_version_is_a_collection_of_its_own(owner: Person) -> None:
    with owner.client() as client:
        found = check(follow(client, "http://triptych.test/stac/collections/har%20bour@1").json())
        assert found["id"] == "har bour@1"
        assert client.get("http://triptych.test/stac/collections/har%20bour@7").status_code == 404
        assert client.get("http://triptych.test/stac/collections/har%20bour/items/none").status_code == 404


def test_parquet_holds_every_item(owner: Person) -> None:
    with owner.client() as client:
        answer = client.get("/datasets/har bour/stac.parquet")
        assert answer.headers["content-type"] == "application/vnd.apache.parquet"
        table = pq.read_table(io.BytesIO(answer.content))
        rows = table.to_pylist()
        features = follow(client, "http://triptych.test/stac/collections/har%20bour/items").json()["features"]
    assert [row["id"] for row in rows] == [each["id"] for each in features]
    for row, feature in zip(rows, features, strict=True):
        if feature["geometry"] is None:
            assert row["geometry"] is None
        else:
            assert shapely.from_wkb(row["geometry"]).equals(shape(feature["geometry"]))


def test_what_may_not_be_seen_does_not_exist(house: House, owner: Person) -> None:
    with house.person().client() as stranger, house.client() as nobody:
        assert stranger.get("http://triptych.test/stac/collections/har bour").status_code == 404
        assert stranger.get("/datasets/har bour/stac.parquet").status_code == 404
        assert linked(stranger.get("http://triptych.test/stac").json(), "child") == []
        assert stranger.get("http://triptych.test/stac/collections").json()["collections"] == []
        assert nobody.get("http://triptych.test/stac").status_code == 401
        assert nobody.get("http://triptych.test/stac/collections/har bour").status_code == 404
    assert owner.token


def test_a_token_in_the_address_stays_in_the_links(house: House, owner: Person) -> None:
    with house.client() as nobody:
        href = f"http://triptych.test/stac?token={owner.token}"
        root = follow(nobody, href).json()
        (child,) = linked(root, "child")
        assert parse_qs(urlsplit(child).query)["token"] == [owner.token]
        (page,) = linked(follow(nobody, child).json(), "items")
        item = follow(nobody, page).json()["features"][0]
        for asset in item["assets"].values():
            follow(nobody, asset["href"])
        assert nobody.get("http://triptych.test/stac?token=tri_wrong").status_code == 401
    with owner.client() as client:
        assert "token" not in client.get("http://triptych.test/stac").text


def test_a_dataset_of_another_organization_is_named_by_its_id(house: House) -> None:
    away = house.person(Role.ADMINISTRATOR, organization_id=house.organization("elsewhere"))
    dataset = house.dataset(away, "shared")
    publish(house.installation, dataset, chips(1))
    house.grant(dataset, "everyone", "", "see")
    with house.person().client() as client:
        (child,) = linked(client.get("http://triptych.test/stac").json(), "child")
        assert child.endswith(f"/stac/collections/{dataset}")
        assert follow(client, child).json()["id"] == dataset


def test_what_is_no_set_of_chips_says_so(house: House) -> None:
    owner = house.person()
    house.dataset(owner, "empty")
    with owner.client() as client:
        answer = client.get("http://triptych.test/stac/collections/empty")
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "dataset_not_ready")


@pytest.mark.parametrize("query", ["limit=0", "limit=-1", "limit=x", "limit=1e9", "limit=٣"])
def test_a_limit_that_is_none_is_refused(owner: Person, query: str) -> None:
    with owner.client() as client:
        answer = client.get(f"http://triptych.test/stac/collections/har bour/items?{query}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_limit")
        answer = client.get("http://triptych.test/stac/collections/har bour/items?after=x")
        assert answer.json()["error"]["code"] == "bad_cursor"


def test_chips_with_other_bands_than_the_recipe_names_are_told_all_the_same(house: House) -> None:
    import numpy as np

    owner = house.person()
    made = chips(2)
    made[0].files["S2L2A"] = ("image", tiff(np.ones((2, 8, 8), np.uint8)))
    publish(house.installation, house.dataset(owner, "odd"), made)
    with owner.client() as client:
        features = follow(client, "http://triptych.test/stac/collections/odd/items").json()["features"]
    assert len(check(features[0])["assets"]["S2L2A"]["bands"]) == 2
