"""DICOM segmentations as annotation sets on the series that they refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triptych.core.labels import DraftSet, MaskFile, MaskReading, MaskTarget, Task
from triptych.core.names import base_name, without_ending

if TYPE_CHECKING:
    from triptych.core.dataset import DraftItem
    from triptych.formats.base import SourceView
    from triptych.formats.pictures.dicom import Survey


def segmentation_sets(view: SourceView, survey: Survey, items: list[DraftItem]) -> list[DraftSet]:
    """A set for each segmentation. Its classes are the segments, read with the masks."""
    if not survey.segmentations:
        return []
    targets = tuple(
        MaskTarget(instance.sop_uid, ordinal, instance.position)
        for ordinal, item in enumerate(items)
        if (instance := survey.instances.get(item.member)) is not None and instance.sop_uid is not None
    )
    by_uid = {target.uid: target for target in targets}
    sets = []
    for member in survey.segmentations:
        path = view.paths[member]
        named = [by_uid[uid] for uid in survey.references.get(member, ()) if uid in by_uid]
        file = MaskFile(member, MaskReading.DICOM_SEG, targets=tuple(named) or targets)
        name = without_ending(base_name(path)) or "segmentation"
        sets.append(DraftSet(name, Task.SEGMENTATION, path, masks=[file]))
    return sets
