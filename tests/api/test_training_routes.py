"""Configurations over HTTP rest on the train part alone, and the archive is what they say."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import yaml

from tests.support.chips import RECIPE, reread
from tests.support.published_chips import chips, publish
from tests.tuning.test_terratorch import validator

if TYPE_CHECKING:
    from tests.support.house import House, Person


@pytest.fixture
def owner(house: House) -> Person:
    person = house.person()
    publish(house.installation, house.dataset(person, "harbour"), chips())
    return person


def samples(name: str) -> Any:
    """All samples of a source in the train part: (bands, pixels)."""
    train = [chip for chip in chips() if chip.part == "train"]
    planes = [reread(chip.files[name][1]).astype(np.float64) for chip in train]
    return np.concatenate([each.reshape(len(each), -1) for each in planes], axis=1)


def test_means_and_deviations_are_those_of_the_train_part_once_scaled(owner: Person) -> None:
    with owner.client() as client:
        document = client.get("/datasets/harbour/training.json").json()
    given = document["data"]["init_args"]
    assert document["items"] == {"train": 3, "validation": 1, "test": 1}
    for name, scale in (("S2L2A", 0.0001), ("S1", 1.0)):
        values = samples(name) * scale
        assert given["constant_scale"][name] == scale
        assert given["means"][name] == pytest.approx(list(values.mean(axis=1)), rel=1e-9)
        assert given["stds"][name] == pytest.approx(list(values.std(axis=1)), rel=1e-9)
    assert given["num_classes"] == 2  # -1 is no class
    assert document["model"]["init_args"]["ignore_index"] == -1


def test_yaml_python_and_json_say_the_same(owner: Person) -> None:
    with owner.client() as client:
        document = client.get("/datasets/harbour/training.json").json()
        text = client.get("/datasets/harbour/training.yaml")
        code = client.get("/datasets/harbour/training.py").text
    read = yaml.safe_load(text.text)
    validator().validate(read)
    assert text.headers["content-type"].startswith("application/yaml")
    assert {"data": document["data"], "model": document["model"]} == read
    names: dict[str, Any] = {}
    assigned = code[code.index("DATA =") : code.index('"""Of the task')]
    exec(compile(assigned, "training.py", "exec"), names)
    assert names["DATA"] == document["data"]["init_args"]


def test_weights_are_written_where_they_are_asked_for(owner: Person) -> None:
    with owner.client() as client:
        plain = client.get("/datasets/harbour/training.json").json()
        weighted = client.get(
            "/datasets/harbour/training.json", params={"weights": "inverse_frequency"}
        ).json()
        bad = client.get("/datasets/harbour/training.json", params={"weights": "much"})
    assert "class_weights" not in plain["model"]["init_args"]
    train = [chip for chip in chips() if chip.part == "train"]
    counts = [sum(chip.pixels[value] for chip in train) for value in (0, 1)]
    weights = weighted["model"]["init_args"]["class_weights"]
    assert weights[0] / weights[1] == pytest.approx(counts[1] / counts[0])
    assert bad.status_code == 422


def test_the_archive_holds_what_the_configuration_names(owner: Person) -> None:
    with owner.client() as client:
        answer = client.get("/datasets/harbour/training.zip")
        again = client.get("/datasets/harbour/training.zip")
        lists = client.get("/datasets/harbour/training.zip", params={"files": "false"})
    assert answer.content == again.content
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        document = json.loads(archive.read("training.json"))
        given = yaml.safe_load(archive.read("config.yaml"))["data"]["init_args"]
        names = archive.read(given["train_split"]).decode().splitlines()
        assert names == ["a__chip 0.tif", "a__chip 1.tif", "a__chip 2.tif"]
        for chip in chips():
            for layer, folder in (("S2L2A", "S2L2A"), ("S1", "S1"), ("mask", "labels")):
                path = f"{document['layout']['folders'][folder]}/{chip.key.replace('/', '__')}.tif"
                assert archive.read(path) == chip.files[layer][1]
    with zipfile.ZipFile(io.BytesIO(lists.content)) as archive:
        assert not [name for name in archive.namelist() if name.endswith(".tif")]


def test_a_single_source_keeps_the_names_of_its_files(house: House) -> None:
    owner = house.person()
    recipe = {**RECIPE, "data_sources": RECIPE["data_sources"][:1]}
    made = chips()
    for chip in made:
        del chip.files["S1"]
    del made[0].files["mask"]  # an image without a label
    publish(house.installation, house.dataset(owner, "one"), made, recipe=recipe)
    with owner.client() as client:
        answer = client.get("/datasets/one/training.zip", params={"files": "false", "root": "/mnt/d"})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        given = yaml.safe_load(archive.read("config.yaml"))["data"]["init_args"]
        assert given["train_data_root"] == "/mnt/d/S2L2A"
        (member,) = [name for name in archive.namelist() if name.endswith("train_data.txt")]
        names = archive.read(member).decode().splitlines()
    assert names == [
        "a__chip 1_img.tif", "a__chip 1_mask.tif", "a__chip 2_img.tif", "a__chip 2_mask.tif",
    ]  # fmt: skip


def test_files_are_for_those_who_may_export(house: House, owner: Person) -> None:
    with owner.client() as client:
        dataset = client.get("/datasets/harbour").json()["id"]
    viewer = house.person()
    house.grant(dataset, "user", viewer.user_id, "see")
    with viewer.client() as client:
        assert client.get(f"/datasets/{dataset}/training.yaml").status_code == 200
        assert client.get(f"/datasets/{dataset}/training.zip").status_code == 403


def test_what_has_no_recipe_has_no_configuration(house: House) -> None:
    owner = house.person()
    publish(house.installation, house.dataset(owner, "plain"), chips(2), recipe=None)
    with owner.client() as client:
        answer = client.get("/datasets/plain/training.json")
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "no_recipe")
        assert client.get("/datasets/plain@9/training.json").status_code in (404, 422)
