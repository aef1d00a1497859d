"""A chip as an Item of STAC 1.1, with the extensions projection, eo, raster, file, label and ml-aoi."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from triptych.cataloguing.addresses import GEOJSON, link
from triptych.cataloguing.bands import stac_bands
from triptych.cataloguing.extensions import extensions_of
from triptych.cataloguing.times import item_times
from triptych.core.dataset import Part, Role
from triptych.core.labels import Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triptych.cataloguing.addresses import Addresses
    from triptych.cataloguing.chips import Chip, ChipLayer, ClassSet

STAC_VERSION = "1.1.0"

SPLITS = {Part.TRAIN: "train", Part.VALIDATION: "validate", Part.TEST: "test"}
"""What ml-aoi calls the parts."""

TASKS = {
    Task.SEGMENTATION: "segmentation",
    Task.REGRESSION: "regression",
    Task.DETECTION: "detection",
    Task.SINGLE_LABEL: "classification",
    Task.MULTI_LABEL: "classification",
}
MEDIA_TYPES = {"GTIFF": "image/tiff; application=geotiff", "PNG": "image/png", "JPEG": "image/jpeg"}
LABEL_ROLES = (Role.LABEL, Role.TARGET)


@dataclass(frozen=True, slots=True)
class Catalogued:
    """The version that items are of: the id of its collection, the dataset's own, its annotation sets, and when it
    was published, in seconds since 1970."""

    collection: str
    title: str
    dataset_id: str
    sets: Sequence[ClassSet]
    published: float


def stac_item(chip: Chip, catalogued: Catalogued, addresses: Addresses) -> dict[str, Any]:
    """The Item of a chip. Where it is not known where the chip lies its geometry is null, and it has no bbox."""
    image = next((each for each in chip.layers if each.role is Role.IMAGE), None)
    assets = {layer.name: _asset(layer, catalogued.dataset_id, addresses) for layer in chip.layers}
    if image is not None:
        assets[_free("thumbnail", assets)] = {
            "href": addresses.thumbnail(catalogued.dataset_id, image.sha256),
            "type": "image/jpeg",
            "title": "Thumbnail",
            "roles": ["thumbnail"],
        }
    collection = catalogued.collection
    document: dict[str, Any] = {
        "type": "Feature",
        "stac_version": STAC_VERSION,
        "stac_extensions": [],
        "id": chip.key,
        "geometry": None if chip.place.box is None else chip.place.outline,
        **({} if chip.place.box is None or chip.place.outline is None else {"bbox": list(chip.place.box)}),
        "properties": _properties(chip, image, catalogued),
        "links": [
            link("self", addresses.item(collection, chip.key), GEOJSON),
            link("root", addresses.root()),
            link("parent", addresses.collection(collection), title=catalogued.title),
            link("collection", addresses.collection(collection), title=catalogued.title),
        ],
        "assets": assets,
        "collection": collection,
    }
    document["stac_extensions"] = extensions_of(document)
    return document


def _properties(chip: Chip, image: ChipLayer | None, catalogued: Catalogued) -> dict[str, Any]:
    dates = image.source.dates if image is not None and image.source is not None else ()
    found = item_times(chip.place.time, dates, catalogued.published)
    if chip.part is not None:
        found["ml-aoi:split"] = SPLITS[Part(chip.part)]
    if chip.place.scene is not None:
        found["triptych:scene"] = chip.place.scene
    if image is not None:
        found |= _projection(image)
        sides = image.details.get("resolution")
        if sides and min(sides) > 0:
            found["gsd"] = float(min(sides))
    return found | _labels(chip, catalogued.sets)


def _projection(layer: ChipLayer) -> dict[str, Any]:
    """The fields of the projection extension; `proj:code` is null for a system without a code and for none."""
    details = layer.details
    crs = str(details.get("crs") or "")
    coded = crs.upper().startswith(("EPSG:", "ESRI:", "OGC:", "IAU"))
    found: dict[str, Any] = {
        "proj:code": crs if coded else None,
        "proj:shape": [layer.height, layer.width],
    }
    if crs and not coded:
        found["proj:wkt2"] = crs
    if details.get("transform"):
        found["proj:transform"] = list(details["transform"])
    if details.get("bounds"):
        found["proj:bbox"] = list(details["bounds"])
    return found


def _asset(layer: ChipLayer, dataset_id: str, addresses: Addresses) -> dict[str, Any]:
    is_label = layer.role in LABEL_ROLES
    found: dict[str, Any] = {
        "href": addresses.file(dataset_id, layer.sha256),
        "type": MEDIA_TYPES.get(layer.format, "application/octet-stream"),
        "title": layer.name,
        "roles": ["labels", "labels-raster"] if is_label else ["data"],
        "ml-aoi:role": "label" if is_label else "feature",
        **_grid(layer),
        "file:size": layer.bytes,
        "file:checksum": f"1220{layer.sha256}",  # a multihash: SHA-256 is 0x12, and has 0x20 bytes
        **_projection(layer),
    }
    bands = stac_bands(layer)
    return found | ({"bands": bands} if bands else {"triptych:bands": len(layer.bands)})


def _grid(layer: ChipLayer) -> dict[str, Any]:
    """The image gives the grid of pixels; what else there is of the chip is resampled to it, classes unmixed."""
    if layer.role is Role.IMAGE:
        return {"ml-aoi:reference-grid": True}
    return {"ml-aoi:resampling-method": "near" if layer.role is Role.LABEL else "bilinear"}


def _labels(chip: Chip, sets: Sequence[ClassSet]) -> dict[str, Any]:
    """The fields of the label extension; none for a chip without labels."""
    own = [each for each in sets if each.id in chip.labels]
    rasters = [layer for layer in chip.layers if layer.role in LABEL_ROLES]
    if not own and not rasters:
        return {}
    tasks = list(dict.fromkeys(TASKS[Task(each.task)] for each in own))
    overviews = [_counts(each, chip.labels[each.id]) for each in own if each.classes]
    overviews += [_numbers(layer) for layer in rasters if layer.role is Role.TARGET and len(layer.moments)]
    names = ", ".join(each.name for each in own) or ", ".join(layer.name for layer in rasters)
    found: dict[str, Any] = {
        "label:type": "raster" if rasters else "vector",
        "label:properties": None if rasters else [each.name for each in own],
        "label:description": f"Labels of the chip: {names}.",
        "label:tasks": tasks or (["regression"] if _has_target(rasters) else ["segmentation"]),
        "label:overviews": overviews,
    }
    classes = [
        {"name": None if rasters else each.name, "classes": list(each.classes.values())}
        for each in own
        if each.classes
    ]
    return found | ({"label:classes": classes} if classes else {})


def _has_target(rasters: Sequence[ChipLayer]) -> bool:
    return any(layer.role is Role.TARGET for layer in rasters)


def _counts(labels: ClassSet, counted: Any) -> dict[str, Any]:
    """How many pixels, boxes or labels of each class there are."""
    counts = [
        {"name": name, "count": counted[class_id]}
        for class_id, name in labels.classes.items()
        if counted.get(class_id)
    ]
    return {"property_key": labels.name, "counts": counts}


def _numbers(layer: ChipLayer) -> dict[str, Any]:
    """The numbers of a target: what a regression is to give."""
    n, mean, m2, low, high, _ = layer.moments[0].tolist()
    values = {"mean": mean, "std": (max(m2, 0) / n) ** 0.5, "min": low, "max": high} if n else {}
    return {
        "property_key": layer.name,
        "statistics": [{"name": name, "value": value} for name, value in values.items()],
    }


def _free(name: str, taken: dict[str, Any]) -> str:
    while name in taken:
        name += "_"
    return name
