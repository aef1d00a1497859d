"""Patches of samples: where they lie, what of pixels, layers and labels they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triptych.client.patches import Patches, cut
from triptych.client.samples import Boxes, ClassRaster, Regions, Sample, SingleLabel, Target
from triptych.core.errors import InvalidInput
from triptych.core.labels import Shape
from triptych.core.raster import Window

if TYPE_CHECKING:
    from triptych.client.dataset import Dataset
    from triptych.client.samples import Labels


class Pictures(list[Sample]):
    """What patches ask of a dataset."""

    @property
    def sizes(self) -> list[tuple[int, int]]:
        return [(sample.height, sample.width) for sample in self]


def numbered(height: int, width: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.arange(height * width).reshape(height, width)


def sample(height: int, width: int, labels: dict[str, Labels] | None = None, **layers: Any) -> Sample:
    found = labels or {}
    return Sample(
        "a", numbered(height, width), next(iter(found.values()), None), found, "s", None, None, None, "a",
        width, height, layers=layers, measured={name: array > 3 for name, array in layers.items()},
    )  # fmt: skip


def patches(*samples: Sample, size: int, stride: int | None = None) -> Patches:
    return Patches(cast("Dataset", Pictures(samples)), size, stride)


def test_patches_lie_row_by_row_and_the_last_ones_move_back_to_the_edge() -> None:
    found = patches(sample(5, 7), sample(2, 9), size=3)
    windows = [(one.window.top, one.window.left, one.window.bottom, one.window.right)
               for one in found if one.window is not None]  # fmt: skip
    assert windows == [
        (0, 0, 3, 3), (0, 3, 3, 6), (0, 4, 3, 7), (2, 0, 5, 3), (2, 3, 5, 6), (2, 4, 5, 7),
        (0, 0, 2, 3), (0, 3, 2, 6), (0, 6, 2, 9),
    ]  # fmt: skip
    assert [one.window for one in found] == [found[place].window for place in range(len(found))]
    assert (found[-1].height, found[-1].width) == found[-1].image.shape == (2, 3)
    assert np.array_equal(found[4].image, numbered(5, 7)[2:5, 3:6])
    with pytest.raises(IndexError):
        found[9]


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 12), st.integers(1, 12))
def test_every_pixel_is_in_a_patch_where_the_stride_leaves_no_gap(
    height: int, width: int, size: int, stride: int
) -> None:
    found = patches(sample(height, width), size=size, stride=min(stride, size))
    assert len(found) == sum(1 for _ in found)
    assert {one.image.shape for one in found} == {(min(size, height), min(size, width))}
    assert set(np.concatenate([one.image.ravel() for one in found]).tolist()) == set(range(height * width))


def test_layers_of_another_resolution_are_cut_at_the_same_ground() -> None:
    whole = sample(8, 8, coarse=numbered(4, 4), bands=np.stack([numbered(8, 8)] * 2, axis=-1))
    one = cut(whole, Window(2, 4, 6, 8))
    assert np.array_equal(one.layers["coarse"], numbered(4, 4)[1:3, 2:4])
    assert np.array_equal(one.measured["coarse"], (numbered(4, 4) > 3)[1:3, 2:4])
    assert np.array_equal(one.layers["bands"][..., 1], numbered(8, 8)[2:6, 4:8])
    assert cut(whole, Window(7, 7, 8, 8)).layers["coarse"].tolist() == [[15]]
    odd = sample(10, 10, coarse=numbered(3, 3))
    assert cut(odd, Window(3, 0, 4, 10)).layers["coarse"].tolist() == numbered(3, 3)[0:2].tolist()


def test_rows_of_frames_are_cut_and_frames_stay() -> None:
    whole = sample(4, 6)
    frames = np.stack([numbered(4, 6), numbered(4, 6) + 100, numbered(4, 6) + 200])
    object.__setattr__(whole, "image", frames)
    assert np.array_equal(cut(whole, Window(1, 2, 3, 5)).image, frames[:, 1:3, 2:5])


def test_labels_are_cut_as_their_task_needs_it() -> None:
    raster = ClassRaster(numbered(6, 6) % 3, {0: "a", 1: "b"}, frozenset({0}))
    target = Target(numbered(6, 6).astype(np.float32))
    boxes = Boxes(
        np.array([[0, 0, 3, 3], [4, 4, 2, 2], [0, 4, 2, 2]], np.float64), np.array([7, 8, 9]), ("x", "y", "z")
    )
    outline = Shape(((1.0, 1.0, 5.0, 1.0, 5.0, 5.0, 1.0, 5.0),))
    far = Shape(((0.0, 0.0, 1.0, 0.0, 1.0, 1.0),))
    regions = Regions((outline, far), np.array([3, 4]), ("cell", "speck"), (6, 6))
    single = SingleLabel(2, "flood")
    whole = sample(
        6, 6, {"raster": raster, "target": target, "boxes": boxes, "regions": regions, "single": single}
    )
    one = cut(whole, Window(2, 2, 6, 6))
    assert isinstance(one.label, ClassRaster)
    assert one.label is one.labels["raster"]
    assert np.array_equal(one.label.class_map(), raster.class_map()[2:6, 2:6])
    assert np.array_equal(cast("Target", one.labels["target"]).values, target.values[2:6, 2:6])
    kept = cast("Boxes", one.labels["boxes"])
    assert (kept.boxes.tolist(), kept.class_ids.tolist(), kept.names) == (
        [[0, 0, 1, 1], [2, 2, 2, 2]], [7, 8], ("x", "y"),
    )  # fmt: skip
    areas = cast("Regions", one.labels["regions"])
    assert areas.names == ("cell",)
    assert np.array_equal(areas.class_map(), regions.class_map()[2:6, 2:6])
    assert one.labels["single"] is single


@pytest.mark.parametrize(("size", "stride"), [(0, None), (4, 0), (-1, 2)])
def test_sizes_that_cut_nothing_are_refused(size: int, stride: int | None) -> None:
    with pytest.raises(InvalidInput) as refused:
        patches(sample(5, 5), size=size, stride=stride)
    assert refused.value.code == "bad_patch"
