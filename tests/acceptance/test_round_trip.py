"""What is exported and added again is the same dataset: equal content hash."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import pictures
from triptych.client.connection import dataset_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.studio import Studio


def _several_sets(path: Path) -> Path:
    members: dict[str, bytes | str] = {f"image/p {index}.png": pictures.png(index) for index in range(7)}
    members["image/=sum(A1).png"] = pictures.png(50)
    members["label.csv"] = "".join(f"p {index}.png,{'=1+1' if index % 2 else '007'}\n" for index in range(7))
    members["multi.csv"] = "p 0.png,a,1\np 0.png,b,1\np 1.png,a,0\np 1.png,b,1\n"
    members["boxes.csv"] = (
        "p 0.png,x,0.1,0.2,3.25,4\np 0.png,x,0.1,0.2,3.25,4\np 2.png\n=sum(A1).png,y,1,1,0,5\n"
    )
    return pictures.archive(path, members)


SAMPLES: dict[str, Callable[[Path], Path]] = {
    "detection": pictures.detection_zip,
    "classes": pictures.classes_zip,
    "series": pictures.series_zip,
    "several": _several_sets,
}


@pytest.fixture(scope="module")
def added(studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, Any]]:
    """`added("classes")`: the sample as a dataset of that name, brought in when it is first asked for."""
    folder = tmp_path_factory.mktemp("samples")
    return cache(lambda sample: studio.add(SAMPLES[sample](folder / f"{sample}.zip")))


@pytest.mark.parametrize(
    ("sample", "format"),
    [
        ("detection", "image_label"),
        ("detection", "parquet"),
        ("classes", "class_folders"),
        ("classes", "image_label"),
        ("classes", "parquet"),
        ("series", "image_label"),
        ("series", "parquet"),
        ("several", "image_label"),
        ("several", "parquet"),
    ],
)
@pytest.mark.parametrize("container", ["zip", "tar"])
def test_an_export_added_again_has_the_same_content_hash(
    studio: Studio,
    added: Callable[[str], dict[str, Any]],
    tmp_path: Path,
    sample: str,
    format: str,
    container: str,
) -> None:
    first = added(sample)
    checked = studio.connection.get(dataset_path(sample, "export", "check"), format=format)
    assert checked["findings"] == []
    exported = tmp_path / f"{sample}-{format}-{container}-again.{container}"
    exported.write_bytes(
        studio.connection.content(dataset_path(sample, "export"), format=format, container=container)
    )
    again = studio.add(exported)
    assert again["content_hash"] == first["content_hash"]
    assert again["split"] == first["split"]
    assert [_labels(entry) for entry in again["annotation_sets"]] == [
        _labels(entry) for entry in first["annotation_sets"]
    ]


def _labels(entry: dict[str, object]) -> tuple[object, ...]:
    return entry["task"], entry["items"], entry["classes"]


def test_what_a_format_cannot_hold_is_said(studio: Studio, tmp_path: Path) -> None:
    studio.add(pictures.detection_zip(tmp_path / "losing.zip"))
    checked = studio.connection.get(dataset_path("losing", "export", "check"), format="class_folders")
    assert checked["findings"], "class folders hold no boxes"


def test_a_version_hash_follows_the_content_and_nothing_else(studio: Studio, tmp_path: Path) -> None:
    source = pictures.detection_zip(tmp_path / "hash-a.zip")
    first = studio.add(source)
    renamed = studio.add(source, name="hash-b")
    assert renamed["content_hash"] == first["content_hash"]
    other = pictures.detection_zip(tmp_path / "hash-c.zip", count=13)
    assert studio.add(other)["content_hash"] != first["content_hash"]
