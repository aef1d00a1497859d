"""Templates: a small archive of each layout. FastAPI reads these annotations at run time."""

from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

from triptych.api.dependencies import Access, signed_in
from triptych.core.errors import NotFound
from triptych.onboarding.templates import TEMPLATES

router = APIRouter(prefix="/templates", tags=["templates"])

SignedIn = Annotated[Access, signed_in()]


class TemplateView(BaseModel):
    """A template: what its archive holds, folders with a slash at the end, and where it is."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "single-label",
                "title": "One class for each picture",
                "text": "label.csv has two columns: file, class.",
                "bytes": 41_000,
                "tree": ["image/", "image/disc_1.png", "label.csv"],
                "url": "/api/v1/templates/single-label.zip",
            }
        }
    )

    id: str
    title: str
    text: str
    bytes: int
    tree: list[str]
    url: str


class ZipArchive(Response):
    """A zip, as the description of the API declares it."""

    media_type = "application/zip"


@router.get("", summary="A small archive of each layout, to copy", response_model=list[TemplateView])
def list_templates(access: SignedIn) -> Any:
    return [
        {
            "id": template.id,
            "title": template.title,
            "text": template.text,
            "bytes": len(template.archive()),
            "tree": template.tree(),
            "url": f"/api/v1/templates/{template.id}.zip",
        }
        for template in TEMPLATES.values()
    ]


@router.get("/{template}.zip", summary="A template's archive", response_class=ZipArchive)
def template_archive(access: SignedIn, template: str) -> Response:
    found = TEMPLATES.get(template)
    if found is None:
        raise NotFound(
            f"There is no template {template}.",
            code="template_not_found",
            hint="`GET /templates` lists what there is.",
        )
    name = f'attachment; filename="{found.id}.zip"'
    return ZipArchive(found.archive(), headers={"Content-Disposition": name})
