"""A dataset of GeoTIFF chips in a home, row by row: what onboarding leaves behind, without onboarding."""

from __future__ import annotations

import hashlib
import time
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa
from affine import Affine
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile

from triptych.core.recipe import Recipe
from triptych.core.zones import zone_of
from triptych.datasets.item_ids import APART
from triptych.db import tables
from triptych.modalities.geospatial.examine import examine_raster
from triptych.modalities.planar.examined import CODE_VERSION
from triptych.modalities.planar.measure import examine
from triptych.storage.blobs import register
from triptych.storage.packs import BlobWriter

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from triptych.installation import Installation

SIDES = ("west", "south", "east", "north")

RECIPE: dict[str, Any] = {
    "purpose": "Segmentation",
    "data_sources": [
        {
            "modality_tag": "S2L2A",
            "file_suffix": "_img.tif",
            "nodata": None,
            "bands": [
                {
                    "index": 0,
                    "band_name": "B02",
                    "RGB_band": "B",
                    "scaling_factor": 0.0001,
                    "wavelength": 492.4,
                },
                {
                    "index": 1,
                    "band_name": "B03",
                    "RGB_band": "G",
                    "scaling_factor": 0.0001,
                    "wavelength": 559.8,
                },
                {
                    "index": 2,
                    "band_name": "B04",
                    "RGB_band": "R",
                    "scaling_factor": 0.0001,
                    "wavelength": 664.6,
                },
                {
                    "index": 3,
                    "band_name": "B08",
                    "scaling_factor": 0.0001,
                    "offset": -0.1,
                    "wavelength": 832.8,
                },
            ],
        },
        {"modality_tag": "S1", "file_suffix": "_s1.tif", "bands": [{"index": 0, "band_name": "VV"}]},
    ],
    "label_suffix": "_mask.tif",
    "label_layer": "mask",
}


def tiff(
    samples: NDArray[Any],
    *,
    origin: tuple[float, float] = (500_000.0, 5_800_000.0),
    resolution: float = 10.0,
    crs: str | None = "EPSG:32633",
    **options: Any,
) -> bytes:
    """A GeoTIFF of samples (c, y, x) whose upper left corner is at `origin`, in pixels of `resolution` units."""
    count, height, width = samples.shape
    place: dict[str, Any] = {}
    if crs is not None:
        place = {"crs": crs, "transform": Affine(resolution, 0, origin[0], 0, -resolution, origin[1])}
    descriptions = options.pop("descriptions", ())
    with warnings.catch_warnings(), MemoryFile() as memory:
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with memory.open(
            driver="GTiff", width=width, height=height, count=count, dtype=samples.dtype, **place,
            **{"compress": "deflate", **options},
        ) as target:  # fmt: skip
            target.write(samples)
            for number, text in enumerate(descriptions, 1):
                target.set_band_description(number, text)
        return bytes(memory.read())


def scene(seed: int, bands: int = 4, size: int = 64, dtype: str = "int16") -> NDArray[Any]:
    """Smooth samples (bands, size, size), different for each band and seed."""
    y, x = np.mgrid[0:size, 0:size]
    planes = [
        1000 + 300 * band + 20 * seed + 500 * np.sin((x + 3 * seed) / (7 + band)) + 8 * y
        for band in range(bands)
    ]
    return np.stack(planes).astype(dtype)


@dataclass
class Chip:
    """A chip that is to be stored: files by layer as (role, bytes), the leading one first."""

    key: str
    files: dict[str, tuple[str, bytes]]
    part: str | None = None
    time: float | None = None
    scene: str | None = None
    pixels: dict[int, int] = field(default_factory=dict)
    until: int = 2**31 - 1


def store(
    installation: Installation,
    dataset_id: str,
    chips: list[Chip],
    *,
    recipe: dict[str, Any] | None = RECIPE,
    classes: dict[int, str] | None = None,
    version: int = 1,
) -> list[int]:
    """Make a geospatial dataset of the row of a dataset, with a version; the ids of the items."""
    writer = BlobWriter(installation.objects)
    contents: dict[bytes, dict[str, Any]] = {}
    renditions: list[dict[str, Any]] = []
    for chip in chips:
        for _, data in chip.files.values():
            digest = writer.add(data)
            if digest in contents:
                continue
            examined = examine_raster(data) if data[:2] in (b"II", b"MM") else examine(data)
            row = {name: getattr(examined, name) for name in examined._fields if name in tables.contents.c}
            contents[digest] = {
                **row,
                "sha256": digest,
                "code_version": CODE_VERSION,
                "notes": list(examined.notes),
            }
            for side, picture in examined.thumbnails.items():
                renditions.append(_rendition(digest, f"thumbnail-{side}", writer.add(bytes(picture or b""))))
            if examined.pyramid is not None:
                renditions.append(_rendition(digest, "pyramid", writer.add(bytes(examined.pyramid))))
    with installation.database.write() as connection:
        register(connection, writer.finish())
        connection.execute(sa.insert(tables.contents), list(contents.values()))
        if renditions:
            connection.execute(sa.insert(tables.renditions), renditions)
        ids = _store_items(connection, dataset_id, chips, contents)
        _store_labels(connection, dataset_id, chips, ids, classes or {})
        details = {} if recipe is None else {"geospatial": Recipe.of(recipe).document()}
        connection.execute(
            sa.update(tables.datasets)
            .where(tables.datasets.c.id == dataset_id)
            .values(modality="geospatial", version=version, details=details)
        )
        now = time.time()
        held = sum(chip.until > version for chip in chips)
        connection.execute(
            sa.insert(tables.versions).values(
                dataset_id=dataset_id, number=version, created_at=now, message="", content_hash=bytes(32),
                counts={"type": "counts", "version": 1, "items": held, "studies": held, "findings": {}},
                statistics={},
            )
        )  # fmt: skip
    return ids


