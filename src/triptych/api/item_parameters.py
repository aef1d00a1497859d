"""The filters of items as query parameters. FastAPI reads these annotations at run time."""

from typing import Annotated, Any, Literal

from fastapi import Query
from sqlalchemy import Connection

from triptych.api.dependencies import Access
from triptych.core.access import ANONYMOUS, Action
from triptych.core.dataset import Part
from triptych.core.errors import Conflict
from triptych.datasets.item_filter import ItemFilter, Scope
from triptych.datasets.item_query import item_filter
from triptych.datasets.item_schemas import MOST_VALUES, Depth, ItemWords
from triptych.people.access import can

Duplicates = Literal["exact", "near", "none", "true", "false"]


def _several(description: str = "", **options: Any) -> Any:
    return Query(default_factory=list, max_length=MOST_VALUES, description=description or None, **options)


class Wanted:
    """The filters of lists and facets: every list may be repeated, and any of its values will do."""

    def __init__(  # noqa: PLR0913  each is a parameter of the address
        self,
        class_: Annotated[list[str], _several("SET:CLASS or CLASS.", alias="class")],
        part: Annotated[list[Part], _several()],
        study: Annotated[list[str], _several()],
        series: Annotated[list[str], _several()],
        size: Annotated[list[str], _several("WIDTH×HEIGHT in pixels.")],
        bit_depth: Annotated[list[Depth], _several()],
        bands: Annotated[list[str], _several("Names joined by blanks.")],
        finding: Annotated[list[str], _several("Code of a finding of the item's own.")],
        duplicates: Annotated[list[Duplicates], _several("`true` is exact or near.")],
        modality: Annotated[list[str], _several("Of DICOM: CT, MR, …")],
        body_part: Annotated[list[str], _several("Of DICOM.")],
        tag: Annotated[list[str], _several("TAG:VALUE of DICOM; every one must be there.")],
        search: Annotated[
            str | None, Query(max_length=1000, description="Part of a key, or TAG:VALUE of DICOM.")
        ] = None,
        flagged: Annotated[bool, Query(description="With any finding of its own.")] = False,
    ) -> None:
        copies = ["exact", "near"] if "true" in duplicates else []
        copies += [each for each in duplicates if each not in ("true", "false")]
        self.words = ItemWords.model_validate(
            {
                "class": class_,
                "part": part,
                "study": study,
                "series": series,
                "search": search,
                "size": size,
                "bit_depth": bit_depth,
                "bands": bands,
                "finding": finding,
                "duplicates": copies,
                "modality": modality,
                "body_part": body_part,
                "tag": tag,
                "flagged": flagged,
            }
        )

    def filter(self, connection: Connection, scope: Scope, access: Access) -> ItemFilter:
        """The filter at a version. InvalidInput `bad_size`, `bad_tag`; NotAllowed `personal_tag`; NotFound
        `class_not_found`."""
        return item_filter(connection, scope, self.words, personal=lambda: may_edit(connection, access))


def may_edit(connection: Connection, access: Access) -> bool:
    """Whether the caller may edit the dataset of a request, and so see what its files say of persons."""
    return can(connection, access.caller.subject or ANONYMOUS, Action.EDIT, access.row)


def published_version(access: Access) -> int:
    """The version that a request is about. Conflict `dataset_not_ready` where none is published."""
    number = access.version or access.row.version
    if number == 0:
        raise Conflict(
            f"“{access.row.name}” has no published version yet.",
            code="dataset_not_ready",
            hint="Wait for its job, or decide about its rejected files.",
        )
    return int(number)
