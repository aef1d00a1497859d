"""The inventory of a source of pictures: what all planar layouts share."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from triptych.core.dataset import Ignored, Inventory, Modality
from triptych.core.errors import Refused
from triptych.core.findings import FindingLog
from triptych.core.labels import Kind, Task
from triptych.formats.base import SIDECAR_NAME
from triptych.formats.label_csv.notices import NOTICES as LABEL_NOTICES
from triptych.formats.pictures.folders import folder_set
from triptych.formats.pictures.keys import items_of
from triptych.formats.pictures.layout import Area, layout_of
from triptych.formats.pictures.notices import NOTICES
from triptych.formats.pictures.segmentations import segmentation_sets
from triptych.formats.pictures.tables import TableReader
from triptych.formats.sidecar import sidecar_of
from triptych.formats.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from triptych.core.dataset import DraftItem
    from triptych.core.findings import Finding
    from triptych.core.labels import DraftSet
    from triptych.formats.base import ReaderOptions, SourceView
    from triptych.formats.pictures.keys import Place
    from triptych.formats.pictures.layout import Layout
    from triptych.formats.pictures.tables import TablesRead
    from triptych.formats.tally import Notice

_FOLDER_NAMES = {Area.IMAGE: ("image", "image_folder_case"), Area.CLASSES: ("Classes", "classes_folder_case")}


def nothing_to_import(view: SourceView) -> Refused:
    """The refusal of a source without a picture that is read; it says what is there instead."""
    layout = view.once(layout_of)
    found = [f"{len(paths)} {kind}" for kind, paths in layout.unread.items()]
    if found:
        what = f"It holds other pictures: {', '.join(found)}."
    elif layout.tables:
        what = "It holds tables alone."
    else:
        what = f"It holds {len(view.members)} files." if view.members else "It is empty."
    return Refused(
        f"The source holds no JPG, PNG or DICOM picture, and no GeoTIFF that can be read. {what}",
        code="nothing_to_import",
        hint="Pack the pictures into a folder called image, and label.csv beside it; or chips and their masks, as "
        "a_img.tif and a_mask.tif.",
        findings=view.findings,
    )


def inventory_of(
    view: SourceView,
    options: ReaderOptions,
    format_name: str,
    primary: Area,
    place_of: Callable[[str, Area, Tally], Place],
) -> Inventory:
    """Items, annotation sets and findings of a source of pictures.

    Keys are paths below the folder of `primary`; `place_of` says study and series. All pictures are imported,
    those outside that folder too, and all label files are read: a layout changes names, and loses nothing.
    Raises Refused (`nothing_to_import`, `labels_unreadable`, and `class_too_small` with the limits of the
    original).
    """
    layout = view.once(layout_of)
    if not layout.pictures:
        raise nothing_to_import(view)
    tally = Tally("", NOTICES)
    items = items_of(view, layout, primary, place_of, tally)
    return assemble(view, options, items, Assembly(format_name, primary, layout, tally))


@dataclass(slots=True)
class Assembly:
    """What a format hands over besides its items: `layout` without the members that it read itself, and what it
    read."""

    format_name: str
    primary: Area
    layout: Layout
    tally: Tally
    sets: list[DraftSet] = field(default_factory=list)
    label_files: list[int] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def assemble(view: SourceView, options: ReaderOptions, items: list[DraftItem], given: Assembly) -> Inventory:
    """The inventory of items: csv files and class folders are read, and every member gets its place.

    Raises Refused as `inventory_of`.
    """
    log, layout, tally = FindingLog(), given.layout, given.tally
    log.extend(given.findings)
    tables = TableReader(view, items, options).read(layout.tables)
    log.extend(tables.findings)
    # Files beside label files are no csv and are set aside, until a label file that was exported names them.
    taken = set(tables.label_files)
    layout = replace(layout, ignored=[entry for entry in layout.ignored if entry.member not in taken])
    sets = [*given.sets, *tables.sets]
    classes = folder_set(view, items, tally) if options.labels == "read" else None
    if classes is not None:
        sets.append(classes)
    log.extend(layout.survey.findings)
    if options.labels == "read":
        sets += segmentation_sets(view, layout.survey, items)
    _note_layout(view, layout, given.primary, tally)
    _note_files(view, layout, tally)
    _note_unlisted(items, tables, classes, log)
    _note_class_sizes(sets, options, log)
    log.extend(tally.findings())
    own = given.label_files + tables.label_files + layout.survey.segmentations
    label_files = sorted(own + _sidecar_bin(view, log))
    ignored = view.ignored + given.ignored + layout.ignored + tables.ignored + _broken_sidecar(view)
    ignored.sort(key=lambda entry: entry.member)
    return Inventory(given.format_name, Modality.PLANAR, items, sets, label_files, ignored, list(log.all()))


def _sidecar_bin(view: SourceView, log: FindingLog) -> list[int]:
    read = view.once(sidecar_of)
    if read.finding is not None:
        log.add(read.finding)
    return [read.member] if read.member is not None and read.sidecar is not None else []


def _broken_sidecar(view: SourceView) -> list[Ignored]:
    read = view.once(sidecar_of)
    if read.member is None or read.sidecar is not None:
        return []
    return [
        Ignored(read.member, "sidecar_unreadable", f"{SIDECAR_NAME} does not have the form that it should.")
    ]


def _note_layout(view: SourceView, layout: Layout, primary: Area, tally: Tally) -> None:
    for area, (name, code) in _FOLDER_NAMES.items():
        for spelled in sorted(layout.folders[area] - {name}):
            tally.add(code, f"{spelled}/")
    described = view.once(sidecar_of).sidecar is not None
    if layout.counts[Area.IMAGE] and layout.in_class and not described:
        tally.add("two_layouts")
    elif primary is not Area.ELSEWHERE and layout.counts[primary]:
        for member, area in zip(layout.pictures, layout.areas, strict=True):
            if area is not primary:
                tally.add("picture_outside", view.paths[member])
    if primary is Area.ELSEWHERE and _looks_like_classes(view, layout):
        tally.add("folders_could_be_classes")


def _note_files(view: SourceView, layout: Layout, tally: Tally) -> None:
    for member in layout.by_content:
        tally.add("picture_by_content", view.paths[member])
    for kind, paths in layout.unread.items():
        tally.add("picture_format_unread", f"{kind}: {paths[0]}", count=len(paths))
    for entry in layout.ignored:
        if entry.code == "not_a_picture":
            tally.add("not_a_picture", view.paths[entry.member])
    for path in layout.spreadsheets:
        tally.add("label_file_not_csv", path)


def _looks_like_classes(view: SourceView, layout: Layout) -> bool:
    folders: set[str] = set()
    for member in layout.pictures:
        folder, slash, rest = view.paths[member].partition("/")
        if not slash or "/" in rest:
            return False
        folders.add(folder)
    return 2 <= len(folders) <= len(layout.pictures) / 2


def _note_unlisted(
    items: list[DraftItem], tables: TablesRead, classes: DraftSet | None, log: FindingLog
) -> None:
    """Pictures that no label file lists; those that a class folder labels need no row."""
    if not tables.read:
        return
    labelled = {label.item for label in classes.labels} if classes else set()
    tally = Tally(", ".join(tables.read[:3]), LABEL_NOTICES)
    for index, item in enumerate(items):
        if index not in tables.listed and index not in labelled:
            tally.add("image_without_label", item.key)
    log.extend(tally.findings())


def _note_class_sizes(sets: list[DraftSet], options: ReaderOptions, log: FindingLog) -> None:
    for made in sets:
        if made.task not in (Task.SINGLE_LABEL, Task.MULTI_LABEL):
            continue
        counts = Counter(
            label.class_id for label in made.labels if label.kind is Kind.CLASS and label.value in (None, 1)
        )
        notices: Mapping[str, Notice] = LABEL_NOTICES if made.name else NOTICES
        tally = Tally(made.source, notices)
        for entry in made.classes:
            if counts[entry.id] < options.class_min:
                tally.add("class_too_small", f"{entry.name[:100]}: {counts[entry.id]}")
        small = tally.count("class_too_small")
        if small and options.limits == "original":
            raise Refused(
                f"{small} classes of {made.source} have fewer than {options.class_min} pictures.",
                code="class_too_small",
                hint="Add pictures to them, remove the classes, or leave out --option limits=original.",
                findings=tally.findings(),
            )
        log.extend(tally.findings())
