"""The web UI: one page for every address of a person's, and the scripts, styles and fonts that it loads.

The files are built from `frontend/` into the package. Their names hold a hash of what they hold, so they are cached
for ever; the page itself is made for each request, with a nonce for the styles that the page's parts insert.
"""

from __future__ import annotations

import gzip
import mimetypes
import secrets
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from triptych.api.access_rules import Rule
from triptych.api.dependencies import Access, guarded
from triptych.core.errors import NotFound, Unavailable

if TYPE_CHECKING:
    from starlette.requests import Request

BUILT = Path(__file__).parents[1] / "web"
FOREVER = "public, max-age=31536000, immutable"
PLACEHOLDER = "__NONCE__"
PAGES = (
    "/",
    "/datasets",
    "/datasets/{rest:path}",
    "/add",
    "/jobs",
    "/jobs/{rest:path}",
    "/organization",
    "/organization/{rest:path}",
    "/account",
    "/tunes",
    "/tunes/{rest:path}",
    "/sign-in",
)
"""Addresses that the page answers itself; what else is not there is 404, as in the API."""

COMPRESSED = ("text/", "application/javascript", "application/json", "image/svg+xml")
_TYPES = {".js": "text/javascript", ".woff2": "font/woff2", ".wasm": "application/wasm"}


class Asset(NamedTuple):
    """A file as it is sent; `compressed` is its gzip form, None where that is of no use."""

    media_type: str
    plain: bytes
    compressed: bytes | None


def policy(nonce: str) -> str:
    """The Content-Security-Policy of the page: nothing from anywhere but this server."""
    return (
        "default-src 'none'; script-src 'self'; "
        f"style-src 'self' 'nonce-{nonce}'; "
        "img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; "
        "manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )


async def _page(_: Request, __: Access) -> Response:
    template = await run_in_threadpool(_template)
    nonce = secrets.token_urlsafe(16)
    return HTMLResponse(
        template.replace(PLACEHOLDER, nonce),
        headers={"Content-Security-Policy": policy(nonce), "Cache-Control": "no-cache"},
    )


def _template() -> str:
    try:
        return (BUILT / "index.html").read_text("utf-8")
    except FileNotFoundError:
        raise Unavailable(
            "This installation of Triptych was made without its web pages.",
            code="pages_missing",
            hint="Install it anew where Node.js is at hand or can be fetched; in a checkout run `make web`. "
            "The command line and the API work without them.",
        ) from None


async def _file(request: Request, _: Access) -> Response:
    asset = await run_in_threadpool(_asset, f"assets/{request.path_params['name']}")
    return _sent(request, asset, FOREVER)


async def _icon(request: Request, _: Access) -> Response:
    return _sent(request, await run_in_threadpool(_asset, "favicon.svg"), "public, max-age=86400")


def _sent(request: Request, asset: Asset, caching: str) -> Response:
    headers = {"Cache-Control": caching, "Vary": "Accept-Encoding"}
    accepted = request.headers.get("accept-encoding", "")
    if asset.compressed is not None and "gzip" in accepted:
        headers["Content-Encoding"] = "gzip"
        return Response(asset.compressed, media_type=asset.media_type, headers=headers)
    return Response(asset.plain, media_type=asset.media_type, headers=headers)


@lru_cache(maxsize=256)
def _asset(name: str) -> Asset:
    path = BUILT / name
    # Routes see %2F as a part of a name, so a name can hold "../".
    if ".." in path.parts or not path.is_file():
        raise NotFound("There is no such file.", code="not_found")
    plain = path.read_bytes()
    media_type = _TYPES.get(path.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    compressed = gzip.compress(plain, 9, mtime=0) if media_type.startswith(COMPRESSED) else None
    return Asset(media_type, plain, compressed)


ROUTES = [
    *(Route(path, guarded(Rule("anyone"), _page), methods=["GET"]) for path in PAGES),
    Route("/assets/{name}", guarded(Rule("anyone"), _file), methods=["GET"]),
    Route("/favicon.svg", guarded(Rule("anyone"), _icon), methods=["GET"]),
]
