"""A dataset as a sequence of samples: native-depth arrays with labels, study and group."""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast, overload

import numpy as np

from triptych.client.chips import Raster, chip_layers, decoded_raster, raster_label, scalings_of
from triptych.client.samples import AnnotationSet, Boxes, MultiLabel, Regions, Sample, SingleLabel
from triptych.core.dataset import Role
from triptych.core.errors import InvalidInput, TriptychError
from triptych.core.groups import combine_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyarrow as pa
    from numpy.typing import NDArray

    from triptych.client.backends import Backend
    from triptych.client.patches import Patches
    from triptych.client.samples import Labels, LayerRow, Record
    from triptych.client.torch_dataset import TorchDataset
    from triptych.core.labels import LabelClass, Task
    from triptych.core.recipe import Recipe

CACHE_BYTES = 256_000_000
"""Decoded pixels that a dataset keeps in each process."""


Pixels = TypeVar("Pixels", bound="Decoded | Raster")


class Contents:
    """The items of a dataset at a version, read once when first needed, and their pixels."""

    def __init__(
        self,
        backend: Backend,
        *,
        dataset_id: str,
        version: int,
        part: str | None,
        size: int,
        sets: tuple[AnnotationSet, ...],
        training: dict[str, Any],
        recipe: Recipe | None = None,
    ) -> None:
        self.dataset_id = dataset_id
        self.version = version
        self.part = part
        self.size = size
        self.sets = sets
        self.training = training
        self.recipe = recipe
        self._backend = backend
        self._records: list[Record] | None = None
        self._groups: NDArray[np.int64] | None = None
        self._cache: OrderedDict[str, Decoded | Raster] = OrderedDict()
        self._cached = 0

    @property
    def records(self) -> list[Record]:
        """Every item, in the order of keys."""
        if self._records is None:
            records = list(self._backend.records(self.dataset_id, self.version, self.part))
            if len(records) != self.size:
                raise TriptychError(
                    f"The installation counts {self.size:,} items and gave {len(records):,}.",
                    code="count_differs",
                    hint="`triptych verify` checks the installation.",
                )
            self._records = records
        return self._records

    @property
    def groups(self) -> NDArray[np.int64]:
        """For each item the place of the first item that a split must keep it with."""
        if self._groups is None:
            self._groups = combine_groups(
                [record.study for record in self.records],
                [record.duplicate_group for record in self.records],
                [record.near_group for record in self.records],
                [record.subject for record in self.records],
            )
        return self._groups

    def image(self, number: int) -> NDArray[Any]:
        """The pixels of an item: its file's values, upright, (y, x) or (y, x, band), frames first; read-only."""
        return self.decoded(number).image

    def decoded(self, number: int) -> Decoded:
        """The pixels of an item, and how values are made of them."""
        record = self.records[number]
        if record.layers:
            leading = next(layer for layer in record.layers if layer.role == Role.IMAGE)
            return Decoded(self.raster(record, leading).values, None)
        return self._held(record.sha256, lambda data: _decode(data, record.key))

    def raster(self, record: Record, layer: LayerRow) -> Raster:
        """A layer of a chip, in the bands that the recipe uses."""
        source = None if self.recipe is None else self.recipe.source(layer.name)
        labels = layer.role == Role.LABEL
        return self._held(layer.sha256, lambda data: decoded_raster(data, record.key, source, labels=labels))

    def _held(self, sha256: str, make: Callable[[bytes], Pixels]) -> Pixels:
        """What is made of a file's bytes, kept for those who ask again."""
        known = cast("Pixels | None", self._cache.pop(sha256, None))
        if known is None:
            known = make(self._backend.file(self.dataset_id, self.version, sha256))
            self._cached += known.nbytes
        self._cache[sha256] = known
        while self._cached > CACHE_BYTES and len(self._cache) > 1:
            self._cached -= self._cache.popitem(last=False)[1].nbytes
        return known

    def sample(self, number: int, chosen: AnnotationSet | None) -> Sample:
        """An item with pixels and labels."""
        record = self.records[number]
        size = record.height, record.width
        layers = {}
        if record.layers:
            layers = chip_layers(record, self.recipe, lambda layer: self.raster(record, layer))
        found = {
            entry.name: raster_label(entry, record, layers)
            if entry.layer
            else entry.labels_of(record.labels, size)
            for entry in self.sets
        }
        labels = {name: value for name, value in found.items() if value is not None}
        decoded = self.decoded(number)
        return Sample(
            key=record.key,
            image=decoded.image,
            label=None if chosen is None else labels.get(chosen.name),
            labels=labels,
            study=record.study,
            series=record.series,
            position=record.position,
            part=record.part,
            group=self.records[int(self.groups[number])].key,
            width=record.width,
            height=record.height,
            rescale=decoded.rescale,
            layers={name: raster.values for name, raster in layers.items()},
            measured={name: raster.measured for name, raster in layers.items()},
            scalings=scalings_of(self.recipe),
        )

    def close(self) -> None:
        """Let go of sockets and files."""
        self._backend.close()

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_cache": OrderedDict(), "_cached": 0}


