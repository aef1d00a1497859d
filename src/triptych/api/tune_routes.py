"""Tunes, their templates and base models. FastAPI reads these annotations at run time."""

from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import PlainTextResponse

from triptych.api.access_things import THINGS, visible_datasets
from triptych.api.dependencies import Access, database_of, needs, not_allowed, not_found, signed_in
from triptych.api.documents import Cursor, Limit, Page, decode_cursor, encode_cursor
from triptych.core.access import Action
from triptych.core.errors import Conflict, NotFound
from triptych.datasets.repository import get_dataset, get_version
from triptych.people.repository import names_of
from triptych.tuning.base_models import base_models, find_base_model
from triptych.tuning.configuration import tune_configuration
from triptych.tuning.reading import training_facts
from triptych.tuning.templates import TEMPLATES, find_template, settings_of
from triptych.tuning.texts import configuration_yaml
from triptych.tuning.tunes import Tune, add_tune, change_tune, remove_tune, tune_page

router = APIRouter(tags=["tunes"])

SignedIn = Annotated[Access, signed_in()]
See = Annotated[Access, needs(Action.SEE, on="tune")]
Edit = Annotated[Access, needs(Action.EDIT, on="tune")]

Parameters = dict[str, dict[str, Any]]


class TuneBody(BaseModel):
    """What a tune is to be. `parameters` are those that differ from the template's defaults, by group."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "name": "harbour-water",
                "description": "Water in the harbour",
                "dataset": "harbour",
                "base_model": "prithvi_eo_v2_300",
                "template": "base_segmentation",
                "parameters": {"runner": {"max_epochs": 50}},
            }
        },
    )

    name: str = Field(max_length=1000)
    description: str = Field(default="", max_length=4000)
    dataset: str = Field(max_length=2000, description="Name or id, also NAME@3.")
    base_model: str = Field(max_length=200)
    template: str = Field(max_length=200)
    parameters: Parameters = Field(default_factory=dict)


class TuneChange(BaseModel):
    """What of a tune is to be different; what is absent stays. `parameters` are replaced as a whole."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"description": "Second try"}})

    name: str | None = Field(default=None, max_length=1000)
    description: str | None = Field(default=None, max_length=4000)
    base_model: str | None = Field(default=None, max_length=200)
    template: str | None = Field(default=None, max_length=200)
    parameters: Parameters | None = None


class TuneView(BaseModel):
    """A tune. `settings` are all parameters, those of the template's defaults included; `state` is Draft."""

    id: str
    name: str
    description: str
    dataset: dict[str, str]
    version: int
    task: str
    base_model: str
    template: str
    parameters: Parameters
    settings: Parameters
    state: str
    author: str
    created_at: float
    updated_at: float


class TemplateDocument(BaseModel):
    """A template: for which purposes, models and numbers of data sources it is, its JSON schema, and the tabs of
    the form with the groups of the schema that they show."""

    model_config = ConfigDict(populate_by_name=True)

    id: str
    title: str
    description: str
    purposes: list[str]
    model_categories: list[str]
    sources: dict[str, int]
    json_schema: dict[str, Any] = Field(alias="schema")
    tabs: list[dict[str, Any]]
    defaults: Parameters


class BaseModelView(BaseModel):
    """A base model. `patch_size` is null where a model has no patches; `modalities` are the bands of each modality
    where it takes several."""

    id: str
    title: str
    model_category: str
    weights: str
    image_size: int
    patch_size: int | None
    bands: list[str]
    modalities: dict[str, list[str]] | None
    frames: int
    multimodal: bool


class YamlFile(PlainTextResponse):
    """YAML, as the description of the API declares it."""

    media_type = "application/yaml"


@router.get("/tune-templates", summary="What tunes can be made of", response_model=list[TemplateDocument])
def list_templates(access: SignedIn) -> Any:
    return [template.document() for template in TEMPLATES.values()]


@router.get("/base-models", summary="What tunes can begin with", response_model=list[BaseModelView])
def list_base_models(access: SignedIn) -> Any:
    return [
        {name: getattr(model, name) for name in BaseModelView.model_fields}
        for model in base_models().values()
    ]


@router.get("/tunes", summary="Tunes, newest first", response_model=Page[TuneView])
def list_tunes(
    request: Request,
    access: SignedIn,
    dataset: Annotated[str | None, Query(max_length=2000, description="Of this dataset.")] = None,
    limit: Limit = 50,
    after: Cursor = None,
) -> Any:
    position = decode_cursor(after, str)
    with database_of(request).read() as connection:
        dataset_id = None if dataset is None else _dataset(connection, access, dataset)[0].id
        rows = tune_page(
            connection,
            visible_datasets(access.subject),
            dataset_id,
            None if position is None else str(position[0]),
            limit + 1,
        )
        shown = _views(connection, rows[:limit])
    return {"items": shown, "next": encode_cursor((rows[limit - 1].id,)) if len(rows) > limit else None}


