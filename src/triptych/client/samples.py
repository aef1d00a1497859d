"""What a dataset gives: samples with native-depth arrays, and labels in the form of their task."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from triptych.core.labels import AREAS, Kind, Task

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from triptych.core.labels import LabelClass, Shape
    from triptych.core.raster import Window


class LabelRow(NamedTuple):
    """One annotation on an item, as the installation stores it; `box` is left, top, width, height in pixels."""

    set: str
    kind: str
    class_id: int | None
    value: float | None
    box: tuple[float, float, float, float] | None
    shape: Shape | None = None


class LayerRow(NamedTuple):
    """A named layer of an item: what it is to the item (image, source, label, target), and its file's hash."""

    name: str
    role: str
    sha256: str


class Record(NamedTuple):
    """An item without its pixels. `sha256` names its file; groups are 0 for an item that is alone."""

    id: int
    key: str
    study: str
    series: str | None
    position: int | None
    part: str | None
    width: int
    height: int
    sha256: str
    duplicate_group: int
    near_group: int
    subject: str | None
    labels: tuple[LabelRow, ...]
    layers: tuple[LayerRow, ...] = ()


@dataclass(frozen=True, slots=True)
class SingleLabel:
    """The one class of a picture."""

    id: int
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class MultiLabel:
    """For each class of the set 1 (there), 0 (not there) or NaN (nobody said), float64 of shape (classes,).

    `names` are the classes in that order.
    """

    values: NDArray[np.float64]
    names: tuple[str, ...]

    def as_dict(self) -> dict[str, float]:
        """Name of the class → value."""
        return dict(zip(self.names, self.values.tolist(), strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class Boxes:
    """The boxes of a picture; none at all means looked at, and nothing there.

    `boxes` is float64 of shape (n, 4): left, top, width, height in pixels of the picture as it is seen, origin
    at the top left corner of the top left pixel. `class_ids` is int64 of shape (n,), `names` the same in words.
    """

    boxes: NDArray[np.float64]
    class_ids: NDArray[np.int64]
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.boxes)


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """The areas of a picture: outlines and masks; none at all means looked at, and nothing there.

    `class_ids` is int64 of shape (n,), `names` the same in words, `shapes` what was drawn, `size` the (height, width)
    of the picture. Areas may overlap; of a picture with frames, `Shape.frame` says on which one each lies.
    """

    shapes: tuple[Shape, ...]
    class_ids: NDArray[np.int64]
    names: tuple[str, ...]
    size: tuple[int, int]

    def __len__(self) -> int:
        return len(self.shapes)

    def mask(self, number: int) -> NDArray[np.bool_]:
        """The pixels of one area: (height, width)."""
        from triptych.masks.polygons import filled
        from triptych.masks.runs import decode

        shape = self.shapes[number]
        return decode(shape) if shape.counts is not None else filled(shape.parts, self.size)

    def class_map(self, frame: int | None = None) -> NDArray[np.int64]:
        """The class of each pixel, -1 where there is none: (height, width). Where areas overlap the later one counts.

        With a `frame` only areas on that one, and those that lie on all.
        """
        found = np.full(self.size, -1, np.int64)
        for number, shape in enumerate(self.shapes):
            if frame is None or shape.frame in (None, frame):
                found[self.mask(number)] = self.class_ids[number]
        return found


@dataclass(frozen=True, slots=True, eq=False)
class ClassRaster:
    """The label layer of a chip.

    `pixels` are the file's own values: (height, width). `names` are the classes by value; values in `ignored` are
    not to be learnt from.
    """

    pixels: NDArray[Any]
    names: Mapping[int, str]
    ignored: frozenset[int]

    def class_map(self) -> NDArray[np.int64]:
        """The class of each pixel, -1 where it is to be ignored or is of no class: (height, width)."""
        known = [value for value in self.names if value not in self.ignored]
        return np.where(np.isin(self.pixels, known), self.pixels, -1).astype(np.int64)

    def index_map(self) -> NDArray[np.int64]:
        """The place of each pixel's class among those that are learnt, in the order of their values, else -1."""
        known = np.array(sorted(value for value in self.names if value not in self.ignored), np.int64)
        classes = self.class_map()
        if not known.size:
            return np.full(classes.shape, -1, np.int64)
        places = np.searchsorted(known, classes).clip(max=known.size - 1)
        return np.where(known[places] == classes, places, -1).astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """What a regression should give: values float32 (height, width) or (height, width, bands), NaN where there is
    none."""

    values: NDArray[np.float32]


Labels = SingleLabel | MultiLabel | Boxes | Regions | ClassRaster | Target


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """One item of a dataset.

    `image` holds the file's own values, upright, read-only: shape (height, width), or (height, width, bands); with
    the frames before them for a picture of several. `rescale` is (slope, intercept) of a DICOM picture that has
    them.
    `layers` has, of a chip, the values of every data source, label and target by name, in the bands that the recipe
    uses; `image` is the one that leads. `measured` says of the same layers where there is a measurement:
    booleans of the same shape.
    `label` is that of the chosen annotation set, None where nobody looked; `labels` has every set's by name.
    `group` is the same text for all items that a split must not divide: study, exact and near duplicates.
    `window` is where in its picture a patch lies, None for whole pictures.
    """

    key: str
    image: NDArray[Any]
    label: Labels | None
    labels: Mapping[str, Labels]
    study: str
    series: str | None
    position: int | None
    part: str | None
    group: str
    width: int
    height: int
    rescale: tuple[float, float] | None = None
    layers: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    measured: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)
    scalings: Mapping[str, Sequence[tuple[float, float]]] = field(default_factory=dict)
    window: Window | None = None

    def values(self, layer: str | None = None) -> NDArray[Any]:
        """The image after its rescale, float32: Hounsfield units for CT. Without one the values of the image.

        Of a chip those of a `layer`, or of the one that leads, scaled as the recipe says, NaN where nothing was
        measured.
        """
        if not self.layers:
            slope, intercept = self.rescale or (1.0, 0.0)
            return self.image.astype(np.float32) * np.float32(slope) + np.float32(intercept)
        name = layer if layer is not None else next(iter(self.layers))
        factors = np.array(self.scalings.get(name) or [(1.0, 0.0)], np.float32)
        scaled = self.layers[name].astype(np.float32) * factors[:, 0] + factors[:, 1]
        return np.where(self.measured[name], scaled, np.float32(np.nan))


