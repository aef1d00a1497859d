"""All label files of a source: which are read, which are left out, and which refuse the whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from triptych.core.dataset import Ignored
from triptych.core.errors import Refused
from triptych.core.findings import Finding, Severity
from triptych.core.labels import DraftSet
from triptych.core.names import base_name, natural_key, without_ending
from triptych.core.source import MemberError
from triptych.formats.label_csv.exact import NotExact, read_rows
from triptych.formats.label_csv.file import FileRead, read_label_file
from triptych.formats.label_csv.matching import Matcher
from triptych.formats.label_csv.notices import NOTICES as LABEL_NOTICES
from triptych.formats.pictures.layout import is_label_file
from triptych.formats.pictures.notices import NOTICES
from triptych.formats.pictures.sizes import Sizes
from triptych.formats.shape_rows import read_lines
from triptych.formats.sidecar import sidecar_of
from triptych.formats.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Mapping

    from triptych.core.dataset import DraftItem
    from triptych.core.labels import Label
    from triptych.formats.base import ReaderOptions, SourceView
    from triptych.formats.label_csv.exact import Places
    from triptych.formats.label_csv.matching import PathMatcher
    from triptych.formats.sidecar import SidecarSet
    from triptych.formats.tally import Notice

SHAPES_LIMIT = 512 * 1024 * 1024
"""Bytes that a file of shapes may have, as triptych.json itself."""

HINT = "Mend the file, or import the pictures alone with --option labels=ignore."


@dataclass(slots=True)
class TablesRead:
    """What the label files gave; `listed` are the items that they name, `exact` says whether all of them
    are as Triptych wrote them."""

    sets: list[DraftSet] = field(default_factory=list)
    label_files: list[int] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    listed: set[int] = field(default_factory=set)
    read: list[str] = field(default_factory=list)


class TableReader:
    """Reads the label files of one source, in the natural order of their paths.

    Labels stand on `items`, by index, or on whatever a given `matcher` finds; `notices` say what findings say of
    rows, `hint` what to do about a file that cannot be used. `places` are the items by the paths that an export gives
    them, where these are not those of files in `image/`.
    """

    def __init__(
        self,
        view: SourceView,
        items: list[DraftItem],
        options: ReaderOptions,
        *,
        matcher: PathMatcher | None = None,
        notices: Mapping[str, Notice] = LABEL_NOTICES,
        hint: str = HINT,
        places: Places | None = None,
    ) -> None:
        self._view = view
        self._items = items
        self._options = options
        self._paths = [view.paths[item.member] for item in items]
        self._matcher = matcher
        self._given = places if places is not None or matcher is None else _Keys(view, matcher)
        self._sizes = Sizes(view)
        self._notices = notices
        self._hint = hint
        sidecar = view.once(sidecar_of).sidecar
        self._described = {entry.file: entry for entry in sidecar.sets if entry.file} if sidecar else {}
        self.result = TablesRead()

    def _places(self) -> Places:
        if self._given is not None:
            return self._given
        return {
            path.removeprefix("image/"): index
            for index, path in enumerate(self._paths)
            if path.startswith("image/")
        }

    def read(self, members: list[int]) -> TablesRead:
        """Those among the members. Refused (`labels_unreadable`) when one that declares itself cannot be used."""
        # A file of shapes is read with the label file that it belongs to, never as one itself.
        beside = {entry.shapes for entry in self._described.values() if entry.shapes}
        tables = [member for member in members if self._view.paths[member] not in beside]
        tables.sort(key=lambda member: natural_key(self._view.paths[member]))
        if self._options.labels == "ignore":
            self._leave_out(tables)
            return self.result
        for member in tables:
            self._read_one(member)
        present = {self._view.paths[member] for member in tables}
        for name in self._described:
            if name not in present:
                self._say(name, "sidecar_labels_missing")
        return self.result

    def _leave_out(self, tables: list[int]) -> None:
        tally = Tally("", NOTICES)
        for member in tables:
            tally.add("labels_ignored", self._view.paths[member])
            self.result.ignored.append(
                Ignored(member, "labels_ignored", "Labels are left out, as was asked for.")
            )
        self.result.findings += tally.findings()

    def _say(self, path: str, code: str, detail: str = "") -> None:
        tally = Tally(path, NOTICES)
        tally.add(code, detail=detail)
        self.result.findings += tally.findings()

    def _read_one(self, member: int) -> None:
        path = self._view.paths[member]
        try:
            data = self._view.read(member, self._options.label_bytes)
        except MemberError as error:
            self._not_labels(member, f"it cannot be read ({error.reason.rstrip('.')})")
            return
        described = self._described.get(path)
        if described is not None and self._read_exact(member, data, described):
            return
        if self._matcher is None:
            keys = [item.key for item in self._items]
            self._matcher = Matcher(keys, self._paths, self._view.wrapper)
        stem = described.name if described else self._stem(path)
        read = read_label_file(
            data,
            path,
            stem,
            self._matcher,
            self._options.csv_encoding,
            self._notices,
            size_of=self._size_of if self._items else None,
        )
        if read.empty:
            read.tally.add("label_file_empty")
            self.result.findings += read.tally.findings()
            self.result.ignored.append(Ignored(member, "label_file_empty", "It is empty."))
        elif read.why_not:
            self._not_labels(member, read.why_not, read)
        else:
            self._take(member, read, described)

    def _size_of(self, item: int) -> tuple[int, int] | None:
        return self._sizes.of(self._items[item].member)

    def _take(self, member: int, read: FileRead, described: SidecarSet | None) -> None:
        path = self._view.paths[member]
        if described is not None and read.sets:
            read.sets[0] = _with_classes(read.sets[0], described, read.tally)
            self._say(path, "sidecar_labels_changed")
        folder, _, base = path.rpartition("/")
        if is_label_file(path):
            if base != "label.csv":
                self._say(path, "label_file_case")
            if folder:
                self._say(path, "label_file_inside")
        self.result.findings += read.tally.findings()
        self.result.label_files.append(member)
        self.result.sets += read.sets
        self.result.listed |= read.listed
        self.result.read.append(path)

    def _read_exact(self, member: int, data: bytes, described: SidecarSet) -> bool:
        if sha256(data).hexdigest() != described.sha256:
            return False
        labels = self._read_shapes(described)
        if labels is None:
            try:
                labels = read_rows(data, self._places(), described.classes)
            except NotExact:
                return False
        self.result.label_files.append(member)
        path = self._view.paths[member]
        self.result.sets.append(
            DraftSet(described.name, described.task, path, list(described.classes), labels)
        )
        return True

    def _read_shapes(self, described: SidecarSet) -> list[Label] | None:
        """The labels of the file of shapes that belongs to a label file; None without one that is as it was."""
        if described.shapes is None:
            return None
        member = next((m for m in self._view.kept if self._view.paths[m] == described.shapes), None)
        try:
            if member is None:
                raise ValueError("it is missing")
            data = self._view.read(member, max(self._options.label_bytes, SHAPES_LIMIT))
            if sha256(data).hexdigest() != described.shapes_sha256:
                raise ValueError("it was changed")
            labels = read_lines(data, self._places(), described.classes)
        except (ValueError, MemberError) as error:
            self.result.findings.append(
                Finding(
                    Severity.WARNING,
                    "shapes_unusable",
                    f"{described.shapes} cannot be used: {error}. The csv beside it is read, which holds less.",
                    "Export again, and keep all files of the export.",
                    described.shapes,
                )
            )
            return None
        self.result.label_files.append(member)
        return labels

    def _stem(self, path: str) -> str:
        taken = {made.name for made in self.result.sets} | {entry.name for entry in self._described.values()}
        stem = without_ending(base_name(path))
        stem = stem.lower() if is_label_file(path) else stem
        return stem if stem not in taken else without_ending(path)

    def _not_labels(self, member: int, why: str, read: FileRead | None = None) -> None:
        path = self._view.paths[member]
        if is_label_file(path):
            findings = read.tally.findings() if read else []
            raise Refused(
                f"{path} cannot be used: {why}.", code="labels_unreadable", hint=self._hint, findings=findings
            )
        self._say(path, "csv_not_labels", f"{why}.")
        self.result.ignored.append(Ignored(member, "csv_not_labels", f"It holds no labels: {why}."))


class _Keys:
    """The items that a matcher finds, by their paths below `image/` in an export that says what their keys are."""

    def __init__(self, view: SourceView, matcher: PathMatcher) -> None:
        sidecar = view.once(sidecar_of).sidecar
        self._keys = {item.path: item.key for item in sidecar.items or ()} if sidecar else {}
        self._matcher = matcher

    def __getitem__(self, path: str) -> int:
        found = self._matcher.find(self._keys.get(f"image/{path}", path))
        if found.item is None or found.code:
            raise KeyError(path)
        return found.item


def _with_classes(made: DraftSet, described: SidecarSet, tally: Tally) -> DraftSet:
    """The set with the classes that triptych.json describes, by name; others are added after them."""
    known = {entry.name: entry for entry in described.classes}
    classes = list(described.classes)
    ids: dict[int, int] = {}
    for entry in made.classes:
        if entry.name in known:
            ids[entry.id] = known[entry.name].id
            continue
        number = max((other.id for other in classes), default=-1) + 1
        tally.add("class_added", entry.name[:100])
        ids[entry.id] = number
        classes.append(type(entry)(number, entry.name, entry.color))
    labels = [
        label if label.class_id is None else label._replace(class_id=ids[label.class_id])
        for label in made.labels
    ]
    return DraftSet(made.name, made.task, made.source, classes, labels)
