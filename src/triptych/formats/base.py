"""How formats are asked: the view of a source, the protocols of readers and writers, and their values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, TypeVar, cast

from triptych.core.dataset import Ignored
from triptych.core.errors import InvalidInput
from triptych.core.findings import FindingLog
from triptych.core.names import cut_front, ending
from triptych.core.source import MemberError
from triptych.formats.clutter import clutter_reason, folder_reason, leftover_reason
from triptych.formats.pictures.kinds import HEAD, is_picture, kind_of
from triptych.formats.raster_options import KEYS, RasterOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from triptych.core.dataset import Inventory, Modality, Part, Role
    from triptych.core.findings import Finding
    from triptych.core.labels import Label, LabelClass, Task
    from triptych.core.recipe import Recipe
    from triptych.core.source import Member, MemberReader, Root

T = TypeVar("T")

SIDECAR_NAME = "triptych.json"
"""The document that writers put beside what they write, and that readers recognise at the top."""

LAYOUT_FOLDERS = ("image", "classes")
"""The folders whose names the layouts fix, in lower case."""

FOLDERS_DEEP = 100
"""Folders in a path beyond which it is set aside: no layout needs them, and other systems cannot unpack it."""

_SERIES = re.compile(r"[^/]*/series[ _-]?[0-9]+/", re.IGNORECASE)


class Match(NamedTuple):
    """A format accepts the source: how sure it is, 0 to 1, and why, as a sentence."""

    confidence: float
    why: str


class Refusal(NamedTuple):
    """A format does not accept the source: why, and what would change that, as sentences to a person."""

    why: str
    hint: str


@dataclass(frozen=True, slots=True)
class ReaderOptions:
    """What a person may decide about reading.

    `labels` = "ignore" imports the pictures alone. `csv_encoding` names the encoding of label files in place
    of a guess. `class_min` is the number of pictures below which a class is a finding; with `limits` =
    "original" it is a refusal, as in the original. `label_bytes` bounds one label file after unpacking.
    `masks` says how the values of mask pictures are meant in place of a guess, `rasters` what a person said of a
    source of rasters; `collections` is a file with more collections than those that are known.
    """

    class_min: int = 3
    labels: Literal["read", "ignore"] = "read"
    csv_encoding: str | None = None
    limits: Literal["report", "original"] = "report"
    label_bytes: int = 128 * 1024 * 1024
    masks: Literal["guess", "classes", "instances", "binary"] = "guess"
    rasters: RasterOptions = field(default_factory=RasterOptions)
    collections: str = ""

    @classmethod
    def of(cls, pairs: Mapping[str, str], **defaults: Any) -> ReaderOptions:
        """Options from `key=value` pairs; InvalidInput (`unknown_option`, `bad_recipe`) names what is wrong."""
        values: dict[str, Any] = dict(defaults)
        values["rasters"] = RasterOptions.of({key: text for key, text in pairs.items() if key in KEYS})
        choices = {
            "labels": ("read", "ignore"),
            "limits": ("report", "original"),
            "masks": ("classes", "instances", "binary"),
        }
        for key, text in pairs.items():
            if key in KEYS:
                continue
            if (key in choices and text in choices[key]) or (key == "csv_encoding" and _is_encoding(text)):
                values[key] = text
            elif key == "class_min" and text.isascii() and text.isdigit():
                values[key] = int(text)
            else:
                raise InvalidInput(
                    f"The option {key}={text} is not known.",
                    code="unknown_option",
                    hint="Options are labels=read|ignore, limits=report|original, class_min=NUMBER, "
                    "masks=classes|instances|binary, csv_encoding=NAME (utf-8, cp950, gb18030, shift_jis, euc_kr, "
                    "latin-1, ...), and of rasters data_suffixes=_S1.tif,_S2.tif, label_suffix=_mask.tif, "
                    "purpose=NAME, nodata=NUMBER, scene=PATTERN and recipe=JSON.",
                )
        known = {spec.name for spec in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})


def _is_encoding(text: str) -> bool:
    try:
        return isinstance("".encode(text), bytes)
    except (LookupError, ValueError):
        return False


@dataclass(slots=True)
class SourceView:
    """A source as formats see it: without the folder around everything, clutter set aside.

    `paths` has one entry for each member: its path below `wrapper` ("" or "folder/"); members that are set
    aside keep their full path. `kept` are the indices of the others, in the order of the source; `ignored`
    tells why each of the rest is set aside. `most_headers` bounds how many headers of one kind are read.
    """

    members: Sequence[Member]
    reader: MemberReader
    paths: list[str]
    kept: list[int]
    wrapper: str = ""
    ignored: list[Ignored] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    most_headers: int | None = None
    _made: dict[object, object] = field(default_factory=dict, repr=False)

    def read(self, member: int, limit: int | None = None) -> bytes:
        """All bytes of a member, checksum verified; MemberError when damaged or over `limit` bytes."""
        return self.reader.read(self.members[member], limit)

    def head(self, member: int, length: int) -> bytes:
        """The first bytes of a member, at most `length`."""
        return self.reader.head(self.members[member], length)

    def once(self, make: Callable[[SourceView], T]) -> T:
        """What `make` says about this view, made once: all formats look at the same survey."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast("T", self._made[make])


