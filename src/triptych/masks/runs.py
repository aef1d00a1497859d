"""Masks as run lengths: the form in which they are stored, counted and sent, that of the COCO API.

Runs go down the columns, from the left, and begin with zeros; `counts` is their compressed text (six bits a
letter, differences to the run before the last from the third on: `rleToString` of the COCO API's maskApi.c).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from pycocotools import mask as coco

from triptych.core.labels import Box, Kind, Label, Shape

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONGEST_COUNTS = 64_000_000
"""Letters of run lengths that one mask may have."""


def encode(mask: NDArray[np.bool_]) -> Shape:
    """The shape of a mask (y, x)."""
    runs = coco.encode(np.asfortranarray(mask, np.uint8))
    height, width = mask.shape
    return Shape(size=(height, width), counts=runs["counts"].decode("ascii"))


def decode(shape: Shape) -> NDArray[np.bool_]:
    """The mask (y, x) of a shape with run lengths; ValueError when they do not fill its size exactly."""
    checked = _checked(shape)
    height, width = checked["size"]
    runs = _run_lengths(checked["counts"].decode("ascii"))
    # pycocotools' own decode asks numpy for an array in a way that numpy warns of.
    return np.repeat(np.arange(len(runs)) % 2 == 1, runs).reshape(width, height).T


def area(shape: Shape) -> int:
    """Pixels that a mask covers; ValueError as `decode`."""
    return int(coco.area(_checked(shape)))


def bounds(shape: Shape) -> Box:
    """The rectangle around a mask, in pixels; of no size at the origin for an empty one. ValueError as `decode`."""
    left, top, width, height = coco.toBbox(_checked(shape)).tolist()
    return Box(left, top, width, height)


def mask_label(
    item: int,
    class_id: int | None,
    mask: NDArray[np.bool_],
    *,
    instance: int | None = None,
    frame: int | None = None,
) -> Label:
    """The annotation of a mask (y, x) that has the size of its picture."""
    shape = encode(mask)
    found = Shape(size=shape.size, counts=shape.counts, instance=instance, frame=frame)
    return Label(item, Kind.MASK, class_id, float(area(found)), bounds(found), found)


def from_runs(counts: list[int], size: tuple[int, int]) -> Shape:
    """The shape of plain run lengths (COCO's uncompressed form); ValueError when they do not fill the size."""
    height, width = size
    if any(type(run) is not int or run < 0 for run in counts):
        raise ValueError("run lengths are whole numbers from 0 on")
    if sum(counts) != height * width:
        raise ValueError(f"the runs hold {sum(counts)} pixels, not {height} × {width}")
    runs = coco.frPyObjects({"size": [height, width], "counts": counts}, height, width)
    return Shape(size=size, counts=runs["counts"].decode("ascii"))


def check_counts(counts: str, size: tuple[int, int]) -> None:
    """ValueError unless the compressed runs fill the size exactly: maskApi.c writes as many pixels as they say."""
    height, width = size
    if height <= 0 or width <= 0:
        raise ValueError(f"a mask of {height} × {width} pixels")
    if len(counts) > LONGEST_COUNTS:
        raise ValueError("more run lengths than a picture can have")
    runs = _run_lengths(counts)
    if runs.size and runs.min() < 0:
        raise ValueError("a run length below zero")
    if int(runs.sum()) != height * width:
        raise ValueError(f"the runs hold {int(runs.sum())} pixels, not {height} × {width}")


def _checked(shape: Shape) -> dict[str, Any]:
    if shape.size is None or shape.counts is None:
        raise ValueError("the shape is no mask")
    check_counts(shape.counts, shape.size)
    return {"size": list(shape.size), "counts": shape.counts.encode("ascii")}


def _run_lengths(counts: str) -> NDArray[np.int64]:
    """Runs of their compressed text; ValueError for letters that the form does not have, or numbers too long."""
    try:
        letters = np.frombuffer(counts.encode("ascii"), np.uint8).astype(np.int64) - 48
    except UnicodeEncodeError:
        raise ValueError("the run lengths hold letters that they cannot have") from None
    if not letters.size:
        return letters
    if letters.min() < 0 or letters.max() > 63 or letters[-1] & 0x20:
        raise ValueError("the run lengths hold letters that they cannot have")
    ends = np.flatnonzero(letters & 0x20 == 0)
    starts = np.concatenate([[0], ends[:-1] + 1])
    lengths = ends - starts + 1
    if int(lengths.max()) > 7:
        raise ValueError("a run length is too large for any picture")
    values = np.zeros(len(ends), np.int64)
    for place in range(int(lengths.max())):
        here = lengths > place
        values[here] |= (letters[starts[here] + place] & 0x1F) << (5 * place)
    negative = letters[ends] & 0x10 != 0
    values[negative] -= np.int64(1) << (5 * lengths[negative])
    # From the third on, a value is the difference to the run before the last one.
    if len(values) > 3:
        values[1::2] = np.cumsum(values[1::2])
        values[2::2] = np.cumsum(values[2::2])
    return values
