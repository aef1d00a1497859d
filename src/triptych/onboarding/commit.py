"""Turn what the decoding processes found into rows: one transaction for each batch, marked done in the same."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from triptych.core.dataset import OPEN_END, Modality, Role
from triptych.datasets.item_ids import APART
from triptych.db.id_lists import among
from triptych.db.session import insert_rows, insert_tuples
from triptych.db.tables import contents, footprints, items, kept_files, layers, renditions
from triptych.modalities.planar.examined import CODE_VERSION
from triptych.onboarding.chips import take_chips
from triptych.onboarding.filings import subject_of, write_filings
from triptych.onboarding.worker import ChunkResult, Kept, Measured, Unusable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triptych.core.source import Member
    from triptych.dicom.filing import Filing
    from triptych.modalities.planar.examined import Examined
    from triptych.onboarding.check import Checked
    from triptych.onboarding.members import SetAside

EXAMPLES_KEPT = 20
ENDINGS = {"JPEG": (".jpg", ".jpeg", ".jpe", ".jfif"), "PNG": (".png",)}
"""Endings of file names by format; DICOM has none that it must have (PS3.10, 8.2)."""

EMBEDDED = "embedded"
"""The bin of a file that is imported as the picture inside it: it counts as that item, not as a file besides."""

Tally = dict[str, list[Any]]
"""Per code of a finding: [count, examples]."""

ITEM_COLUMNS = (
    "id", "dataset_id", "since", "until", "key", "study", "series", "position", "bytes", "width", "height",
    "bit_depth", "bands", "subject", "flagged", "notes", "source_id", "member",
)  # fmt: skip
LAYER_COLUMNS = (
    "item_id", "name", "since", "until", "role", "format", "dtype", "sha256", "member", "reading",
)  # fmt: skip

IMAGE = Role.IMAGE.value
"""Looked up once: an enumeration is slow for a value that every row has."""


@dataclass(frozen=True, slots=True)
class SideLimits:
    """The limits of the original on width and height, in pixels; `reject` makes a finding a rejection."""

    smallest: int
    largest: int
    reject: bool

    def fits(self, width: int, height: int) -> bool:
        """Whether both sides lie within the limits, ends included."""
        return self.smallest <= min(width, height) and max(width, height) <= self.largest

    def sentence(self) -> str:
        """The rule in words."""
        return f"The image needs to be between {self.smallest} px and {self.largest} px on either side."


@dataclass(frozen=True, slots=True)
class Target:
    """Where a job writes: dataset, version, source, and the id that the first item gets."""

    dataset_id: str
    version: int
    source_id: str
    first_item: int
    sides: SideLimits

    def item_id(self, ordinal: int) -> int:
        """The id of the item at a place of the inventory."""
        return self.first_item + APART * ordinal

    def ordinal(self, item_id: int) -> int:
        """The place in the inventory of the item with an id."""
        return (item_id - self.first_item) // APART


@dataclass(slots=True)
class BatchSummary:
    """What later stages need to know of a batch; stored with its mark as a document."""

    imported: int  # members, label files included
    items: int
    bytes: int
    rejected: int
    tally: Tally
    dealt: int = 0  # items that were imported or rejected

    def document(self) -> dict[str, Any]:
        """As stored with the mark of the batch."""
        return asdict(self)


class Forgotten(Exception):
    """A content is not there that was there when its picture was read: its last dataset was deleted since, or
    another content's hash begins like its own. The batch has to be read again, with nothing taken for known."""


def commit_batch(
    connection: sa.Connection,
    target: Target,
    checked: Checked,
    aside: Sequence[SetAside],
    result: ChunkResult,
) -> BatchSummary:
    """Write everything of one batch; the caller marks it done in the same transaction.

    Its blobs are registered by the caller before. Raises Forgotten, with nothing written, when a picture that
    was taken for known is not.
    """
    measured = [outcome for outcome in result.outcomes if isinstance(outcome, Measured)]
    _store_contents(connection, measured)
    facts = _facts(connection, measured)
    batch = Batch(target, checked, aside, facts)
    outcomes: Sequence[Measured | Unusable | Kept] = result.outcomes
    if checked.inventory.modality is Modality.GEOSPATIAL:
        outcomes = take_chips(connection, batch, outcomes)
    for outcome in outcomes:
        batch.take(outcome)
    batch.write(connection)
    batch.summary.dealt = len({entry.ordinal for entry in result.outcomes if not isinstance(entry, Kept)})
    return batch.summary