class Reader(Protocol):
    """How data of one format arrives."""

    def detect(self, view: SourceView) -> Match | Refusal:
        """Whether this format accepts the source, from names and at most a few first bytes; and why."""

    def inventory(self, view: SourceView, options: ReaderOptions) -> Inventory:
        """Items, labels and findings, no pixel decoded; every member of the source is in one place.

        The findings are this reader's alone: the root and the view have theirs.

        Raises Refused (`nothing_to_import`, `labels_unreadable`, ...) when the source as a whole cannot be
        imported.
        """


class ExportLayer(NamedTuple):
    """A named layer of an item on its way out; `sha256` is hexadecimal, `format` says how its bytes are read."""

    name: str
    role: Role
    sha256: str
    format: str


class ExportItem(NamedTuple):
    """An item on its way out. `sha256` is hexadecimal, sizes are in pixels, `bytes` the size of the file.

    `format` says how the bytes are read ("jpeg", "png", "dicom"), "" where that is not known. `layers` are all
    layers of an item whose layers have names, the one that lists show included; `sha256` is of that one.
    """

    key: str
    study: str
    series: str | None
    position: int | None
    part: Part | None
    sha256: str
    bytes: int
    width: int
    height: int
    bit_depth: int
    bands: int
    format: str = ""
    layers: tuple[ExportLayer, ...] = ()


class ExportSet(NamedTuple):
    """An annotation set on its way out. `labels` can be walked more than once; `Label.item` indexes the
    source's items, `Label.class_id` is the `id` of one of `classes`."""

    name: str
    task: Task
    classes: list[LabelClass]
    labels: Iterable[Label]


class ExportSource(Protocol):
    """A version of a dataset, as writers see it."""

    @property
    def name(self) -> str:
        """The dataset's name."""

    @property
    def version(self) -> int:
        """The number of the version."""

    @property
    def modality(self) -> Modality:
        """The dataset's modality."""

    @property
    def items(self) -> Sequence[ExportItem]:
        """All items, in the natural order of their keys."""

    @property
    def sets(self) -> Sequence[ExportSet]:
        """All annotation sets."""

    @property
    def recipe(self) -> Recipe | None:
        """How the rasters of a geospatial dataset are read, with the classes as they are now; None for others."""

    def read(self, item: ExportItem | ExportLayer) -> bytes:
        """The file of an item, or of one of its layers, unchanged."""


class Writer(Protocol):
    """How data leaves in one format."""

    def write(self, source: ExportSource) -> Iterator[tuple[str, bytes]]:
        """Paths and their bytes, one by one, descriptions first; no path climbs, no path comes twice.

        Raises InvalidInput (`format_cannot_hold`) when nothing of the source fits the format.
        """

    def losses(self, source: ExportSource) -> list[Finding]:
        """What the format cannot hold; empty when adding the export again gives the same dataset."""


