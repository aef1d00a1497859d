"""The parts of the application: which module answers which paths.

A server loads them all when it starts. A command that runs the application in its own process has it load a part
with the first request for one of its paths, since describing all routes takes longer than most commands do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fastapi import APIRouter
    from starlette.routing import BaseRoute

API = "/api/v1"


@dataclass(frozen=True)
class Part:
    """A module of this package and the paths that it answers, with any method: `*` stands for one segment, and `**`
    at the end for nothing or any more. A module of the API has a `router` (its paths come after `API`), one of
    plain Starlette routes has `ROUTES`; `tests/api/test_parts.py` holds the paths against the routes."""

    module: str
    paths: tuple[str, ...]
    plain: bool = False
    names: tuple[str, ...] = ("router",)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        prefix = "" if self.plain else API
        return re.compile("|".join(_regular_expression(prefix + path) for path in self.paths), re.DOTALL)

    def answers(self, path: str) -> bool:
        """Whether a request for this path may be for one of the part's routes."""
        return self._pattern.fullmatch(path) is not None

    def routers(self) -> list[APIRouter]:
        """The routers of FastAPI; imports the module."""
        return [] if self.plain else [getattr(self._loaded(), name) for name in self.names]

    def routes(self) -> list[BaseRoute]:
        """The plain routes; imports the module."""
        return list(self._loaded().ROUTES) if self.plain else []

    def _loaded(self) -> Any:
        return import_module(f"{__package__}.{self.module}")


def _regular_expression(path: str) -> str:
    segments = []
    for segment in path.split("/")[1:]:
        segments.append({"*": "/[^/]*", "**": "(?:/.*)?"}.get(segment) or f"/{re.escape(segment)}")
    return "".join(segments)


PARTS = (
    Part("session_routes", ("/session",)),
    Part("people_routes", ("/users/**", "/teams/**", "/tokens/**", "/roots", "/roots/*")),
    Part("job_routes", ("/jobs/**",)),
    Part(
        "onboarding_routes",
        (
            "/prescan",
            "/datasets",
            "/datasets/*/keep",
            "/datasets/*/export",
            "/datasets/*/export/check",
        ),
    ),
    Part(
        "dataset_routes",
        (
            "/datasets",
            "/datasets/*",
            "/datasets/*/opened",
            "/datasets/*/restore",
            "/datasets/*/findings",
            "/datasets/*/members",
            "/datasets/*/duplicates",
            "/datasets/*/statistics",
            "/datasets/*/log",
            "/dataset-facets",
        ),
        names=("router", "facet_router"),
    ),
    Part(
        "item_routes",
        (
            "/datasets/*/items",
            "/datasets/*/items/keys",
            "/datasets/*/items/milestones",
            "/datasets/*/items/groups",
            "/datasets/*/facets",
        ),
    ),
    Part("item_detail_routes", ("/datasets/*/item", "/datasets/*/series", "/datasets/*/studies")),
    Part("footprint_routes", ("/datasets/*/footprints", "/datasets/*/footprints/extent")),
    Part("raster_routes", ("/datasets/*/rasters/*/values",)),
    Part("tag_routes", ("/datasets/*/item/tags", "/datasets/*/item/dicom", "/datasets/*/item/overlays")),
    Part("split_routes", ("/datasets/*/split", "/datasets/*/leaks")),
    Part("change_routes", ("/datasets/*/items/remove", "/datasets/*/items/part", "/datasets/*/revert")),
    Part("annotation_routes", ("/datasets/*/annotations/**",)),
    Part("collection_routes", ("/collections",)),
    Part("maintenance_routes", ("/verify",)),
    Part("notification_routes", ("/notifications/**",)),
    Part("root_routes", ("/roots/*/entries",)),
    Part("storage_routes", ("/storage",)),
    Part("template_routes", ("/templates/**",)),
    Part("training_routes", tuple(f"/datasets/*/training.{kind}" for kind in ("json", "yaml", "py", "zip"))),
    Part("tune_routes", ("/tunes/**", "/tune-templates", "/base-models")),
    Part("upload_checks", ("/uploads", "/uploads/*/check")),
    Part("health", ("/healthz", "/readyz", "/metrics"), plain=True),
    Part(
        "web_pages",
        (
            "/",
            "/datasets/**",
            "/add",
            "/jobs/**",
            "/organization/**",
            "/tunes/**",
            "/account",
            "/sign-in",
            "/assets/*",
            "/favicon.svg",
        ),
        plain=True,
    ),
    Part("uploads", (f"{API}/uploads", f"{API}/uploads/*"), plain=True),
    Part("upload_checks", (f"{API}/uploads/*/ranges/**",), plain=True),
    Part("stac_routes", ("/stac/**", f"{API}/datasets/*/stac.parquet"), plain=True),
    Part("events", (f"{API}/events", f"{API}/jobs/*/events"), plain=True),
    Part("raster_routes", (f"{API}/datasets/*/rasters/*/picture",), plain=True),
    Part("map_routes", (f"{API}/datasets/*/map/**",), plain=True),
    Part(
        "pixels",
        tuple(f"{API}/datasets/*/{kind}/**" for kind in ("thumbnails", "files", "tiles")),
        plain=True,
    ),
)
"""Every noun adds its own here. The first route that answers a request gets it."""
