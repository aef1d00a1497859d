"""`triptych.load`: pixels equal the files', labels in the form of their task, from any process."""

from __future__ import annotations

import csv
import io
import json
import multiprocessing
import pickle
import sys
import types
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image, ImageOps

import triptych
from triptych.cli import main
from triptych.client import dataset as dataset_module
from triptych.client.backends import HomeBackend
from triptych.client.samples import AnnotationSet, Boxes, LabelRow, MultiLabel, SingleLabel
from triptych.core.errors import Conflict, InvalidInput, NotFound, Unavailable
from triptych.core.labels import LabelClass, Task
from triptych.db.migrate import upgrade
from triptych.db.session import Database
from triptych.settings import Settings
from triptych.storage.blobs import register
from triptych.storage.objects import Objects
from triptych.storage.packs import BlobWriter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from tests.support.s3 import S3Storage
    from triptych.client.dataset import Dataset

MODES = ("uint8 gray", "uint16 gray", "RGB", "RGBA", "rotated JPEG", "bilevel")


def _file(mode: str, number: int) -> bytes:
    random = np.random.default_rng([number, MODES.index(mode)])
    buffer = io.BytesIO()
    if mode == "uint16 gray":
        Image.fromarray(random.integers(0, 65_535, (20, 31)).astype(np.uint16)).save(buffer, "PNG")
    elif mode == "rotated JPEG":
        image = Image.fromarray(random.integers(0, 255, (24, 40, 3)).astype(np.uint8))
        exif = Image.Exif()
        exif[0x0112] = 6
        image.save(buffer, "JPEG", exif=exif)
    elif mode == "bilevel":
        Image.fromarray(random.integers(0, 2, (20, 33)).astype(bool)).save(buffer, "PNG")
    else:
        shape = {"uint8 gray": (20, 30), "RGB": (20, 30, 3), "RGBA": (20, 30, 4)}[mode]
        Image.fromarray(random.integers(0, 255, shape).astype(np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


def _upright(data: bytes) -> NDArray[Any]:
    """What Pillow reads, as an independent reader."""
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(ImageOps.exif_transpose(image))


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    made = {f"{mode.replace(' ', '_')}_{n}": _file(mode, n) for mode in MODES for n in range(3)}
    return {name + (".jpg" if "JPEG" in name else ".png"): data for name, data in made.items()}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]) -> Path:
    """A home with three datasets: boxes, one class each, and several classes each."""
    folder = tmp_path_factory.mktemp("library")
    names = sorted(files)
    boxes = io.StringIO()
    writer = csv.writer(boxes)
    for number, name in enumerate(names[:-2]):
        writer.writerow([name, "a", number, 1, 5, 6.5])
        writer.writerow([name, "b", 0, 0, 3, 4])
    writer.writerow([names[-2]])  # looked at, nothing there; the last one is not listed
    several = "".join(f"{name},x,{n % 2}\n{name},y,1\n" for n, name in enumerate(names))
    _zip(
        folder / "boxes.zip",
        {f"image/{name}": data for name, data in files.items()} | {"label.csv": boxes.getvalue()},
    )
    _zip(
        folder / "several.zip",
        {f"image/{name}": data for name, data in files.items()} | {"label.csv": several},
    )
    _zip(
        folder / "single.zip", {f"Classes/{'ab'[n % 2]}/{name}": files[name] for n, name in enumerate(names)}
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("TRIPTYCH_SERVER", raising=False)
        for archive in ("boxes", "several", "single"):
            with pytest.raises(SystemExit) as left:
                main(["add", str(folder / f"{archive}.zip"), "--home", str(folder / "home"), "-q"])
            assert left.value.code == 0, archive
    return folder / "home"


def _zip(path: Path, members: dict[str, Any]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)


@pytest.fixture
def boxes(home: Path) -> Dataset:
    return triptych.load("boxes", home=home)


def test_pixels_equal_the_files(boxes: Dataset, files: dict[str, bytes]) -> None:
    assert len(boxes) == len(files)
    for sample in boxes:
        expected = _upright(files[sample.key])
        if expected.dtype != bool:
            assert sample.image.dtype == expected.dtype, sample.key
            assert np.array_equal(sample.image, expected), sample.key
        assert sample.image.shape == expected.shape
        assert sample.image.shape[:2] == (sample.height, sample.width)
        assert np.array_equal(sample.image > 0, expected > 0)


def test_an_array_is_shared_and_cannot_be_written_to(boxes: Dataset) -> None:
    assert boxes[0].image is boxes[0].image
    assert boxes.arrays[0] is boxes[0].image
    with pytest.raises(ValueError, match="read-only"):
        boxes[0].image[0, 0] = 1


def test_the_parts_together_are_the_whole(home: Path, boxes: Dataset) -> None:
    parts = [triptych.load("boxes@1", split=part, home=home) for part in ("train", "validation", "test")]
    assert sorted(key for part in parts for key in part.keys) == sorted(boxes.keys)
    assert all(sample.part == "train" for sample in parts[0])
    groups = [set(part.groups) for part in parts]
    assert sum(map(len, groups)) == len(set.union(*groups))


def test_indexing_is_that_of_a_sequence(boxes: Dataset) -> None:
    keys = boxes.keys
    assert boxes[-1].key == keys[-1]
    assert boxes[3:9:2].keys == keys[3:9:2]
    assert boxes[::-1][0].key == keys[-1]
    assert [sample.key for sample in boxes[2:5]] == keys[2:5]
    assert len(boxes[100:]) == 0
    with pytest.raises(IndexError):
        boxes[len(boxes)]
    assert len(boxes.arrays[1:4]) == 3


def test_boxes_are_left_top_width_height_with_names(boxes: Dataset) -> None:
    first = boxes[boxes.keys.index(sorted(boxes.keys)[0])]
    assert isinstance(first.label, Boxes)
    assert first.label.boxes.tolist() == [[0, 1, 5, 6.5], [0, 0, 3, 4]]
    assert first.label.boxes.dtype == np.float64
    assert first.label.names == ("a", "b")
    assert [boxes.classes[number].name for number in first.label.class_ids] == ["a", "b"]


def test_nothing_there_and_nobody_looked_are_told_apart(boxes: Dataset) -> None:
    by_key = {sample.key: sample for sample in boxes}
    names = sorted(by_key)
    nothing, unseen = by_key[names[-2]].label, by_key[names[-1]].label
    assert isinstance(nothing, Boxes)
    assert nothing.boxes.shape == (0, 4)
    assert unseen is None


def test_one_class_and_several_classes_have_their_own_form(home: Path) -> None:
    single = triptych.load("single", home=home)
    for sample in single:
        assert sample.label == SingleLabel("ab".index(sample.key[0]), sample.key[0])
    several = triptych.load("several", home=home)
    names = sorted(several.keys)
    for sample in several:
        assert isinstance(sample.label, MultiLabel)
        assert sample.label.as_dict() == {"x": names.index(sample.key) % 2, "y": 1}


def test_a_version_is_held_on_to(home: Path) -> None:
    before = triptych.load("single", home=home)
    with pytest.raises(SystemExit):
        main(["split", "single", "--home", str(home), "--seed", "5", "-q"])
    assert before.version == 1
    assert triptych.load("single", home=home).version == 2
    assert triptych.load("single@1", home=home).version == 1


def test_the_table_has_a_row_for_each_item_and_no_pixels(boxes: Dataset, home: Path) -> None:
    table = boxes.table()
    assert table.column("key").to_pylist() == boxes.keys
    assert table.column("group").to_pylist() == boxes.groups
    assert table.column("label").to_pylist()[0][0]["class"] == "a"
    several = triptych.load("several", home=home).table()
    assert set(several.column("label:x").to_pylist()) == {0.0, 1.0}


def test_training_parameters_are_those_of_stats(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["stats", "boxes@1", "--json", "--home", str(home)])
    wanted = json.loads(capsys.readouterr().out)["training"]
    for part in ("train", "test", None):
        dataset = triptych.load("boxes@1", home=home, split=part)
        given = dataset.training()
        assert given == wanted
        given["layers"].clear()
        assert dataset.training() == wanted


def _shapes(dataset: Dataset) -> list[tuple[int, ...]]:
    return [array.shape for array in dataset.arrays]


@pytest.mark.parametrize("method", ["spawn", "forkserver", "fork"])
def test_it_works_in_other_processes(boxes: Dataset, method: str) -> None:
    expected = _shapes(boxes)
    with multiprocessing.get_context(method).Pool(1) as pool:
        assert pool.apply(_shapes, (boxes[2:],)) == expected[2:]


def _code_of_reading(backend: HomeBackend, sha256: str) -> str:
    try:
        backend.file("", 1, sha256)
    except Unavailable as error:
        return error.code
    return "read"


def test_a_forked_process_never_waits_for_a_bucket(
    s3_storage: S3Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    s3_storage.set(monkeypatch)
    monkeypatch.setattr("triptych.client.backends._READ_IN", [])
    settings = Settings(home=tmp_path, storage=s3_storage.url)
    database = Database(settings.database_url)
    upgrade(database)
    writer = BlobWriter(Objects(settings.storage_url))
    sha256 = writer.add(b"bytes").hex()
    with database.write() as connection:
        register(connection, writer.finish())
    database.close()
    backend = HomeBackend(settings)
    assert backend.file("", 1, sha256) == b"bytes"
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert pool.apply(_code_of_reading, (backend, sha256)) == "storage_after_fork"
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(_code_of_reading, (backend, sha256)) == "read"
    backend.close()


def test_a_copy_carries_no_pixels(boxes: Dataset) -> None:
    small = len(pickle.dumps(boxes))
    _shapes(boxes)
    assert len(pickle.dumps(boxes)) - small < 10_000


def test_the_cache_holds_no_more_than_its_share(boxes: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dataset_module, "CACHE_BYTES", 3000)
    _shapes(boxes)
    held = boxes._contents._cache.values()
    assert sum(decoded.nbytes for decoded in held) <= 3000


def test_it_says_what_it_is(boxes: Dataset) -> None:
    assert repr(boxes).splitlines() == ["<Dataset boxes version 1: 18 items", "  label (detection): a, b>"]


def test_what_cannot_be_loaded_is_said(home: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no dataset “nothing”"):
        triptych.load("nothing", home=home)
    with pytest.raises(NotFound) as missing:
        triptych.load("boxes", home=tmp_path)
    assert missing.value.code == "home_not_found"
    with pytest.raises(InvalidInput) as part:
        triptych.load("boxes", split="val", home=home)
    assert part.value.code == "bad_split"
    with pytest.raises(NotFound) as labels:
        triptych.load("boxes", set="other", home=home)
    assert labels.value.hint == "It has: label."
    with pytest.raises(InvalidInput):
        triptych.load("boxes", home=home, server="http://127.0.0.1:1")
    with pytest.raises(Unavailable) as nobody:
        triptych.connect(home=home)
    assert nobody.value.code == "no_server"
    with pytest.raises(NotFound) as version:
        triptych.load("boxes@99", home=home)
    assert version.value.code == "version_not_found"


def test_a_database_of_another_release_is_not_read(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("triptych.db.migrate.HEAD", "0000")
    with pytest.raises(Conflict) as caught:
        triptych.load("boxes", home=home)
    assert caught.value.code == "database_other_release"


def test_several_sets_need_a_choice() -> None:
    sets = tuple(AnnotationSet(name, Task.SINGLE_LABEL, (LabelClass(0, "x", "#000000"),)) for name in "ab")
    contents: Any = types.SimpleNamespace(sets=sets, size=0, version=1, part=None)
    with pytest.raises(InvalidInput) as caught:
        _ = dataset_module.Dataset("d", contents, chosen=None).classes
    assert caught.value.hint.endswith("There are: a, b.")


def test_a_class_that_nobody_spoke_of_is_not_a_number() -> None:
    classes = tuple(LabelClass(number, name, "#000000") for number, name in enumerate("xyz"))
    several = AnnotationSet("s", Task.MULTI_LABEL, classes)
    rows = [LabelRow("s", "class", 1, 1.0, None), LabelRow("s", "class", 2, 0.0, None)]
    label = several.labels_of(rows, (4, 4))
    assert isinstance(label, MultiLabel)
    assert np.array_equal(label.values, [np.nan, 1, 0], equal_nan=True)


@pytest.fixture
def no_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)


@pytest.mark.usefixtures("no_torch")
def test_without_torch_it_says_what_to_install(boxes: Dataset) -> None:
    with pytest.raises(Unavailable) as caught:
        boxes.torch()
    assert caught.value.code == "torch_missing"
    assert "triptych[torch]" in caught.value.hint


@pytest.fixture
def torch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """PyTorch where it is installed; else as much of it as is called, giving arrays."""
    try:
        import torch
    except ImportError:
        stand_in: Any = types.ModuleType("torch")
        stand_in.from_numpy = lambda array: array
        stand_in.tensor = np.asarray
        monkeypatch.setitem(sys.modules, "torch", stand_in)
        yield stand_in
    else:
        yield torch


def test_torch_gets_bands_first_and_corners(torch: Any, boxes: Dataset, files: dict[str, bytes]) -> None:
    tensors = boxes.torch()
    assert len(tensors) == len(boxes)
    for number, sample in enumerate(boxes):
        image, target = tensors[number]
        pixels = np.asarray(image)
        assert pixels.shape == (
            1 if sample.image.ndim == 2 else sample.image.shape[2],
            sample.height,
            sample.width,
        )
        assert np.array_equal(pixels[0], sample.image if sample.image.ndim == 2 else sample.image[..., 0])
        assert pixels.dtype == (np.uint8 if sample.image.dtype == np.uint8 else np.int32)
        if isinstance(sample.label, Boxes):
            corners = np.asarray(target["boxes"])
            assert np.allclose(corners[:, 2:] - corners[:, :2], sample.label.boxes[:, 2:])
            assert np.asarray(target["labels"]).tolist() == sample.label.class_ids.tolist()


def test_torch_targets_follow_the_task(torch: Any, home: Path) -> None:
    single, several = triptych.load("single@1", home=home), triptych.load("several", home=home)
    assert int(single.torch()[0][1]) == single.classes[int(single.torch()[0][1])].id
    assert np.asarray(several.torch()[0][1]).dtype == np.float32
    flipped = single.torch(lambda image, target: (np.asarray(image)[..., ::-1], target))
    assert np.array_equal(flipped[0][0], np.asarray(single.torch()[0][0])[..., ::-1])
