"""Labels that are no rasters: tables of classes and boxes, folders of classes, files of polygons."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from triptych.core.dataset import Ignored
from triptych.core.labels import DraftSet, Kind, Label, Task
from triptych.core.recipe import Purpose
from triptych.formats.geotiff_pairs.instances import instances_beside
from triptych.formats.geotiff_pairs.words import PARTS, PICTURES, words_of
from triptych.formats.label_csv.matching import Matcher
from triptych.formats.label_csv.sets import classes_of
from triptych.formats.pictures.layout import Area, area_of
from triptych.formats.pictures.tables import TableReader
from triptych.formats.sidecar import sidecar_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triptych.core.dataset import DraftItem
    from triptych.core.findings import Finding
    from triptych.formats.base import ReaderOptions, SourceView
    from triptych.formats.geotiff_pairs.heads import Heads
    from triptych.formats.geotiff_pairs.sorting import Members
    from triptych.formats.tally import Tally

MOST_FOLDERS = 1_000


@dataclass(slots=True)
class Beside:
    """What labels beside the rasters gave, and where their members end."""

    sets: list[DraftSet] = field(default_factory=list)
    label_files: list[int] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def purpose(self) -> Purpose | None:
        """What these labels are for, None without any."""
        tasks = {made.task for made in self.sets}
        if Task.SEGMENTATION in tasks:
            return Purpose.SEGMENTATION
        if Task.DETECTION in tasks:
            return Purpose.DETECTION
        return Purpose.CLASSIFICATION if tasks else None


def labels_beside(
    view: SourceView,
    options: ReaderOptions,
    members: Members,
    items: list[DraftItem],
    heads: Heads,
    tally: Tally,
) -> Beside:
    """All of them. Refused (`labels_unreadable`) where a table that declares itself cannot be used."""
    found = Beside()
    if members.tables:
        places = {item.key: index for index, item in enumerate(items)}
        matcher = chip_matcher(view, items)
        tables = TableReader(view, items, options, matcher=matcher, places=places).read(members.tables)
        found.sets += tables.sets
        found.label_files += tables.label_files
        found.ignored += tables.ignored
        found.findings += tables.findings
    instances = None
    if members.others:
        instances = instances_beside(view, options, items, heads, chip_matcher(view, items))
    if instances is not None:
        found.sets += instances.sets
        found.label_files += instances.label_files
        found.ignored += instances.ignored
        for told_of in (instances.tally, instances.keys, *instances.tallies):
            found.findings += told_of.findings()
    if options.labels == "ignore":
        found.ignored += [
            Ignored(member, "labels_ignored", "Labels are left out, as was asked for.")
            for member in members.vectors
        ]
        return found
    if members.vectors:
        _polygons(view, options, members.vectors, items, heads, tally, found)
    told = view.once(sidecar_of)
    if told.member is not None:
        found.label_files.append(told.member)
        found.findings += [told.finding] if told.finding is not None else []
    folders = _folder_set(view, items, options.rasters.purpose, tally, labelled=bool(found.sets))
    if folders is not None:
        found.sets.append(folders)
    return found


def chip_matcher(view: SourceView, items: Sequence[DraftItem]) -> Matcher:
    """Finds chips by their keys and by the names of any of their files."""
    others = [
        (view.paths[layer.member], number) for number, item in enumerate(items) for layer in item.others
    ]
    return Matcher(
        [item.key for item in items], [view.paths[item.member] for item in items], view.wrapper, others
    )


def _polygons(
    view: SourceView, options: ReaderOptions, members: list[int], items: list[DraftItem], heads: Heads,
    tally: Tally, found: Beside,
) -> None:  # fmt: skip
    from triptych.formats.geotiff_pairs.polygons import PolygonReader  # shapely and pyproj are slow to import

    reader = PolygonReader(
        view, heads, [item.key for item in items], [item.member for item in items], tally,
        boxes=options.rasters.purpose is Purpose.DETECTION,
    )  # fmt: skip
    found.sets += reader.sets(members)
    found.label_files += reader.used
    found.ignored += [Ignored(member, "vector_unreadable", reason) for member, reason in reader.unread]


def _folder_set(
    view: SourceView, items: list[DraftItem], purpose: Purpose | None, tally: Tally, *, labelled: bool
) -> DraftSet | None:
    """Classes by folders: below `Classes/`, or all of them where classification is asked for, those of parts of a
    split left out."""
    below = [area_of(view.paths[item.member]) is Area.CLASSES for item in items]
    names: list[tuple[int, str]] = []
    for index, item in enumerate(items):
        folders = item.key.split("/")[:-1]
        if below[index]:
            folders = folders[1:]
        folders = [folder for folder in folders if folder.lower() not in PARTS]
        if folders and (below[index] or purpose is Purpose.CLASSIFICATION):
            names.append((index, "/".join(folders)))
    if not names or (labelled and not any(below)):
        if not labelled and purpose is None and _could_be_classes(items):
            tally.add("folders_may_be_classes")
        return None
    classes = classes_of(name for _, name in names)
    ids = {entry.name: entry.id for entry in classes}
    tally.add("folder_classes", ", ".join(entry.name for entry in classes[:8])[:160], count=len(classes))
    labels = [Label(index, Kind.CLASS, ids[name]) for index, name in names]
    return DraftSet("", Task.SINGLE_LABEL, "Classes" if any(below) else "folders", classes, labels)


def _could_be_classes(items: list[DraftItem]) -> bool:
    folders: set[str] = set()
    for item in items:
        folder, _, _ = item.key.rpartition("/")
        if not folder or any(layer.role.value != "source" for layer in item.others):
            return False
        folders.add(folder)
        if len(folders) > MOST_FOLDERS:
            return False
    said = any(words_of(folder) & (PARTS | PICTURES) for folder in folders)
    return 2 <= len(folders) <= len(items) / 2 and not said
