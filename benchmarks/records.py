"""The rows of 200,000 items into the database, by what an onboarding calls; no picture is read."""

from __future__ import annotations

import hashlib
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from benchmarks import million
from benchmarks.homes import homes, make_dataset, make_source
from benchmarks.in_process import measure
from benchmarks.measuring import HEADER, row
from triptych.annotations.repository import insert_labels, insert_set
from triptych.core.dataset import DraftItem, Modality
from triptych.core.ids import new_id
from triptych.core.labels import Box, DraftSet, Kind, Label, LabelClass, Task, palette_color
from triptych.core.source import Member
from triptych.core.statistics import measure as measure_pixels
from triptych.core.statistics import pack_histograms, pack_moments
from triptych.datasets.item_ids import reserve_items
from triptych.jobs.repository import insert_batch
from triptych.modalities.planar.examined import Examined
from triptych.onboarding.commit import SideLimits, Target, commit_batch
from triptych.onboarding.members import CHUNK_FILES
from triptych.onboarding.worker import ChunkResult, Measured
from triptych.storage.blobs import register
from triptych.storage.packs import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.homes import Bench
    from triptych.onboarding.check import Checked

ITEMS = 200_000
BOXES = 100_000
BAR = "≤ 5 s"


def main() -> None:
    """Print the tables."""
    for bench in homes():
        print(f"{bench.name}, {ITEMS:,} items")
        print(HEADER)
        with bench.database.write() as connection:
            million.add_contents(connection, np.random.default_rng(3))
        bring(bench, "of pictures known before", _known, BAR)
        bring(bench, "with new contents, 2 thumbnails, 3 places", _new, "")


def bring(
    bench: Bench, what: str, outcome_of: Callable[[int], tuple[Measured, list[Place]]], bar: str
) -> None:
    """Print what the rows of one dataset cost: records in chunks, a transaction each, then labels."""
    with bench.database.write() as connection:
        dataset_id = make_dataset(connection, what)
        source_id = make_source(connection, dataset_id)
        first = reserve_items(connection, ITEMS)
    target = Target(dataset_id, 1, source_id, first, SideLimits(16, 4096, reject=False))
    checked = _checked()
    results = list(_results(outcome_of))
    drafts = _labels()

    def records() -> None:
        job = new_id()
        for number, result in enumerate(results):
            with bench.database.write() as connection:
                register(connection, result.places)
                summary = commit_batch(connection, target, checked, (), result)
                insert_batch(connection, job, "import", number, summary.document())

    def labels() -> None:
        for draft in drafts:
            with bench.database.write() as connection:
                set_id = insert_set(connection, dataset_id, 1, draft, name=draft.name, origin="import")
                labelled = ((target.item_id(label.item), label) for label in draft.labels)
                insert_labels(connection, set_id, 1, labelled)

    print(row(f"  items and layers {what}", measure(records), bar))
    print(row(f"    and {len(drafts[0].labels):,} class labels, {BOXES:,} boxes", measure(labels), ""))


def _checked() -> Checked:
    members = [Member(million.key_of(index), 43_000, 43_000, None, (index,)) for index in range(ITEMS)]
    drafts = [
        DraftItem(million.key_of(index), index, million.study_of(index), "Series1", index % million.STUDY)
        for index in range(ITEMS)
    ]
    found: Any = SimpleNamespace(
        root=SimpleNamespace(members=members),
        inventory=SimpleNamespace(items=drafts, modality=Modality.PLANAR, recipe=None),
    )
    return cast("Checked", found)


def _results(outcome_of: Callable[[int], tuple[Measured, list[Place]]]) -> Iterator[ChunkResult]:
    for first in range(0, ITEMS, CHUNK_FILES):
        pairs = [outcome_of(index) for index in range(first, min(first + CHUNK_FILES, ITEMS))]
        yield ChunkResult(
            tuple(outcome for outcome, _ in pairs), tuple(place for _, places in pairs for place in places)
        )


def _known(index: int) -> tuple[Measured, list[Place]]:
    return Measured(index, million.digest_of(index % million.PICTURES), 43_000, None, ()), []


MOMENTS, HISTOGRAMS = measure_pixels(np.random.default_rng(5).integers(0, 256, (3, 32, 32)).astype(np.uint8))


def _new(index: int) -> tuple[Measured, list[Place]]:
    digests = [hashlib.sha256(b"%s %d" % (kind, index)).digest() for kind in (b"file", b"small", b"large")]
    pack = f"packs/{index // CHUNK_FILES:02x}"
    examined = Examined(
        bytes=43_000,
        format="PNG",
        width=512,
        height=512,
        bands="red green blue",
        dtype="uint8",
        bit_depth=8,
        orientation=1,
        pixel_hash=digests[0],
        perceptual_hash=index,
        moments=pack_moments(MOMENTS),
        histograms=pack_histograms(HISTOGRAMS),
        notes=(),
        thumbnails={},
        pyramid=None,
    )
    thumbnails = (
        ("thumbnail-160", digests[1], "image/jpeg"),
        ("thumbnail-512", digests[2], "image/jpeg"),
    )
    places = [Place(digest, pack, 0, 1) for digest in digests]
    return Measured(index, digests[0], 43_000, examined, thumbnails), places


def _labels() -> tuple[DraftSet, DraftSet]:
    generator = np.random.default_rng(6)
    classes = [LabelClass(number, f"class{number}", palette_color(number)) for number in range(10)]
    chosen = generator.integers(0, 10, ITEMS).tolist()
    places = generator.integers(0, 400, (BOXES, 4)).tolist()
    return (
        DraftSet(
            "diagnosis",
            Task.SINGLE_LABEL,
            "label.csv",
            classes,
            [Label(index, Kind.CLASS, number) for index, number in enumerate(chosen)],
        ),
        DraftSet(
            "lesions",
            Task.DETECTION,
            "boxes.csv",
            classes,
            [
                Label(index * ITEMS // BOXES, Kind.BOX, index % 10, None, Box(*map(float, place)))
                for index, place in enumerate(places)
            ],
        ),
    )


if __name__ == "__main__":
    main()
