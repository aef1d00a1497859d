"""Which picture a label file means: by the same path in a folder of another name, then step by step less."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from triptych.core.dataset import Part
from triptych.core.names import base_name, fold, without_ending
from triptych.formats.label_csv.matching import Matcher

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from triptych.core.dataset import DraftItem
    from triptych.formats.base import SourceView
    from triptych.formats.tally import Tally

_SEVERAL = -1
PICTURE_FOLDERS = ("images", "image", "jpegimages", "imgs", "img", "pictures", "")
"""Names of folders of pictures beside a folder of labels; "" is the folder above it."""

_PARTS = {
    "train": Part.TRAIN, "training": Part.TRAIN, "val": Part.VALIDATION, "valid": Part.VALIDATION,
    "validation": Part.VALIDATION, "dev": Part.VALIDATION, "test": Part.TEST, "testing": Part.TEST,
}  # fmt: skip
_WORD = re.compile(rf"(?<![a-z])(?:{'|'.join(_PARTS)})(?![a-z])")


class Pairing:
    """Finds pictures for label files. `paths` are those of the pictures, below the wrapper."""

    def __init__(self, paths: Sequence[str]) -> None:
        self._by_path: dict[str, int] = {}
        self._by_stem: dict[str, int] = {}
        self._by_name: dict[str, int] = {}
        for index, path in enumerate(paths):
            form = fold(path)
            for known, key in (
                (self._by_path, form),
                (self._by_stem, without_ending(form)),
                (self._by_name, without_ending(base_name(form))),
            ):
                if known.setdefault(key, index) != index:
                    known[key] = _SEVERAL

    def named(self, name: str, folder: str) -> int | None:
        """The picture that a relative path means from a folder ("" or "folder/"); None outside the source."""
        path = posixpath.normpath(posixpath.join(folder, name.replace("\\", "/").lstrip("/")))
        return self._found(self._by_path, fold(path))

    def beside(self, path: str, folders: Sequence[str], *, swapped: bool = False) -> int | None:
        """The picture of the same name beside a label file (not when `swapped`), or where a folder of pictures stands
        in place of one of the `folders` (in lower case) of its path."""
        stem = without_ending(fold(path))
        found = None if swapped else self._found(self._by_stem, stem)
        parts = stem.split("/")
        for at in range(len(parts) - 2, -1, -1):
            if found is None and parts[at] in folders:
                for name in PICTURE_FOLDERS:
                    other = "/".join([*parts[:at], *([name] if name else []), *parts[at + 1 :]])
                    found = self._found(self._by_stem, other) if found is None else found
        return found

    def anywhere(self, path: str) -> int | None:
        """The one picture whose file has this name without its ending, in whatever folder."""
        return self._found(self._by_name, without_ending(base_name(fold(path))))

    @staticmethod
    def _found(known: dict[str, int], key: str) -> int | None:
        index = known.get(key)
        return index if index is not None and index != _SEVERAL else None


def part_of(path: str) -> Part | None:
    """The part that a path names: the last of its words train, val, valid, test, ... counts."""
    for piece in reversed(without_ending(path.lower()).split("/")):
        words = _WORD.findall(piece)
        if words:
            return _PARTS[words[-1]]
    return None


class Parts:
    """Collects which part each item belongs to; the first to say so counts."""

    def __init__(self, items: list[DraftItem], tally: Tally) -> None:
        self._items = items
        self._tally = tally
        self._told: dict[int, Part] = {}

    def tell(self, item: int, part: Part | None) -> None:
        """A source says that an item belongs to a part."""
        if part is None:
            return
        if self._told.setdefault(item, part) is not part:
            self._tally.add("part_conflict", self._items[item].key)

    def tell_list(self, text: str, part: Part, matcher: Matcher, pairing: Pairing, place: str) -> int:
        """Each line of a list names a picture first; gives how many were found."""
        found = 0
        for row, line in enumerate(text.splitlines(), 1):
            name = line.strip().removeprefix("./")
            if not name or name.startswith("#"):
                continue
            item = matcher.find(name).item
            if item is None:
                item = pairing.anywhere(name.split()[0] + ".x")
            if item is None:
                self._tally.add("split_list_unmatched", f"{place} row {row}: {name[:80]}")
                continue
            found += 1
            self.tell(item, part)
        return found

    def applied(self, fixed: Collection[int] = ()) -> list[DraftItem]:
        """The items with their parts; those of the `fixed` ones, by index, stay as they are."""
        return [
            item._replace(part=self._told[index]) if index in self._told and index not in fixed else item
            for index, item in enumerate(self._items)
        ]


def matcher_of(view: SourceView, items: Iterable[DraftItem]) -> Matcher:
    """A matcher of the items of a source."""
    found = list(items)
    return Matcher([item.key for item in found], [view.paths[item.member] for item in found], view.wrapper)