def view_of(root: Root, most_headers: int | None = None) -> SourceView:
    """The source without clutter, and without the folder around everything.

    One folder around everything is looked through; a second one too where a layout begins below it, with a
    finding. Of two members with the same path the later one counts, as it does when a zip is unpacked.
    `findings` are about this alone; the root has its own.
    """
    members = root.members
    paths = [member.path for member in members]
    log = FindingLog()
    aside = _set_aside(members, paths, root.reader)
    _report_aside(aside, paths, log)
    reasons = {entry.member for entry in aside}
    kept = [index for index in range(len(paths)) if index not in reasons]
    wrapper = _wrapper([paths[index] for index in kept])
    if wrapper.count("/") > 1:
        log.warn(
            "nested_wrapper",
            f"Two folders lie around everything, {wrapper!r}; both are looked through.",
            "Pack the folder that holds the data itself.",
            wrapper,
        )
    for index in kept:
        paths[index] = paths[index][len(wrapper) :]
    return SourceView(members, root.reader, paths, kept, wrapper, aside, list(log.all()), most_headers)


def _set_aside(members: Sequence[Member], paths: list[str], reader: MemberReader) -> list[Ignored]:
    aside: list[Ignored] = []
    last = {path: index for index, path in enumerate(paths)}
    folders: dict[str, str | None] = {}
    for index, path in enumerate(paths):
        folder, slash, _ = path.rpartition("/")
        if folder not in folders:
            folders[folder] = folder_reason(folder) if slash else None
        reason = folders[folder] or clutter_reason(path)
        if reason is None:
            reason = leftover_reason(path)
            if reason is not None and _holds_picture(members[index], reader):
                reason = None
        if reason is not None:
            aside.append(Ignored(index, "clutter", f"Clutter: {reason}."))
        elif path.count("/") > FOLDERS_DEEP:
            aside.append(Ignored(index, "path_too_deep", f"It lies more than {FOLDERS_DEEP} folders deep."))
        elif last[path] != index:
            aside.append(Ignored(index, "duplicate_name", "A later file of the source has the same path."))
    return aside


def _holds_picture(member: Member, reader: MemberReader) -> bool:
    try:
        return is_picture(kind_of(reader.head(member, HEAD)))
    except MemberError:
        return False


def _report_aside(aside: list[Ignored], paths: list[str], log: FindingLog) -> None:
    by_code: dict[str, list[str]] = {}
    for entry in aside:
        by_code.setdefault(entry.code, []).append(paths[entry.member])
    if names := by_code.get("clutter"):
        log.note("clutter", "Clutter of operating systems and editors is left out.", "", *names[:20],
                 count=len(names))  # fmt: skip
    if names := by_code.get("path_too_deep"):
        log.warn(
            "path_too_deep",
            f"Files that lie more than {FOLDERS_DEEP} folders deep are left out.",
            "Move them up.",
            *(cut_front(name, 120) for name in names[:20]),
            count=len(names),
        )
    if names := by_code.get("duplicate_name"):
        log.warn(
            "duplicate_name",
            "Several files have the same path; the last one counts, the earlier ones are left out.",
            "Give each file a path of its own and pack again.",
            *names[:20],
            count=len(names),
        )


def _wrapper(paths: list[str]) -> str:
    first = _common_folder(paths, 0)
    # A lone study with named series is data, not packaging.
    if not first or all(_SERIES.match(path) for path in paths):
        return ""
    second = _common_folder(paths, len(first))
    if second and any(_begins_layout(path, len(first) + len(second)) for path in paths):
        return first + second
    return first


def _common_folder(paths: list[str], start: int) -> str:
    if not paths:
        return ""
    slash = paths[0].find("/", start)
    folder = paths[0][start : slash + 1]
    if slash < 0 or folder[:-1].lower() in LAYOUT_FOLDERS:
        return ""
    return folder if all(path.startswith(folder, start) for path in paths) else ""


def _begins_layout(path: str, start: int) -> bool:
    slash = path.find("/", start)
    if slash < 0:
        return ending(path) == ".csv" or path[start:] == SIDECAR_NAME
    return path[start:slash].lower() in LAYOUT_FOLDERS
