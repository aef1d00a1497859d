"""What a person may name as a source, and where it then lies: upload, address, registered folder, local path."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field

from triptych.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from triptych.db.tables import roots, uploads
from triptych.storage.sources import SourceRef
from triptych.storage.uploads import UploadFolder

if TYPE_CHECKING:
    from triptych.core.access import Subject


class UploadSource(BaseModel):
    """A finished upload of the caller's."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["upload"]
    id: str


class UrlSource(BaseModel):
    """The address of an archive, http or https."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["url"]
    url: str = Field(max_length=4000)


class RootSource(BaseModel):
    """A file or folder below a registered folder. `path` is relative to it."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["root"]
    root: str
    path: str = ""


class PathSource(BaseModel):
    """A path on the server's machine; only for callers that prove they may read its home."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["path"]
    path: str


SourceDocument = Annotated[UploadSource | UrlSource | RootSource | PathSource, Field(discriminator="kind")]


def resolve_source(
    connection: sa.Connection,
    document: UploadSource | UrlSource | RootSource | PathSource,
    *,
    subject: Subject,
    is_local: bool,
    home: Path,
) -> SourceRef:
    """Where the source lies. NotFound, NotAllowed, Conflict or InvalidInput say why it cannot be taken."""
    if isinstance(document, UploadSource):
        return _upload(connection, document, subject, home)
    if isinstance(document, UrlSource):
        return _url(document.url)
    if isinstance(document, RootSource):
        return _below_root(connection, document, subject)
    if not is_local:
        raise NotAllowed(
            "Paths on the server's machine can be named from its own command line only.",
            code="path_not_allowed",
            hint="Upload the file, or ask an administrator to register its folder.",
        )
    return _path(Path(document.path), document.path)


def _upload(connection: sa.Connection, document: UploadSource, subject: Subject, home: Path) -> SourceRef:
    row = connection.execute(
        sa.select(uploads).where(uploads.c.id == document.id, uploads.c.user_id == subject.user_id)
    ).first()
    if row is None:
        raise NotFound(
            "There is no such upload of yours.", code="upload_not_found", hint="Upload the file again."
        )
    if row.finished_at is None:
        raise Conflict("The upload is not finished.", code="upload_unfinished", hint="Go on with it first.")
    path = UploadFolder(home).resolve(row.id)
    return SourceRef.of_file(path, row.filename)


def _url(url: str) -> SourceRef:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InvalidInput(
            "The address does not begin with http:// or https://.",
            code="bad_address",
            hint="Give the whole address of a zip or tar file.",
        )
    return SourceRef.of_url(url)


def _below_root(connection: sa.Connection, document: RootSource, subject: Subject) -> SourceRef:
    row = connection.execute(
        sa.select(roots).where(
            roots.c.organization_id == subject.organization_id,
            sa.or_(roots.c.name == document.root, roots.c.id == document.root),
        )
    ).first()
    if row is None:
        raise NotFound("There is no such registered folder.", code="root_not_found")
    base = Path(row.path)
    target = (base / document.path).resolve() if "\0" not in document.path else base.parent
    if target != base and base not in target.parents:
        raise InvalidInput(
            "The path leaves the registered folder.",
            code="path_outside_root",
            hint="Give a path below the folder, without “..” and without links that lead out.",
        )
    return _path(target, document.path or row.name)


def _path(path: Path, shown: str) -> SourceRef:
    if not path.exists():
        raise NotFound(f"There is nothing at {shown}.", code="source_not_found", hint="Check the path.")
    kind: Literal["file", "folder"] = "folder" if path.is_dir() else "file"
    return SourceRef(kind, str(path.absolute()), path.absolute().name)
