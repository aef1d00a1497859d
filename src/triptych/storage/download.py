"""A download that goes on where it stopped: `<target>.part` and `<target>.part.json` lie beside the target until
the file is whole, then it is renamed into place."""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import httpx

from triptych.core.errors import Refused
from triptych.storage.containers.refusals import over_limit, source_changed
from triptych.storage.containers.staging import write_piece
from triptych.storage.http_source import (
    ATTEMPTS,
    HttpSource,
    Pin,
    pin_from,
    pin_of,
)
from triptych.storage.network import system_resolver
from triptych.storage.source_reference import SourceRef

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from triptych.storage.network import Resolver
    from triptych.storage.source_reference import SourceLimits

    Progress = Callable[[int, int | None], None]
    """Called with the bytes that are there, and how many there will be where that is known."""

_PAUSE = 0.5


def download(
    reference: SourceRef,
    target: Path,
    progress: Progress,
    limits: SourceLimits,
    *,
    private_networks: bool = False,
    resolver: Resolver = system_resolver,
) -> SourceRef:
    """Download what a reference of kind "http" names; returns the reference of the file.

    A broken connection, or a process that died, goes on at the byte where it stopped when the server has ranges
    and a strong validator; else it begins again. Raises Refused (`source_changed`, `over_limit`, and those of
    `HttpSource.open`), Unavailable (`source_unreachable`, `disk_full`).
    """
    source = HttpSource(reference.address, private_networks=private_networks, resolver=resolver)
    part, note = target.with_name(f"{target.name}.part"), target.with_name(f"{target.name}.part.json")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        failures = 0
        while True:
            before = part.stat().st_size if part.exists() else 0
            try:
                pin = _attempt(source, reference, part, note, progress, limits)
                break
            except (httpx.TransportError, httpx.StreamError) as error:
                after = part.stat().st_size if part.exists() else 0
                failures = failures + 1 if after <= before else 1
                if failures == ATTEMPTS:
                    raise source.unreachable(type(error).__name__) from error
                time.sleep(_PAUSE * failures)
    except Refused:
        part.unlink(missing_ok=True)
        note.unlink(missing_ok=True)
        raise
    finally:
        source.close()
    part.replace(target)
    note.unlink(missing_ok=True)
    return SourceRef(
        "file", str(target), reference.filename, reference.options, size=target.stat().st_size, etag=pin.etag
    )


def _attempt(
    source: HttpSource, reference: SourceRef, part: Path, note: Path, progress: Progress, limits: SourceLimits
) -> Pin:
    noted = _noted(note)
    offset = part.stat().st_size if noted.validator and part.exists() else 0
    headers = {"Range": f"bytes={offset}-", "If-Range": noted.validator} if offset else {}
    response = source.open(headers)
    try:
        if response.status_code == 416 and noted.size == offset:
            return noted
        if response.status_code not in (200, 206):
            note.unlink(missing_ok=True)  # the part does not fit what is there now
            raise httpx.ReadError(f"status {response.status_code}")
        pin = pin_from(response)
        if response.status_code == 200:
            offset = 0
        elif not (offset and noted.fits(pin)):
            raise source_changed(source.host)
        if not pin_of(reference).fits(pin):
            raise source_changed(source.host)
        if pin.size is not None and pin.size > limits.source_bytes:
            raise over_limit(f"The file of {pin.size:,} bytes", limits.source_bytes, "bytes")
        note.write_text(json.dumps({"etag": pin.etag, "modified": pin.modified, "size": pin.size}))
        _receive(response, part, offset, pin, progress, limits)
    finally:
        response.close()
    return pin


def _noted(note: Path) -> Pin:
    with suppress(OSError, ValueError, TypeError):
        return Pin(**json.loads(note.read_text()))
    return Pin()


def _receive(
    response: httpx.Response, part: Path, offset: int, pin: Pin, progress: Progress, limits: SourceLimits
) -> None:
    with part.open("r+b" if offset else "wb") as file:
        file.seek(offset)
        file.truncate()
        got = offset
        progress(got, pin.size)
        for piece in response.iter_raw():  # without a size, so that a broken connection loses nothing
            got += len(piece)
            if got > limits.source_bytes:
                raise over_limit("The file", limits.source_bytes, "bytes")
            write_piece(file, piece)
            progress(got, pin.size)
        file.flush()
        os.fsync(file.fileno())
    if pin.size is not None and got != pin.size:
        raise httpx.ReadError(f"{got} of {pin.size} bytes")
