"""Items of a version: pages, facets, pixels, files. FastAPI reads these annotations at run time."""

import re
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from triptych.api.dependencies import Access, database_of, needs
from triptych.api.documents import Cursor, Limit, Page, decode_cursor, encode_cursor
from triptych.core.access import Action
from triptych.core.dataset import Part
from triptych.core.errors import Conflict, InvalidInput
from triptych.datasets.item_filter import ItemFilter, Scope
from triptych.datasets.item_pages import class_pairs, facets, item_page, scope_of
from triptych.datasets.item_schemas import Facets, ItemView
from triptych.datasets.repository import get_version

router = APIRouter(prefix="/datasets", tags=["items"])

See = Annotated[Access, needs(Action.SEE, on="dataset")]
_SIZE = re.compile(r"(\d{1,9})[×x](\d{1,9})")


class Wanted:
    """The filters of lists and facets, as query parameters."""

    def __init__(  # noqa: PLR0913  each is a parameter of the address
        self,
        class_: Annotated[str | None, Query(alias="class", description="SET:CLASS or CLASS.")] = None,
        part: Part | None = None,
        study: str | None = None,
        series: str | None = None,
        search: Annotated[str | None, Query(max_length=1000, description="Part of a key.")] = None,
        size: Annotated[str | None, Query(description="WIDTH×HEIGHT in pixels.")] = None,
        bit_depth: int | None = None,
        bands: str | None = None,
        duplicates: bool = False,
        flagged: bool = False,
    ) -> None:
        self.class_name = class_
        match = None if size is None else _SIZE.fullmatch(size)
        if size is not None and match is None:
            raise InvalidInput(
                f"“{size}” is not a size.", code="bad_size", hint="Give width and height: 640×480."
            )
        self.plain = ItemFilter(
            study=study,
            series=series,
            part=None if part is None else part.value,
            search=search or None,
            size=None if match is None else (int(match[1]), int(match[2])),
            bit_depth=bit_depth,
            bands=bands,
            duplicates=duplicates,
            flagged=flagged,
        )

    def filter(self, connection: Any, scope: Scope) -> ItemFilter:
        """The filter, class names looked up. NotFound `class_not_found`."""
        if self.class_name is None:
            return self.plain
        return replace(self.plain, classes=class_pairs(connection, scope, self.class_name))


@router.get("/{dataset}/items", response_model=Page[ItemView])
def items(
    request: Request,
    access: See,
    wanted: Annotated[Wanted, Depends()],
    limit: Limit = 50,
    after: Cursor = None,
) -> Any:
    """Items in the order of their keys, with their labels."""
    position = decode_cursor(after, int)
    with database_of(request).read() as connection:
        scope = scope_of(connection, access.row, _version(access))
        documents, following = item_page(
            connection, scope, wanted.filter(connection, scope), int(position[0]) if position else 0, limit
        )
    base = f"/api/v1/datasets/{access.row.id}/thumbnails"
    for document in documents:
        document["thumbnail"] = f"{base}/{document['sha256']}"
    return {"items": documents, "next": None if following is None else encode_cursor((following,))}


@router.get("/{dataset}/facets", response_model=Facets)
def facet_counts(request: Request, access: See, wanted: Annotated[Wanted, Depends()]) -> Any:
    """Facets with counts; under a filter they are counted for a limited time, and say when they are not exact."""
    number = _version(access)
    with database_of(request).read() as connection:
        scope = scope_of(connection, access.row, number)
        version = get_version(connection, access.row.id, number)
        assert version is not None
        return {"facets": facets(connection, scope, wanted.filter(connection, scope), version.counts)}


def _version(access: Access) -> int:
    number = access.version or access.row.version
    if number == 0:
        raise Conflict(
            f"“{access.row.name}” has no published version yet.",
            code="dataset_not_ready",
            hint="Wait for its job, or decide about its rejected files.",
        )
    return int(number)
