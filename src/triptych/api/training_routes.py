"""Configurations of a training with TerraTorch. FastAPI reads these annotations at run time."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from triptych.api.dependencies import Access, database_of, installation_of, needs
from triptych.api.item_parameters import published_version
from triptych.core.access import Action
from triptych.tuning.facts import TrainingFacts
from triptych.tuning.layout import layout_of
from triptych.tuning.package import package
from triptych.tuning.reading import training_facts
from triptych.tuning.terratorch import Weights, Wish, terratorch_document
from triptych.tuning.texts import configuration_python, configuration_yaml

router = APIRouter(prefix="/datasets", tags=["training"])

See = Annotated[Access, needs(Action.SEE, on="dataset")]
Export = Annotated[Access, needs(Action.EXPORT, on="dataset")]


class Wanted:
    """What a person chooses of a configuration, as query parameters."""

    def __init__(
        self,
        root: Annotated[
            str,
            Query(
                min_length=1, max_length=500, pattern=r"^[^\x00-\x1f]+$", description="Where the files lie."
            ),
        ] = "data",
        weights: Annotated[
            Weights, Query(description="`given` with the classes, or by the pixels of the train part.")
        ] = "none",
        batch_size: Annotated[int, Query(ge=1, le=4096)] = 4,
        num_workers: Annotated[int, Query(ge=0, le=256)] = 2,
    ) -> None:
        self.wish = Wish(root, weights, batch_size, num_workers)


class Yaml(PlainTextResponse):
    """YAML, as the description of the API declares it."""

    media_type = "application/yaml"


class PythonCode(PlainTextResponse):
    """Python, as the description of the API declares it."""

    media_type = "text/x-python"


class Zip(StreamingResponse):
    """A zip, as the description of the API declares it."""

    media_type = "application/zip"


@router.get("/{dataset}/training.json", summary="A training with TerraTorch: data, task, labels, notes")
def training_json(request: Request, access: See, wanted: Annotated[Wanted, Depends()]) -> dict[str, Any]:
    return terratorch_document(_facts(request, access), wanted.wish)


@router.get(
    "/{dataset}/training.yaml",
    summary="A training with TerraTorch, as a Lightning configuration",
    response_class=Yaml,
)
def training_yaml(request: Request, access: See, wanted: Annotated[Wanted, Depends()]) -> Response:
    document = terratorch_document(_facts(request, access), wanted.wish)
    return Yaml(configuration_yaml(document), headers=download(access, "yaml"))


@router.get(
    "/{dataset}/training.py", summary="A training with TerraTorch, as Python code", response_class=PythonCode
)
def training_python(request: Request, access: See, wanted: Annotated[Wanted, Depends()]) -> Response:
    document = terratorch_document(_facts(request, access), wanted.wish)
    return PythonCode(configuration_python(document), headers=download(access, "py"))


@router.get(
    "/{dataset}/training.zip",
    summary="Configuration, lists of the parts and files, as TerraTorch finds them",
    response_class=Zip,
)
def training_zip(
    request: Request,
    access: Export,
    wanted: Annotated[Wanted, Depends()],
    files: Annotated[bool, Query(description="false: without the rasters.")] = True,
) -> Response:
    facts, installation = _facts(request, access), installation_of(request)
    document, layout = terratorch_document(facts, wanted.wish), layout_of(facts, wanted.wish.root)
    body = package(
        installation.database,
        installation.objects,
        access.row.id,
        facts.version,
        (document, layout),
        files=files,
        drawn=facts.drawn,
    )
    return Zip(body, headers=download(access, "zip"))


def _facts(request: Request, access: Access) -> TrainingFacts:
    with database_of(request).read() as connection:
        return training_facts(connection, access.row, published_version(access))


def download(access: Access, ending: str) -> dict[str, str]:
    """The header that names a file after the dataset."""
    name = f"{access.row.name}-v{published_version(access)}-training.{ending}"
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
