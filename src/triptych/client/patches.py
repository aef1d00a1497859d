"""Squares of the pictures of a dataset, for networks that take no more at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from triptych.client.samples import Boxes, ClassRaster, Regions, Sample, Target
from triptych.core.errors import InvalidInput
from triptych.core.raster import Window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from triptych.client.dataset import Dataset
    from triptych.client.samples import Labels
    from triptych.client.torch_dataset import TorchDataset

Size = tuple[int, int]


class Patches(Sequence[Sample]):
    """The samples of a dataset cut into squares, each picture's row by row before the next picture's.

    `size` is the side in pixels, `stride` the step from one to the next. All patches of a picture are of full size:
    the last of a row or column moves back to the edge. A picture that is smaller than `size` gives one patch, itself
    along the side that is too short. Layers of other resolution are cut at the same ground. A patch is a sample
    whose `window` says where it lies.
    """

    def __init__(self, dataset: Dataset, size: int, stride: int | None = None) -> None:
        step = size if stride is None else stride
        if size < 1 or step < 1:
            raise InvalidInput(
                f"Patches of {size} pixels every {step} cannot be cut.",
                code="bad_patch",
                hint="Size and stride are at least 1.",
            )
        self._dataset = dataset
        self._size, self._step = size, step
        counts = [
            len(_starts(height, size, step)) * len(_starts(width, size, step))
            for height, width in dataset.sizes
        ]
        self._ends = np.cumsum(counts, dtype=np.int64)

    def __len__(self) -> int:
        return int(self._ends[-1]) if len(self._ends) else 0

    @overload
    def __getitem__(self, at: int) -> Sample: ...
    @overload
    def __getitem__(self, at: slice) -> list[Sample]: ...
    def __getitem__(self, at: int | slice) -> Sample | list[Sample]:
        """A patch by its place, counted from the end where negative; or a stretch of them."""
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        place = range(len(self))[at]
        picture = int(np.searchsorted(self._ends, place, side="right"))
        first = int(self._ends[picture - 1]) if picture else 0
        sample = self._dataset[picture]
        return cut(sample, self._window(sample, place - first))

    def __iter__(self) -> Iterator[Sample]:
        for sample, (height, width) in zip(self._dataset, self._dataset.sizes, strict=True):
            tops, lefts = _starts(height, self._size, self._step), _starts(width, self._size, self._step)
            for number in range(len(tops) * len(lefts)):
                yield cut(sample, self._window(sample, number))

    @property
    def classes(self) -> Any:
        """Those of the dataset."""
        return self._dataset.classes

    def torch(self, transform: Callable[[Any, Any], Any] | None = None) -> TorchDataset:
        """The patches for a DataLoader, as `Dataset.torch` gives pictures."""
        from triptych.client.torch_dataset import TorchDataset

        return TorchDataset(self, self._dataset.task, transform)

    def _window(self, sample: Sample, number: int) -> Window:
        tops = _starts(sample.height, self._size, self._step)
        lefts = _starts(sample.width, self._size, self._step)
        row, column = divmod(number, len(lefts))
        top, left = tops[row], lefts[column]
        return Window(top, left, min(top + self._size, sample.height), min(left + self._size, sample.width))


def _starts(length: int, size: int, step: int) -> list[int]:
    last = max(length - size, 0)
    found = list(range(0, last + 1, step))
    return found if found[-1] == last else [*found, last]


def cut(sample: Sample, window: Window) -> Sample:
    """What lies in a window of a sample's picture: pixels, layers, labels."""
    size = sample.height, sample.width
    cut_labels = {name: _cut_label(label, window, size) for name, label in sample.labels.items()}
    chosen = next((name for name, label in sample.labels.items() if label is sample.label), None)
    return replace(
        sample,
        image=_cut_array(sample.image, window, size),
        layers={name: _cut_array(array, window, size) for name, array in sample.layers.items()},
        measured={name: _cut_array(array, window, size) for name, array in sample.measured.items()},
        labels=cut_labels,
        label=None if chosen is None else cut_labels[chosen],
        height=window.bottom - window.top,
        width=window.right - window.left,
        window=window,
    )


def _cut_array(array: NDArray[Any], window: Window, size: Size) -> NDArray[Any]:
    """The window of an array (y, x) or (y, x, band), frames before them, that covers a picture of `size`."""
    axis = _axis_of_rows(array, size)
    rows, columns = _covered(window, size, array.shape[axis : axis + 2])
    found: NDArray[Any] = array[(*[slice(None)] * axis, rows, columns)]
    return found


def _axis_of_rows(array: NDArray[Any], size: Size) -> int:
    if array.ndim > 2 and array.shape[:2] != size and array.shape[1:3] == size:
        return 1
    return 0


def _covered(window: Window, size: Size, shape: Sequence[int]) -> tuple[slice, slice]:
    """The window in pixels of an array of another resolution on the same ground; never empty."""
    ends = ((window.top, window.bottom), (window.left, window.right))
    rows, columns = (
        slice(min(start * has // of, has - 1), max(-(-end * has // of), start * has // of + 1))
        for (start, end), of, has in zip(ends, size, shape, strict=True)
    )
    return rows, columns


def _cut_label(label: Labels, window: Window, size: Size) -> Labels:
    if isinstance(label, ClassRaster):
        return replace(label, pixels=_cut_array(label.pixels, window, size))
    if isinstance(label, Target):
        return Target(_cut_array(label.values, window, size))
    if isinstance(label, Boxes):
        return _cut_boxes(label, window)
    if isinstance(label, Regions):
        return _cut_regions(label, window)
    return label


def _cut_boxes(label: Boxes, window: Window) -> Boxes:
    """The boxes that reach into the window, without what lies outside."""
    least = np.array([window.left, window.top])
    most = np.array([window.right, window.bottom])
    starts = label.boxes[:, :2].clip(least, most)
    ends = (label.boxes[:, :2] + label.boxes[:, 2:]).clip(least, most)
    inside: NDArray[np.bool_] = np.all(ends > starts, axis=1)
    kept = np.concatenate([starts - least, ends - starts], axis=1)[inside]
    names = tuple(name for name, is_in in zip(label.names, inside.tolist(), strict=True) if is_in)
    return Boxes(kept, label.class_ids[inside], names)


def _cut_regions(label: Regions, window: Window) -> Regions:
    """The areas that reach into the window, as masks of it."""
    from triptych.masks.runs import encode

    shapes, kept = [], []
    for number, shape in enumerate(label.shapes):
        mask = label.mask(number)[window.top : window.bottom, window.left : window.right]
        if mask.any():
            shapes.append(replace(encode(mask), instance=shape.instance, frame=shape.frame))
            kept.append(number)
    return Regions(
        tuple(shapes),
        label.class_ids[kept],
        tuple(label.names[number] for number in kept),
        (window.bottom - window.top, window.right - window.left),
    )
