"""Paths of label files matched with the items of a version that is there, of which only hashes are held.

Keys are read in blocks and kept as 64-bit hashes of their forms: 16 bytes for each item and each form that was
asked for, where a dictionary of the keys takes a few hundred. Python's hash of a text is keyed anew in each
process, so nobody can make two keys collide, and by chance two of a million do once in 30 million files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa

from triptych.datasets.row_ranges import holds_at
from triptych.db.tables import items
from triptych.formats.base import LAYOUT_FOLDERS
from triptych.formats.label_csv.matching import SEVERAL, STEPS, PathMatcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from triptych.db.session import Database

BLOCK = 20_000


class StoredKeys(PathMatcher):
    """Finds the items of a version by path; an item is its id. The rules are those of an import, except that the
    folders of the source are not known any more: `image/` and `Classes/` before a key are read as absent."""

    holder = "dataset"

    def __init__(self, database: Database, dataset_id: str, version: int) -> None:
        super().__init__()
        self._database = database
        self._own = (items.c.dataset_id == dataset_id, holds_at(items, version))
        self._forms: dict[int, _Hashes] = {}

    def blocks(self) -> Iterator[list[tuple[int, str]]]:
        """Ids and keys of all items in the order of ids; no transaction is held between two blocks."""
        after = 0
        statement = sa.select(items.c.id, items.c.key).where(*self._own).order_by(items.c.id).limit(BLOCK)
        while True:
            with self._database.read() as connection:
                rows = [(row[0], row[1]) for row in connection.execute(statement.where(items.c.id > after))]
            if not rows:
                return
            yield rows
            after = rows[-1][0]

    def _whole(self, path: str) -> int | None:
        return self._hashes(-1, str).find(path)

    def _alike(self, step: int, form: str) -> int | None:
        return self._hashes(step, STEPS[step][0]).find(form)

    def _spellings(self, path: str) -> Iterable[str]:
        return self._roots(path)

    def _roots(self, path: str) -> Iterable[str]:
        first, slash, rest = path.partition("/")
        return (path, rest) if slash and first.lower() in LAYOUT_FOLDERS else (path,)

    def _hashes(self, step: int, form_of: Callable[[str], str]) -> _Hashes:
        if step not in self._forms:
            self._forms[step] = _Hashes.of(
                (item, form_of(key)) for block in self.blocks() for item, key in block
            )
        return self._forms[step]


class _Hashes:
    """Hashes of texts in ascending order, and the item that each belongs to."""

    def __init__(self, hashes: NDArray[np.int64], ids: NDArray[np.int64]) -> None:
        self._hashes = hashes
        self._ids = ids

    @classmethod
    def of(cls, texts: Iterable[tuple[int, str]]) -> _Hashes:
        """Of pairs (item, text)."""
        pairs = np.fromiter(((hash(text), item) for item, text in texts), np.dtype((np.int64, 2)))
        order = np.argsort(pairs[:, 0], kind="stable")
        return cls(pairs[order, 0], pairs[order, 1])

    def find(self, text: str) -> int | None:
        """The item with this text, SEVERAL where there are more."""
        wanted = hash(text)
        place = int(np.searchsorted(self._hashes, wanted))
        if place == len(self._hashes) or self._hashes[place] != wanted:
            return None
        if place + 1 < len(self._hashes) and self._hashes[place + 1] == wanted:
            return SEVERAL
        return int(self._ids[place])