def _rendition(digest: bytes, kind: str, blob: bytes) -> dict[str, Any]:
    media = "image/tiff" if kind == "pyramid" else "image/jpeg"
    return {"sha256": digest, "kind": kind, "code_version": CODE_VERSION, "blob": blob, "media_type": media}


def _store_items(
    connection: sa.Connection, dataset_id: str, chips: list[Chip], contents: dict[bytes, dict[str, Any]]
) -> list[int]:
    highest = connection.execute(sa.select(sa.func.max(tables.items.c.id))).scalar() or 0
    first = (highest // APART + 1) * APART
    split = connection.execute(
        sa.insert(tables.splits).values(dataset_id=dataset_id, since=1, name="default", plan={})
    ).inserted_primary_key
    assert split is not None
    ids = []
    for number, chip in enumerate(chips):
        item_id = first + APART * number
        ids.append(item_id)
        digests = {name: hashlib.sha256(data).digest() for name, (_, data) in chip.files.items()}
        leading = contents[next(iter(digests.values()))]
        connection.execute(
            sa.insert(tables.items).values(
                id=item_id, dataset_id=dataset_id, since=1, until=chip.until, key=chip.key, study=chip.key,
                bytes=leading["bytes"], width=leading["width"], height=leading["height"],
                bit_depth=leading["bit_depth"], bands=leading["bands"], source_id="source", member=number,
            )
        )  # fmt: skip
        for name, (role, _) in chip.files.items():
            row = contents[digests[name]]
            connection.execute(
                sa.insert(tables.layers).values(
                    item_id=item_id, name=name, since=1, until=chip.until, role=role,
                    format=row["format"].lower(), dtype=row["dtype"], sha256=digests[name],
                )
            )  # fmt: skip
        if chip.part is not None:
            connection.execute(
                sa.insert(tables.assignments).values(
                    split_id=split[0], item_id=item_id, since=1, until=chip.until, part=chip.part
                )
            )
        place = (leading["details"] or {}).get("footprint")
        zone = zone_of(*(place[side] for side in SIDES)) if place else (None, None)
        connection.execute(
            sa.insert(tables.footprints).values(
                place=item_id, dataset_id=dataset_id, outline=place and place["outline"],
                **{side: place and place[side] for side in SIDES}, zone=zone[0], zone_level=zone[1],
                crs=(leading["details"] or {}).get("crs", ""), time=chip.time, scene=chip.scene,
            )
        )  # fmt: skip
    return ids


def _store_labels(
    connection: sa.Connection, dataset_id: str, chips: list[Chip], ids: list[int], classes: dict[int, str]
) -> None:
    if not classes:
        return
    created = connection.execute(
        sa.insert(tables.annotation_sets).values(
            dataset_id=dataset_id, since=1, name="mask", task="segmentation", origin="import",
            source="_mask.tif", created_at=time.time(),
        )
    ).inserted_primary_key  # fmt: skip
    assert created is not None
    for class_id, color in classes.items():
        connection.execute(
            sa.insert(tables.classes).values(
                set_id=created[0], class_id=class_id, since=1, name=f"class {class_id}", color=color,
                opacity=0.0 if class_id < 0 else 1.0, ignore=class_id < 0,
            )
        )  # fmt: skip
    for item_id, chip in zip(ids, chips, strict=True):
        for class_id, count in chip.pixels.items():
            connection.execute(
                sa.insert(tables.annotation_rows).values(
                    set_id=created[0], item_id=item_id, since=1, kind="pixels", class_id=class_id, value=count
                )
            )


def reread(data: bytes) -> NDArray[Any]:
    """All samples of a TIFF, (c, y, x), by rasterio."""
    with MemoryFile(data) as memory, memory.open() as opened:
        samples: NDArray[Any] = opened.read()
    return samples
