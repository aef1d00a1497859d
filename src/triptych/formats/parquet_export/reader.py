"""`parquet` on the way in: what the writer of that name wrote, so that it can be added again."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from triptych.core.dataset import DraftItem, Ignored, Inventory, Modality
from triptych.core.errors import Refused
from triptych.core.findings import FindingLog
from triptych.core.labels import Box, DraftSet, Kind, Label
from triptych.core.names import natural_key
from triptych.core.source import MemberError
from triptych.formats.base import Match, Refusal
from triptych.formats.pictures.notices import NOTICES
from triptych.formats.shape_rows import check_form, shape_of
from triptych.formats.sidecar import COLUMNS, item_of, require_unique, sidecar_of
from triptych.formats.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triptych.formats.base import ReaderOptions, SourceView
    from triptych.formats.sidecar import SidecarItem

TABLES = ("items.parquet", "annotations.parquet", "classes.parquet")
_ROWS = 100_000_000
_UNPACKED = 4 * 1024**3
_LIMIT = 1024**3
_BATCH = 50_000
_LABEL_COLUMNS = ["set", "item", "kind", "class_id", "value", "x", "y", "width", "height", "shape"]
_LATER_COLUMNS = {"shape"}
"""Columns that exports of earlier versions do not have."""


class ParquetReader:
    """Reads an export as Parquet: tables, triptych.json and pictures."""

    def detect(self, view: SourceView) -> Match | Refusal:
        """Yes where triptych.json says so and the tables lie beside it."""
        sidecar = view.once(sidecar_of).sidecar
        if sidecar is None or sidecar.format != "parquet":
            return Refusal(
                "No triptych.json says that it is an export as Parquet.",
                "Export a dataset with --format parquet.",
            )
        present = {view.paths[member] for member in view.kept}
        missing = [name for name in TABLES[:2] if name not in present]
        if missing:
            return Refusal(f"{missing[0]} is missing from the export.", "Add it, or export again.")
        return Match(1.0, "triptych.json says that it is an export as Parquet.")

    def inventory(self, view: SourceView, options: ReaderOptions) -> Inventory:
        """The items and sets of the tables. Refused (`export_unreadable`) when these cannot be read."""
        members = {view.paths[member]: member for member in view.kept}
        read = view.once(sidecar_of)
        log = FindingLog()
        try:
            listed = [item_of(row) for row in _rows(view, members[TABLES[0]], COLUMNS)]
            require_unique([entry.key for entry in listed], "key")
            require_unique([entry.path for entry in listed], "path")
            items, index_of = _items(listed, members, log)
            sets = _sets(view, members, index_of) if options.labels == "read" else []
        except (ValueError, TypeError, KeyError, OSError, RecursionError, MemberError) as error:
            raise Refused(
                f"The tables of the export cannot be read: {error}.",
                code="export_unreadable",
                hint="Export again, or remove triptych.json to import the pictures alone.",
            ) from error
        used = {members[name] for name in TABLES if name in members}
        label_files = sorted(used | ({read.member} if read.member is not None else set()))
        placed = {item.member for item in items} | set(label_files)
        left = [member for member in view.kept if member not in placed]
        tally = Tally("", NOTICES)
        for member in left:
            tally.add("not_in_tables", view.paths[member])
        log.extend(tally.findings())
        ignored = view.ignored + [
            Ignored(member, "not_in_tables", "The tables of the export do not name it.") for member in left
        ]
        ignored.sort(key=lambda entry: entry.member)
        return Inventory("parquet", Modality.PLANAR, items, sets, label_files, ignored, list(log.all()))


def _rows(view: SourceView, member: int, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    import pyarrow.parquet as pq

    file = pq.ParquetFile(io.BytesIO(view.read(member, _LIMIT)))
    meta = file.metadata
    unpacked = sum(meta.row_group(index).total_byte_size for index in range(meta.num_row_groups))
    if meta.num_rows > _ROWS or unpacked > _UNPACKED:
        raise ValueError("a table is larger than an export can be")
    present = set(file.schema_arrow.names)
    absent = _LATER_COLUMNS - present
    for batch in file.iter_batches(
        batch_size=_BATCH, columns=[name for name in columns if name not in absent]
    ):
        nothing = [None] * len(batch)
        found = [nothing if name in absent else batch.column(name).to_pylist() for name in columns]
        yield from zip(*found, strict=True)


def _items(
    listed: list[SidecarItem], members: dict[str, int], log: FindingLog
) -> tuple[list[DraftItem], dict[int, int]]:
    """The items in natural order, and the index of each by its row."""
    tally = Tally("", NOTICES)
    drafts: list[tuple[DraftItem, int]] = []
    for row, entry in enumerate(listed):
        member = members.get(entry.path)
        if member is None:
            tally.add("sidecar_member_missing", entry.path)
            continue
        draft = DraftItem(entry.key, member, entry.study, entry.series, entry.position, entry.part)
        drafts.append((draft, row))
    log.extend(tally.findings())
    if not drafts:
        raise ValueError("none of its pictures is there")
    drafts.sort(key=lambda pair: natural_key(pair[0].key))
    return [draft for draft, _ in drafts], {row: index for index, (_, row) in enumerate(drafts)}


def _sets(view: SourceView, members: dict[str, int], index_of: dict[int, int]) -> list[DraftSet]:
    sidecar = view.once(sidecar_of).sidecar
    described = sidecar.sets if sidecar is not None else ()
    sets = {
        entry.name: DraftSet(entry.name, entry.task, TABLES[1], list(entry.classes)) for entry in described
    }
    known = {entry.name: {row.id for row in entry.classes} for entry in described}
    for name, row, kind, class_id, value, *box, shape in _rows(view, members[TABLES[1]], _LABEL_COLUMNS):
        item = index_of.get(row)
        if item is None:
            continue
        if class_id is not None and class_id not in known[name]:
            raise ValueError(f"a label of {name!r} has a class that is not listed")
        corner = Box(*(float(side) for side in box)) if box[0] is not None else None
        form = None if shape is None else shape_of(json.loads(shape))
        label = Label(item, Kind(kind), class_id, value, corner, form)
        check_form(label)
        sets[name].labels.append(label)
    return list(sets.values())