class Arrays(Sequence["NDArray[Any]"]):
    """The pixels of a dataset alone."""

    def __init__(self, contents: Contents, places: range) -> None:
        self._contents = contents
        self._places = places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, at: int) -> NDArray[Any]: ...
    @overload
    def __getitem__(self, at: slice) -> Arrays: ...
    def __getitem__(self, at: int | slice) -> NDArray[Any] | Arrays:
        """The pixels of an item, or those of a stretch of items."""
        if isinstance(at, slice):
            return Arrays(self._contents, self._places[at])
        return self._contents.image(self._places[at])


class Dataset(Sequence[Sample]):
    """A version of a dataset, or one part of its split. Nothing is read before it is needed.

    Slices are datasets too and share what was read. Travels to other processes (DataLoader workers, spawned or
    forked), each of which opens its own connection.
    """

    def __init__(
        self, name: str, contents: Contents, *, chosen: AnnotationSet | None, places: range | None = None
    ) -> None:
        self.name = name
        self._contents = contents
        self._chosen = chosen
        self._places = range(contents.size) if places is None else places

    @property
    def version(self) -> int:
        """The version; it never changes, whatever is done to the dataset."""
        return self._contents.version

    @property
    def part(self) -> str | None:
        """The part of the split, None for all items."""
        return self._contents.part

    @property
    def sets(self) -> tuple[AnnotationSet, ...]:
        """Every annotation set."""
        return self._contents.sets

    @property
    def classes(self) -> tuple[LabelClass, ...]:
        """The classes of the chosen annotation set. InvalidInput (`set_not_chosen`) where there are several."""
        return self._require_set().classes

    @property
    def arrays(self) -> Arrays:
        """The pixels alone, for those who need no labels."""
        return Arrays(self._contents, self._places)

    @property
    def keys(self) -> list[str]:
        """The key of each item."""
        return [self._contents.records[place].key for place in self._places]

    @property
    def groups(self) -> list[str]:
        """The group of each item, as samples have it; reads no pixels."""
        records, groups = self._contents.records, self._contents.groups
        return [records[int(groups[place])].key for place in self._places]

    @property
    def sizes(self) -> list[tuple[int, int]]:
        """Height and width of each item; reads no pixels."""
        records = self._contents.records
        return [(records[place].height, records[place].width) for place in self._places]

    @property
    def task(self) -> Task | None:
        """What the chosen annotation set is for, None without one."""
        return None if self._chosen is None else self._chosen.task

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, at: int) -> Sample: ...
    @overload
    def __getitem__(self, at: slice) -> Dataset: ...
    def __getitem__(self, at: int | slice) -> Sample | Dataset:
        """A sample by its place, counted from the end where negative; or a dataset of a stretch of items."""
        if isinstance(at, slice):
            return Dataset(self.name, self._contents, chosen=self._chosen, places=self._places[at])
        return self._contents.sample(self._places[at], self._chosen)

    def __iter__(self) -> Iterator[Sample]:
        for place in self._places:
            yield self._contents.sample(place, self._chosen)

    def training(self) -> dict[str, Any]:
        """What a training loop needs to know of the train part, whichever part this is: mean, std, range and
        percentiles of each band, sizes, class counts and weights. The document of `triptych.core.training`.

        It is the caller's own copy.
        """
        return copy.deepcopy(self._contents.training)

    def table(self) -> pa.Table:
        """Everything but the pixels as an Arrow table, one row for each item.

        Single labels and multi labels of the chosen set become columns called as the set, `label` and one for
        each class; boxes become a list of structs.
        """
        import pyarrow as pa

        records = [self._contents.records[place] for place in self._places]
        text, number = pa.string(), pa.int64()
        kinds = {
            "key": text, "study": text, "series": text, "position": number, "part": text, "width": number,
            "height": number, "sha256": text,
        }  # fmt: skip
        columns: dict[str, Any] = {
            name: pa.array([getattr(record, name) for record in records], kind)
            for name, kind in kinds.items()
        }
        columns["group"] = self.groups
        if self._chosen is not None:
            columns |= _label_columns(self._chosen, records)
        return pa.table(columns)

    def torch(self, transform: Callable[[Any, Any], Any] | None = None) -> TorchDataset:
        """This dataset for a DataLoader: (image, target) as tensors; see `TorchDataset`.

        Unavailable (`torch_missing`) where PyTorch is not installed.
        """
        from triptych.client.torch_dataset import TorchDataset

        return TorchDataset(self, self.task, transform)

    def patches(self, size: int, stride: int | None = None) -> Patches:
        """The samples cut into squares of `size` pixels, `stride` apart (`size` unless told otherwise).

        InvalidInput (`bad_patch`) where either is below 1.
        """
        from triptych.client.patches import Patches

        return Patches(self, size, stride)

    def close(self) -> None:
        """Let go of sockets and files; they are opened again when they are needed."""
        self._contents.close()

    def __repr__(self) -> str:
        what = f"{self.part} of " if self.part else ""
        lines = [f"{what}{self.name} version {self.version}: {len(self):,} items"]
        for entry in self.sets:
            mark = "*" if entry == self._chosen and len(self.sets) > 1 else " "
            shown = ", ".join(cls.name for cls in entry.classes[:8])
            more = f", … {len(entry.classes) - 8:,} more" if len(entry.classes) > 8 else ""
            lines.append(f" {mark}{entry.name} ({entry.task.value}): {shown}{more}")
        return f"<Dataset {chr(10).join(lines)}>"

    def _require_set(self) -> AnnotationSet:
        if self._chosen is None:
            names = ", ".join(entry.name for entry in self.sets) or "none"
            raise InvalidInput(
                f"{self.name} has {len(self.sets)} annotation sets and none is chosen.",
                code="set_not_chosen",
                hint=f"Choose one with load(…, set=…). There are: {names}.",
            )
        return self._chosen


