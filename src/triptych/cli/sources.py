"""From what a person typed to a source that the installation can read; uploads it where it must."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from triptych.cli.progress import progress
from triptych.core.errors import InvalidInput

if TYPE_CHECKING:
    from triptych.cli.output import Output
    from triptych.client.connection import Connection

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_ROOT = "root:"


def source_document(connection: Connection, source: str, output: Output) -> dict[str, Any]:
    """The source as the interface takes it: an address, a folder under a root, a local path, an upload.

    A local path is named where the installation runs on this machine, and uploaded elsewhere.
    """
    if _ADDRESS.match(source):
        return {"kind": "url", "url": source}
    path = Path(source).expanduser()
    if not path.exists():
        if source.startswith(_ROOT):
            root, _, below = source.removeprefix(_ROOT).partition("/")
            return {"kind": "root", "root": root, "path": below}
        raise InvalidInput(
            f"There is nothing at {source}.", code="source_missing", hint="Check the path of the source."
        )
    if connection.reads_local_paths:
        return {"kind": "path", "path": str(path.absolute())}
    from triptych.client.uploads import upload

    with progress(output, in_bytes=True) as report:
        upload_id = upload(connection, path, lambda sent, total: report("Uploading", sent, total))
    return {"kind": "upload", "id": upload_id}
