"""What lies in a registered folder. FastAPI reads these annotations at run time."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict

from triptych.api.dependencies import Access, needs
from triptych.api.documents import Cursor, Limit, Page, decode_cursor, encode_cursor
from triptych.core.access import Action
from triptych.people.root_entries import entry_page

router = APIRouter(prefix="/roots", tags=["roots"])


class EntryView(BaseModel):
    """A file or folder of the server. `bytes` is null for a folder; `modified` is in seconds since 1970."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"name": "scans.zip", "kind": "file", "bytes": 7518337, "modified": 1795250000.0}
        }
    )

    name: str
    kind: Literal["folder", "file"]
    bytes: int | None
    modified: float


@router.get(
    "/{root}/entries",
    summary="What lies in a registered folder, folders first",
    response_model=Page[EntryView],
)
def list_entries(
    request: Request,
    access: Annotated[Access, needs(Action.SEE, on="root")],
    path: Annotated[
        str, Query(max_length=4000, description="Below the folder; empty: the folder itself.")
    ] = "",
    limit: Limit = 200,
    after: Cursor = None,
) -> Any:
    position = decode_cursor(after, int, str)
    behind = None if position is None else (int(position[0]), str(position[1]))
    rows, following = entry_page(access.row.path, path, behind, limit)
    return {"items": rows, "next": None if following is None else encode_cursor(following)}
