"""What a DICOM file is filed under: its identifiers, its titles, the tags that it is searched by."""

from __future__ import annotations

from typing import NamedTuple

from triptych.dicom.instance import read_instance
from triptych.dicom.reading import read_dataset
from triptych.dicom.series import series_title, study_title
from triptych.dicom.tag_index import tag_index


class Filing(NamedTuple):
    """Identifiers are "" where the file has none. `patient` is as `Instance` has it. `tags` are pairs (keyword or
    gggg,eeee; value), `personal` the keywords of those about a person, both as `tag_index` gives them."""

    sop_class: str
    sop_uid: str
    study_uid: str
    series_uid: str
    modality: str
    body_part: str
    study_date: str
    study_title: str
    series_title: str
    patient: str | None
    tags: tuple[tuple[str, str], ...]
    personal: tuple[str, ...]


def filing_of(data: bytes) -> Filing:
    """What a whole file is filed under; MemberError `not_dicom` or `header_error`."""
    dataset = read_dataset(data, header_only=True).dataset
    instance = read_instance(data)
    index = tag_index(dataset)
    return Filing(
        instance.sop_class or "",
        instance.sop_uid or "",
        instance.study_uid or "",
        instance.series_uid or "",
        instance.modality,
        instance.body_part,
        instance.study_date or "",
        study_title(instance),
        series_title(instance),
        instance.patient,
        tuple(index.entries),
        tuple(index.personal),
    )
