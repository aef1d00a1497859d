"""A web server on 127.0.0.1 for tests: ranges or none, validators, redirects, broken connections."""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator


@dataclass
class Web:
    """What the server serves, and what it was asked for."""

    data: bytes = b""
    etag: str = '"one"'
    ranges: bool = True
    break_after: list[int] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    redirects: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)
    sent: int = 0
    port: int = 0
    connections: int = 0

    def url(self, path: str = "/data.zip", host: str = "127.0.0.1") -> str:
        """The address of a path."""
        return f"http://{host}:{self.port}{path}"


@contextmanager
def serve(web: Web, tls: ssl.SSLContext | None = None) -> Iterator[Web]:
    """Serve until the end of the context."""

    class Handler(_Handler):
        site = web

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    web.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    site: Web
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        """Count the connection."""
        super().setup()
        self.site.connections += 1

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        site = self.site
        asked = self.headers.get("Range", "")
        site.asked.append((self.path, asked))
        site.hosts.append(self.headers.get("Host", ""))
        if site.statuses:
            self._answer(site.statuses.pop(0), b"", {})
        elif self.path in site.redirects:
            self._answer(302, b"", {"Location": site.redirects[self.path]})
        elif self.path.startswith("/missing.zip"):
            self._answer(404, b"", {})
        else:
            self._file(asked)

    def _file(self, asked: str) -> None:
        site = self.site
        condition = self.headers.get("If-Range", site.etag)
        headers = {"ETag": site.etag} if site.etag else {}
        if not asked or not site.ranges or condition != site.etag:
            self._answer(200, site.data, headers)
            return
        first, _, last = asked.removeprefix("bytes=").partition("-")
        start, size = int(first), len(site.data)
        end = min(int(last) if last else size - 1, size - 1)
        if start >= size:
            self._answer(416, b"", {"Content-Range": f"bytes */{size}"})
            return
        headers["Content-Range"] = f"bytes {start}-{end}/{size}"
        self._answer(206, site.data[start : end + 1], headers)

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        site = self.site
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if site.break_after and len(body) > site.break_after[0]:
            body = body[: site.break_after.pop(0)]
            self.close_connection = True
        site.sent += len(body)
        with suppress(ConnectionError):
            self.wfile.write(body)
