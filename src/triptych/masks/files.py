"""Masks from picture files: every value a class, or an object, or one class against the background."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from PIL import Image

from triptych.core.labels import Label, MaskReading
from triptych.core.source import MemberError
from triptych.masks.runs import mask_label

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_VALUES = 20_000
"""Different values of one mask; one with more is a photograph, or noise."""

Classes = dict[int, tuple[str, str | None]]
"""Name and colour (#rrggbb, or None for one of the palette) of classes by id."""


class MasksRead(NamedTuple):
    """The masks of one file, `Label.item` as it was given, and the classes that it tells of."""

    labels: list[Label]
    classes: Classes


class ObjectsFile(NamedTuple):
    """A file of the same size beside a mask of classes, whose values tell objects apart, or None; they are numbers
    of objects where `numbered`. `class_ids` are the ids of the values 1, 2, … of the mask; higher values get ids
    above all of these."""

    data: bytes | None = None
    class_ids: tuple[int, ...] = ()
    numbered: bool = True


def read_masks(
    data: bytes,
    reading: MaskReading,
    item: int,
    *,
    size: tuple[int, int],
    class_id: int | None = None,
    max_pixels: int = 300_000_000,
    ignore: tuple[int, ...] = (),
    objects: ObjectsFile | None = None,
) -> MasksRead:
    """The masks of a picture of indices, gray values or colours, for an item of a size (width, height).

    Zero (black) is the background. Colours are classes of their own: their id is 0xRRGGBB. A mask with nothing in
    it gives no label. Values of `ignore` are background too. With `objects` each object is a mask, and its class that
    of `data`. MemberError: `mask_unreadable`, `mask_size_differs`, `mask_too_many_values`.
    """
    samples = _without(_samples(data, size, max_pixels), ignore)
    if reading is MaskReading.BINARY:
        return _binary(samples, item, class_id)
    if objects is not None:
        beside = None if objects.data is None else _without(_samples(objects.data, size, max_pixels), ignore)
        return _objects(samples, beside, item, objects)
    values, places = np.unique(samples, return_inverse=True)
    _check_count(len(values))
    places = places.reshape(samples.shape)
    labels: list[Label] = []
    classes: Classes = {}
    for index, value in enumerate(values.tolist()):
        if not value:
            continue
        mask = places == index
        if reading is MaskReading.INSTANCES:
            labels.append(mask_label(item, class_id, mask, instance=int(value)))
        else:
            labels.append(mask_label(item, int(value), mask))
            classes[int(value)] = _named(int(value), samples.dtype)
    return MasksRead(labels, classes)


def _check_count(values: int) -> None:
    if values > MOST_VALUES:
        raise MemberError(
            "mask_too_many_values",
            f"The mask has {values:,} different values; at most {MOST_VALUES:,} are read.",
            "Check that it is a mask and not a photograph, and that it was not saved as JPEG.",
        )


def _without(samples: NDArray[Any], ignore: tuple[int, ...]) -> NDArray[Any]:
    """The values, those that are to be ignored as background."""
    if not ignore:
        return samples
    return np.where(np.isin(samples, ignore), np.zeros((), samples.dtype), samples)


def _objects(
    samples: NDArray[Any], numbers: NDArray[Any] | None, item: int, objects: ObjectsFile
) -> MasksRead:
    """A mask for each pair of a class and the number of an object; without a number (0) it has none."""
    pairs = samples.astype(np.int64) << 32
    if numbers is not None:
        pairs |= numbers
    pairs[samples == 0] = 0
    values, places = np.unique(pairs, return_inverse=True)
    _check_count(len(values))
    places = places.reshape(samples.shape)
    labels: list[Label] = []
    classes: Classes = {}
    for index, value in enumerate(values.tolist()):
        known, number = value >> 32, value & 0xFFFF_FFFF
        if not known:
            continue
        beyond = known - len(objects.class_ids)
        class_id = max(objects.class_ids, default=0) + beyond if beyond > 0 else objects.class_ids[known - 1]
        instance = number if number and objects.numbered else None
        labels.append(mask_label(item, class_id, places == index, instance=instance))
        classes[class_id] = _named(known, samples.dtype)
    return MasksRead(labels, classes)


def _binary(samples: NDArray[Any], item: int, class_id: int | None) -> MasksRead:
    mask = samples != 0
    return MasksRead([mask_label(item, class_id, mask)] if mask.any() else [], {})


def _named(value: int, dtype: np.dtype[Any]) -> tuple[str, str | None]:
    if dtype == np.uint32:
        return f"#{value:06x}", f"#{value:06x}"
    return f"class {value}", None


def _samples(data: bytes, size: tuple[int, int], max_pixels: int) -> NDArray[Any]:
    """Indices or values (y, x) as uint8 or uint16; of colours 0xRRGGBB as uint32."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=("PNG", "TIFF", "BMP", "GIF", "JPEG")) as image:
                _check_size(image, size, max_pixels)
                return _values(image)
    except MemberError:
        raise
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, MemoryError) as error:
        raise MemberError(
            "mask_unreadable",
            f"The mask cannot be read as a picture ({type(error).__name__}).",
            "Save it as PNG: 8 bits or a palette for classes, 16 bits for objects.",
        ) from error


def _check_size(image: Image.Image, size: tuple[int, int], max_pixels: int) -> None:
    if image.width * image.height > max_pixels:
        raise MemberError(
            "mask_unreadable",
            f"The mask declares {image.width} × {image.height} pixels; the limit is {max_pixels:,}.",
            "Raise the setting picture_pixels if it is right.",
        )
    if image.size != size:
        raise MemberError(
            "mask_size_differs",
            f"The mask has {image.width} × {image.height} pixels, its picture {size[0]} × {size[1]}.",
            "Save the mask in the size of its picture, by nearest neighbour.",
        )


def _values(image: Image.Image) -> NDArray[Any]:
    if image.mode == "1":
        return np.asarray(image).astype(np.uint8)
    if image.mode in ("L", "P"):
        return np.asarray(image)
    if image.mode.startswith("I"):
        return np.asarray(image).astype(np.uint16)
    if image.mode in ("LA", "PA"):
        return np.asarray(image)[..., 0]
    colors = np.asarray(image.convert("RGB")).astype(np.uint32)
    packed = colors[..., 0] << 16 | colors[..., 1] << 8 | colors[..., 2]
    gray = (colors == colors[..., :1]).all()
    return colors[..., 0].astype(np.uint8) if gray else packed
