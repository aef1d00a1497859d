"""A dataset of a million items, made through its rows: no file is read, everything else is the product's own."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa

from benchmarks.homes import make_dataset, make_source
from triptych.annotations.repository import insert_labels, insert_set
from triptych.core.findings import Finding, Severity
from triptych.core.labels import Box, DraftSet, Kind, Label, LabelClass, Task, palette_color
from triptych.core.statistics import measure as measure_pixels
from triptych.core.statistics import pack_histograms, pack_moments
from triptych.datasets.publication import publish_version
from triptych.datasets.repository import insert_findings, note_indexed
from triptych.db.item_search import index_items, settle_index
from triptych.db.session import insert_rows
from triptych.db.tables import contents, items, layers, sources
from triptych.modalities.planar.examined import CODE_VERSION
from triptych.splits.service import assign_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triptych.db.session import Database

NAME = "million"
STUDY = 10
PICTURES = 2_000
BOXES = 490_000
BOXES_EACH = 5
FINDINGS = 1_000
BLOCK = 20_000
SHARES = (0.40, 0.20, 0.10, 0.10, 0.05, 0.05, 0.05, 0.03, 0.01995, 0.00005)
"""Shares of the ten classes; the last one is rare: about 50 items."""
BOX_SHARES = (0.7, 0.2999, 0.0001)
OPEN_END = 2**31 - 1


def key_of(index: int) -> str:
    """The key of the item at a place."""
    return f"image/{study_of(index)}/Series1/{index % STUDY:04d}.png"


def study_of(index: int) -> str:
    """The study of the item at a place."""
    return f"Patient{index // STUDY:06d}"


def add_rows(database: Database, count: int) -> str:
    """Items, layers, contents, labels and findings of version 1; the dataset's id."""
    generator = np.random.default_rng(7)
    with database.write() as connection:
        dataset_id = make_dataset(connection, NAME)
        source_id = make_source(connection, dataset_id)
        add_contents(connection, generator)
        _add_findings(connection, dataset_id)
    digests = [digest_of(picture) for picture in range(PICTURES)]
    columns = _columns(generator, count)
    for first in range(0, count, BLOCK):
        block = range(first, min(first + BLOCK, count))
        with database.write() as connection:
            insert_rows(
                connection,
                items,
                [
                    {
                        "id": index + 1,
                        "dataset_id": dataset_id,
                        "since": 1,
                        "until": OPEN_END,
                        "key": key_of(index),
                        "study": study_of(index),
                        "series": "Series1",
                        "position": index % STUDY,
                        "bytes": 43_000 + index % 1000,
                        **{name: values[index] for name, values in columns.items()},
                        "source_id": source_id,
                        "member": index,
                    }
                    for index in block
                ],
            )
            insert_rows(
                connection,
                layers,
                [
                    {
                        "item_id": index + 1,
                        "name": "image",
                        "since": 1,
                        "until": OPEN_END,
                        "role": "image",
                        "format": "png",
                        "dtype": "uint8",
                        "sha256": digests[index % PICTURES],
                    }
                    for index in block
                ],
            )
    for draft in (_classes(generator, count), _boxes(generator, count)):
        with database.write() as connection:
            set_id = insert_set(connection, dataset_id, 1, draft, name=draft.name, origin="import")
            insert_labels(connection, set_id, 1, ((label.item + 1, label) for label in draft.labels))
    return dataset_id


def split_and_publish(database: Database, dataset_id: str) -> None:
    """Deal the items to parts and publish version 1, in one transaction as an onboarding does."""
    with database.write() as connection:
        assign_parts(connection, dataset_id, 1)
        publish_version(connection, dataset_id, 1, author_id=None, message="")


def index_keys(database: Database, dataset_id: str, count: int) -> None:
    """Put the keys into the search index, in blocks as an onboarding does."""
    for first in range(1, count + 1, BLOCK):
        last = min(first + BLOCK - 1, count)
        with database.write() as connection:
            source_id = connection.execute(
                sa.select(sources.c.id).where(sources.c.dataset_id == dataset_id)
            ).scalar_one()
            index_items(connection, first, last)
            if last == count:
                settle_index(connection)
            note_indexed(connection, source_id, last, whole=last == count)