def _store_contents(connection: sa.Connection, measured: Sequence[Measured]) -> None:
    new = {outcome.digest: outcome for outcome in measured if outcome.examined is not None}
    # Sorted, so that two jobs that bring the same pictures lock rows in the same order.
    ordered = sorted(new.items())
    insert_rows(
        connection,
        contents,
        [_content_row(digest, outcome.examined) for digest, outcome in ordered if outcome.examined],
        keep_existing=True,
    )
    insert_rows(
        connection,
        renditions,
        [
            {
                "sha256": digest,
                "kind": kind,
                "code_version": CODE_VERSION,
                "blob": blob,
                "media_type": media_type,
            }
            for digest, outcome in ordered
            for kind, blob, media_type in outcome.renditions
        ],
        keep_existing=True,
    )


def _content_row(digest: bytes, examined: Examined) -> dict[str, Any]:
    return {
        "sha256": digest,
        "code_version": CODE_VERSION,
        "bytes": examined.bytes,
        "format": examined.format,
        "width": examined.width,
        "height": examined.height,
        "bands": examined.bands,
        "dtype": examined.dtype,
        "bit_depth": examined.bit_depth,
        "orientation": examined.orientation,
        "pixel_hash": examined.pixel_hash,
        "perceptual_hash": examined.perceptual_hash,
        "moments": examined.moments,
        "histograms": examined.histograms,
        "notes": json.dumps(examined.notes),
        "frames": examined.frames,
        "details": None if examined.details is None else json.dumps(examined.details),
        "value_counts": examined.value_counts,
    }


class Facts(NamedTuple):
    """What an item's row takes from its content."""

    width: int
    height: int
    bit_depth: int
    bands: str
    dtype: str
    format: str
    notes: Sequence[Sequence[str]]


def _facts(connection: sa.Connection, measured: Sequence[Measured]) -> dict[bytes, Facts]:
    found = {
        outcome.digest: Facts(*(getattr(outcome.examined, name) for name in Facts._fields))
        for outcome in measured
        if outcome.examined is not None
    }
    known = {outcome.digest for outcome in measured} - found.keys()
    if known:
        found.update(_known_facts(connection, list(known)))
    if not found.keys() >= known:
        raise Forgotten
    return found


def _known_facts(connection: sa.Connection, digests: Sequence[bytes]) -> dict[bytes, Facts]:
    *plain, notes = (contents.c[name] for name in Facts._fields)
    statement: sa.Select[Any] = sa.select(contents.c.sha256, *plain, sa.cast(notes, sa.Text)).where(
        among(connection, contents.c.sha256, digests), contents.c.code_version == CODE_VERSION
    )
    return {
        # Nearly all notes are empty; parsing each would cost as much as reading the row.
        bytes(digest): Facts(
            width, height, depth, bands, dtype, kind, () if notes == "[]" else json.loads(notes)
        )
        for digest, width, height, depth, bands, dtype, kind, notes in connection.execute(statement).all()
    }


