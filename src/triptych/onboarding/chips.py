"""The layers of chips become rows: an item with all its data sources, its labels, and where it lies.

A chip is imported when all its data sources can be read. A label that cannot be, or that does not lie on its chip,
is left out; the chip stays.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from triptych.core.dataset import OPEN_END, Modality, Role
from triptych.core.zones import zone_of
from triptych.db.id_lists import among
from triptych.db.session import insert_rows
from triptych.db.tables import contents, measures
from triptych.modalities.planar.examined import CODE_VERSION
from triptych.onboarding.worker import Measured, Unusable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from triptych.core.dataset import DraftItem
    from triptych.core.findings import Finding
    from triptych.onboarding.check import Checked
    from triptych.onboarding.commit import Batch
    from triptych.onboarding.worker import Kept

    Outcome = Measured | Unusable | Kept

HALF_PIXEL = 0.5


class Layer(NamedTuple):
    """A layer that can be read, with its name, what it is to the chip, and what its file says of its ground."""

    outcome: Measured
    name: str
    role: Role
    member: int
    ground: Mapping[str, Any]


USUAL_OF_LABELS = frozenset({"band_constant", "raster_empty", "band_empty"})
"""Notes that say nothing of a label: one class throughout is usual, and what is to ignore is told of the set."""

RECHECKED = frozenset({"label_size_differs", "layer_size_differs", "crs_missing"})
"""Codes that the check tells from the headers of some files, and the import from the pixels of all."""


def lasting_findings(checked: Checked) -> list[Finding]:
    """The findings of a check that stay with the dataset: those that the import makes anew are left to it."""
    if checked.inventory.modality is not Modality.GEOSPATIAL:
        return list(checked.findings)
    return [finding for finding in checked.findings if finding.code not in RECHECKED]


def take_chips(connection: sa.Connection, batch: Batch, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Put the chips of a batch into their bins; the outcomes that are of no chip."""
    own = [entry for entry in outcomes if isinstance(entry, Measured | Unusable)]
    _store_measures(connection, own)
    grounds = _grounds(connection, own)
    for ordinal, layers in groupby(own, lambda entry: entry.ordinal):
        _take(batch, batch.drafts[ordinal], list(layers), grounds)
    return [entry for entry in outcomes if not isinstance(entry, Measured | Unusable)]


def _store_measures(connection: sa.Connection, outcomes: Sequence[Measured | Unusable]) -> None:
    rows = {
        (entry.digest, entry.reading): entry.measure
        for entry in outcomes
        if isinstance(entry, Measured) and entry.measure is not None
    }
    insert_rows(
        connection,
        measures,
        [
            {
                "sha256": digest,
                "reading": reading,
                "code_version": CODE_VERSION,
                "moments": moments,
                "histograms": histograms,
            }
            for (digest, reading), (moments, histograms) in sorted(rows.items())
        ],
        keep_existing=True,
    )


def _grounds(
    connection: sa.Connection, outcomes: Sequence[Measured | Unusable]
) -> dict[bytes, Mapping[str, Any]]:
    """What the files say of the ground that they show, by their hash."""
    measured = [entry for entry in outcomes if isinstance(entry, Measured)]
    found: dict[bytes, Mapping[str, Any]] = {
        entry.digest: entry.examined.details or {} for entry in measured if entry.examined is not None
    }
    known = sorted({entry.digest for entry in measured} - found.keys())
    if known:
        rows = connection.execute(
            sa.select(contents.c.sha256, contents.c.details).where(
                among(connection, contents.c.sha256, known), contents.c.code_version == CODE_VERSION
            )
        )
        found |= {bytes(digest): details or {} for digest, details in rows}
    return found


def _take(
    batch: Batch,
    draft: DraftItem,
    outcomes: list[Measured | Unusable],
    grounds: Mapping[bytes, Mapping[str, Any]],
) -> None:
    outcomes.sort(key=lambda entry: entry.layer)
    if any(isinstance(entry, Unusable) and _role(draft, entry.layer) in DATA for entry in outcomes):
        for entry in outcomes:
            batch.reject(entry if isinstance(entry, Unusable) else _incomplete(draft, entry))
        return
    layers = []
    for entry in outcomes:
        if isinstance(entry, Unusable):
            batch.reject(entry)
            continue
        name, member = _place(draft, entry.layer)
        layers.append(Layer(entry, name, _role(draft, entry.layer), member, grounds.get(entry.digest, {})))
    leading = layers[0]
    fitting = [leading, *(layer for layer in layers[1:] if _fits(batch, draft, leading, layer))]
    _add_rows(batch, draft, fitting)


DATA = (Role.IMAGE, Role.SOURCE)


def _role(draft: DraftItem, layer: int) -> Role:
    return draft.others[layer - 1].role if layer else Role.IMAGE


def _place(draft: DraftItem, layer: int) -> tuple[str, int]:
    other = draft.others[layer - 1] if layer else None
    return (draft.layer, draft.member) if other is None else (other.name, other.member)


