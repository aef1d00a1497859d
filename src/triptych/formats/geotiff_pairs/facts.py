"""What headers told of a source, as a document for the page on which a person corrects the recipe."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any

from triptych.formats.geotiff_pairs.sampled import sampled_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from triptych.core.recipe import DataSource, Recipe
    from triptych.formats.base import SourceView
    from triptych.formats.geotiff_pairs.header import RasterHeader
    from triptych.formats.geotiff_pairs.label_values import LabelValues
    from triptych.formats.geotiff_pairs.propose import Kind
    from triptych.formats.geotiff_pairs.survey import Survey

MOST = 50
"""Different values of one thing that are told."""

MOST_VALUES = 1_024


def facts_of(
    survey: Survey, recipe: Recipe, kinds: dict[int, Kind], values: LabelValues, view: SourceView
) -> dict[str, Any]:
    """{"pairs", "orphans", "sources", "labels", "sampled"}; what differs is [{"value", "files"}], most first."""
    chips = survey.chips.chips.values()
    with_data = [files for files in chips if any(number in files for number in survey.sources)]
    paired = sum(survey.label in files for files in with_data) if survey.label is not None else 0
    label = kinds.get(survey.label) if survey.label is not None else None
    suffixes = {source.suffix: source for source in recipe.sources}
    looked = sampled_sources(view, [kinds[number] for number in survey.sources])
    return {
        "chips": len(with_data),
        "pairs": paired,
        "orphans": {
            "data": len(with_data) - paired if survey.label is not None else 0,
            "labels": len(chips) - len(with_data),
        },
        "sources": [
            _source(suffixes[survey.chips.slots[number].text], kinds[number])
            | {"sample": looked.get(survey.chips.slots[number].text)}
            for number in survey.sources
        ],
        "labels": None if label is None else _labels(label, values, view),
        "sampled": {
            "headers": sum(len(kind.headers) for kind in kinds.values()),
            "of": sum(len(kind.members) for kind in kinds.values()),
            "labels": values.looked,
        },
    }


def _source(source: DataSource, kind: Kind) -> dict[str, Any]:
    headers = list(kind.headers.values())
    typical = kind.typical
    times = sorted(header.time for header in headers if header.time)
    return {
        "modality_tag": source.name,
        "file_suffix": source.suffix,
        "files": len(kind.members),
        "sizes": _counted(headers, lambda header: [header.width, header.height]),
        "dtypes": _counted(headers, lambda header: header.dtype),
        "bands": _counted(headers, lambda header: header.bands),
        "crs": _counted(headers, lambda header: header.crs),
        "resolution": _counted(headers, lambda header: _rounded(header.resolution)),
        "metres": source.resolution,
        "nodata": _counted(headers, lambda header: _number(header.nodata)),
        "compression": _counted(headers, lambda header: header.compression),
        "descriptions": list(typical.descriptions) if typical else [],
        "wavelengths": list(typical.wavelengths) if typical else [],
        "times": [times[0], times[-1]] if times else None,
        "dates": list(source.dates),
    }


def _labels(kind: Kind, values: LabelValues, view: SourceView) -> dict[str, Any]:
    headers = list(kind.headers.values())
    counts = sorted(values.counts.items())[:MOST_VALUES]
    return {
        "file_suffix": kind.slot.text,
        "files": len(kind.members),
        "sizes": _counted(headers, lambda header: [header.width, header.height]),
        "dtypes": _counted(headers, lambda header: header.dtype),
        "crs": _counted(headers, lambda header: header.crs),
        "nodata": _counted(headers, lambda header: _number(header.nodata)),
        "compression": _counted(headers, lambda header: header.compression),
        "values": [{"value": value, "pixels": pixels} for value, pixels in counts],
        "different_values": len(values.counts),
        "with_nan": [view.paths[member] for member in values.nan[:MOST]],
    }


def _counted(headers: Iterable[RasterHeader], of: Callable[[RasterHeader], Any]) -> list[dict[str, Any]]:
    found: Counter[str] = Counter()
    told: dict[str, Any] = {}
    for header in headers:
        value = of(header)
        found[repr(value)] += 1
        told[repr(value)] = value
    return [{"value": told[form], "files": files} for form, files in found.most_common(MOST)]


def _rounded(resolution: tuple[float, float] | None) -> list[float] | None:
    return None if resolution is None else [float(f"{side:.6g}") for side in resolution]


def _number(value: float | None) -> float | str | None:
    """As JSON can hold it."""
    if value is None or math.isfinite(value):
        return value
    return "nan" if math.isnan(value) else ("inf" if value > 0 else "-inf")
