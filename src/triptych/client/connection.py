"""A connection to an installation: JSON over HTTP, errors as the product's own, lists page by page."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

from triptych.client.errors import error_from_response
from triptych.core.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

API = "/api/v1"
PAGE = 500
"""Entries asked for in one request when a list is read to its end."""

# Long enough for a pre-scan of a slow address; what takes longer is a job.
TIMEOUT = httpx.Timeout(300.0, connect=10.0)
PAUSES = (0.2, 0.8, 2.0)
"""Seconds before each repetition of a GET that got no answer."""


def segment(name: str) -> str:
    """A name as one segment of a path: slashes, dots alone and every other special character encoded."""
    encoded = quote(name, safe="")
    return encoded.replace(".", "%2E") if set(name) <= {"."} else encoded


def dataset_path(reference: str, *rest: str) -> str:
    """The path of a dataset, `name`, `name@version` or id, or of something below it."""
    return "/".join(["/datasets", segment(reference), *(segment(part) for part in rest)])


class Connection:
    """Talks to one installation as one person.

    Errors of the server are raised as the classes of `triptych.core.errors`, with the server's code, message,
    hint and findings; `Unavailable` (code `server_unavailable`) when nothing answers. Safe to use from several
    threads.
    """

    def __init__(
        self,
        address: str,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        transport: httpx.BaseTransport | None = None,
        reads_local_paths: bool = False,
        trusted: bool = False,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """`reads_local_paths` says that the server sees this machine's folders and trusts this caller;
        `trusted` that its certificate need not be checked, since it is known to be the home's own process.
        `pause` is called with the seconds between two questions, and may come back earlier when there is news.
        """
        self.address = address.rstrip("/")
        self.reads_local_paths = reads_local_paths
        self.pause = pause
        sent = {"Accept": "application/json", **(headers or {})}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        self.headers = sent
        self._client = httpx.Client(
            base_url=f"{self.address}{API}",
            headers=sent,
            transport=transport,
            timeout=TIMEOUT,
            verify=not trusted,
            trust_env=not trusted,  # a proxy does not reach this machine's loopback
        )

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the sockets."""
        self._client.close()

    def get(self, path: str, **query: Any) -> Any:
        """The JSON document at a path; parameters that are None are left out."""
        return self.request("GET", path, query=query).json()

    def probe(self, path: str) -> Any:
        """The JSON document at a path, whatever the status of the answer."""
        return self._send(self._client.build_request("GET", path), stream=False).json()

    def text(self, path: str, **query: Any) -> str:
        """The text at a path."""
        return self.request("GET", path, query=query).text

    def content(self, path: str, **query: Any) -> bytes:
        """The bytes at a path."""
        return self.request("GET", path, query=query).content

    def post(self, path: str, body: Any = None) -> Any:
        """Post a JSON document; the answer's document, or None when it is empty."""
        return _document(self.request("POST", path, body=body))

    def patch(self, path: str, body: Any) -> Any:
        """Change what is at a path; the answer's document."""
        return _document(self.request("PATCH", path, body=body))

    def delete(self, path: str) -> Any:
        """Delete what is at a path; the answer's document, or None when it is empty."""
        return _document(self.request("DELETE", path))

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """One request, its answer read whole. GET and HEAD are repeated when the connection breaks."""
        request = self._client.build_request(
            method,
            path,
            params=_parameters(query or {}),
            json=body,
            content=content,
            headers=dict(headers or {}),
        )
        response = self._send(request, stream=False)
        if response.is_error:
            raise error_from_response(response)
        return response

    @contextmanager
    def stream(self, path: str, **query: Any) -> Iterator[httpx.Response]:
        """The answer at a path, its body not yet read."""
        request = self._client.build_request("GET", path, params=_parameters(query))
        response = self._send(request, stream=True)
        try:
            if response.is_error:
                response.read()
                raise error_from_response(response)
            with self._named_failures():
                yield response
        finally:
            response.close()

    def page(self, path: str, **query: Any) -> dict[str, Any]:
        """One page of a list: `items` and `next`, the cursor of the page that follows or None."""
        document: dict[str, Any] = self.get(path, **query)
        return document

    def pages(self, path: str, *, page_size: int = PAGE, **query: Any) -> Iterator[list[dict[str, Any]]]:
        """Every page of a list, one request each."""
        after: str | None = query.pop("after", None)
        while True:
            document = self.page(path, limit=page_size, after=after, **query)
            yield document["items"]
            after = document.get("next")
            if not after:
                return

    def all(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Every entry of a list."""
        for page in self.pages(path, **query):
            yield from page

    def _send(self, request: httpx.Request, *, stream: bool) -> httpx.Response:
        pauses = PAUSES if request.method in ("GET", "HEAD") else ()
        for pause in pauses:
            try:
                return self._client.send(request, stream=stream)
            except httpx.TransportError:
                time.sleep(pause)
        with self._named_failures():
            return self._client.send(request, stream=stream)

    @contextmanager
    def _named_failures(self) -> Iterator[None]:
        try:
            yield
        except httpx.TimeoutException as error:
            raise Unavailable(
                f"{self.address} took too long to answer.",
                code="server_unavailable",
                hint="Check that the server runs and is not overloaded, then try again.",
            ) from error
        except httpx.TransportError as error:
            hint = "Check the address, and that `triptych serve` runs there."
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                hint = "If you trust its certificate, name the file that holds it with SSL_CERT_FILE."
            raise Unavailable(
                f"{self.address} does not answer: {error}.", code="server_unavailable", hint=hint
            ) from error


def _parameters(query: Mapping[str, Any]) -> dict[str, Any]:
    given = {name.rstrip("_"): value for name, value in query.items() if value is not None}
    return {
        name: ("true" if value else "false") if isinstance(value, bool) else value
        for name, value in given.items()
    }


def _document(response: httpx.Response) -> Any:
    return response.json() if response.content else None