class Batch:
    """Collects the rows of one batch."""

    def __init__(
        self,
        target: Target,
        checked: Checked,
        aside: Sequence[SetAside],
        facts: dict[bytes, Facts],
    ) -> None:
        self.target = target
        self.members = checked.root.members
        self.drafts = checked.inventory.items
        self.readable = [row for row in aside if row.member is not None]
        self.facts = facts
        self.items: list[tuple[Any, ...]] = []  # ITEM_COLUMNS
        self.layers: list[tuple[Any, ...]] = []  # LAYER_COLUMNS
        self.kept: list[dict[str, Any]] = []
        self.filings: list[tuple[int, bytes, Filing]] = []
        self.footprints: list[dict[str, Any]] = []
        recipe = checked.inventory.recipe
        sources = () if recipe is None else recipe.sources
        self.bands = {source.name: " ".join(band.name for band in source.bands) for source in sources}
        self.counts: Counter[str] = Counter()
        self.examples: dict[str, list[str]] = {}
        self.summary = BatchSummary(0, 0, 0, 0, {})

    def take(self, outcome: Measured | Unusable | Kept) -> None:
        """Put one outcome into its bin."""
        if isinstance(outcome, Measured):
            self._import(outcome)
        elif isinstance(outcome, Unusable):
            self.reject(outcome)
        else:
            self._keep(outcome)

    def write(self, connection: sa.Connection) -> None:
        """Insert the rows and close the summary."""
        insert_tuples(connection, items, ITEM_COLUMNS, self.items)
        insert_tuples(connection, layers, LAYER_COLUMNS, self.layers)
        insert_rows(connection, footprints, self.footprints)
        insert_rows(connection, kept_files, self.kept)
        write_filings(connection, self.target.dataset_id, self.filings)
        self.summary.tally = {code: [count, self.examples[code]] for code, count in self.counts.items()}

    def count(self, code: str, example: str) -> None:
        """Note something about an item, with its first examples."""
        self.counts[code] += 1
        seen = self.examples.setdefault(code, [])
        if len(seen) < EXAMPLES_KEPT:
            seen.append(example)

    def _import(self, outcome: Measured) -> None:
        facts = self.facts[outcome.digest]
        draft, sides = self.drafts[outcome.ordinal], self.target.sides
        notes = list(facts.notes)
        if not draft.key.lower().endswith(ENDINGS.get(facts.format, "")):
            notes.append(("wrong_ending", facts.format))
        if not sides.fits(facts.width, facts.height):
            if sides.reject:
                reason = f"{sides.sentence()} It is {facts.width} × {facts.height} px."
                hint = "Add it without limits=original, or resize the picture."
                self.reject(Unusable(outcome.ordinal, outcome.digest, "size_outside_limits", reason, hint))
                return
            notes.append(("size_outside_limits", ""))
        for code, detail in notes:
            self.count(code, f"{draft.key} ({detail})" if detail else draft.key)
        self._add_rows(outcome, facts, " ".join(sorted({code for code, _ in notes})) if notes else "")
        if outcome.filing is not None or outcome.container is not None:
            self._file(outcome)
        self.summary.imported += 1
        self.summary.items += 1
        self.summary.bytes += outcome.size

    def _subject(self, outcome: Measured) -> str | None:
        """The person that the picture is of, where its file says it."""
        patient = None if outcome.filing is None else outcome.filing.patient
        return None if patient is None else subject_of(self.target.dataset_id, patient)

    def _file(self, outcome: Measured) -> None:
        draft = self.drafts[outcome.ordinal]
        if outcome.filing is not None:
            self.filings.append((self.target.item_id(outcome.ordinal), outcome.digest, outcome.filing))
            if outcome.filing.personal:
                # Which tags, never what they say: findings are read by everyone who sees the dataset.
                self.count("personal_tags", f"{draft.key}: {', '.join(outcome.filing.personal[:12])}")
        if outcome.container is not None:
            why = ("embedded_picture", "its picture lies inside it", "")
            self.keep(draft.member, self.members[draft.member], EMBEDDED, outcome.container, why)

    def _add_rows(self, outcome: Measured, facts: Facts, codes: str) -> None:
        target, draft = self.target, self.drafts[outcome.ordinal]
        item_id = target.item_id(outcome.ordinal)
        self.items.append(
            (
                item_id, target.dataset_id, target.version, OPEN_END,
                draft.key, draft.study, draft.series, draft.position,
                outcome.size, facts.width, facts.height, facts.bit_depth, facts.bands,
                self._subject(outcome),
                bool(codes), codes, target.source_id, draft.member,
            )
        )  # fmt: skip
        self.layers.append(
            (
                item_id, "image", target.version, OPEN_END,
                IMAGE, facts.format.lower(), facts.dtype, outcome.digest, None, "",
            )
        )  # fmt: skip

    def reject(self, outcome: Unusable) -> None:
        """Put the file of a layer into the bin of what cannot be imported."""
        draft = self.drafts[outcome.ordinal]
        number = draft.others[outcome.layer - 1].member if outcome.layer else draft.member
        member = self.members[number]
        why = (outcome.code, outcome.reason, outcome.hint)
        self.keep(number, member, "rejected", outcome.digest, why)
        self.count(f"rejected:{outcome.code}", f"{member.path}: {outcome.reason}")
        self.summary.rejected += 1

    def _keep(self, outcome: Kept) -> None:
        row = self.readable[outcome.ordinal - len(self.drafts)]
        assert row.member is not None
        self.keep(row.number, row.member, row.bin, outcome.digest, (row.code, row.reason, ""))
        if row.bin == "imported":
            self.summary.imported += 1
            self.summary.bytes += row.member.size

    def keep(
        self, number: int, member: Member, bin_: str, digest: bytes | None, why: tuple[str, str, str]
    ) -> None:
        """Keep a file that is no layer; `why` is code, reason and hint."""
        self.kept.append(kept_row(self.target.source_id, number, member, bin_, digest, why))


def kept_row(
    source_id: str, number: int, member: Member, bin_: str, digest: bytes | None, why: tuple[str, str, str]
) -> dict[str, Any]:
    """The row of a member that is not an item; `why` is code, reason and hint."""
    return {
        "source_id": source_id,
        "member": number,
        "path": member.path,
        "bytes": member.size,
        "bin": bin_,
        "code": why[0],
        "reason": why[1],
        "hint": why[2],
        "sha256": digest,
    }
