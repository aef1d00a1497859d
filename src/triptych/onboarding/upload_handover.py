"""From a finished upload to a source that every worker can read, and the end of the upload once it is imported.

Uploads arrive in the home of the server. Where bytes lie in a bucket, workers may run on other machines: the
upload is then moved into the bucket before its job begins.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from triptych.core.ids import is_id
from triptych.db.tables import uploads
from triptych.storage.sources import SourceRef
from triptych.storage.uploads import UploadFolder

if TYPE_CHECKING:
    from triptych.installation import Installation

PREFIX = "uploads/"


def hand_over(installation: Installation, source: SourceRef) -> SourceRef:
    """The source as a job should read it: an upload in a bucket where storage is one, else as it is."""
    upload_id = _upload_of(installation, source)
    if upload_id is None or installation.objects.folder is not None:
        return source
    name = f"{PREFIX}{upload_id}"
    installation.objects.put_file(name, Path(source.address))
    with installation.database.write() as connection:
        connection.execute(sa.update(uploads).where(uploads.c.id == upload_id).values(object=name))
    return SourceRef.of_object(installation.settings.storage_url, name, source.filename)


def release(installation: Installation, source: SourceRef) -> None:
    """Remove the upload that a source was, file, object and row: what was imported is stored by its content."""
    upload_id = _upload_of(installation, source)
    if upload_id is None:
        return
    with installation.database.write() as connection:
        name = connection.execute(sa.select(uploads.c.object).where(uploads.c.id == upload_id)).scalar()
        connection.execute(sa.delete(uploads).where(uploads.c.id == upload_id))
    if name is not None:
        installation.objects.delete([name])
    UploadFolder(installation.settings.home).remove(upload_id)


def _upload_of(installation: Installation, source: SourceRef) -> str | None:
    if source.kind == "file":
        path = Path(source.address)
        folder = UploadFolder(installation.settings.home).folder
        return path.stem if path.parent == folder and is_id(path.stem) else None
    if source.kind == "object":
        _, _, name = source.address.partition("#")
        return name.removeprefix(PREFIX) if name.startswith(PREFIX) else None
    return None
