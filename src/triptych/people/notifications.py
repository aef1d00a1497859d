"""Notifications: what happened to datasets that a person owns, and what came of jobs that they began.

They are the events themselves, read for one person; all that is stored is up to which event they have read.
What a person did by hand is no news to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.db.session import insert_rows
from triptych.db.tables import datasets, events, notification_reads, versions
from triptych.people.access import visible_to
from triptych.people.events import BY_JOBS
from triptych.people.repository import names_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from triptych.core.access import Subject

NO_NEWS = ("dataset.created", "dataset.kept")
"""What follows at once has an event of its own."""

COUNTED = 1_000


def notification_page(
    connection: sa.Connection, subject: Subject, after: int | None, limit: int
) -> list[dict[str, Any]]:
    """Notifications as documents, newest first, older than the event `after`."""
    until = _read_until(connection, subject)
    bounds = () if after is None else (events.c.id < after,)
    newest = _concerning(subject, *bounds, limit=limit).order_by(sa.desc("id")).limit(limit).subquery()
    rows = connection.execute(
        sa.select(
            events,
            datasets.c.name.label("dataset_name"),
            datasets.c.display_name,
            datasets.c.version.label("dataset_version"),
            versions.c.message,
        )
        .join(newest, newest.c.id == events.c.id)
        .outerjoin(datasets, datasets.c.id == events.c.thing_id)
        .outerjoin(
            versions,
            sa.and_(
                versions.c.dataset_id == events.c.thing_id,
                versions.c.number == events.c.details["version"].as_integer(),
            ),
        )
        .order_by(events.c.id.desc())
    ).all()
    names = names_of(connection, [row.actor_id for row in rows])
    own = {subject.user_id: ""}
    return [_document(row, own.get(row.actor_id, names.get(row.actor_id, "Somebody")), until) for row in rows]


def count_unread(connection: sa.Connection, subject: Subject) -> int:
    """How many notifications are newer than what the person has read; beyond `COUNTED` nobody needs to know."""
    bound = events.c.id > _read_until(connection, subject)
    newer = _concerning(subject, bound, limit=COUNTED).limit(COUNTED).subquery()
    return connection.execute(sa.select(sa.func.count()).select_from(newer)).scalar_one()


def mark_read(connection: sa.Connection, subject: Subject, until: int) -> None:
    """Note that the person has read everything up to an event; what was read stays read."""
    newest = connection.execute(sa.select(sa.func.max(events.c.id))).scalar() or 0
    row = {"user_id": subject.user_id, "until": min(until, newest)}
    insert_rows(connection, notification_reads, [row], keep_existing=True)
    connection.execute(
        sa.update(notification_reads)
        .where(notification_reads.c.user_id == subject.user_id, notification_reads.c.until < row["until"])
        .values(until=row["until"])
    )


def _read_until(connection: sa.Connection, subject: Subject) -> int:
    statement = sa.select(notification_reads.c.until).where(notification_reads.c.user_id == subject.user_id)
    return connection.execute(statement).scalar() or 0


def _concerning(subject: Subject, *bounds: sa.ColumnElement[bool], limit: int) -> sa.CompoundSelect[Any]:
    """The ids of the events that concern the subject, each once; the `limit` newest of them are among them.

    Either half goes by an index of its own: about datasets of theirs, and of jobs that they began.
    """
    about = (events.c.thing_kind == "dataset", *bounds)
    owned = sa.select(datasets.c.id).where(datasets.c.owner_id == subject.user_id)
    by_others = sa.or_(events.c.actor_id.is_(None), events.c.actor_id != subject.user_id)
    to_own = (
        events.c.thing_id.in_(owned),
        events.c.action.not_in(NO_NEWS),
        sa.or_(by_others, events.c.action.in_(BY_JOBS)),
    )
    # What is gone is told to who began it; what is there and not to be seen any more does not exist for them.
    hidden = sa.select(datasets.c.id).where(
        datasets.c.id == events.c.thing_id,
        datasets.c.owner_id != subject.user_id,
        sa.not_(visible_to(subject)),
    )
    begun = (
        events.c.actor_id == subject.user_id,
        events.c.action.in_(BY_JOBS),
        sa.not_(sa.exists(hidden)),
    )
    halves = (
        sa.select(events.c.id).where(*about, *half).order_by(events.c.id.desc()).limit(limit).subquery()
        for half in (to_own, begun)
    )
    return sa.union(*(sa.select(half.c.id) for half in halves))


def _document(row: sa.Row[Any], actor: str, until: int) -> dict[str, Any]:
    """A notification; `actor` is what to call who did it, "" for the reader."""
    details = row.details
    called = f"“{row.display_name or row.dataset_name or details.get('name') or 'A dataset'}”"
    kind, title, text = _KINDS.get(row.action, _changed)(called, actor, details, row)
    return {
        "id": row.id,
        "at": row.at,
        "kind": kind,
        "title": title,
        "text": text,
        "dataset": None if row.dataset_name is None else {"id": row.thing_id, "name": row.dataset_name},
        "job": details.get("job"),
        "read": row.id <= until,
    }


Row = sa.Row[Any]
Words = tuple[str, str, str]
"""Kind, title, text."""


def _published(called: str, _: str, details: dict[str, Any], __: Row) -> Words:
    number, items = details["version"], details.get("items")
    title = f"{called} is ready" if number == 1 else f"{called} has version {number}"
    return "dataset_ready", title, "" if items is None else f"{_counted(items, 'item')}."


def _failed(called: str, _: str, details: dict[str, Any], row: Row) -> Words:
    title = f"Work on {called} failed" if row.dataset_version else f"{called} is not added"
    return "dataset_failed", title, f"{details['message']} {details['hint']}".strip()


def _needs_decision(called: str, _: str, details: dict[str, Any], __: Row) -> Words:
    files = _counted(details["rejected"], "file")
    return (
        "needs_decision",
        f"{called} needs a decision",
        f"{files} cannot be imported. Keep what succeeded, or remove the dataset.",
    )


def _trashed(called: str, actor: str, _: dict[str, Any], __: Row) -> Words:
    return "trashed", f"{called} is in the trash", f"{actor} put it there."


def _restored(called: str, actor: str, _: dict[str, Any], __: Row) -> Words:
    return "restored", f"{called} is back from the trash", f"{actor} took it out."


def _cancelled(called: str, actor: str, _: dict[str, Any], __: Row) -> Words:
    return "cancelled", f"The job of {called} is cancelled", f"{actor} stopped it."


def _changed(called: str, actor: str, details: dict[str, Any], row: Row) -> Words:
    number = details.get("version")
    if number is not None:
        done = row.message or "Made a version"
        by = f"{actor}: " if actor else ""
        return "version_published", f"{called} has version {number}", f"{by}{done}."
    fields = [str(name).replace("_", " ") for name in details.get("fields", ())]
    what = f"the {_listed(fields)}" if fields else "it"
    return "changed", f"{called} is changed", f"{actor} changed {what}."


_KINDS: dict[str, Callable[[str, str, dict[str, Any], Row], Words]] = {
    "dataset.published": _published,
    "dataset.failed": _failed,
    "dataset.needs_decision": _needs_decision,
    "dataset.trashed": _trashed,
    "dataset.restored": _restored,
    "dataset.cancelled": _cancelled,
}
"""By action; every other one is a change by somebody else."""


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