@dataclass(frozen=True, slots=True)
class AnnotationSet:
    """An annotation set: its name, task and classes in the order of their ids."""

    name: str
    task: Task
    classes: tuple[LabelClass, ...]
    layer: str = ""

    def labels_of(self, rows: Sequence[LabelRow], size: tuple[int, int]) -> Labels | None:
        """The labels among the rows that belong to this set; None when there are none, so nobody looked.

        `size` is the (height, width) of the picture.
        """
        own = [row for row in rows if row.set == self.name]
        if not own:
            return None
        if self.task is Task.DETECTION:
            return self._boxes(own)
        if self.task is Task.SEGMENTATION:
            return self._regions(own, size)
        if self.task is Task.MULTI_LABEL:
            return self._multi_label(own)
        return self._single_label(own)

    def _boxes(self, rows: Iterable[LabelRow]) -> Boxes:
        drawn = [row for row in rows if row.kind == Kind.BOX]
        names = self._names()
        ids = [row.class_id for row in drawn]
        return Boxes(
            np.array([row.box for row in drawn], np.float64).reshape(-1, 4),
            np.array(ids, np.int64),
            tuple(names[number] for number in ids if number is not None),
        )

    def _regions(self, rows: Iterable[LabelRow], size: tuple[int, int]) -> Regions:
        drawn = [(row.shape, row.class_id) for row in rows if row.kind in AREAS and row.shape is not None]
        names = self._names()
        return Regions(
            tuple(shape for shape, _ in drawn),
            np.array([-1 if number is None else number for _, number in drawn], np.int64),
            tuple("" if number is None else names[number] for _, number in drawn),
            size,
        )

    def _multi_label(self, rows: Iterable[LabelRow]) -> MultiLabel:
        place = {entry.id: number for number, entry in enumerate(self.classes)}
        values = np.full(len(place), np.nan)
        for row in rows:
            if row.kind == Kind.NOTHING:
                values[:] = np.where(np.isnan(values), 0.0, values)
            elif row.class_id is not None:
                values[place[row.class_id]] = 1.0 if row.value is None else row.value
        return MultiLabel(values, tuple(entry.name for entry in self.classes))

    def _single_label(self, rows: Sequence[LabelRow]) -> SingleLabel | None:
        for row in rows:
            if row.class_id is not None:
                return SingleLabel(row.class_id, self._names()[row.class_id])
        return None

    def _names(self) -> dict[int, str]:
        return {entry.id: entry.name for entry in self.classes}
