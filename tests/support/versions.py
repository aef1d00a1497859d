"""What a version of a dataset is to everybody who looks: to compare it with itself later, or with another one."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tests.support import pictures
from triptych.client.connection import dataset_path
from triptych.db.tables import datasets, versions
from triptych.formats.base import SIDECAR_NAME

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.studio import Studio

NUMBERS = ("id", "split_id", "thumbnail")
"""Numbers of rows, under which the same may come again, and an address that has one."""


def curated_zip(path: Path, *, studies: int = 5, slices: int = 4) -> Path:
    """Studies of a series each, with two label files. The first two studies share a picture, and the last slices
    of the others have no class."""
    members: dict[str, bytes | str] = {}
    rows, boxes = [], []
    for study in range(studies):
        for place in range(slices):
            key = f"S{study}/Series1/{place}.png"
            seed = 0 if place == 0 and study < 2 else 100 * study + place + 1
            members[f"image/{key}"] = pictures.png(seed, width=40 + 8 * (study == 4), height=32)
            if place < slices - 1 or study < 2:
                rows.append(f"{key},{('cat', 'dog', '=owl')[(study + place) % 3]}")
            boxes.append(f"{key},cell,{place},{study},12,9.5")
    members["label.csv"] = "\n".join(rows) + "\n"
    members["boxes.csv"] = "\n".join(boxes) + "\n"
    return pictures.archive(path, members)


def published(studio: Studio, name: str, version: int) -> Any:
    """The row of a version."""
    with studio.installation.database.read() as connection:
        return connection.execute(
            sa.select(versions)
            .join(datasets, datasets.c.id == versions.c.dataset_id)
            .where(datasets.c.name == name, versions.c.number == version)
        ).one()


def contents(studio: Studio, name: str, version: int) -> dict[str, Any]:
    """Everything about a version that does not depend on its number: counts, statistics, content hash, items with
    their labels in order, findings, groups of duplicates, and the files of an export, in their order."""
    row = published(studio, name, version)
    at = f"{name}@{version}"
    ask = studio.connection
    return {
        "content_hash": bytes(row.content_hash).hex(),
        "counts": _without_numbers(row.counts),
        "statistics": row.statistics,
        "items": [_without_numbers(item) for item in ask.all(dataset_path(at, "items"))],
        "labelled": {
            text: [item["key"] for item in ask.all(dataset_path(at, "items"), **{"class": text})]
            for entry in row.counts["sets"]
            for text in (f"{entry['name']}:{each['name']}" for each in entry["classes"])
        },
        "found": [item["key"] for item in ask.all(dataset_path(at, "items"), search="Series1/2")],
        "findings": sorted(map(str, ask.all(dataset_path(at, "findings")))),
        "duplicates": list(ask.all(dataset_path(at, "duplicates"))),
        "export": _members(ask.content(dataset_path(at, "export"), format="image_label")),
    }


def _members(archive: bytes) -> list[tuple[str, str]]:
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        return [
            (name, hashlib.sha256(file.read(name)).hexdigest())
            for name in file.namelist()
            if name != SIDECAR_NAME  # it names the version
        ]


def _without_numbers(document: Any) -> Any:
    if isinstance(document, dict):
        return {name: _without_numbers(value) for name, value in document.items() if name not in NUMBERS}
    if isinstance(document, list):
        return [_without_numbers(value) for value in document]
    return document
