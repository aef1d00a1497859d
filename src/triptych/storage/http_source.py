"""A file behind a URL: read by ranges where the server can, else downloaded; the same state from first to last byte.

Ranges: RFC 9110, section 14. The state is pinned by ETag, Last-Modified and size; every range carries If-Range
where the validator is strong, so that a file which changes in between is noticed, never mixed.
"""

from __future__ import annotations

import re
import threading
import time
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import httpx

from triptych.core.errors import Refused, Unavailable
from triptych.storage.containers.refusals import source_changed
from triptych.storage.network import check_address, guarded_client, system_resolver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triptych.storage.network import Resolver
    from triptych.storage.source_reference import SourceRef

REDIRECTS = 5
ATTEMPTS = 4
PROBE = 512
_PAUSE = 0.25
_PASSING = (408, 425, 429, 500, 502, 503, 504)
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


@dataclass(frozen=True, slots=True)
class Pin:
    """The state of a file behind a URL. `size` in bytes, None where the server does not say."""

    etag: str = ""
    modified: str = ""
    size: int | None = None

    @property
    def validator(self) -> str:
        """What If-Range takes: a strong ETag, else Last-Modified, else nothing."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.modified

    def fits(self, other: Pin) -> bool:
        """Whether both may be the same state."""
        return all(
            not mine or not theirs or mine == theirs
            for mine, theirs in (
                (self.etag, other.etag), (self.modified, other.modified), (self.size, other.size),
            )
        )  # fmt: skip


def pin_of(reference: SourceRef) -> Pin:
    """The state that a reference names."""
    return Pin(reference.etag, reference.modified, reference.size)


def pinned(reference: SourceRef, pin: Pin) -> SourceRef:
    """The reference with a state."""
    return replace(reference, etag=pin.etag, modified=pin.modified, size=pin.size)


class HttpSource:
    """Requests for one URL, with redirects followed by hand and each judged anew. Threads may share it."""

    def __init__(self, address: str, *, private_networks: bool, resolver: Resolver = system_resolver) -> None:
        self._first = check_address(address)
        self._last = self._first
        self._client = guarded_client(private_networks=private_networks, resolver=resolver)

    @property
    def host(self) -> str:
        """The host, for messages; paths and queries may hold secrets."""
        return self._first.host

    def open(self, headers: dict[str, str]) -> httpx.Response:
        """GET, streamed; the caller closes the response. Its status is 200, 206, 412 or 416.

        Raises Refused (`source_not_found`, `bad_address`, `private_address`, `too_many_redirects`,
        `bad_certificate`), Unavailable (`source_unreachable`) after several attempts.
        """
        for attempt in range(ATTEMPTS):
            try:
                response = self._follow(self._last, headers)
                if response.status_code in (403, 404, 410) and self._last != self._first:
                    # What a redirect led to may have expired, as signed addresses do.
                    response.close()
                    response = self._follow(self._first, headers)
            except httpx.TransportError as error:
                if "CERTIFICATE_VERIFY_FAILED" in str(error):
                    raise self._untrusted() from error
                if attempt == ATTEMPTS - 1:
                    raise self.unreachable(type(error).__name__) from error
            else:
                if response.status_code not in _PASSING:
                    return self._judged(response)
                response.close()
                if attempt == ATTEMPTS - 1:
                    raise self.unreachable(f"status {response.status_code}")
            time.sleep(_PAUSE * 2**attempt)
        raise self.unreachable("no answer")

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def unreachable(self, why: str) -> Unavailable:
        """The error for a server that does not answer."""
        return Unavailable(
            f"The server {self.host} does not answer ({why}).",
            code="source_unreachable",
            hint="Try again later, or download the file and upload it.",
        )

    def _untrusted(self) -> Refused:
        return Refused(
            f"The certificate of {self.host} cannot be verified.",
            code="bad_certificate",
            hint="If it is signed by your own authority, point SSL_CERT_FILE at that authority's certificate.",
        )

    def _follow(self, url: httpx.URL, headers: dict[str, str]) -> httpx.Response:
        for _ in range(REDIRECTS + 1):
            response = self._client.send(self._client.build_request("GET", url, headers=headers), stream=True)
            if not response.has_redirect_location:
                self._last = url
                return response
            response.close()
            url = check_address(str(url.join(response.headers["location"])))
        raise Refused(
            f"The server {self.host} redirects more than {REDIRECTS} times.",
            code="too_many_redirects",
            hint="Give the address that the last redirect leads to.",
        )

    def _judged(self, response: httpx.Response) -> httpx.Response:
        if response.status_code in (200, 206, 412, 416):
            return response
        response.close()
        raise Refused(
            f"The server {self.host} answers with status {response.status_code}.",
            code="source_not_found",
            hint="Check that the address can be opened without signing in.",
        )


def pin_from(response: httpx.Response) -> Pin:
    """The state that a response with status 200 or 206 tells of."""
    headers = response.headers
    size: int | None = None
    if response.status_code == 206:
        matched = _CONTENT_RANGE.fullmatch(headers.get("content-range", ""))
        size = int(matched[3]) if matched else None
    elif headers.get("content-length", "").isdigit():
        size = int(headers["content-length"])
    return Pin(headers.get("etag", ""), headers.get("last-modified", ""), size)


class HttpFile:
    """A file behind a URL, read by ranges; made by `open_ranges`."""

    distant = True

    def __init__(self, source: HttpSource, pin: Pin, head: bytes) -> None:
        assert pin.size is not None
        self._source = source
        self._head = head
        self._lock = threading.Lock()
        self.pin = pin
        self.size = pin.size
        self.bytes_read = 0
        self.requests = 0

    def read(self, start: int, length: int) -> bytes:
        """The bytes from `start`, cut at the end. Raises Refused (`source_changed`), Unavailable."""
        length = min(length, self.size - start)
        if length <= 0:
            return b""
        if start + length <= len(self._head):
            return self._head[start : start + length]
        pieces: list[bytes] = []
        got = 0
        for attempt in range(ATTEMPTS):
            try:
                for piece in self._range(start + got, length - got):
                    pieces.append(piece)
                    got += len(piece)
            except httpx.TransportError as error:
                if attempt == ATTEMPTS - 1:
                    raise self._source.unreachable(type(error).__name__) from error
            if got == length:
                with self._lock:
                    self.bytes_read += length
                return b"".join(pieces)
        raise self._source.unreachable("answers are cut off")

    def close(self) -> None:
        """Close all connections."""
        self._source.close()

    def _range(self, start: int, length: int) -> Iterator[bytes]:
        headers = {"Range": f"bytes={start}-{start + length - 1}"}
        if self.pin.validator:
            headers["If-Range"] = self.pin.validator
        response = self._source.open(headers)
        try:
            with self._lock:
                self.requests += 1
            matched = _CONTENT_RANGE.fullmatch(response.headers.get("content-range", ""))
            if response.status_code != 206 or matched is None or not self.pin.fits(pin_from(response)):
                raise source_changed(self._source.host)
            if int(matched[1]) != start:
                raise self._source.unreachable("it sends another range than asked for")
            left = length
            # Read to the end of the message, so that the connection can be used again.
            for piece in response.iter_raw():
                if left > 0:
                    yield piece[:left]
                left -= len(piece)
                if left < 0:
                    return
        finally:
            response.close()


def open_ranges(
    reference: SourceRef, *, private_networks: bool, resolver: Resolver = system_resolver
) -> HttpFile | None:
    """The file behind a URL where its server gives ranges, None where it gives only the whole.

    Raises Refused: `source_changed` when the reference is pinned to another state, and as `HttpSource.open`.
    """
    source = HttpSource(reference.address, private_networks=private_networks, resolver=resolver)
    try:
        with closing(source.open({"Range": f"bytes=0-{PROBE - 1}"})) as response:
            pin = pin_from(response) if response.status_code in (200, 206) else Pin()
            if not pin_of(reference).fits(pin):
                raise source_changed(source.host)
            if response.status_code == 206 and pin.size is not None:
                return HttpFile(source, pin, _head(response))
    except BaseException:
        source.close()
        raise
    source.close()
    return None


def _head(response: httpx.Response) -> bytes:
    """The first bytes; what is wrong with them shows when they are asked for again."""
    data = b""
    for piece in response.iter_raw():
        data += piece
        if len(data) > PROBE:
            return b""
    return data if len(data) == PROBE else b""
