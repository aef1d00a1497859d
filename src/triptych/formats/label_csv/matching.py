"""Which picture a path in a label file means: exactly, then step by step less so, each step reported."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from triptych.core.names import base_name, ending, fold, nfc
from triptych.formats.pictures.kinds import PICTURE_ENDINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

SERIES = re.compile(r"(?:series)?[ _-]?0*([0-9]+)", re.IGNORECASE)
"""The name of a series folder: "Series1", "series 01" or "1"; the group is its number."""

SEVERAL = -1
"""In place of an item: several fit."""


class Found(NamedTuple):
    """The item that a path means, None when there is none, and the code to report, "" when it is exact."""

    item: int | None
    code: str = ""


def series_form(path: str) -> str:
    """The path with its second folder reduced to the series' number: "A/Series1/x" and "A/1/x" agree."""
    parts = path.split("/")
    if len(parts) > 2 and (match := SERIES.fullmatch(parts[1])):
        parts[1] = match.group(1)
        return "/".join(parts)
    return path


def _bare(path: str) -> str:
    end = ending(path)
    return path[: -len(end)] if end in PICTURE_ENDINGS else path


def _same_series(path: str) -> str:
    return series_form(nfc(path))


def _same_case(path: str) -> str:
    return series_form(fold(path))


def _same_stem(path: str) -> str:
    return _bare(_same_case(path))


def _same_name(path: str) -> str:
    return fold(base_name(path))


def _same_bare_name(path: str) -> str:
    return _bare(_same_name(path))


STEPS: tuple[tuple[Callable[[str], str], str], ...] = (
    (nfc, ""),
    (_same_series, ""),
    (_same_case, "matched_by_case"),
    (_same_stem, "matched_without_ending"),
    (_same_name, "matched_by_name"),
    (_same_bare_name, "matched_by_name"),
)
"""What of a path has to agree, step by step less of it, and the code to report."""


class PathMatcher(ABC):
    """Finds the item that a path in a label file means. `holder` is what holds the items, as messages say it."""

    holder = "source"

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Found] = {}

    @abstractmethod
    def _whole(self, path: str) -> int | None:
        """The item whose key or path is this one, to the letter."""

    @abstractmethod
    def _alike(self, step: int, form: str) -> int | None:
        """The item of which key or path has this form at a step, SEVERAL where items share it."""

    @abstractmethod
    def _spellings(self, path: str) -> Iterable[str]:
        """What else the path may be called, to the letter."""

    def _roots(self, path: str) -> Iterable[str]:
        """What is brought into the forms of the steps."""
        return (path,)

    def exact(self, path: str) -> bool:
        """Whether a path names an item, up to Unicode's composition."""
        if self._whole(path) is not None:
            return True
        item = self._alike(0, nfc(path))
        return item is not None and item != SEVERAL

    def find(self, path: str, folder: str = "") -> Found:
        """The item that a path means; `folder` is where the label file lies ("" or "folder/")."""
        item = self._whole(path)
        if item is not None:
            return Found(item)
        known = self._known.get((folder, path))
        if known is None:
            known = self._known[folder, path] = self._search(path, folder)
        return known

    def _search(self, path: str, folder: str) -> Found:
        plain = path.removeprefix("./").lstrip("/")
        for form in (plain, folder + plain, *self._spellings(plain)):
            item = self._whole(form)
            if item is not None:
                return Found(item)
        for step, (form_of, code) in enumerate(STEPS):
            for root in self._roots(plain):
                item = self._alike(step, form_of(root))
                if item is not None:
                    return Found(item, code) if item != SEVERAL else Found(None, "match_ambiguous")
        if "\\" in plain:
            found = self._search(plain.replace("\\", "/"), folder)
            return found if found.item is None or found.code else Found(found.item, "matched_by_separator")
        return Found(None)


class Matcher(PathMatcher):
    """Finds items of a source. `keys` and `paths` (below the wrapper) are parallel to the items; `others` are further
    files, each with the item that it belongs to."""

    def __init__(
        self,
        keys: Sequence[str],
        paths: Sequence[str],
        wrapper: str = "",
        others: Sequence[tuple[str, int]] = (),
    ) -> None:
        super().__init__()
        self._keys = keys
        self._paths = paths
        self._wrapper = wrapper
        self._others = others
        self._exact = dict(others)
        self._exact.update(zip(paths, range(len(paths)), strict=True))
        self._exact.update(zip(keys, range(len(keys)), strict=True))
        self._indexes: dict[int, dict[str, int]] = {}

    def _whole(self, path: str) -> int | None:
        return self._exact.get(path)

    def _alike(self, step: int, form: str) -> int | None:
        return self._index(step).get(form)

    def _spellings(self, path: str) -> Iterable[str]:
        return (path.removeprefix(self._wrapper),)

    def _index(self, step: int) -> dict[str, int]:
        """Form of key and path → item, SEVERAL where items share it; a key goes before a path."""
        if step not in self._indexes:
            form_of = STEPS[step][0]
            index: dict[str, int] = {}
            for item, key in enumerate(self._keys):
                form = form_of(key)
                if index.setdefault(form, item) != item:
                    index[form] = SEVERAL
            by_key = set(index)
            files = ((path, item) for item, path in enumerate(self._paths))
            for path, item in chain(files, self._others):
                form = form_of(path)
                if form not in by_key and index.setdefault(form, item) != item:
                    index[form] = SEVERAL
            self._indexes[step] = index
        return self._indexes[step]
