"""The laws of label files with five columns: what a cell of a mask may be, and what is never guessed."""

from __future__ import annotations

import base64
import io
import json
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.formats.memory_root import zip_root
from tests.formats.reading import codes, complaints, labels_of, places, read
from tests.formats.samples import flat_png
from triptych.core.errors import Refused
from triptych.core.labels import Kind, Task
from triptych.formats.label_csv.masks import UnknownCodec, mask_of_cell, size_of_cells
from triptych.masks.runs import decode

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SIZE = (5, 7)
MASK = np.random.default_rng(3).integers(0, 2, SIZE).astype(bool)


def cell(content: bytes) -> str:
    return base64.b64encode(zlib.compress(content, 9)).decode()


def _png() -> bytes:
    out = io.BytesIO()
    Image.fromarray(MASK.astype(np.uint8) * 255).save(out, "PNG")
    return out.getvalue()


def _npy(values: NDArray[np.generic]) -> bytes:
    out = io.BytesIO()
    np.save(out, values)
    return out.getvalue()


def _rgba() -> bytes:
    colours = np.zeros((*SIZE, 4), np.uint8)
    colours[..., 3] = 255
    colours[MASK, 1] = 9
    return colours.tobytes()


KNOWN = {
    "u8": MASK.astype(np.uint8).tobytes(),
    "u8 255": (MASK.astype(np.uint8) * 255).tobytes(),
    "i32": MASK.astype("<i4").tobytes(),
    "f32": MASK.astype("<f4").tobytes(),
    "rgba": _rgba(),
    "i64": MASK.astype("<i8").tobytes(),
    "f64": MASK.astype("<f8").tobytes(),
    "bits": np.packbits(MASK).tobytes(),
    "png": _png(),
    "npy": _npy(MASK),
    "npy by columns": _npy(np.asfortranarray(MASK.astype(np.float32))),
    "json rows": json.dumps(MASK.tolist()).encode(),
    "json flat": json.dumps(MASK.astype(float).ravel().tolist()).encode(),
}


@pytest.mark.parametrize("content", KNOWN.values(), ids=KNOWN)
def test_each_known_form_gives_the_mask(content: bytes) -> None:
    assert np.array_equal(mask_of_cell(cell(content), SIZE), MASK)


@pytest.mark.parametrize("name", ["png", "npy"])
def test_a_file_in_base64_needs_no_zlib(name: str) -> None:
    assert np.array_equal(mask_of_cell(base64.b64encode(KNOWN[name]).decode(), SIZE), MASK)


def _npy_header(kind: str) -> bytes:
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': (5, 7), }}".ljust(70).encode()
    return b"\x93NUMPY\x01\x00\x46\x00" + header


UNKNOWN = {
    "no base64": "!!!",
    "no zlib": base64.b64encode(b"hello").decode(),
    "cut": base64.b64encode(zlib.compress(KNOWN["f64"])[:-6]).decode(),
    "another length": cell(bytes(36)),
    "nothing": cell(b""),
    "three bytes a pixel": cell(bytes(3 * 35)),
    "a bomb": cell(bytes(4_000_000)),
    "a png of another size": cell(flat_png(5, 7)),
    "a png that is cut": cell(KNOWN["png"][:50]),
    "npy of another size": cell(_npy(MASK.T)),
    "npy of objects": cell(_npy_header("|O")),
    "npy that lies": cell(_npy_header("|u1")),
    "json of another size": cell(b"[[1, 2]]"),
    "json of words": cell(json.dumps([["a"] * 7] * 5).encode()),
    "json that is deep": cell(b"[" * 5 + b"]" * 5),
    "json that is none": cell(b"[[1, 0,"),
}  # fmt: skip


@pytest.mark.parametrize("text", UNKNOWN.values(), ids=UNKNOWN)
def test_what_is_none_of_them_is_not_guessed(text: str) -> None:
    with pytest.raises(UnknownCodec):
        mask_of_cell(text, SIZE)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_mask_or_unknown(content: bytes) -> None:
    for text in (cell(content), base64.b64encode(content).decode(), content.decode("latin-1")):
        try:
            assert mask_of_cell(text, SIZE).shape == SIZE
        except UnknownCodec:
            continue


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [("7", "5", (5, 7)), ("0", "5", None), ("7.0", "5", None), ("-7", "5", None), ("999999999", "9", None),
     ("99999", "99999", None), ("", "5", None), ("٣", "5", None)],
)  # fmt: skip
def test_a_size_is_two_whole_numbers_that_a_picture_can_have(
    width: str, height: str, size: tuple[int, int] | None
) -> None:
    assert size_of_cells(width, height) == size


