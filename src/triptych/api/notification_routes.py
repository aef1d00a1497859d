"""Notifications: what happened to the caller's datasets and jobs, and up to where they have read."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from triptych.api.dependencies import Access, database_of, signed_in
from triptych.api.documents import Cursor, Limit, decode_cursor, encode_cursor
from triptych.people.notifications import count_unread, mark_read, notification_page
from triptych.people.schemas import NotificationPage, ReadUntil

router = APIRouter(prefix="/notifications", tags=["notifications"])

SignedIn = Annotated[Access, signed_in()]


@router.get(
    "", summary="What happened to your datasets and jobs, newest first", response_model=NotificationPage
)
def list_notifications(request: Request, access: SignedIn, limit: Limit = 50, after: Cursor = None) -> Any:
    position = decode_cursor(after, int)
    with database_of(request).read() as connection:
        rows = notification_page(
            connection, access.subject, None if position is None else int(position[0]), limit + 1
        )
        unread = count_unread(connection, access.subject)
    following = encode_cursor((rows[limit - 1]["id"],)) if len(rows) > limit else None
    return {"items": rows[:limit], "next": following, "unread": unread}


@router.post("/read", status_code=204, summary="Note that a notification and all older ones are read")
def read_notifications(request: Request, access: SignedIn, body: ReadUntil) -> Response:
    with database_of(request).write() as connection:
        mark_read(connection, access.subject, body.until)
    return Response(status_code=204)
