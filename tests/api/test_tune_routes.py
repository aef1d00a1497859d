"""Tunes: drafts of what a model is to be trained on, kept with the rights of their dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
import yaml

from tests.support.published_chips import chips, publish
from tests.tuning.test_terratorch import validator
from triptych.datasets.disposal import purge_dataset
from triptych.db import tables

if TYPE_CHECKING:
    import httpx

    from tests.support.house import House, Person

TUNE = {
    "name": "harbour-1",
    "description": "Water",
    "dataset": "harbour",
    "base_model": "terramind_v1_base",
    "template": "multimodal_segmentation",
    "parameters": {"runner": {"max_epochs": 3}},
}


@pytest.fixture
def owner(any_house: House) -> Person:
    person = any_house.person()
    publish(any_house.installation, any_house.dataset(person, "harbour"), chips())
    return person


def make(client: httpx.Client, **change: Any) -> dict[str, Any]:
    answer = client.post("/tunes", json={**TUNE, **change})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


@pytest.mark.checklist("G-14")
def test_a_tune_is_saved_as_a_draft_and_is_a_configuration(owner: Person) -> None:
    with owner.client() as client:
        tune = make(client)
        assert (tune["state"], tune["task"], tune["version"]) == ("Draft", "Segmentation", 1)
        assert tune["dataset"]["name"] == "harbour"
        assert tune["settings"]["runner"]["max_epochs"] == 3
        assert tune["settings"]["data"]["batch_size"] == 4
        assert client.get(f"/tunes/{tune['id']}").json() == tune
        answer = client.get(f"/tunes/{tune['id']}/configuration.yaml")
    read = yaml.safe_load(answer.text)
    validator().validate(read)
    assert read["trainer"]["max_epochs"] == 3
    assert read["model"]["init_args"]["model_args"]["backbone"] == "terramind_v1_base"
    assert 'filename="harbour-1.yaml"' in answer.headers["content-disposition"]


def test_tunes_are_listed_newest_first_in_pages(owner: Person) -> None:
    with owner.client() as client:
        for number in range(3):
            make(client, name=f"tune-{number}")
        first = client.get("/tunes", params={"limit": 2}).json()
        second = client.get("/tunes", params={"limit": 2, "after": first["next"]}).json()
        of_dataset = client.get("/tunes", params={"dataset": "harbour"}).json()
        assert client.get("/tunes", params={"dataset": "none"}).status_code == 404
    assert [each["name"] for each in first["items"] + second["items"]] == ["tune-2", "tune-1", "tune-0"]
    assert second["next"] is None
    assert len(of_dataset["items"]) == 3


def test_a_tune_is_changed_checked_and_deleted(owner: Person) -> None:
    with owner.client() as client:
        tune = make(client)
        make(client, name="harbour-2")
        path = f"/tunes/{tune['id']}"
        changed = client.patch(path, json={"parameters": {"optimizer": {"lr": 0.001}}}).json()
        assert changed["settings"]["optimizer"]["lr"] == 0.001
        assert changed["settings"]["runner"]["max_epochs"] == 10
        assert changed["description"] == "Water"
        for body, status, code in (
            ({"name": "harbour-2"}, 409, "name_taken"),
            ({"name": "Harbour"}, 422, "bad_tune_name"),
            ({"template": "base_regression"}, 422, "template_does_not_fit"),
            ({"parameters": {"optimizer": {"lr": -1}}}, 422, "bad_parameters"),
            ({"parameters": {"optimizer": 3}}, 422, "bad_fields"),
            ({"state": "Finished"}, 422, "bad_fields"),
        ):
            answer = client.patch(path, json=body)
            assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), body
        assert client.delete(path).status_code == 204
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"dataset": "nowhere"}, 404, "dataset_not_found"),
        ({"dataset": "harbour@9"}, 404, "version_not_found"),
        ({"base_model": "gpt"}, 422, "unknown_base_model"),
        ({"base_model": "timm_resnet50"}, 422, "template_does_not_fit"),
        ({"template": "base_segmentation"}, 422, "template_does_not_fit"),
        ({"name": "x"}, 422, "bad_tune_name"),
        ({"parameters": {"decode_head": {"decoder": "../../x"}}}, 422, "bad_parameters"),
    ],
)
def test_a_tune_that_cannot_be_is_not_saved(
    owner: Person, change: dict[str, Any], status: int, code: str
) -> None:
    with owner.client() as client:
        answer = client.post("/tunes", json={**TUNE, **change})
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
        assert client.get("/tunes").json()["items"] == []


def test_a_tune_has_the_rights_of_its_dataset(any_house: House, owner: Person) -> None:
    with owner.client() as client:
        tune = make(client)
    viewer, stranger = any_house.person(), any_house.person()
    any_house.grant(tune["dataset"]["id"], "user", viewer.user_id, "see")
    path = f"/tunes/{tune['id']}"
    with viewer.client() as client:
        assert client.get(f"{path}/configuration.yaml").status_code == 200
        assert client.delete(path).status_code == 403
        assert client.post("/tunes", json={**TUNE, "name": "mine"}).status_code == 403
        assert len(client.get("/tunes").json()["items"]) == 1
    with stranger.client() as client:
        assert client.get(path).status_code == 404
        assert client.delete(path).status_code == 404
        assert client.post("/tunes", json={**TUNE, "name": "mine"}).status_code == 404
        assert client.get("/tunes").json()["items"] == []


def test_a_dataset_takes_its_tunes_with_it(any_house: House, owner: Person) -> None:
    installation = any_house.installation
    with owner.client() as client:
        tune = make(client)
        assert client.get("/datasets/harbour").json()["tunes"] == 1
    purge_dataset(installation.database, installation.objects, tune["dataset"]["id"])
    with installation.database.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.tunes)) == 0


def test_templates_and_models_are_what_the_form_needs(owner: Person) -> None:
    with owner.client() as client:
        templates = client.get("/tune-templates").json()
        models = client.get("/base-models").json()
    assert {"base_segmentation", "base_regression"} <= {each["id"] for each in templates}
    categories = {each["model_category"] for each in models}
    assert categories == {category for each in templates for category in each["model_categories"]}
    assert all(each["schema"]["properties"] and each["tabs"] and each["defaults"] for each in templates)


def test_collections_are_those_of_the_registry(owner: Person) -> None:
    with owner.client() as client:
        found = client.get("/collections").json()
    (sentinel,) = [
        each for each in found if each["connector"] == "sentinelhub" and each["collection"] == "s2_l2a"
    ]
    assert sentinel["modality_tag"] == "S2L2A"
    red = next(band for band in sentinel["bands"] if band["name"] == "B04")
    assert (red["color"], red["wavelength"], red["resolution"]) == ("R", 664.6, 10.0)
