"""Statistics of a version from the kept rows of its items: merges, never a second look at pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa

from triptych.core.dataset import PARTS, Role
from triptych.core.histogram import Histogram
from triptych.core.histogram import merge as merge_histograms
from triptych.core.statistics import band_statistics, merge_moments, merge_packed
from triptych.db.tables import assignments, contents, items, layers, measures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from triptych.core.recipe import Recipe

BLOCK = 4096
ALL = "all"
BAND_ORDER = ("gray", "red", "green", "blue", "cyan", "magenta", "yellow", "black", "alpha")


@dataclass(slots=True)
class BandMeasure:
    """What is known of one band over many items."""

    moments: list[NDArray[np.float64]] = field(default_factory=list)
    histograms: list[Histogram] = field(default_factory=list)

    def merged(self) -> tuple[NDArray[np.float64], Histogram]:
        """Moments (6,) and histogram of everything together."""
        stack = np.stack(self.moments)[:, np.newaxis, :]
        return merge_moments(stack)[0], merge_histograms(self.histograms)


def layer_statistics(
    connection: sa.Connection,
    dataset_id: str,
    version: int,
    split_id: int | None,
    recipe: Recipe | None = None,
) -> dict[str, dict[str, dict[str, list[dict[str, Any]]]]]:
    """Per layer and part ("all" and every part of the split that has items): the statistics of each band.

    Bands of the same name are merged, whatever the others of their pictures: a grey and a grey-with-alpha
    picture share the band gray. Bands come in the order gray, red, green, blue, …, alpha. Those of "all" have a
    `histogram` besides: `counts` of at most 256 bins of equal width between the values `low` and `high`.
    A `recipe` names the bands of data sources by their place in the file, in its own order, those alone that it uses.
    """
    measures: dict[tuple[str, str, str], BandMeasure] = {}
    for rows in _blocks(connection, dataset_id, version, split_id):
        names = [(row.name, row.part, row.bands) for row in rows]
        merged = merge_packed(
            names, [bytes(row.moments) for row in rows], [bytes(row.histograms) for row in rows]
        )
        for (layer, part, bands), (moments, histograms) in merged.items():
            for band, place in _named(recipe, layer, bands):
                if place >= len(moments):
                    continue  # a file with fewer bands than the recipe names, which is a finding
                row, histogram = moments[place], histograms[place]
                measure = measures.setdefault((layer, part or "", band), BandMeasure())
                measure.moments.append(row)
                measure.histograms.append(histogram)
    return _documents({key: measure.merged() for key, measure in measures.items()}, recipe)


def _named(recipe: Recipe | None, layer: str, bands: str) -> list[tuple[str, int]]:
    """Name and place in the file of every band that counts."""
    source = None if recipe is None else recipe.source(layer)
    if source is None:
        return [(name, place) for place, name in enumerate(bands.split())]
    return [(name, place) for place, name, _ in source.placed()]


def scalings(recipe: Recipe | None, layer: str) -> list[tuple[float, float]] | None:
    """Scale and offset of each band of a layer in the order of its statistics; None where all samples are values."""
    source = None if recipe is None else recipe.source(layer)
    found = [] if source is None else [(band.scale, band.offset) for _, _, band in source.placed()]
    return found if any(each != (1.0, 0.0) for each in found) else None


def _blocks(
    connection: sa.Connection, dataset_id: str, version: int, split_id: int | None
) -> Iterator[list[Any]]:
    assigned = sa.and_(
        assignments.c.item_id == items.c.id,
        assignments.c.split_id == (split_id if split_id is not None else -1),
        assignments.c.since <= version,
        assignments.c.until > version,
    )
    statement = (
        sa.select(
            items.c.id,
            layers.c.name,
            assignments.c.part,
            contents.c.bands,
            sa.func.coalesce(measures.c.moments, contents.c.moments).label("moments"),
            sa.func.coalesce(measures.c.histograms, contents.c.histograms).label("histograms"),
        )
        .join(layers, layers.c.item_id == items.c.id)
        .join(contents, contents.c.sha256 == layers.c.sha256)
        .outerjoin(
            measures,
            sa.and_(
                layers.c.reading != sa.literal_column("''"),
                measures.c.sha256 == layers.c.sha256,
                measures.c.reading == layers.c.reading,
            ),
        )
        .outerjoin(assignments, assigned)
        .where(
            items.c.dataset_id == dataset_id,
            items.c.since <= version,
            items.c.until > version,
            layers.c.since <= version,
            layers.c.until > version,
            layers.c.role.in_([role.value for role in Role if role is not Role.LABEL]),
        )
        .order_by(items.c.id)
        .limit(BLOCK)
    )
    last = 0
    while True:
        rows = list(connection.execute(statement.where(items.c.id > last)))
        if not rows:
            return
        if len(rows) == BLOCK and rows[0].id != rows[-1].id:
            # The layers of the last item may go on in the next block.
            rows = [row for row in rows if row.id != rows[-1].id]
        yield rows
        last = rows[-1].id


def _documents(
    merged: dict[tuple[str, str, str], tuple[NDArray[np.float64], Histogram]],
    recipe: Recipe | None = None,
) -> dict[str, dict[str, dict[str, list[dict[str, Any]]]]]:
    documents: dict[str, dict[str, dict[str, list[dict[str, Any]]]]] = {}
    for layer in dict.fromkeys(key[0] for key in merged):
        present = {key[2] for key in merged if key[0] == layer}
        source = None if recipe is None else recipe.source(layer)
        if source is None:
            bands = sorted(present, key=_band_rank)
        else:
            bands = [name for _, name, _ in source.placed() if name in present]
        parts = {
            part: [band for band in bands if (layer, part, band) in merged]
            for part in PARTS
            if any(key[:2] == (layer, part) for key in merged)
        }
        documents[layer] = {ALL: {"bands": _bands(merged, layer, bands, None)}}
        for part, held in parts.items():
            documents[layer][part] = {"bands": _bands(merged, layer, held, part)}
    return documents


def _bands(
    merged: dict[tuple[str, str, str], tuple[NDArray[np.float64], Histogram]],
    layer: str,
    bands: list[str],
    part: str | None,
) -> list[dict[str, Any]]:
    documents: list[dict[str, Any]] = []
    for band in bands:
        found = [
            value
            for key, value in merged.items()
            if key[0] == layer and key[2] == band and (part is None or key[1] == part)
        ]
        moments = merge_moments(np.stack([row for row, _ in found])[:, np.newaxis, :])
        histogram = merge_histograms([histogram for _, histogram in found])
        (document,) = band_statistics(moments, [histogram], [band])
        if part is None:
            document["histogram"] = _drawn(histogram)
        documents.append(document)
    return documents


def _drawn(histogram: Histogram) -> dict[str, Any]:
    """What a chart needs: counts of bins of equal width from `low` up to `high`, the end of the last one."""
    first, shift, counts = histogram.first, histogram.shift, histogram.counts
    return {
        "low": math.ldexp(first, shift),
        "high": math.ldexp(first + counts.size, shift),
        "counts": counts.tolist(),
    }


def _band_rank(band: str) -> tuple[int, str]:
    return (BAND_ORDER.index(band) if band in BAND_ORDER else len(BAND_ORDER), band)
