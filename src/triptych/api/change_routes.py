"""Changes of a dataset that publish a version. FastAPI reads these annotations at run time."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection, Row

from triptych.api.dependencies import Access, database_of, needs
from triptych.api.documents import FindingView, finding_view
from triptych.core.access import Action
from triptych.core.dataset import Part
from triptych.core.errors import InvalidInput
from triptych.core.findings import Finding
from triptych.datasets.changes import Change, remove_items
from triptych.datasets.item_pages import scope_of
from triptych.datasets.item_query import item_filter
from triptych.datasets.item_schemas import ItemWords
from triptych.datasets.publication import lock_newest
from triptych.datasets.reverting import revert as revert_to
from triptych.datasets.selection import ids_of_filter, ids_of_keys
from triptych.people.events import record
from triptych.splits.moving import move_items

router = APIRouter(prefix="/datasets", tags=["changes"])

Edit = Annotated[Access, needs(Action.EDIT, on="dataset")]

MOST_KEYS = 50_000


class Choice(BaseModel):
    """Items of the newest version: those with these keys, or all that a filter lets pass. One of the two."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"filter": {"duplicates": ["exact"], "part": ["test"]}}}
    )

    keys: list[str] | None = Field(None, max_length=MOST_KEYS)
    filter: ItemWords | None = None


class PartChoice(Choice):
    """Items, and the part that they are put into."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"keys": ["a.png", "b.png"], "part": "test"}}
    )

    part: Part


class RevertRequest(BaseModel):
    """The version whose contents are wanted again."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"version": 2}})

    version: int = Field(ge=1, lt=2**31)


class Changed(BaseModel):
    """The newest version, how many items are different in it, and what was noticed.

    Nothing is published when nothing is different: `version` is then the one that was there.
    """

    model_config = ConfigDict(json_schema_extra={"example": {"version": 3, "changed": 12, "findings": []}})

    version: int
    changed: int
    findings: list[FindingView]


@router.post("/{dataset}/items/remove", response_model=Changed)
def remove(request: Request, access: Edit, body: Choice) -> Any:
    """Publish a version without the items. Earlier versions keep them."""
    with database_of(request).write() as connection:
        newest = lock_newest(connection, access.row.id, access.version)
        ids, passed_over = _chosen(connection, newest, body)
        change = remove_items(connection, newest, ids, author_id=access.user_id)
        note(connection, access, newest, change, "items_removed")
    return changed(change, passed_over)


@router.post("/{dataset}/items/part", response_model=Changed)
def put_into_part(request: Request, access: Edit, body: PartChoice) -> Any:
    """Publish a version in which the items are in a part. What the split then divides is a finding."""
    with database_of(request).write() as connection:
        newest = lock_newest(connection, access.row.id, access.version)
        ids, passed_over = _chosen(connection, newest, body)
        change = move_items(connection, newest, ids, body.part, author_id=access.user_id)
        note(connection, access, newest, change, "items_moved", part=body.part.value)
    return changed(change, passed_over)


@router.post("/{dataset}/revert", response_model=Changed)
def revert(request: Request, access: Edit, body: RevertRequest) -> Any:
    """Publish the contents of an earlier version as the newest one, which undoes what came after it."""
    with database_of(request).write() as connection:
        newest = lock_newest(connection, access.row.id, access.version)
        change = revert_to(connection, newest, body.version, author_id=access.user_id)
        note(connection, access, newest, change, "reverted", to=body.version)
    return changed(change)


def _chosen(connection: Connection, newest: Row[Any], body: Choice) -> tuple[list[int], tuple[Finding, ...]]:
    if (body.keys is None) == (body.filter is None):
        raise InvalidInput(
            "A change is about the items with some keys, or about those of a filter.",
            code="bad_choice",
            hint="Give either `keys` or `filter`; an empty filter means every item.",
        )
    scope = scope_of(connection, newest, newest.version)
    if body.keys is not None:
        return ids_of_keys(connection, scope, body.keys)
    assert body.filter is not None
    return ids_of_filter(
        connection, scope, item_filter(connection, scope, body.filter, personal=lambda: True)
    ), ()


def note(
    connection: Connection, access: Access, newest: Row[Any], change: Change, action: str, **details: Any
) -> None:
    """Record a change as an event, unless nothing was published."""
    if change.version != newest.version:
        record(
            connection,
            access.subject,
            action,
            "dataset",
            newest.id,
            version=change.version,
            items=change.changed,
            **details,
        )


def changed(change: Change, beside: tuple[Finding, ...] = ()) -> dict[str, Any]:
    """The answer to a change; `beside` was noticed before it."""
    noticed = [finding_view(finding) for finding in (*beside, *change.findings)]
    return {"version": change.version, "changed": change.changed, "findings": noticed}
