"""Publish a version: count what holds, hash it, merge its statistics, and make it the current one.

Runs in the transaction that changed the rows, so that a version is there whole or not at all.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from triptych.core.content_hash import content_hash
from triptych.core.dataset import Part
from triptych.core.errors import Conflict, NotFound
from triptych.core.statistics import class_weights
from triptych.core.training import LayerNumbers, SetNumbers, training_document
from triptych.datasets.box_measures import box_measures
from triptych.datasets.contents_of_version import hashed_items, hashed_sets
from triptych.datasets.counts import TrainKinds, count_version, train_kinds
from triptych.datasets.measurements import ALL, layer_statistics, scalings
from triptych.datasets.recipes import recipe_of
from triptych.datasets.samples import choose_samples
from triptych.db.tables import datasets, splits, versions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from triptych.core.recipe import Recipe


def current_split(connection: sa.Connection, dataset_id: str, version: int) -> int | None:
    """The split that a dataset's parts come from: the newest that holds at the version."""
    return connection.execute(
        sa.select(sa.func.max(splits.c.id)).where(
            splits.c.dataset_id == dataset_id, splits.c.since <= version, splits.c.until > version
        )
    ).scalar()


def lock_newest(connection: sa.Connection, dataset_id: str, wanted: int | None = None) -> sa.Row[Any]:
    """The dataset's row, locked until the caller's transaction ends, so that one publication follows another.

    `wanted` is the version that the caller means to change, None for the newest. NotFound `dataset_not_found`;
    Conflict `dataset_not_ready` when nothing is published, `version_not_newest` when another version is newer.
    """
    row = connection.execute(
        sa.select(datasets).where(datasets.c.id == dataset_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound("The dataset is not there any more.", code="dataset_not_found")
    if row.version == 0:
        raise Conflict(
            f"“{row.name}” has no published version that could be changed.",
            code="dataset_not_ready",
            hint="Wait for its job, or decide about its rejected files.",
        )
    if wanted not in (None, row.version):
        raise Conflict(
            f"Only the newest version of “{row.name}” can be changed; it is {row.version}.",
            code="version_not_newest",
            hint="Give the name without @, or look at what the newest version changed.",
        )
    return row


def publish_version(
    connection: sa.Connection,
    dataset_id: str,
    number: int,
    *,
    author_id: str | None,
    message: str,
    base: int | None = None,
) -> bytes:
    """Write the version row from the rows that hold at `number`, and make it current; its content hash.

    `base` is the version whose content it carries on, the one before it unless said otherwise.
    """
    split_id = current_split(connection, dataset_id, number)
    before = number - 1 if base is None else base
    known = connection.execute(
        sa.select(versions.c.counts).where(versions.c.dataset_id == dataset_id, versions.c.number == before)
    ).scalar()
    counts = count_version(
        connection, dataset_id, number, split_id, None if known is None else (before, known)
    )
    recipe = recipe_of(connection, dataset_id)
    statistics = layer_statistics(connection, dataset_id, number, split_id, recipe)
    digest = content_hash(
        hashed_items(connection, dataset_id, number, split_id), hashed_sets(connection, dataset_id, number)
    )
    now = time.time()
    connection.execute(
        sa.insert(versions).values(
            dataset_id=dataset_id,
            number=number,
            created_at=now,
            author_id=author_id,
            message=message,
            content_hash=digest,
            counts=counts,
            statistics=statistics_document(
                counts,
                statistics,
                train_kinds(connection, dataset_id, number, split_id),
                box_measures(connection, number, counts["sets"]),
                recipe,
            ),
        )
    )
    connection.execute(
        sa.update(datasets)
        .where(datasets.c.id == dataset_id)
        .values(
            version=number,
            updated_at=now,
            items=counts["items"],
            studies=counts["studies"],
            bytes=counts["bytes"],
            annotation_sets=len(counts["sets"]),
            tasks=" ".join(sorted({entry["task"] for entry in counts["sets"]})),
            samples=choose_samples(connection, dataset_id, number),
        )
    )
    return digest


def statistics_document(
    counts: Mapping[str, Any],
    statistics: Mapping[str, Mapping[str, Mapping[str, Any]]],
    kinds: Mapping[str, TrainKinds],
    box_sizes: Mapping[str, Any],
    recipe: Recipe | None = None,
) -> dict[str, Any]:
    """What `stats` shows: layers by part, class counts by part, weights, sizes of boxes, training parameters."""
    train = Part.TRAIN.value
    train_counts = {
        entry["name"]: {each["name"]: _in_part(each, train) for each in entry["classes"]}
        for entry in counts["sets"]
    }
    ignored = {
        entry["name"]: {each["name"] for each in entry["classes"] if each.get("ignore")}
        for entry in counts["sets"]
    }
    weights = {
        name: class_weights({each: n for each, n in counted.items() if each not in ignored[name]})
        for name, counted in train_counts.items()
    }
    return {
        "type": "version-statistics",
        "version": 1,
        "layers": statistics,
        "classes": {
            entry["name"]: {
                part: {each["name"]: _in_part(each, part) for each in entry["classes"]}
                for part in (ALL, *(part.value for part in Part))
            }
            for entry in counts["sets"]
        },
        "weights": weights,
        "box_sizes": box_sizes,
        "training": training_document(
            counts["split"][train],
            [
                LayerNumbers(
                    name, parts[train]["bands"], kinds[name].kinds, kinds[name].sizes, scalings(recipe, name)
                )
                for name, parts in statistics.items()
                if train in parts
            ],
            [
                SetNumbers(entry["name"], entry["task"], train_counts[entry["name"]], weights[entry["name"]])
                for entry in counts["sets"]
            ],
        ),
    }


def _in_part(entry: Mapping[str, Any], part: str) -> int:
    return int(entry["count"]) if part == ALL else int(entry["parts"].get(part, 0))