def source(*rows: str, name: str = "label.csv") -> dict[str, bytes]:
    pictures = {f"image/{letter}.png": flat_png(7, 5, shade) for shade, letter in enumerate("abc")}
    return pictures | {name: "".join(f"{row}\n" for row in rows).encode()}


def test_masks_become_a_segmentation_set_with_their_pixels() -> None:
    found = read(
        source(f"a.png,lung,7,5,{cell(KNOWN['f64'])}", f"a.png,heart,7,5,{cell(KNOWN['bits'])}", "b.png")
    )
    (made,) = found.annotation_sets
    assert (made.name, made.task) == ("label", Task.SEGMENTATION)
    first, second, nothing = made.labels
    assert [entry.name for entry in made.classes] == ["heart", "lung"]
    assert (first.kind, first.class_id, first.value) == (Kind.MASK, 1, float(MASK.sum()))
    assert first.shape is not None
    assert np.array_equal(decode(first.shape), MASK)
    assert second.class_id == 0
    assert (nothing.item, nothing.kind) == (1, Kind.NOTHING)
    assert complaints(found) == {"image_without_label"}


def test_a_mask_of_no_pixel_says_looked_at_and_nothing_there() -> None:
    empty = cell(bytes(35))
    rows = (
        f"a.png,lung,7,5,{empty}",
        f"b.png,lung,7,5,{cell(KNOWN['u8'])}",
        f"b.png,heart,7,5,{empty}",
        "c.png,lung,7,5,",
    )
    found = read(source(*rows))
    (made,) = found.annotation_sets
    assert [(label.item, label.kind) for label in made.labels] == [
        (1, Kind.MASK), (0, Kind.NOTHING), (2, Kind.NOTHING)
    ]  # fmt: skip
    assert [entry.name for entry in made.classes] == ["heart", "lung"]
    assert "mask_empty" in codes(found, "note")


def test_a_mask_of_another_size_than_its_picture_is_left_out_and_told() -> None:
    other = cell(bytes([1]) * 12)
    found = read(source(f"a.png,lung,4,3,{other}", f"b.png,lung,7,5,{cell(KNOWN['u8'])}"))
    assert [label.item for label in found.annotation_sets[0].labels] == [1]
    assert "mask_size_differs" in complaints(found)
    alone = read(source(f"a.png,lung,4,3,{other}"))
    assert alone.annotation_sets == []
    assert len(alone.items) == 3
    assert {"mask_size_differs", "label_file_without_labels"} <= complaints(alone)


def test_a_file_of_which_no_mask_can_be_read_refuses_the_source() -> None:
    with pytest.raises(Refused) as refused:
        read(source("a.png,lung,7,5,100", "b.png,lung,7,5,aGVsbG8="))
    assert refused.value.code == "labels_unreadable"
    assert [finding.code for finding in refused.value.findings] == ["unknown_mask_codec"]


def test_one_unknown_cell_leaves_the_others() -> None:
    found = read(source("a.png,lung,7,5,aGVsbG8=", f"b.png,lung,7,5,{cell(KNOWN['u8'])}"))
    assert [label.item for label in found.annotation_sets[0].labels] == [1]
    assert "unknown_mask_codec" in complaints(found)


def test_a_header_may_name_the_columns() -> None:
    found = read(source("mask,height,width,label,filename", f"{cell(KNOWN['u8'])},5,7,lung,a.png"))
    (label,) = found.annotation_sets[0].labels
    assert label.value == float(MASK.sum())
    assert "header_found" in complaints(found)


def test_masks_and_boxes_in_one_file_become_two_sets() -> None:
    found = read(source(f"a.png,lung,7,5,{cell(KNOWN['u8'])}", "b.png,lung,1,1,2,2"))
    assert [(made.name, made.task) for made in found.annotation_sets] == [
        ("label", Task.SEGMENTATION), ("label_detection", Task.DETECTION)
    ]  # fmt: skip
    assert labels_of(found, found.annotation_sets[1]) == [("b.png", "lung", None, (1, 1, 2, 2))]


@pytest.mark.parametrize(
    ("file", "complaint"),
    [
        ("seg5_ok_u8", None),
        ("seg5_not_zlib", "unknown_mask_codec"),
        ("seg5_zlib_bomb_1GB", "unknown_mask_codec"),
        ("seg5_dims_differ", "mask_size_differs"),
    ],
)
def test_hostile_masks_are_imported_and_told(file: str, complaint: str | None, real_data: Path) -> None:
    root = zip_root(real_data / "hostile" / "6_labels" / f"{file}.zip")
    found = read(root)
    assert len(found.items) == 6
    assert places(found) == list(range(7))
    assert complaints(found) == set() if complaint is None else complaint in complaints(found)
