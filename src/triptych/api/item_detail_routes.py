"""One item with everything about it, and the ways through studies and series.

FastAPI reads these annotations at run time.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from triptych.api.dependencies import Access, database_of, installation_of, needs
from triptych.api.documents import Cursor, Limit, Page, decode_cursor, encode_cursor
from triptych.api.item_parameters import Wanted, may_edit, published_version
from triptych.api.item_routes import thumbnail_url
from triptych.api.pixels import BROWSER_TYPES, OTHER_TYPE
from triptych.core.access import ANONYMOUS, Action
from triptych.datasets.item_detail import Detail, item_detail, spacing_of
from triptych.datasets.item_detail_schemas import ItemDetail, SeriesItem, StudyView
from triptych.datasets.item_origin import member_path
from triptych.datasets.item_pages import scope_of
from triptych.datasets.item_studies import series_page, study_page
from triptych.datasets.recipes import recipe_in
from triptych.datasets.repository import get_version
from triptych.installation import Installation
from triptych.modalities.planar.metadata import HEAD_BYTES, Entry, read_metadata
from triptych.people.access import can
from triptych.storage.blobs import locate
from triptych.storage.packs import Place

router = APIRouter(prefix="/datasets", tags=["items"])

See = Annotated[Access, needs(Action.SEE, on="dataset")]


@router.get("/{dataset}/item", response_model=ItemDetail)
def item(
    request: Request,
    access: See,
    key: Annotated[str, Query(max_length=10_000)],
    wanted: Annotated[Wanted, Depends()],
) -> Any:
    """An item with its place under the filters, its picture, what was measured of it, and what its file says."""
    installation = installation_of(request)
    number = published_version(access)
    with installation.database.read() as connection:
        scope = scope_of(connection, access.row, number)
        version = get_version(connection, access.row.id, number)
        assert version is not None
        asked = wanted.filter(connection, scope, access)
        recipe = recipe_in(access.row.details)
        found = item_detail(connection, scope, asked, version.counts, key, recipe)
        digests = [found.content.sha256, found.item.manifest]
        places = locate(connection, [bytes(digest) for digest in digests if digest is not None])
        edits = may_edit(connection, access)
        may_export = can(connection, access.caller.subject or ANONYMOUS, Action.EXPORT, access.row)
    picture, manifest = (None if digest is None else places.get(bytes(digest)) for digest in digests)
    entries = [*_own_entries(installation, found, manifest), *_file_entries(installation, picture)]
    document = found.document
    sha256 = document["sha256"]
    document["thumbnail"] = thumbnail_url(access, sha256)
    document["image"] |= {
        "media_type": BROWSER_TYPES.get(found.content.format, OTHER_TYPE),
        "original": f"/api/v1/datasets/{access.row.id}/files/{sha256}" if may_export else None,
    }
    for layer in document["layers"]:
        layer["thumbnail"] = thumbnail_url(access, layer["sha256"])
        layer["original"] = (
            f"/api/v1/datasets/{access.row.id}/files/{layer['sha256']}" if may_export else None
        )
    shown = [entry for entry in entries if edits or not entry.personal]
    return document | {
        "spacing": (found.content.details or {}).get("spacing") or spacing_of(access.row.details),
        "metadata": [{"group": entry.group, "name": entry.name, "value": entry.value} for entry in shown],
        "metadata_withheld": len(entries) - len(shown),
    }


def _own_entries(installation: Installation, found: Detail, manifest: Place | None) -> list[Entry]:
    """What is known of the file beside its bytes: format, size, hash, source and path."""
    path = member_path(installation.objects, manifest, found.item.member)
    details = found.content.details or {}
    entries = {
        "Format": found.content.format,
        "Bytes": f"{found.content.bytes:,}",
        "SHA-256": bytes(found.content.sha256).hex(),
        "Source": found.item.filename,
        "Path": path,
        "Transfer syntax": details.get("transfer_syntax", ""),
        "Photometric interpretation": details.get("photometric", ""),
        "Frames": f"{found.content.frames:,}" if found.content.frames > 1 else "",
    }
    return [Entry("File", name, value, False) for name, value in entries.items() if value]


def _file_entries(installation: Installation, picture: Place | None) -> list[Entry]:
    """What the beginning of the file says of itself."""
    if picture is None:
        return []
    length = min(picture.length, HEAD_BYTES)
    return read_metadata(installation.objects.get(picture.object, picture.start, length))


@router.get("/{dataset}/series", response_model=Page[SeriesItem])
def series(
    request: Request,
    access: See,
    study: str,
    series: Annotated[str | None, Query(description="Left out: items of the study that name none.")] = None,
    limit: Limit = 500,
    after: Cursor = None,
) -> Any:
    """Items of a series, in the order of their positions."""
    position = decode_cursor(after, int, int)
    with database_of(request).read() as connection:
        scope = scope_of(connection, access.row, published_version(access))
        place = None if position is None else (int(position[0]), int(position[1]))
        documents, following = series_page(connection, scope, study, series, place, limit)
    return {"items": documents, "next": None if following is None else encode_cursor(following)}


@router.get("/{dataset}/studies", response_model=Page[StudyView])
def studies(
    request: Request,
    access: See,
    search: Annotated[str | None, Query(max_length=1000, description="Part of a study's name.")] = None,
    limit: Limit = 50,
    after: Cursor = None,
) -> Any:
    """Studies with their series, in the order of their first items."""
    position = decode_cursor(after, int)
    number = published_version(access)
    with database_of(request).read() as connection:
        scope = scope_of(connection, access.row, number)
        version = get_version(connection, access.row.id, number)
        assert version is not None
        documents, following = study_page(
            connection, scope, version.counts, search, int(position[0]) if position else 0, limit
        )
    for document in documents:
        for each in document["series"]:
            each["thumbnail"] = thumbnail_url(access, each.pop("sha256"))
    return {"items": documents, "next": None if following is None else encode_cursor((following,))}
