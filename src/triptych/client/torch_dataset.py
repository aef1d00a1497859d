"""A dataset for PyTorch's DataLoader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from triptych.client.samples import Boxes, ClassRaster, MultiLabel, Regions, SingleLabel, Target
from triptych.core.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from triptych.client.dataset import Dataset
    from triptych.client.patches import Patches
    from triptych.client.samples import Labels
    from triptych.core.labels import Task

UNLABELLED = -1
"""The class of a picture that the annotation set does not cover."""


class TorchDataset:
    """A map-style dataset: `len`, and by place a pair (image, target), through `transform(image, target)`.

    `image` is a tensor (bands, height, width) of the file's own values: uint8, or int32 for deeper pictures,
    since PyTorch computes little in uint16. `target` depends on the task: the class id (int64; -1 where nobody
    looked); a float32 vector of 0 and 1 with NaN where nobody said; for boxes a dictionary of `boxes`, float32
    (n, 4) as left, top, right, bottom in pixels, and `labels`, int64 (n,); for areas the class of each pixel, int64
    (height, width), -1 where there is none; of rasters of labels the place of the class among those that are learnt,
    -1 for what is ignored; of targets their values, float32, NaN where there is none; None without an annotation set.
    """

    def __init__(
        self,
        dataset: Dataset | Patches,
        task: Task | None,
        transform: Callable[[Any, Any], Any] | None = None,
    ) -> None:
        _torch()
        self.dataset = dataset
        self.task = task
        self.transform = transform

    def __len__(self) -> int:
        return len(self.dataset)

    def __getitem__(self, at: int) -> Any:
        """The pair at a place."""
        sample = self.dataset[at]
        image = _image_tensor(sample.image)
        size = sample.height, sample.width
        target = (
            None if self.task is None else _target(sample.label, self.task, len(self.dataset.classes), size)
        )
        return (image, target) if self.transform is None else self.transform(image, target)


def _torch() -> Any:
    try:
        import torch
    except ImportError as error:
        raise Unavailable(
            "PyTorch is not installed.",
            code="torch_missing",
            hint="Install it: pip install 'triptych[torch]'.",
        ) from error
    return torch


def _image_tensor(image: np.ndarray[Any, Any]) -> Any:
    # A copy: the sample's array is shared and must not be written to through the tensor.
    pixels = image[None] if image.ndim == 2 else np.moveaxis(image, -1, 0)
    kind: Any = pixels.dtype if pixels.dtype == np.uint8 or pixels.dtype.kind == "f" else np.int32
    return _torch().from_numpy(np.array(pixels, kind, order="C"))


def _target(label: Labels | None, task: Task, classes: int, size: tuple[int, int]) -> Any:
    torch = _torch()
    if isinstance(label, Target):
        return torch.from_numpy(np.array(label.values))
    if isinstance(label, ClassRaster):
        return torch.from_numpy(label.index_map())
    if task == "segmentation":
        areas = label.class_map() if isinstance(label, Regions) else np.full(size, UNLABELLED, np.int64)
        return torch.from_numpy(areas)
    if task == "detection":
        boxes = label.boxes if isinstance(label, Boxes) else np.empty((0, 4))
        corners = np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], axis=1)
        ids = label.class_ids if isinstance(label, Boxes) else np.empty(0, np.int64)
        return {"boxes": torch.from_numpy(corners.astype(np.float32)), "labels": torch.from_numpy(ids.copy())}
    if task == "multi_label":
        values = label.values if isinstance(label, MultiLabel) else np.full(classes, np.nan)
        return torch.from_numpy(values.astype(np.float32))
    return torch.tensor(label.id if isinstance(label, SingleLabel) else UNLABELLED)
