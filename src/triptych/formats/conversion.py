"""What COCO, YOLO, Pascal VOC and LabelMe share on the way out: names of pictures, parts, and forms of labels."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from triptych.core.dataset import PARTS, Part
from triptych.core.errors import InvalidInput
from triptych.core.findings import EXAMPLES_KEPT, Finding, Severity
from triptych.core.labels import Kind, Task, palette_color
from triptych.core.names import ending, fold, without_ending
from triptych.formats.base import SIDECAR_NAME
from triptych.formats.contours import TooRaggedError, outlines
from triptych.formats.export_paths import safe_part, safe_path
from triptych.formats.losses import LABEL_TASKS, sets_left_out
from triptych.formats.pictures.kinds import PICTURE_ENDINGS
from triptych.formats.sidecar import Sidecar, SidecarItem, SidecarSet, dump
from triptych.masks import polygons, runs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from triptych.core.labels import Label
    from triptych.formats.base import ExportItem, ExportSet, ExportSource
    from triptych.formats.losses import Losses

CLASSIFICATION = frozenset({Task.SINGLE_LABEL, Task.MULTI_LABEL})
_ENDINGS = {"jpeg": ".jpg", "png": ".png", "dicom": ".dcm"}
_SPACES = re.compile(r"\s+")
_PART_NAMES = {Part.TRAIN: "train", Part.VALIDATION: "val", Part.TEST: "test"}


class Group(NamedTuple):
    """The items of a part of the split by their index; `name` is "train", "val", "test", or "" for the rest."""

    name: str
    items: list[int]


def groups_of(source: ExportSource) -> list[Group]:
    """The parts that have items, then those in no part; one group "" where the version has no split."""
    found = {part: Group(_PART_NAMES[part], []) for part in PARTS}
    rest = Group("", [])
    for index, item in enumerate(source.items):
        (rest if item.part is None else found[item.part]).items.append(index)
    return [group for group in (*found.values(), rest) if group.items] or [rest]


def first_of(source: ExportSource, tasks: Iterable[Task]) -> ExportSet | None:
    """The first annotation set of one of the tasks."""
    wanted = frozenset(tasks)
    return next((entry for entry in source.sets if entry.task in wanted), None)


def leave_out(source: ExportSource, kept: Sequence[ExportSet], title: str, losses: Losses) -> None:
    """Notes the annotation sets that are not among the kept ones, and why."""
    others = [entry for entry in source.sets if not any(entry is known for known in kept)]
    pictures = [entry for entry in others if entry.task not in LABEL_TASKS]
    if len(pictures) == len(others):
        losses.extend(sets_left_out(pictures, f"their labels are pictures, which {title} does not hold"))
    else:
        losses.extend(sets_left_out(others, f"{title} holds one of a kind, and not every kind"))


def cannot_hold(source: ExportSource, title: str, needed: str) -> InvalidInput:
    """The error for a version of which nothing fits the format."""
    return InvalidInput(
        f"{source.name} has no annotation set that {title} can hold; it needs {needed}.",
        code="format_cannot_hold",
        hint="Export as image_label or parquet.",
    )


def picture_names(
    items: Sequence[ExportItem], *, flat: bool = False, taken: Iterable[str] = (), barred: str = ""
) -> list[str]:
    """A path for each picture, unique without its ending, so that a file of labels can be called after it.

    `flat` puts them into one folder, under names without spaces. `taken` are stems that are not given. A folder
    that is called as `barred` gets another name.
    """
    wanted = [_wanted(item, flat=flat, barred=barred) for item in items]
    folders = {path[: slash.start()] for path in wanted for slash in re.finditer("/", path)}
    given = {fold(without_ending(path)) for path in wanted}
    used = {fold(stem) for stem in taken}
    names: list[str] = []
    for path in wanted:
        first = without_ending(path)
        end = path[len(first) :]
        stem, number = first, 2
        while (
            fold(stem) in used
            or (stem != first and fold(stem) in given)
            or any(stem + other in folders for other in (end, ".json", ".txt"))
        ):
            stem, number = f"{first}_{number}", number + 1
        used.add(fold(stem))
        names.append(stem + end)
    return names


def _wanted(item: ExportItem, *, flat: bool, barred: str) -> str:
    path = safe_path(item.key)
    if flat:
        path = safe_part(_SPACES.sub("_", path.replace("/", "_")))
    folder, slash, base = path.rpartition("/")
    if barred and slash:
        folder = "/".join(f"{part}_" if part == barred else part for part in folder.split("/"))
    if ending(base) not in {*PICTURE_ENDINGS, ".dcm"}:
        base = _ended(base, _ENDINGS.get(item.format, ".img"))
    return f"{folder}{slash}{base}"


def _ended(base: str, end: str) -> str:
    longer = safe_part(base + end)
    # A name that is cut keeps an ending that it had before; this one has to be there.
    return longer if longer.endswith(end) else f"{longer[: -len(end)]}{end}"


def sidecar_file(
    name: str,
    source: ExportSource,
    paths: Sequence[str],
    sets: Sequence[SidecarSet],
    kept: Sequence[int] | None = None,
) -> tuple[str, bytes]:
    """triptych.json for an export whose labels lie in files of the format; `kept` are the items that are in it, of
    which the sets' `covered` counts the rows."""
    indices = range(len(source.items)) if kept is None else kept
    items = tuple(
        SidecarItem(path, item.key, item.study, item.series, item.position, item.part)
        for item, path in zip((source.items[index] for index in indices), paths, strict=True)
    )
    return SIDECAR_NAME, dump(Sidecar(name, source.name, source.version, source.modality, items, tuple(sets)))