def _incomplete(draft: DraftItem, entry: Measured) -> Unusable:
    return Unusable(
        entry.ordinal,
        entry.digest,
        "chip_incomplete",
        f"Another file of the chip {draft.key} cannot be imported.",
        "Mend that file; its own reason stands beside it.",
        entry.layer,
    )


def _fits(batch: Batch, draft: DraftItem, leading: Layer, layer: Layer) -> bool:
    """Whether a layer lies on the leading one; a label that does not is left out, other data is only told."""
    facts, other = batch.facts[leading.outcome.digest], batch.facts[layer.outcome.digest]
    size, own = (facts.width, facts.height), (other.width, other.height)
    if size == own:
        return True
    sizes = f"{draft.key}: {layer.name} has {own[0]} × {own[1]} px, {leading.name} {size[0]} × {size[1]} px"
    if same_ground(leading.ground, layer.ground):
        batch.count("layer_resolution_differs", sizes)
        return True
    if layer.role is Role.SOURCE:
        batch.count("layer_size_differs", sizes)
        return True
    batch.count("label_size_differs", sizes)
    member = batch.members[layer.member]
    reason = f"It has {own[0]} × {own[1]} px and its chip {size[0]} × {size[1]}, on other ground."
    hint = "Save it in the size of its chip, by nearest neighbour."
    batch.keep(layer.member, member, "ignored", layer.outcome.digest, ("label_size_differs", reason, hint))
    return False


def same_ground(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Whether two rasters, by what their files say, cover the same rectangle of the same reference system, to half
    a pixel of the coarser one."""
    bounds, others = first.get("bounds"), second.get("bounds")
    if not bounds or not others or first.get("crs") != second.get("crs"):
        return False
    transforms = first.get("transform"), second.get("transform")
    if not all(transforms):
        return False
    pixel = max(abs(float(each[place])) for each in transforms if each for place in (0, 1, 3, 4))
    return all(abs(one - two) <= HALF_PIXEL * pixel for one, two in zip(bounds, others, strict=True))


def _add_rows(batch: Batch, draft: DraftItem, layers: list[Layer]) -> None:
    target, leading = batch.target, layers[0]
    facts = batch.facts[leading.outcome.digest]
    item_id = target.item_id(leading.outcome.ordinal)
    size = sum(layer.outcome.size for layer in layers)
    notes = _count_notes(batch, draft, layers)
    batch.items.append(
        (
            item_id, target.dataset_id, target.version, OPEN_END,
            draft.key, draft.study, draft.series, draft.position,
            size, facts.width, facts.height, facts.bit_depth, batch.bands.get(leading.name, facts.bands),
            None, bool(notes), notes, target.source_id, draft.member,
        )
    )  # fmt: skip
    for layer in layers:
        own = batch.facts[layer.outcome.digest]
        batch.layers.append(
            (
                item_id, layer.name, target.version, OPEN_END, layer.role.value, own.format.lower(), own.dtype,
                layer.outcome.digest, layer.member, layer.outcome.reading,
            )
        )  # fmt: skip
    batch.footprints.append(_footprint(batch, draft, item_id, layers))
    batch.summary.imported += len(layers)
    batch.summary.items += 1
    batch.summary.bytes += size


def _count_notes(batch: Batch, draft: DraftItem, layers: list[Layer]) -> str:
    codes = set()
    for layer in layers:
        for code, detail in batch.facts[layer.outcome.digest].notes:
            if layer.role is Role.LABEL and code in USUAL_OF_LABELS:
                continue
            subject = draft.key if len(layers) == 1 else f"{draft.key}, {layer.name}"
            batch.count(code, f"{subject} ({detail})" if detail else subject)
            codes.add(code)
    return " ".join(sorted(codes))


def _footprint(batch: Batch, draft: DraftItem, item_id: int, layers: list[Layer]) -> dict[str, Any]:
    grounds = [layer.ground for layer in layers]
    ground = next((each for each in grounds if each.get("footprint")), grounds[0])
    place = ground.get("footprint") or {}
    zone = zone_of(*(place[side] for side in SIDES)) if place else (None, None)
    time = draft.time
    if time is None:
        time = next((seconds_of(each["time"]) for each in grounds if each.get("time")), None)
    return {
        "place": item_id,
        "dataset_id": batch.target.dataset_id,
        **{side: place.get(side) for side in SIDES},
        "outline": json.dumps(place["outline"]) if place else None,
        "crs": ground.get("crs") or "",
        "zone": zone[0],
        "zone_level": zone[1],
        "time": time,
        "scene": draft.scene,
        "ground_group": 0,
    }


SIDES = ("west", "south", "east", "north")


def seconds_of(text: str) -> float | None:
    """Seconds since 1970, UTC, of a date as ISO 8601 has it; UTC where no zone is told. None where it is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