def _columns(generator: np.random.Generator, count: int) -> dict[str, list[object]]:
    """Columns that are looked for by value: for each a common, a less common and a rare one."""
    size = generator.choice(3, count, p=[0.95, 0.0499, 0.0001])
    deep = generator.random(count) < 0.01
    coloured = generator.random(count) < 0.01
    numbers = np.arange(count)
    equal = np.where(numbers % 200 < 2, numbers // 200 + 1, 0)
    near = np.where(numbers % 500 < 3, numbers // 500 + 1, 0)
    flagged = generator.random(count) < 0.0001
    return {
        "width": np.array([512, 640, 37])[size].tolist(),
        "height": np.array([512, 480, 41])[size].tolist(),
        "bit_depth": np.where(deep, 16, 8).tolist(),
        "bands": np.where(coloured, "red green blue", "gray").tolist(),
        "duplicate_group": equal.tolist(),
        "near_group": near.tolist(),
        "flagged": flagged.tolist(),
        "notes": np.where(flagged, "exif_orientation", "").tolist(),
    }


def _classes(generator: np.random.Generator, count: int) -> DraftSet:
    chosen = generator.choice(len(SHARES), count, p=SHARES)
    return DraftSet(
        "diagnosis",
        Task.SINGLE_LABEL,
        "label.csv",
        [LabelClass(number, f"class{number}", palette_color(number)) for number in range(len(SHARES))],
        [Label(index, Kind.CLASS, number) for index, number in enumerate(chosen.tolist())],
    )


def _boxes(generator: np.random.Generator, count: int) -> DraftSet:
    total = min(BOXES, count // 2)
    chosen = generator.choice(len(BOX_SHARES), total, p=BOX_SHARES).tolist()
    places = generator.integers(0, 400, (total, 4)).tolist()
    apart = count // (total // BOXES_EACH)
    return DraftSet(
        "lesions",
        Task.DETECTION,
        "boxes.csv",
        # class0 is in both sets, so that a filter by that name alone asks both.
        [LabelClass(number, f"class{number}", palette_color(number)) for number in range(len(BOX_SHARES))],
        [
            Label(index // BOXES_EACH * apart, Kind.BOX, number, None, Box(*map(float, place)))
            for index, (number, place) in enumerate(zip(chosen, places, strict=True))
        ],
    )


def digest_of(picture: int) -> bytes:
    """The hash of a picture's file."""
    return hashlib.sha256(b"%d" % picture).digest()


def add_contents(connection: sa.Connection, generator: np.random.Generator) -> None:
    """What is known of 2,000 pictures, which the items share."""
    insert_rows(connection, contents, list(content_rows(generator)), keep_existing=True)


def content_rows(generator: np.random.Generator) -> Iterator[dict[str, object]]:
    for picture in range(PICTURES):
        moments, histograms = measure_pixels(generator.integers(0, 256, (1, 32, 32)).astype(np.uint8))
        yield {
            "sha256": digest_of(picture),
            "code_version": CODE_VERSION,
            "bytes": 43_000,
            "format": "PNG",
            "width": 512,
            "height": 512,
            "bands": "gray",
            "dtype": "uint8",
            "bit_depth": 8,
            "orientation": 1,
            "pixel_hash": digest_of(picture),
            "perceptual_hash": picture + 1,
            "moments": pack_moments(moments),
            "histograms": pack_histograms(histograms),
            "notes": "[]",
        }


def _add_findings(connection: sa.Connection, dataset_id: str) -> None:
    examples = tuple(key_of(index) for index in range(20))
    insert_findings(
        connection,
        dataset_id,
        1,
        [
            Finding(
                (Severity.NOTE, Severity.WARNING, Severity.ERROR)[number % 3],
                "file_rejected",
                "Files cannot be imported and are set aside, each with its reason.",
                "Mend them and add them again.",
                f"subject {number}",
                number + 1,
                examples,
            )
            for number in range(FINDINGS)
        ],
    )