def described(
    entry: ExportSet,
    covered: Iterable[int] | None = None,
    written: Mapping[str, int] | None = None,
    files: Mapping[str, str] | None = None,
    *,
    numbered: bool = True,
) -> SidecarSet:
    """What triptych.json says of a set. `covered` are rows of its items, `written` ids of classes by what stands for
    them, `files` hashes by path."""
    return SidecarSet(
        entry.name,
        entry.task,
        tuple(entry.classes),
        files=None if files is None else tuple(files.items()),
        covered=None if covered is None else tuple(_runs(covered)),
        written=None if written is None else tuple(written.items()),
        numbered=numbered,
    )


def _runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Whole numbers as runs: the first of each, and how many follow one another."""
    first = count = 0
    for number in sorted(set(numbers)):
        if count and number == first + count:
            count += 1
            continue
        if count:
            yield first, count
        first, count = number, 1
    if count:
        yield first, count


def only_in_sidecar(
    source: ExportSource, sets: Sequence[ExportSet], *, colors: bool, parts: bool
) -> list[str]:
    """What of a version triptych.json alone can say; `colors` and `parts` tell what the format says itself."""
    classes = [known for entry in sets for known in entry.classes]
    told = {
        "names of annotation sets": any(entry.name for entry in sets),
        "colours of classes": not colors and any(known.color != palette_color(known.id) for known in classes),
        "opacities of classes": any(known.opacity != 1 for known in classes),
        "weights of classes": any(known.weight is not None for known in classes),
        "studies, series and positions": any(
            item.study != item.key or item.series is not None or item.position is not None
            for item in source.items
        ),
        "the split": not parts and any(item.part is not None for item in source.items),
    }
    return [what for what, there in told.items() if there]


def labels_by_item(entry: ExportSet, source: ExportSource, losses: Losses) -> dict[int, list[Label]]:
    """The labels of each item that has any; those on planes after the first are left out and noted, and so is that
    the others lose the number of the first plane, where they have it."""
    found: dict[int, list[Label]] = {}
    first: dict[str, int] = {}
    for label in entry.labels:
        key = source.items[label.item].key
        if label.shape is not None and label.shape.frame:
            losses.frame(key)
            continue
        if label.shape is not None and label.shape.frame == 0:
            first[key] = first.get(key, 0) + 1
        found.setdefault(label.item, []).append(label)
    losses.extend(_of_first_plane(first))
    return found


def _of_first_plane(counts: Mapping[str, int]) -> list[Finding]:
    if not counts:
        return []
    return [
        Finding(
            Severity.NOTE,
            "plane_numbers_not_exported",
            "Labels on the first plane of pictures with several become labels of the whole picture.",
            "Export as coco, parquet or image_label to keep them on their plane.",
            "",
            sum(counts.values()),
            tuple(list(counts)[:EXAMPLES_KEPT]),
        )
    ]


def nothing_there(labels: Iterable[Label]) -> bool:
    """Whether a label says that the picture was looked at and nothing is there."""
    return any(label.kind is Kind.NOTHING for label in labels)


def present_classes(labels: Iterable[Label], key: str, losses: Losses) -> Iterator[int]:
    """Ids of the classes that a picture has, each once; a class that is absent is noted."""
    seen: set[int] = set()
    for label in labels:
        if label.kind is not Kind.CLASS or label.class_id is None:
            continue
        if label.value == 0:
            losses.absent(key)
        elif label.class_id not in seen:
            seen.add(label.class_id)
            yield label.class_id


def outline_parts(label: Label, item: ExportItem, losses: Losses) -> list[tuple[float, ...]]:
    """The outlines of a polygon or a mask, each (x0, y0, x1, y1, …) in pixels; what is lost is noted."""
    shape = label.shape
    if shape is None or label.kind not in (Kind.POLYGON, Kind.MASK):
        return []
    if label.kind is Kind.POLYGON:
        return list(shape.parts)
    mask = mask_of(label, item, losses)
    if mask is None:
        return []
    try:
        parts, holes = outlines(mask)
    except TooRaggedError as error:
        losses.no_mask(item.key, str(error))
        return []
    losses.outlined(item.key, holes)
    return parts


def mask_of(label: Label, item: ExportItem, losses: Losses) -> NDArray[np.bool_] | None:
    """What a polygon or a mask covers of its picture (y, x); None, noted, where its form is not that of one."""
    shape = label.shape
    size = (item.height, item.width)
    if shape is None:
        return None
    if label.kind is Kind.POLYGON:
        return polygons.filled(shape.parts, size)
    if shape.size != size:
        losses.no_mask(item.key, "it has another size than its picture")
        return None
    try:
        return runs.decode(shape)
    except ValueError as error:
        losses.no_mask(item.key, str(error))
        return None
