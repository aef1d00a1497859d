"""What one raster of each data source holds: a person sees a wrong scale or wrong colours before the import."""

from __future__ import annotations

import math
import warnings
from base64 import b64encode
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from triptych.core.source import MemberError
from triptych.formats.geotiff_pairs.label_values import FILE_BYTES, SHARE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from triptych.formats.base import SourceView
    from triptych.formats.geotiff_pairs.propose import Kind

SAMPLES = 16 * 1024 * 1024
"""Samples of all bands beyond which a raster is not decoded for this."""

LOOK_BYTES = 6_000_000
"""Bytes of all such rasters that are read, at least; else one part in SHARE of the source."""

SIDE = 96
"""Pixels of the longer side of the small planes."""

MOST_PLANES = 16
LOW, HIGH = 2.0, 98.0
"""Percentiles that are drawn black and white."""


def sampled_sources(view: SourceView, kinds: Iterable[Kind]) -> dict[str, dict[str, Any]]:
    """By suffix what one raster of each kind holds; nothing of those that cannot be decoded within the bounds.

    {"path", "bands": [{"mean", "std"} or null], "width", "height", "planes": base64 of uint8 (bands, y, x)}: at most
    16 planes, from the 2nd (1) to the 98th percentile (255) of each band, 0 where nothing was measured. Means are of
    samples, without scale and offset. Only a source that is looked at is read; an import measures all of it.
    """
    if view.most_headers is None:
        return {}
    whole = sum(member.stored for member in view.members)
    left = max(LOOK_BYTES, whole // SHARE)
    found: dict[str, dict[str, Any]] = {}
    for kind in kinds:
        member = _chosen(kind)
        if member is None or view.members[member].stored > left:
            continue
        left -= view.members[member].stored
        document = _document(view, kind, member)
        if document is not None:
            found[kind.slot.text] = document
    return found


def _chosen(kind: Kind) -> int | None:
    """The middle one of the rasters that are as most of them are."""
    typical = kind.typical
    if typical is None or not typical.dtype or typical.dtype.startswith("complex"):
        return None
    form = (typical.bands, typical.dtype)
    alike = [
        member
        for member, header in kind.headers.items()
        if (header.bands, header.dtype) == form and header.width * header.height * header.bands <= SAMPLES
    ]
    return alike[len(alike) // 2] if alike else None


def _document(view: SourceView, kind: Kind, member: int) -> dict[str, Any] | None:
    if view.members[member].size > FILE_BYTES:
        return None
    try:
        data = view.read(member, FILE_BYTES)
    except MemberError:
        return None
    samples = decode_bands(data)
    if samples is None or len(samples) != kind.headers[member].bands:
        return None
    measured = [_measured(band, kind.headers[member].nodata) for band in samples]
    step = max(1, math.ceil(max(samples.shape[1:]) / SIDE))
    planes = np.stack(
        [_plane(band, valid, step) for band, valid in zip(samples[:MOST_PLANES], measured, strict=False)]
    )
    return {
        "path": view.paths[member],
        "bands": [_moments(band[valid]) for band, valid in zip(samples, measured, strict=True)],
        "width": planes.shape[2],
        "height": planes.shape[1],
        "planes": b64encode(planes.tobytes()).decode("ascii"),
    }


def decode_bands(data: bytes) -> NDArray[Any] | None:
    """All bands (band, y, x) of a TIFF of at most SAMPLES real numbers; None when it is damaged or another thing."""
    from tifffile import TiffFile  # slow to import, and only needed where chips are looked at

    try:
        with TiffFile(BytesIO(data)) as file:
            page = file.pages[0]
            if int(np.prod(page.shape)) > SAMPLES:
                return None
            samples, axes = page.asarray(maxworkers=1), page.axes
    except Exception:  # noqa: BLE001 - a damaged file raises nearly anything, and has no samples
        return None
    if axes == "YXS":
        samples = np.moveaxis(samples, 2, 0)
    elif axes == "YX":
        samples = samples[None]
    elif axes != "SYX":
        return None
    return samples if samples.dtype.kind in "iuf" else None


def _measured(band: NDArray[Any], nodata: float | None) -> NDArray[np.bool_]:
    valid = np.isfinite(band)
    if nodata is not None and math.isfinite(nodata):
        valid &= band != np.float64(nodata)
    return np.asarray(valid, dtype=np.bool_)


def _moments(values: NDArray[Any]) -> dict[str, float] | None:
    if not values.size:
        return None
    with np.errstate(over="ignore", invalid="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        moments = float(values.mean(dtype=np.float64)), float(values.std(dtype=np.float64))
    if not all(map(math.isfinite, moments)):
        return None
    return {"mean": moments[0], "std": moments[1]}


def _plane(band: NDArray[Any], valid: NDArray[np.bool_], step: int) -> NDArray[np.uint8]:
    """A small picture (y, x) of a band: 1 to 255 between its percentiles, 0 where nothing was measured."""
    thin, known = band[::step, ::step].astype(np.float64), valid[::step, ::step]
    plane = np.zeros(thin.shape, np.uint8)
    values = thin[known]
    if not values.size:
        return plane
    low, high = np.percentile(values, (LOW, HIGH))
    with np.errstate(over="ignore", invalid="ignore"):
        share = (values - low) / (high - low) if high > low else np.full(len(values), 0.5)
    plane[known] = 1 + np.nan_to_num(np.clip(share, 0, 1) * 254, nan=127.0).astype(np.uint8)
    return plane
