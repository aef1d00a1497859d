"""`triptych.json`: what a layout of files cannot say, written beside it, so that nothing is lost on the way.

The document has the type "triptych-export" and the version 1. `items` has a row for each picture: its path
below the folder of the document, then key, study, series, position and part. `sets` tells name, task and
classes of each annotation set, and where its labels lie: a `file` with the SHA-256 of its bytes, or `folders`
with the class of each. A set that lies in several files has `files`, pairs of a path and the SHA-256 of its bytes.
`covered` are the pictures that were looked at, as runs of rows of `items` (the first, how many); `written` are
pairs of what the format writes for a class and its id, `numbered` tells whether objects have numbers of their own.
`shapes` names a file of `shape_rows`, with its hash `shapes_sha256`: the same labels with
all that `file` cannot hold, read in its place while neither was changed. Cells of such a file that a spreadsheet
would take for a formula begin with an apostrophe, which does not belong to them.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from triptych.core.dataset import Part
from triptych.core.findings import Finding, Severity
from triptych.core.labels import LabelClass, Task
from triptych.core.source import MemberError
from triptych.formats.base import SIDECAR_NAME

if TYPE_CHECKING:
    from triptych.formats.base import SourceView

TYPE = "triptych-export"
VERSION = 1
COLUMNS = ["path", "key", "study", "series", "position", "part"]
_LIMIT = 512 * 1024 * 1024


class SidecarItem(NamedTuple):
    """A picture: its path in the export, and what the item was."""

    path: str
    key: str
    study: str
    series: str | None
    position: int | None
    part: Part | None


@dataclass(frozen=True, slots=True)
class SidecarSet:
    """An annotation set. `folders` are pairs of a folder below `Classes/` and the id of its class, `shapes` is the
    file that has the exact labels where `file` cannot hold them.

    `files` are paths and SHA-256 of all files of the set. `covered` are runs (first, count) of `Sidecar.items` that
    were looked at, None where the files say it. `written` are pairs of a text that stands for a class (the name of
    a file, a folder, a value) and the id of the class. `numbered` is False where no label has the number of an
    object, though the format gives each one.
    """

    name: str
    task: Task
    classes: tuple[LabelClass, ...]
    file: str | None = None
    sha256: str | None = None
    folders: tuple[tuple[str, int], ...] | None = None
    shapes: str | None = None
    shapes_sha256: str | None = None
    files: tuple[tuple[str, str], ...] | None = None
    covered: tuple[tuple[int, int], ...] | None = None
    written: tuple[tuple[str, int], ...] | None = None
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class Sidecar:
    """The whole document. `items` is None where the format keeps them elsewhere."""

    format: str
    name: str
    version: int
    modality: str
    items: tuple[SidecarItem, ...] | None
    sets: tuple[SidecarSet, ...]


class SidecarRead(NamedTuple):
    """The sidecar of a source, its member, and what is wrong with it; all absent where there is none."""

    member: int | None = None
    sidecar: Sidecar | None = None
    finding: Finding | None = None


def sidecar_of(view: SourceView) -> SidecarRead:
    """The sidecar at the top of a source; one that is broken is a finding and is not used."""
    member = next((index for index in view.kept if view.paths[index] == SIDECAR_NAME), None)
    if member is None:
        return SidecarRead()
    try:
        return SidecarRead(member, parse(view.read(member, _LIMIT)))
    except (ValueError, RecursionError, MemberError) as error:
        finding = Finding(
            Severity.WARNING,
            "sidecar_unreadable",
            f"{SIDECAR_NAME} cannot be used: {error}. The source is read as if it were not there.",
            "Export again, or remove the file.",
            SIDECAR_NAME,
        )
        return SidecarRead(member, None, finding)


def dump(sidecar: Sidecar) -> bytes:
    """The document as UTF-8 JSON, one line for each item."""
    head = {
        "type": TYPE,
        "version": VERSION,
        "format": sidecar.format,
        "name": sidecar.name,
        "dataset_version": sidecar.version,
        "modality": sidecar.modality,
        "sets": [_set_document(entry) for entry in sidecar.sets],
    }
    text = json.dumps(head, ensure_ascii=False, indent=1)
    if sidecar.items is not None:
        rows = ",\n".join(json.dumps(list(item), ensure_ascii=False) for item in sidecar.items)
        text = f'{text[:-2]},\n "columns": {json.dumps(COLUMNS)},\n "items": [\n{rows}\n ]\n}}'
    return f"{text}\n".encode()


def _set_document(entry: SidecarSet) -> dict[str, Any]:
    document: dict[str, Any] = {
        "name": entry.name,
        "task": entry.task.value,
        "classes": [
            {"id": c.id, "name": c.name, "color": c.color, "opacity": c.opacity, "weight": c.weight}
            | ({"ignore": True} if c.ignore else {})
            for c in entry.classes
        ],
    }
    if entry.file is not None:
        document |= {"file": entry.file, "sha256": entry.sha256}
    if entry.shapes is not None:
        document |= {"shapes": entry.shapes, "shapes_sha256": entry.shapes_sha256}
    if entry.folders is not None:
        document["folders"] = [list(pair) for pair in entry.folders]
    for name in ("files", "covered", "written"):
        pairs = getattr(entry, name)
        if pairs is not None:
            document[name] = [list(pair) for pair in pairs]
    if not entry.numbered:
        document["numbered"] = False
    return document


def parse(data: bytes) -> Sidecar:
    """The document from bytes; ValueError with half a sentence when it is not what it should be."""
    try:
        document = json.loads(data.decode("utf-8"), parse_constant=_no_constant)
        if not isinstance(document, dict) or document.get("type") != TYPE:
            raise ValueError(f'it is no document of the type "{TYPE}"')
        if document.get("version") != VERSION:
            raise ValueError("it is of a version that is not known here")
        items = None
        if "items" in document:
            if document.get("columns") != COLUMNS:
                raise ValueError("its items have other columns")
            items = tuple(item_of(row) for row in _list(document["items"]))
            require_unique([item.key for item in items], "key")
            require_unique([item.path for item in items], "path")
        count = 0 if items is None else len(items)
        sets = tuple(_set(entry, count) for entry in _list(document["sets"]))
        require_unique([entry.name for entry in sets], "name of a set")
        return Sidecar(
            _text(document["format"]),
            _text(document["name"]),
            _whole(document["dataset_version"]),
            _text(document["modality"]),
            items,
            sets,
        )
    except (KeyError, TypeError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError(f"it does not have the form that it should ({type(error).__name__})") from error


def _no_constant(text: str) -> float:
    raise ValueError(f"it holds the number {text}")


def item_of(row: Any) -> SidecarItem:
    """A row of `COLUMNS` as an item; ValueError or TypeError when a value cannot be one."""
    path, key, study, series, position, part = row
    return SidecarItem(
        _path(path),
        _path(key),
        _text(study),
        None if series is None else _text(series),
        None if position is None else _whole(position),
        None if part is None else Part(part),
    )


def _set(entry: Any, items: int) -> SidecarSet:
    classes = tuple(_class(row) for row in _list(entry["classes"]))
    require_unique([row.id for row in classes], "id of a class")
    require_unique([row.name for row in classes], "name of a class")
    file, digest, folders = entry.get("file"), entry.get("sha256"), entry.get("folders")
    shapes, shapes_digest = entry.get("shapes"), entry.get("shapes_sha256")
    known = {row.id for row in classes}
    pairs = None
    if folders is not None:
        pairs = tuple((_path(folder), _whole(number)) for folder, number in _list(folders))
        if any(number not in known for _, number in pairs):
            raise ValueError("a folder has a class that is not listed")
    files, written, numbered = entry.get("files"), entry.get("written"), entry.get("numbered", True)
    if not isinstance(numbered, bool):
        raise TypeError("neither true nor false")
    texts = (
        None if written is None else tuple((_text(text), _whole(number)) for text, number in _list(written))
    )
    if any(number not in known for _, number in texts or ()):
        raise ValueError("what is written for a class names one that is not listed")
    require_unique([text for text, _ in texts or ()], "text for a class")
    return SidecarSet(
        _text(entry["name"], empty=True),
        Task(entry["task"]),
        classes,
        None if file is None else _path(file),
        None if digest is None else _text(digest),
        pairs,
        None if shapes is None else _path(shapes),
        None if shapes_digest is None else _text(shapes_digest),
        None if files is None else tuple((_path(path), _text(made)) for path, made in _list(files)),
        None if entry.get("covered") is None else _runs(entry["covered"], items),
        texts,
        numbered,
    )


def _runs(value: Any, items: int) -> tuple[tuple[int, int], ...]:
    """Runs of rows that rise and do not leave the items."""
    runs = tuple((_whole(first), _whole(count)) for first, count in _list(value))
    end = 0
    for first, count in runs:
        if first < end or not count or first + count > items:
            raise ValueError("the pictures of a set are none of those that are listed")
        end = first + count
    return runs


def _class(row: Any) -> LabelClass:
    color = _text(row["color"])
    if len(color) != 7 or color[0] != "#" or set(color[1:].lower()) - set("0123456789abcdef"):
        raise ValueError(f"{color[:20]!r} is no colour")
    opacity, weight = _real(row["opacity"]), row["weight"]
    if not 0 <= opacity <= 1:
        raise ValueError("an opacity lies outside 0 to 1")
    return LabelClass(
        _whole(row["id"], -(2**31)),
        _text(row["name"]),
        color,
        opacity,
        None if weight is None else _real(weight),
        row.get("ignore") is True,
    )


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("no list")
    return value


def _text(value: Any, *, empty: bool = False) -> str:
    if not isinstance(value, str) or not (value or empty):
        raise TypeError("no text")
    value.encode()  # a lone surrogate cannot be stored: UnicodeEncodeError, a ValueError
    return value


def _path(value: Any) -> str:
    text = _text(value)
    if "\0" in text or any(part in ("", ".", "..") for part in text.split("/")):
        raise ValueError(f"{text[:60]!r} is no path inside the source")
    return text


def _whole(value: Any, least: int = 0) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value < 2**31:
        raise TypeError("no whole number")
    return value


def _real(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise TypeError("no number")
    return float(value)


def require_unique(values: list[Any], what: str) -> None:
    """ValueError when a value comes twice; `what` names it."""
    if len(set(values)) != len(values):
        raise ValueError(f"a {what} comes twice")
