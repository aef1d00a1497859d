"""Everything about one item: its place in lists, what its picture is, and what was measured of it.

Nothing here decodes a pixel: statistics and windows come from what was kept when the picture was imported.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa

from triptych.core.errors import NotFound
from triptych.core.histogram import BINS, percentiles
from triptych.core.raster import dtype_range
from triptych.core.statistics import unpack_histograms, unpack_moments
from triptych.datasets.item_filter import ItemFilter, Scope, holding
from triptych.datasets.item_findings import own_findings
from triptych.datasets.item_milestones import line_of, place_of
from triptych.datasets.item_pages import item_documents
from triptych.datasets.item_studies import series_place, study_position
from triptych.datasets.item_walk import id_before, walk_ids
from triptych.db.tables import contents, items, sources
from triptych.modalities.planar.header import TILE, scales_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from triptych.core.histogram import Histogram

COUNTING_SECONDS = 0.1
"""Time that a request may take to count where the item stands; the next one goes on from there."""

AUTOMATIC = (1, 99)
"""Percentiles between which a picture is shown unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Detail:
    """What the database knows of an item. `content` is the row of its picture's content."""

    document: dict[str, Any]
    content: sa.Row[Any]
    item: sa.Row[Any]


def item_detail(
    connection: sa.Connection, scope: Scope, wanted: ItemFilter, counts: Mapping[str, Any], key: str
) -> Detail:
    """The item of a key, as lists show it, with its place under a filter, in its study and in its series.

    NotFound `item_not_found`.
    """
    item = connection.execute(
        sa.select(items, sources.c.filename, sources.c.manifest)
        .outerjoin(sources, sources.c.id == items.c.source_id)
        .where(holding(scope), items.c.key == key)
        .limit(1)
    ).first()
    if item is None:
        raise NotFound(
            f"The version has no item “{key}”.",
            code="item_not_found",
            hint="Check the key; another version may have it.",
        )
    (document,) = item_documents(connection, scope, [item.id])
    content = connection.execute(
        sa.select(contents)
        .where(contents.c.sha256 == bytes.fromhex(document["sha256"]))
        .order_by(contents.c.code_version.desc())
        .limit(1)
    ).one()
    found = dict(content.notes)
    series_index, series_items = series_place(connection, scope, item)
    document |= {
        **_place(connection, scope, wanted, counts, item.id),
        "study_position": study_position(connection, scope, counts, item.id, item.study, COUNTING_SECONDS),
        "series_items": series_items,
        "series_index": series_index,
        "findings": own_findings(item.notes.split(), found),
        **pixel_document(content),
    }
    return Detail(document, content, item)


def _place(
    connection: sa.Connection, scope: Scope, wanted: ItemFilter, counts: Mapping[str, Any], item_id: int
) -> dict[str, Any]:
    line = line_of(connection, scope, wanted, COUNTING_SECONDS)
    known = counts["items"] if wanted.empty else None
    before = id_before(connection, scope, wanted, item_id)
    behind = next(walk_ids(connection, scope, wanted, item_id, 1), [None])[0]
    neighbours = [neighbour for neighbour in (before, behind) if neighbour is not None]
    keys: dict[int | None, str] = {
        row.id: row.key
        for row in connection.execute(sa.select(items.c.id, items.c.key).where(items.c.id.in_(neighbours)))
    }
    return {
        "index": place_of(connection, scope, wanted, line, item_id),
        "total": line.total if line.complete else known,
        "previous": keys.get(before),
        "next": keys.get(behind),
    }


def pixel_document(content: sa.Row[Any]) -> dict[str, Any]:
    """What a content's picture is and what was measured of it: `image`, `windows`, `automatic`, `full`, `extent`
    and `statistics`. Alpha counts for no window."""
    bands = content.bands.split()
    moments = unpack_moments(bytes(content.moments))
    histograms = unpack_histograms(bytes(content.histograms))
    colors = [index for index, band in enumerate(bands) if band != "alpha"]
    low, high = dtype_range(np.dtype(content.dtype), content.bit_depth)
    extent = (float(moments[colors, 3].min()), float(moments[colors, 4].max()))
    return {
        "image": {
            "sha256": bytes(content.sha256).hex(),
            "width": content.width,
            "height": content.height,
            "bands": bands,
            "dtype": content.dtype,
            "bit_depth": content.bit_depth,
            "levels": len(scales_of(content.width, content.height)),
            "tile": TILE,
            "format": content.format,
        },
        "windows": [],
        "automatic": _automatic([histograms[index] for index in colors], extent),
        "full": {"low": low, "high": high},
        "extent": {"low": extent[0], "high": extent[1]},
        "statistics": [
            _statistics(band, row, histogram)
            for band, row, histogram in zip(bands, moments, histograms, strict=True)
        ],
    }


def _automatic(histograms: list[Histogram], extent: tuple[float, float]) -> dict[str, float]:
    ends = [percentiles(histogram, AUTOMATIC)[0] for histogram in histograms]
    low = max(min(low for low, _ in ends), extent[0])
    high = min(max(high for _, high in ends), extent[1])
    # Of a picture that is nearly all one value, the values that there are; of one value, it and the next.
    if low >= high:
        low, high = extent
    return {"low": low, "high": high if high > low else low + 1}


def _statistics(band: str, moments: NDArray[np.float64], histogram: Histogram) -> dict[str, Any]:
    n, mean, m2, low, high, _ = moments.tolist()
    # Values from 0 to 255 are counted one by one, from 0 on; others from the first that there is.
    first = 0 if histogram.exact and histogram.first >= 0 and high < BINS else histogram.first
    counts = np.zeros(BINS, np.int64)
    start = histogram.first - first
    counts[start : start + histogram.counts.size] = histogram.counts
    return {
        "band": band,
        "min": low,
        "max": high,
        "mean": mean,
        "std": math.sqrt(m2 / n),
        "histogram": {
            "low": math.ldexp(first, histogram.shift),
            "high": math.ldexp(first + BINS, histogram.shift),
            "counts": counts.tolist(),
        },
    }


def spacing_of(details: Mapping[str, Any]) -> list[float] | None:
    """The size of a pixel in millimetres, [per row, per column], from a dataset's details: `pixel_spacing_mm` is
    a number or [row, column]; None where it is neither, or not above zero."""
    given = details.get("pixel_spacing_mm")
    pair: list[Any] = given if isinstance(given, list) else [given, given]
    if len(pair) != 2 or not all(_is_length(each) for each in pair):
        return None
    return [float(each) for each in pair]


def _is_length(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e9
