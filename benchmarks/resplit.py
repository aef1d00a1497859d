"""Another split of 100,000 chips of six bands, with its training parameters: the reckoning alone, and with the rows
of the database and the version that is published. No pixel is read."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa

from benchmarks.homes import homes, make_dataset, make_source
from benchmarks.in_process import measure
from benchmarks.measuring import HEADER, row
from triptych.annotations.repository import insert_labels, insert_set
from triptych.core.class_counts import ClassCounts
from triptych.core.dataset import OPEN_END
from triptych.core.ground import overlap_labels, shapes_of
from triptych.core.groups import combine_groups, numbered
from triptych.core.labels import DraftSet, Kind, Label, LabelClass, Task, palette_color
from triptych.core.split import make_split
from triptych.core.statistics import class_weights, merge_packed, pack_histograms, pack_moments
from triptych.core.statistics import measure as measure_pixels
from triptych.datasets.footprint_groups import group_footprints
from triptych.datasets.item_ids import APART
from triptych.datasets.publication import publish_version
from triptych.db.session import insert_rows
from triptych.db.tables import contents, footprints, items, layers
from triptych.modalities.planar.examined import CODE_VERSION
from triptych.splits.plan import SplitPlan
from triptych.splits.service import assign_parts, resplit

if TYPE_CHECKING:
    from benchmarks.homes import Bench
    from triptych.db.session import Database

CHIPS = 100_000
PLACES = 25_000
"""Every place has four chips, which overlap."""

BANDS = "B02 B03 B04 B8A B11 B12"
SAMPLES = 200
CLASSES = 3
PIXELS = 512 * 512
SIDE = 0.05
BLOCK = 20_000
BAR = "≤ 0.2 s"


def main() -> None:
    """Print the tables."""
    generator = np.random.default_rng(1)
    areas = (generator.dirichlet(np.full(CLASSES, 0.3), CHIPS) * PIXELS).astype(np.int64)
    _reckoning(generator, areas)
    for bench in homes():
        print(f"{bench.name}, {CHIPS:,} chips")
        print(HEADER)
        _with_rows(bench, areas, *_kept(generator))


def _reckoning(generator: np.random.Generator, areas: Any) -> None:
    keys = [key_of(number) for number in range(CHIPS)]
    outlines = [json.dumps(outline_of(number)) for number in range(CHIPS)]
    moments, histograms = _kept(generator)
    classes = ClassCounts.of_matrix(areas)
    ground = numbered(overlap_labels(shapes_of(outlines)))
    alone = np.arange(CHIPS, dtype=np.int64)
    groups = combine_groups(ground)

    def again(labels: Any, seed: int) -> None:
        parts = make_split(keys, labels, classes=classes.coarse(8), seed=seed).parts
        train = np.flatnonzero(parts == 0).tolist()
        merge_packed([BANDS] * len(train), [moments[chip] for chip in train])
        class_weights(dict(enumerate(classes.by_part(parts)[:, 0].tolist())))

    print(HEADER)
    print(row("split and training parameters, overlapping chips", measure(lambda: again(groups, 1)), BAR))
    print(row("split and training parameters, single chips", measure(lambda: again(alone, 2)), BAR))
    whole = measure(lambda: merge_packed([BANDS] * CHIPS, moments, histograms))
    print(row("histograms of all chips, for percentiles", whole, ""))
    print(row("overlaps of 100,000 outlines", measure(lambda: overlap_labels(shapes_of(outlines))), "< 2 s"))


def _with_rows(bench: Bench, areas: Any, moments: list[bytes], histograms: list[bytes]) -> None:
    database = bench.database
    dataset_id = _add_rows(database, areas, moments, histograms)
    with database.write() as connection:
        print(
            row("groups of overlapping chips", measure(lambda: group_footprints(connection, dataset_id)), "")
        )
    with database.write() as connection:
        assign_parts(connection, dataset_id, 1)
        publish_version(connection, dataset_id, 1, author_id=None, message="")
        connection.execute(sa.text("UPDATE datasets SET version = 1"))
    bench.tidy()
    for by in ("group", "block", "time"):

        def again(way: str = by) -> None:
            with database.write() as connection:
                resplit(connection, dataset_id, SplitPlan(by=way, seed=5), author_id=None)

        print(row(f"split again by {by}, published", measure(again), ""))
    with database.write() as connection:
        dealt = measure(lambda: assign_parts(connection, dataset_id, 5, SplitPlan(seed=6)))
        print(row("of this: dealing the items and writing their parts", dealt, ""))


def key_of(number: int) -> str:
    """The key of a chip."""
    return f"scene_{number // 1000:03d}/chip_{number:06d}"


def outline_of(number: int) -> dict[str, Any]:
    """The outline of a chip: four over each place, places side by side and a little turned."""
    place, over = divmod(number, CHIPS // PLACES)
    row_, column = divmod(place, 200)
    west = -20 + 2 * SIDE * column + 0.2 * SIDE * over + 0.03 * SIDE * row_
    south = 40 + 1.5 * SIDE * row_ * 0.5 + 0.03 * SIDE * column
    corners = [
        (0.0, 0.0),
        (SIDE, 0.001),
        (SIDE - 0.001, SIDE * 0.6),
        (-0.001, SIDE * 0.6 - 0.001),
        (0.0, 0.0),
    ]
    return {"type": "Polygon", "coordinates": [[[west + x, south + y] for x, y in corners]]}


def _kept(generator: np.random.Generator) -> tuple[list[bytes], list[bytes]]:
    """Packed moments and histograms of as many chips; a few are measured and repeated."""
    measured = [
        measure_pixels(generator.normal(1_000, 300, (6, 32, 32)).astype(np.int16)) for _ in range(SAMPLES)
    ]
    times = CHIPS // SAMPLES
    return [pack_moments(one) for one, _ in measured] * times, [
        pack_histograms(each) for _, each in measured
    ] * times


def _add_rows(database: Database, areas: Any, moments: list[bytes], histograms: list[bytes]) -> str:
    with database.write() as connection:
        dataset_id = make_dataset(connection, "chips", modality="geospatial", format="geotiff_pairs")
        source_id = make_source(connection, dataset_id)
    for first in range(0, CHIPS, BLOCK):
        block = range(first, first + BLOCK)
        with database.write() as connection:
            insert_rows(connection, contents, [_content(n, moments[n], histograms[n]) for n in block])
            insert_rows(connection, items, [_item(n, dataset_id, source_id) for n in block])
            insert_rows(connection, layers, [_layer(n) for n in block])
            insert_rows(connection, footprints, [_footprint(n, dataset_id) for n in block])
    draft = DraftSet(
        "mask",
        Task.SEGMENTATION,
        "",
        [LabelClass(number, f"class{number}", palette_color(number)) for number in range(CLASSES)],
        [
            Label(chip, Kind.PIXELS, number, float(count))
            for chip, counts in enumerate(areas.tolist())
            for number, count in enumerate(counts)
            if count
        ],
    )
    with database.write() as connection:
        set_id = insert_set(connection, dataset_id, 1, draft, name=draft.name, origin="import")
        insert_labels(connection, set_id, 1, ((_id(label.item), label) for label in draft.labels))
    return dataset_id


def _id(number: int) -> int:
    return (number + 1) * APART


def _digest(number: int) -> bytes:
    return hashlib.sha256(b"chip %d" % number).digest()


def _content(number: int, moments: bytes, histograms: bytes) -> dict[str, Any]:
    return {
        "sha256": _digest(number), "code_version": CODE_VERSION, "bytes": 2_000_000, "format": "GTIFF",
        "width": 512, "height": 512, "bands": BANDS, "dtype": "int16", "bit_depth": 16, "orientation": 1,
        "pixel_hash": _digest(number), "moments": moments, "histograms": histograms, "notes": "[]",
    }  # fmt: skip


def _item(number: int, dataset_id: str, source_id: str) -> dict[str, Any]:
    return {
        "id": _id(number), "dataset_id": dataset_id, "since": 1, "until": OPEN_END, "key": key_of(number),
        "study": key_of(number), "bytes": 2_000_000, "width": 512, "height": 512, "bit_depth": 16,
        "bands": BANDS, "source_id": source_id, "member": number,
    }  # fmt: skip


def _layer(number: int) -> dict[str, Any]:
    return {
        "item_id": _id(number), "name": "S2L2A", "since": 1, "until": OPEN_END, "role": "image",
        "format": "gtiff", "dtype": "int16", "sha256": _digest(number),
    }  # fmt: skip


def _footprint(number: int, dataset_id: str) -> dict[str, Any]:
    outline = outline_of(number)
    longitudes, latitudes = zip(*outline["coordinates"][0], strict=True)
    return {
        "place": _id(number), "dataset_id": dataset_id, "west": min(longitudes), "south": min(latitudes),
        "east": max(longitudes), "north": max(latitudes), "outline": json.dumps(outline),
        "time": 86_400.0 * (number % 1000),
    }  # fmt: skip


if __name__ == "__main__":
    main()
