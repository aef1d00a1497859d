"""Items of a version: pages, keys, facets, milestones, groups. FastAPI reads these annotations at run time."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request

from triptych.api.dependencies import Access, database_of, needs
from triptych.api.documents import Cursor, Limit, Page, decode_cursor, encode_cursor
from triptych.api.item_parameters import Wanted, published_version
from triptych.core.access import Action
from triptych.datasets.item_facets import facets
from triptych.datasets.item_groups import item_groups
from triptych.datasets.item_milestones import STEP, line_of
from triptych.datasets.item_pages import item_page, key_page, scope_of
from triptych.datasets.item_schemas import Facets, Groups, ItemView, Milestones
from triptych.datasets.repository import get_version

router = APIRouter(prefix="/datasets", tags=["items"])

See = Annotated[Access, needs(Action.SEE, on="dataset")]

MOST_KEYS = 10_000


@router.get("/{dataset}/items", response_model=Page[ItemView])
def items(
    request: Request,
    access: See,
    wanted: Annotated[Wanted, Depends()],
    shapes: Annotated[
        Literal["short", "whole"], Query(description="`whole`: outlines and masks also where they are long.")
    ] = "short",
    limit: Limit = 50,
    after: Cursor = None,
) -> Any:
    """Items in the order of their keys, with their labels."""
    position = decode_cursor(after, int)
    with database_of(request).read() as connection:
        scope = scope_of(connection, access.row, published_version(access))
        documents, following = item_page(
            connection,
            scope,
            wanted.filter(connection, scope, access),
            int(position[0]) if position else 0,
            limit,
            whole_shapes=shapes == "whole",
        )
    for document in documents:
        document["thumbnail"] = thumbnail_url(access, document["sha256"])
    return {"items": documents, "next": None if following is None else encode_cursor((following,))}


@router.get("/{dataset}/items/keys", response_model=Page[str])
def keys(
    request: Request,
    access: See,
    wanted: Annotated[Wanted, Depends()],
    limit: Annotated[int, Query(ge=1, le=MOST_KEYS)] = 1_000,
    after: Cursor = None,
) -> Any:
    """Keys alone, for a selection of many items: pages of up to 10,000, with the cursors of the list."""
    position = decode_cursor(after, int)
    with database_of(request).read() as connection:
        scope = scope_of(connection, access.row, published_version(access))
        found, following = key_page(
            connection,
            scope,
            wanted.filter(connection, scope, access),
            int(position[0]) if position else 0,
            limit,
        )
    return {"items": found, "next": None if following is None else encode_cursor((following,))}


@router.get("/{dataset}/items/milestones", response_model=Milestones)
def milestones(
    request: Request,
    access: See,
    wanted: Annotated[Wanted, Depends()],
    step: Annotated[int, Query(ge=STEP, le=10_000, multiple_of=STEP)] = 500,
) -> Any:
    """Cursors of every `step`-th item, so that any place of a long list is one page away."""
    number = published_version(access)
    with database_of(request).read() as connection:
        scope = scope_of(connection, access.row, number)
        asked = wanted.filter(connection, scope, access)
        line = line_of(connection, scope, asked)
        version = get_version(connection, access.row.id, number)
        assert version is not None
    return {
        "total": version.counts["items"] if asked.empty else line.total,
        "step": step,
        "exact": line.complete,
        "cursors": [None, *(encode_cursor((after,)) for after in line.after(step))],
    }


@router.get("/{dataset}/items/groups", response_model=Groups)
def groups(
    request: Request,
    access: See,
    wanted: Annotated[Wanted, Depends()],
    by: Annotated[Literal["study", "series"], Query()] = "study",
) -> Any:
    """How the list divides into studies, or into series of them, in its order."""
    with database_of(request).read() as connection:
        scope = scope_of(connection, access.row, published_version(access))
        asked = wanted.filter(connection, scope, access)
        found, complete = item_groups(connection, scope, asked, by_series=by == "series")
    return {"groups": [group._asdict() for group in found], "complete": complete}


@router.get("/{dataset}/facets", response_model=Facets)
def facet_counts(request: Request, access: See, wanted: Annotated[Wanted, Depends()]) -> Any:
    """Facets, each counted under what is asked of the others; that takes a limited time, and counts that it did
    not bring to an end say that they are not exact."""
    number = published_version(access)
    with database_of(request).read() as connection:
        scope = scope_of(connection, access.row, number)
        version = get_version(connection, access.row.id, number)
        assert version is not None
        return {"facets": facets(connection, scope, wanted.filter(connection, scope, access), version.counts)}


def thumbnail_url(access: Access, sha256: str) -> str:
    """The address of a picture's thumbnail."""
    return f"/api/v1/datasets/{access.row.id}/thumbnails/{sha256}"
