"""The rule of each route: who may use it. One object both says the rule and keeps it.

A FastAPI route takes `Annotated[Access, needs(Action.EDIT, on="dataset")]`, `signed_in()` or `anyone()` as a
parameter; a plain Starlette route wraps its endpoint in `guarded(...)`. `rules_of` lists every route of an
application with its rule, and an application with a route that has none does not start.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi.routing import iter_route_contexts
from starlette.routing import Mount

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fastapi import FastAPI
    from fastapi.dependencies.models import Dependant
    from starlette.routing import BaseRoute

    from triptych.core.access import Action


SLASH = "\0"
"""What stands for an encoded slash of one segment of the path, between the doorkeeper and the route's door."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may use a route.

    `anyone`: no sign-in is asked for. `near`: callers on this machine, or who may do `action`. `signed_in`:
    every user. `may`: who may do `action`, in the organization, or `on` the thing that the path parameter of
    that name holds. A thing that the caller may not see is not found (404), also without a sign-in; one that
    they see but may not do this to is not allowed (403); everything else without a sign-in is 401.

    `url_token`: the API token may stand in the address as `?token=…`, for programs of maps that send no header.
    Only requests that read are let in so.
    """

    kind: str
    action: Action | None = None
    on: str | None = None
    url_token: bool = False

    def __str__(self) -> str:
        words = [self.kind.replace("_", " ")]
        if self.action is not None:
            words.append(self.action.value)
        if self.on is not None:
            words.append(self.on)
        return " ".join(words)


@dataclass(frozen=True, slots=True)
class RuledRoute:
    """A route as it answers: one method, the whole path with its parameters, and the rule."""

    method: str
    path: str
    rule: Rule | None
    endpoint: Any


def rules_of(app: FastAPI) -> list[RuledRoute]:
    """Every route of the application, those of plain Starlette and of mounted applications included."""
    found: list[RuledRoute] = []
    for context in iter_route_contexts(app.routes):
        route: Any = context
        if isinstance(context.original_route, Mount):
            found.extend(_mounted(context.path or "", context.original_route))
            continue
        dependant = getattr(route, "dependant", None)
        rules = list(_rules_in(dependant)) if dependant is not None else [_rule_on(context.endpoint)]
        if len(rules) > 1:
            raise RuntimeError(f"{context.path} has {len(rules)} rules; a route has one")
        rule = rules[0] if rules else None
        found.extend(
            RuledRoute(method, context.path or "", rule, context.endpoint)
            for method in sorted(context.methods or ("*",))
        )
    return found


def check_rules(app: FastAPI) -> list[RuledRoute]:
    """As `rules_of`. RuntimeError that names the routes without a rule: an application with any does not start."""
    routes = rules_of(app)
    bare = [f"{route.method} {route.path}" for route in routes if route.rule is None]
    if bare:
        raise RuntimeError(f"routes without a rule: {', '.join(bare)}; see triptych.api.access_rules")
    return routes


def _mounted(prefix: str, mount: Mount) -> Iterator[RuledRoute]:
    inner: Sequence[BaseRoute] = mount.routes
    if not inner:
        yield RuledRoute("*", f"{prefix}/{{path}}", _rule_on(mount.app), mount.app)
        return
    for route in inner:
        if isinstance(route, Mount):
            yield from _mounted(prefix + route.path, route)
            continue
        endpoint = getattr(route, "endpoint", None)
        for method in sorted(getattr(route, "methods", None) or ("*",)):
            yield RuledRoute(method, prefix + getattr(route, "path", ""), _rule_on(endpoint), endpoint)


def _rules_in(dependant: Dependant) -> Iterator[Rule]:
    for inner in dependant.dependencies:
        rule = _rule_on(inner.call)
        if rule is not None:
            yield rule
        yield from _rules_in(inner)


def _rule_on(thing: Any) -> Rule | None:
    rule = getattr(thing, "rule", None)
    return rule if isinstance(rule, Rule) else None
