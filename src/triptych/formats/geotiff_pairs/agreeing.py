"""Where rasters disagree: kinds of file among themselves, and the files of one chip, each named."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from triptych.core.names import cut_front

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from triptych.formats.geotiff_pairs.header import RasterHeader
    from triptych.formats.geotiff_pairs.label_values import LabelValues
    from triptych.formats.geotiff_pairs.propose import Kind
    from triptych.formats.tally import Tally

T = TypeVar("T")

CLOSE = 0.01
"""Share by which pixels may differ in size and count as equal."""


def note_kind(kind: Kind, paths: Sequence[str], tally: Tally, *, label: bool = False) -> None:
    """What differs among the files of one kind."""
    headers = kind.headers
    _differ(headers, paths, lambda header: header.bands, "band_count_differs", "bands", tally)
    _differ(headers, paths, lambda header: header.dtype or "another type", "dtype_differs", "", tally)
    for member, header in headers.items():
        if not header.dtype or header.dtype.startswith("complex"):
            tally.add("type_unread", cut_front(paths[member], 160))
    _differ(headers, paths, lambda header: _text(header.nodata), "nodata_differs", "", tally)
    if label:
        for member, header in headers.items():
            if header.bands > 1:
                tally.add("label_bands", f"{cut_front(paths[member], 160)}: {header.bands} bands")
        return
    bands = kind.typical.bands if kind.typical else 0
    named = {member: each for member, each in headers.items() if each.complete and each.bands == bands}
    _differ(named, paths, _descriptions, "descriptions_differ", "", tally)
    _differ(headers, paths, lambda header: f"{header.width} × {header.height}", "size_differs", "px", tally)
    _differ(headers, paths, lambda header: header.crs or "none", "crs_differs", "", tally)
    _differ(headers, paths, _step, "resolution_differs", "", tally)
    for member, header in headers.items():
        if not header.is_geographic:
            tally.add("crs_missing", cut_front(paths[member], 160))


def _differ(
    headers: Mapping[int, RasterHeader],
    paths: Sequence[str],
    of: Callable[[RasterHeader], T],
    code: str,
    unit: str,
    tally: Tally,
) -> None:
    found = {member: of(header) for member, header in headers.items()}
    counts = Counter(found.values())
    if len(counts) < 2:
        return
    usual = max(counts, key=lambda value: counts[value])
    behind = f" {unit}" if unit else ""
    for member, value in found.items():
        if value != usual:
            tally.add(
                code,
                f"{cut_front(paths[member], 140)}: {value or 'none'}{behind}; most: {usual or 'none'}{behind}",
            )


def _descriptions(header: RasterHeader) -> str:
    return ", ".join(header.descriptions)[:80] if any(header.descriptions) else "none"


def _text(nodata: float | None) -> str:
    return "none" if nodata is None else f"{nodata:g}"


def _step(header: RasterHeader) -> str:
    """The size of a pixel, so rounded that what is close is equal."""
    if header.resolution is None:
        return "unknown"
    return " × ".join(f"{float(f'{side:.2g}'):g}" for side in header.resolution)


def note_chip(
    key: str, lead: RasterHeader, others: Sequence[RasterHeader], label: RasterHeader | None, tally: Tally
) -> None:
    """What differs among the files of one chip; `lead` is its leading data source."""
    for other in others:
        if (other.width, other.height) != (lead.width, lead.height):
            sizes = f"{other.width} × {other.height}, {lead.width} × {lead.height}"
            tally.add("source_size_differs", f"{key}: {sizes} px")
    if label is None:
        return
    if all((label.width, label.height) != (each.width, each.height) for each in (lead, *others)):
        sizes = f"label {label.width} × {label.height}, data {lead.width} × {lead.height}"
        tally.add("label_size_differs", f"{key}: {sizes} px")
    elif label.crs and lead.crs and label.crs != lead.crs:
        tally.add("label_crs_differs", f"{key}: label {label.crs}, data {lead.crs}")
    elif label.transform is not None and lead.transform is not None and not _same_place(label, lead):
        tally.add("label_place_differs", key)


def _same_place(one: RasterHeader, other: RasterHeader) -> bool:
    """Whether the corners of two rasters lie within half a pixel of each other."""
    assert one.transform is not None
    assert other.transform is not None
    steps = other.resolution or (1.0, 1.0)
    for column, row in ((0, 0), (1, 1)):
        a = _at(one, column, row)
        b = _at(other, column, row)
        if abs(a[0] - b[0]) > 0.5 * max(steps) or abs(a[1] - b[1]) > 0.5 * max(steps):
            return False
    return True


def _at(header: RasterHeader, column: int, row: int) -> tuple[float, float]:
    a, b, c, d, e, f = header.transform or (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
    x, y = column * header.width, row * header.height
    return a * x + b * y + c, d * x + e * y + f


def note_values(
    values: LabelValues, allowed: frozenset[int] | None, paths: Sequence[str], tally: Tally, *, classes: bool
) -> None:
    """What is odd in the values of labels; `allowed` are the ids of a recipe's categories, `classes` says whether
    values are meant as classes."""
    for member, reason in values.broken.items():
        tally.add("label_unreadable", f"{cut_front(paths[member], 120)}: {reason}")
    if not classes:
        return
    for member in values.nan:
        tally.add("label_nan", cut_front(paths[member], 160))
    for member in values.fractions:
        tally.add("label_fractions", cut_front(paths[member], 160))
    for member, held in values.held.items():
        if any(number < 0 for number in held):
            tally.add("class_negative", f"{cut_front(paths[member], 120)}: {min(held)}")
        outside = sorted(held - allowed) if allowed is not None else []
        if outside:
            told = ", ".join(str(number) for number in outside[:5])
            tally.add("class_outside", f"{cut_front(paths[member], 120)}: {told}")