class Decoded(NamedTuple):
    """Pixels as Python has them, and the (slope, intercept) of a DICOM picture that has them."""

    image: NDArray[Any]
    rescale: tuple[float, float] | None

    @property
    def nbytes(self) -> int:
        """Bytes that the pixels take."""
        return self.image.nbytes


def _decode(data: bytes, key: str) -> Decoded:
    from triptych.core.source import MemberError
    from triptych.modalities.planar.layer import open_picture

    try:
        layer = open_picture(data)
        pixels = layer.read()
    except MemberError as error:
        raise TriptychError(
            f"{key} cannot be decoded: {error.reason}", code=error.code, hint=error.hint
        ) from error
    # Canonical order puts bands first, arrays of pictures in Python have them last.
    pixels = np.ascontiguousarray(np.moveaxis(pixels, 0, -1) if "c" in layer.profile.axes else pixels)
    # One array may be handed out many times: whoever wants to change it makes a copy.
    pixels.flags.writeable = False
    return Decoded(pixels, getattr(layer, "rescale", None))


def _label_columns(chosen: AnnotationSet, records: list[Record]) -> dict[str, Any]:
    labels = [chosen.labels_of(record.labels, (record.height, record.width)) for record in records]
    columns: dict[str, Any] = {"label": [_cell(value) for value in labels]}
    for place, entry in enumerate(chosen.classes):
        if any(isinstance(value, MultiLabel) for value in labels):
            columns[f"{chosen.name}:{entry.name}"] = [
                float(value.values[place]) if isinstance(value, MultiLabel) else None for value in labels
            ]
    return (
        columns if not any(isinstance(value, MultiLabel) for value in labels) else _without(columns, "label")
    )


def _without(columns: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in columns.items() if key != name}


def _cell(value: Labels | None) -> Any:
    if isinstance(value, SingleLabel):
        return value.name
    if isinstance(value, Regions):
        return [
            {"class": name, **shape.document()} for name, shape in zip(value.names, value.shapes, strict=True)
        ]
    if isinstance(value, Boxes):
        return [
            {"class": name, "x": x, "y": y, "width": width, "height": height}
            for name, (x, y, width, height) in zip(value.names, value.boxes.tolist(), strict=True)
        ]
    return None
