"""What the DICOM file of an item says of itself: its tags as a list, as the DICOM JSON model; its overlays.

FastAPI reads these annotations at run time.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from triptych.api.dependencies import Access, database_of, installation_of, needs
from triptych.api.item_parameters import may_edit, published_version
from triptych.core.access import Action
from triptych.core.errors import NotFound
from triptych.core.source import MemberError
from triptych.datasets.item_detail_schemas import OverlayList, TagList
from triptych.datasets.item_pages import layer_of_key, scope_of
from triptych.installation import Installation
from triptych.storage.blobs import locate
from triptych.storage.packs import Place

router = APIRouter(prefix="/datasets", tags=["items"])

See = Annotated[Access, needs(Action.SEE, on="dataset")]
Edit = Annotated[Access, needs(Action.EDIT, on="dataset")]
Key = Annotated[str, Query(max_length=10_000)]

HEADS = (256 * 1024, 8 * 1024 * 1024, None)
"""How much of a file is read for its header: mostly the first is enough, frames of their own may take megabytes."""


@router.get("/{dataset}/item/tags", response_model=TagList)
def tags(request: Request, access: See, key: Key) -> Any:
    """The tags of an item's DICOM file, in order; those about persons only for those who may edit.

    Empty for an item that is no DICOM.
    """
    from triptych.dicom.tags import tag_entries  # pydicom takes long to import, and few datasets have DICOM

    dataset = _header(request, access, key)
    if dataset is None:
        return {"tags": [], "withheld": 0}
    with database_of(request).read() as connection:
        edits = may_edit(connection, access)
    entries = tag_entries(dataset)
    shown = [entry for entry in entries if edits or not entry.personal]
    return {
        "tags": [
            {
                "tag": entry.tag,
                "keyword": entry.keyword,
                "name": entry.name,
                "vr": entry.vr,
                "value": entry.value,
                "depth": entry.depth,
                "personal": entry.personal,
            }
            for entry in shown
        ],
        "withheld": len(entries) - len(shown),
    }


@router.get("/{dataset}/item/dicom", response_model=dict[str, Any])
def dicom_json(request: Request, access: Edit, key: Key) -> Any:
    """The tags of an item's DICOM file as the DICOM JSON model has them (PS3.18, F), pixels left out."""
    from triptych.dicom.tags import json_document  # as above

    dataset = _header(request, access, key)
    if dataset is None:
        raise NotFound("The item is no DICOM.", code="not_dicom", hint="Only DICOM files have these tags.")
    return json_document(dataset)


@router.get("/{dataset}/item/overlays", response_model=OverlayList)
def overlays(request: Request, access: See, key: Key, frame: Annotated[int, Query(ge=0)] = 0) -> Any:
    """The overlay planes of an item's DICOM file on a frame, as masks; none for an item that is no DICOM."""
    from triptych.masks.runs import encode
    from triptych.modalities.planar.dicom import overlay_masks  # as above

    installation = installation_of(request)
    place = _place(request, access, key)
    if place is None:
        return {"overlays": []}
    limit = installation.settings.picture_pixels
    try:
        found = overlay_masks(_bytes(installation, place, None), frame, max_pixels=limit)
    except IndexError:
        raise NotFound(f"Frame {frame} does not exist.", code="no_such_tile") from None
    except MemberError:
        found = []
    shown = ((entry, encode(entry.mask)) for entry in found)
    return {
        "overlays": [
            {"name": entry.name, "region": entry.region, "mask": {"size": runs.size, "counts": runs.counts}}
            for entry, runs in shown
        ]
    }


def _place(request: Request, access: Access, key: str) -> Place | None:
    """Where an item's DICOM file lies; None for an item that is none. NotFound `item_not_found`."""
    with database_of(request).read() as connection:
        layer = layer_of_key(connection, scope_of(connection, access.row, published_version(access)), key)
        if layer.format != "dicom":
            return None
        place = locate(connection, [bytes(layer.sha256)]).get(bytes(layer.sha256))
    if place is None:
        raise NotFound("The content is not stored any more.", code="content_not_found")
    return place


def _header(request: Request, access: Access, key: str) -> Any:
    """The header of an item's DICOM file; None for an item that is none. NotFound `item_not_found`."""
    from triptych.dicom.reading import read_dataset  # as above

    installation = installation_of(request)
    place = _place(request, access, key)
    if place is None:
        return None
    for length in HEADS:
        data = _bytes(installation, place, length)
        try:
            return read_dataset(data, header_only=True).dataset
        except MemberError:
            continue  # the header goes on behind what was read
    return None


def _bytes(installation: Installation, place: Place, length: int | None) -> bytes:
    wanted = place.length if length is None else min(length, place.length)
    return installation.objects.get(place.object, place.start, wanted)
