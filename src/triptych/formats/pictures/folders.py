"""Class folders: `Classes/<class>/…` gives each picture below it the folder as its single label."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triptych.core.labels import DraftSet, Kind, Label, Task
from triptych.core.names import base_name, fold
from triptych.core.source import MemberError
from triptych.formats.label_csv.sets import classes_of
from triptych.formats.pictures.layout import Area, area_of
from triptych.formats.sidecar import sidecar_of

if TYPE_CHECKING:
    from triptych.core.dataset import DraftItem
    from triptych.formats.base import SourceView
    from triptych.formats.sidecar import SidecarSet
    from triptych.formats.tally import Tally

PAIRS_COMPARED = 100
BYTES_COMPARED = 4096


def folder_set(view: SourceView, items: list[DraftItem], tally: Tally) -> DraftSet | None:
    """The annotation set of the class folders, without a name; None when no picture lies in one.

    `Classes/a/b/x.png` has the class "a/b"; classes have ids in the natural order of their names. What
    triptych.json says about the folders wins: it knows names that no folder can have.
    """
    folders: list[tuple[int, str]] = []
    source = "Classes"
    for index, item in enumerate(items):
        path = view.paths[item.member]
        if area_of(path) is not Area.CLASSES:
            continue
        source = path[: path.index("/")]
        inner = path[path.index("/") + 1 :]
        slash = inner.rfind("/")
        if slash < 0:
            tally.add("picture_without_class", path)
        else:
            folders.append((index, inner[:slash]))
    described = _described(view)
    if described is not None:
        return _by_sidecar(described, folders, source)
    if not folders:
        return None
    classes = classes_of(folder for _, folder in folders)
    ids = {entry.name: entry.id for entry in classes}
    labels = [Label(item, Kind.CLASS, ids[folder]) for item, folder in folders]
    _note_alike([entry.name for entry in classes], tally)
    _note_same(view, items, folders, tally)
    return DraftSet("", Task.SINGLE_LABEL, source, classes, labels)


def _described(view: SourceView) -> SidecarSet | None:
    sidecar = view.once(sidecar_of).sidecar
    if sidecar is None:
        return None
    return next((entry for entry in sidecar.sets if entry.folders is not None), None)


def _by_sidecar(described: SidecarSet, folders: list[tuple[int, str]], source: str) -> DraftSet:
    ids = dict(described.folders or ())
    classes = list(described.classes)
    names = {entry.name for entry in classes}
    for entry in classes_of(folder for _, folder in folders if folder not in ids):
        if entry.name not in names:
            number = max((known.id for known in classes), default=-1) + 1
            classes.append(type(entry)(number, entry.name, entry.color))
            ids[entry.name] = number
        else:
            ids[entry.name] = next(known.id for known in classes if known.name == entry.name)
    labels = [Label(item, Kind.CLASS, ids[folder]) for item, folder in folders]
    return DraftSet(described.name, described.task, source, classes, labels)


def _note_alike(names: list[str], tally: Tally) -> None:
    seen: dict[str, str] = {}
    for name in names:
        form = " ".join(fold(name).split())
        if form in seen:
            tally.add("class_names_alike", f"{seen[form]!r} and {name!r}")
        else:
            seen[form] = name


def _note_same(
    view: SourceView, items: list[DraftItem], folders: list[tuple[int, str]], tally: Tally
) -> None:
    """Files of one name and size in two classes are told apart by how they begin; a few are looked into."""
    first: dict[tuple[str, int], tuple[int, str]] = {}
    looked = 0
    for index, folder in folders:
        member = items[index].member
        size = view.members[member].size
        other, other_folder = first.setdefault((base_name(view.paths[member]), size), (member, folder))
        if other_folder != folder and size and looked < PAIRS_COMPARED:
            looked += 1
            if _begin_alike(view, other, member):
                tally.add("same_picture_in_classes", view.paths[member])


def _begin_alike(view: SourceView, one: int, other: int) -> bool:
    try:
        return view.head(one, BYTES_COMPARED) == view.head(other, BYTES_COMPARED)
    except MemberError:
        return False
