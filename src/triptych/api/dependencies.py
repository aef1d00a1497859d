"""The doors of the routes: each knows its rule, finds out who calls, and lets in or turns away.

FastAPI reads these annotations at run time.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from fastapi import Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from triptych.api.access_rules import SLASH, Rule
from triptych.api.access_things import THINGS
from triptych.api.callers import NOBODY, Caller, desk_of, is_near
from triptych.core.access import ANONYMOUS, Action, Subject, allowed_by_role
from triptych.core.errors import NotAllowed, NotFound, NotSignedIn
from triptych.db.session import Database
from triptych.installation import Installation

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Access:
    """What a route knows of who came in: the caller, and the thing of its path, already allowed.

    `thing` is the thing's row, None where the rule names none; `version` is the number in `name@3`, else None.
    """

    caller: Caller
    thing: sa.Row[Any] | None = None
    version: int | None = None

    @property
    def subject(self) -> Subject:
        """Who is signed in. AssertionError on a route that does not ask for a sign-in."""
        assert self.caller.subject is not None
        return self.caller.subject

    @property
    def user_id(self) -> str:
        """The id of who is signed in."""
        assert self.subject.user_id is not None
        return self.subject.user_id

    @property
    def organization_id(self) -> str:
        """The id of the organization of who is signed in."""
        assert self.subject.organization_id is not None
        return self.subject.organization_id

    @property
    def row(self) -> sa.Row[Any]:
        """The thing's row. AssertionError on a route whose rule names no thing."""
        assert self.thing is not None
        return self.thing


class Door:
    """Keeps a rule; as a FastAPI dependency its value is an `Access`."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def __call__(self, request: Request) -> Access:
        """Who came in. NotSignedIn, NotAllowed, NotFound."""
        _restore_slashes(request)
        if self.rule.kind == "anyone":
            return Access(NOBODY)
        if self.rule.kind == "near" and is_near(request):
            return Access(NOBODY)
        desk = desk_of(request)
        with desk.installation.database.read() as connection:
            caller = desk.caller(connection, request, url_token=self.rule.url_token)
            return self._admit(connection, caller, request)

    def _admit(self, connection: sa.Connection, caller: Caller, request: Request) -> Access:
        rule = self.rule
        if rule.on is not None:
            assert rule.action is not None
            thing = THINGS[rule.on]
            subject = caller.subject or ANONYMOUS
            found = thing.find(connection, subject, request.path_params[rule.on])
            if found is None:
                raise not_found(rule.on, caller)
            if not thing.may(connection, subject, rule.action, found.row):
                raise not_allowed(rule.action)
            return Access(caller, found.row, found.version)
        if caller.subject is None:
            raise NotSignedIn(
                "Nobody is signed in.",
                hint="Sign in, or send an API token as `Authorization: Bearer …`.",
            )
        if rule.action is not None and not allowed_by_role(caller.subject.role, rule.action):
            raise not_allowed(rule.action)
        return Access(caller)


def needs(action: Action, *, on: str | None = None, url_token: bool = False) -> Any:
    """A parameter's annotation: `Annotated[Access, needs(Action.EDIT, on="dataset")]`.

    `on` names the path parameter that holds the thing, one of `access_things.THINGS`; without it the action
    is one in the organization. `url_token` as in `Rule`.
    """
    if on is not None and on not in THINGS:
        raise ValueError(f"no kind of thing is called {on!r}")
    return Depends(Door(Rule("may", action, on, url_token)))


def signed_in(*, url_token: bool = False) -> Any:
    """A parameter's annotation: every user, signed in. `url_token` as in `Rule`."""
    return Depends(Door(Rule("signed_in", url_token=url_token)))


def anyone() -> Any:
    """A parameter's annotation: no sign-in is asked for, and the caller is not looked up."""
    return Depends(Door(Rule("anyone")))


def guarded(rule: Rule, endpoint: Callable[[Request, Access], Awaitable[Response]]) -> Endpoint:
    """A plain Starlette endpoint behind a door; it gets the request and its `Access`."""
    door = Door(rule)

    async def behind_door(request: Request) -> Response:
        # The rule for anyone needs no database, and so no thread.
        access = door(request) if rule.kind == "anyone" else await run_in_threadpool(door, request)
        return await endpoint(request, access)

    behind_door.rule = rule  # type: ignore[attr-defined]
    behind_door.__name__ = endpoint.__name__
    return behind_door


def installation_of(request: Request) -> Installation:
    """The installation that serves the request."""
    return desk_of(request).installation


def database_of(request: Request) -> Database:
    """The database of the installation that serves the request."""
    return installation_of(request).database


def _restore_slashes(request: Request) -> None:
    values = request.path_params
    for name, value in values.items():
        if isinstance(value, str) and SLASH in value:
            values[name] = value.replace(SLASH, "/")


def not_found(kind: str, caller: Caller) -> NotFound:
    """What is answered for a thing that does not exist, or that the caller may not see."""
    hint = "Check the name or id." if caller.subject else "Sign in, if it is one that is not public."
    return NotFound(f"There is no such {kind} that you may see.", code=f"{kind}_not_found", hint=hint)


def not_allowed(action: Action) -> NotAllowed:
    """What is answered for a thing that the caller sees but may not do this to."""
    return NotAllowed(
        f"Your role does not include the right to {action.value.replace('_', ' ')} here.",
        hint="Ask an administrator of the organization.",
    )