@router.post("/tunes", summary="Save a tune as a draft", status_code=201, response_model=TuneView)
def create(request: Request, access: SignedIn, body: TuneBody) -> Any:
    with database_of(request).write() as connection:
        dataset, version = _dataset(connection, access, body.dataset)
        if not THINGS["dataset"].may(connection, access.subject, Action.EDIT, dataset):
            raise not_allowed(Action.EDIT)
        tune = Tune(body.name, body.description, body.base_model, body.template, body.parameters)
        row = add_tune(connection, access.subject, dataset, _published(connection, dataset, version), tune)
        return _view(connection, row)


@router.get("/tunes/{tune}", summary="A tune", response_model=TuneView)
def show(request: Request, access: See) -> Any:
    with database_of(request).read() as connection:
        return _view(connection, access.row)


@router.patch("/tunes/{tune}", summary="Change a tune", response_model=TuneView)
def change(request: Request, access: Edit, body: TuneChange) -> Any:
    given = {name: value for name, value in body.model_dump().items() if value is not None}
    fields = ("name", "description", "base_model", "template", "parameters")
    tune = Tune(**{name: given.get(name, access.row._mapping[name]) for name in fields})
    with database_of(request).write() as connection:
        dataset = get_dataset(connection, access.row.dataset_id)
        assert dataset is not None
        return _view(connection, change_tune(connection, access.subject, dataset, access.row, tune))


@router.delete("/tunes/{tune}", summary="Delete a tune", status_code=204)
def delete(request: Request, access: Edit) -> Response:
    with database_of(request).write() as connection:
        remove_tune(connection, access.subject, access.row)
    return Response(status_code=204)


@router.get(
    "/tunes/{tune}/configuration.yaml",
    summary="A tune as a Lightning configuration for TerraTorch",
    response_class=YamlFile,
)
def configuration(request: Request, access: See) -> Response:
    row = access.row
    with database_of(request).read() as connection:
        dataset = get_dataset(connection, row.dataset_id)
        assert dataset is not None
        facts = training_facts(connection, dataset, row.dataset_version)
    document = tune_configuration(
        row.name, facts, find_template(row.template), find_base_model(row.base_model), row.parameters
    )
    header = {"Content-Disposition": f'attachment; filename="{row.name}.yaml"'}
    return YamlFile(configuration_yaml(document), headers=header)


def _dataset(connection: sa.Connection, access: Access, text: str) -> tuple[sa.Row[Any], int | None]:
    found = THINGS["dataset"].find(connection, access.subject, text)
    if found is None:
        raise not_found("dataset", access.caller)
    return found.row, found.version


def _published(connection: sa.Connection, dataset: sa.Row[Any], version: int | None) -> int:
    """The version that is meant. Conflict `dataset_not_ready`, NotFound `version_not_found`."""
    number = dataset.version if version is None else version
    if get_version(connection, dataset.id, number) is not None:
        return int(number)
    if dataset.version == 0:
        raise Conflict(
            f"“{dataset.name}” has no published version yet.",
            code="dataset_not_ready",
            hint="Wait for its job, or decide about its rejected files.",
        )
    raise NotFound(f"“{dataset.name}” has no version {number}.", code="version_not_found")


def _view(connection: sa.Connection, row: sa.Row[Any]) -> dict[str, Any]:
    return _views(connection, [row])[0]


def _views(connection: sa.Connection, rows: list[sa.Row[Any]]) -> list[dict[str, Any]]:
    names = names_of(connection, [row.author_id for row in rows])
    found = {row.dataset_id: get_dataset(connection, row.dataset_id) for row in rows}
    return [
        {
            "id": row.id,
            "name": row.name,
            "description": row.description,
            "dataset": _named(found[row.dataset_id]),
            "version": row.dataset_version,
            "task": row.task,
            "base_model": row.base_model,
            "template": row.template,
            "parameters": row.parameters,
            "settings": settings_of(find_template(row.template), row.parameters),
            "state": row.state,
            "author": names.get(row.author_id, ""),
            "created_at": row.created_at,
            "updated_at": row.updated_at,
        }
        for row in rows
    ]


def _named(dataset: sa.Row[Any] | None) -> dict[str, str]:
    if dataset is None:
        return {}
    return {"id": dataset.id, "name": dataset.name, "display_name": dataset.display_name}
