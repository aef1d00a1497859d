"""Polygons on the ground become annotations in pixels of the chips that they lie on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from triptych.core.labels import Box, DraftSet, Kind, Label, LabelClass, Task, palette_color
from triptych.core.names import base_name, cut_front, natural_key, without_ending
from triptych.core.recipe import CLASS_IDS
from triptych.formats.documents import Unreadable
from triptych.formats.geotiff_pairs.features import Feature, Features, class_property, read_features
from triptych.formats.geotiff_pairs.ground import Areas, Systems, ground_boxes, pixels_of
from triptych.formats.pictures.reading import nothing_where_unlabelled
from triptych.masks import polygons, runs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from triptych.formats.base import SourceView
    from triptych.formats.geotiff_pairs.header import RasterHeader
    from triptych.formats.geotiff_pairs.heads import Heads
    from triptych.formats.tally import Tally

BLOCK = 500
"""Chips whose headers are read in one go."""

MOST_LABELS = 1_000_000
MOST_PIXELS = 64 * 1024 * 1024
"""Pixels of a chip beyond which a polygon with holes is not drawn."""

ONE_CLASS = "object"


@dataclass(slots=True)
class PolygonReader:
    """Reads the vector files of a source. `keys` and `leads` are the chips and their leading members, in order."""

    view: SourceView
    heads: Heads
    keys: Sequence[str]
    leads: Sequence[int]
    tally: Tally
    boxes: bool = False
    used: list[int] = field(default_factory=list)
    unread: list[tuple[int, str]] = field(default_factory=list)
    _found: list[tuple[int, Feature, str]] = field(default_factory=list)
    _looked: set[int] = field(default_factory=set)
    _systems: dict[tuple[str, str], Systems | None] = field(default_factory=dict)

    def sets(self, members: Sequence[int]) -> list[DraftSet]:
        """Annotation sets of polygons, or of the boxes around them: one of the files that belong to a chip each, and
        one for each file about all chips."""
        index = {key: number for number, key in enumerate(self.keys)}
        made: list[DraftSet] = []
        of_chips: dict[int, int] = {}
        about_all: list[int] = []
        for member in sorted(members, key=lambda member: natural_key(self.view.paths[member])):
            item = chip_of_file(self.view.paths[member], index)
            if item is None:
                about_all.append(member)
            else:
                of_chips[member] = item
        if of_chips:
            pairs = [(member, item, self._read(member)) for member, item in of_chips.items()]
            read = [(item, features) for _, item, features in pairs if features is not None]
            made += self._set("polygons", self.view.paths[next(iter(of_chips))], read)
        for member in about_all:
            features = self._read(member)
            if features is not None:
                name = without_ending(base_name(self.view.paths[member]))
                everywhere = [(item, features) for item in self._sampled()]
                made += self._set(name, self.view.paths[member], everywhere)
        return made

    def _sampled(self) -> range:
        """Chips that a file about all of them is laid on: when a source is only looked at, a sample."""
        count = len(self.keys)
        most = count if self.view.most_headers is None else self.heads.most_data()
        if count > most:
            self.tally.add("polygons_sampled", f"{most:,} of {count:,} chips")
        return range(0, count, max(1, -(-count // max(1, most))))

    def _read(self, member: int) -> Features | None:
        path = self.view.paths[member]
        try:
            features = read_features(self.view, member)
        except Unreadable as error:
            self.tally.add("vector_unreadable", f"{cut_front(path, 100)}: {error}")
            self.unread.append((member, f"It cannot be read: {error}."))
            return None
        self.used.append(member)
        if features.others:
            self.tally.add("vector_without_area", cut_front(path, 160), count=features.others)
        return features

    def _set(self, name: str, source: str, laid: Sequence[tuple[int, Features]]) -> list[DraftSet]:
        distinct = {id(features): features for _, features in laid}.values()
        wanted = class_property(feature for features in distinct for feature in features.areas)
        names = sorted(
            {_name(feature, wanted) for features in distinct for feature in features.areas}, key=natural_key
        )
        classes = _classes(names)
        ids = {entry.name: entry.id for entry in classes}
        if classes:
            self.tally.add("polygon_classes_guessed", f"{cut_front(source, 100)}: {wanted or ONE_CLASS}")
        labels: list[Label] = []
        areas = {id(features): Areas([feature.area for feature in features.areas]) for features in distinct}
        looked: dict[int, None] = {}
        for at, (item, features) in enumerate(laid):
            if at % BLOCK == 0:
                self.heads.read([self.leads[other] for other, _ in laid[at : at + BLOCK]])
            fresh = self._on_chip(item, features, areas[id(features)], wanted, ids)
            if fresh is not None:
                looked[item] = None
                labels += fresh
            if len(labels) > MOST_LABELS:
                self.tally.add("polygons_too_many", f"{cut_front(source, 100)}: {MOST_LABELS:,}")
                break
        labels = sorted(nothing_where_unlabelled(labels, looked), key=lambda label: label.item)
        task = Task.DETECTION if self.boxes else Task.SEGMENTATION
        return [DraftSet(name, task, source, classes, labels)] if labels else []

    def _on_chip(
        self, item: int, features: Features, areas: Areas, wanted: str | None, ids: dict[str, int]
    ) -> list[Label] | None:
        """The labels of a chip; None where nobody can say which polygons lie on it."""
        header = self.heads.read([self.leads[item]]).get(self.leads[item])
        if header is None or header.transform is None or not header.crs:
            if item not in self._looked:
                self._looked.add(item)
                self.tally.add("polygon_chip_without_place", cut_front(self.keys[item], 160))
            return None
        systems = self._systems_of(header.crs, features.crs)
        if systems is None:
            self.tally.add("polygon_system_unknown", f"{features.crs[:60]}, {header.crs[:60]}")
            return None
        grounds = ground_boxes(header, systems.forth)
        if not grounds:
            self.tally.add("polygon_chip_without_place", cut_front(self.keys[item], 160))
            return None
        found: list[Label] = []
        for number, area in areas.near(grounds):
            clipped = pixels_of(area, header, grounds, systems.back)
            if clipped is not None:
                found += self._labels(item, ids[_name(features.areas[number], wanted)], clipped, header)
        return found

    def _systems_of(self, chip: str, file: str) -> Systems | None:
        """Ways from one system to the other and back, None where one is not known."""
        if (chip, file) not in self._systems:
            try:
                pair = CRS.from_user_input(chip), CRS.from_user_input(file)
                same = pair[0] == pair[1]
                made = Systems(
                    Transformer.from_crs(pair[0], pair[1], always_xy=True),
                    None if same else Transformer.from_crs(pair[1], pair[0], always_xy=True),
                )
            except ProjError:
                made = None
            self._systems[chip, file] = made
        return self._systems[chip, file]

    def _labels(
        self, item: int, class_id: int, area: shapely.Geometry, header: RasterHeader
    ) -> Iterator[Label]:
        if self.boxes:
            left, top, right, bottom = area.bounds
            yield Label(item, Kind.BOX, class_id, None, Box(left, top, right - left, bottom - top))
            return
        parts = list(area.geoms) if area.geom_type == "MultiPolygon" else [area]
        size = (header.height, header.width)
        holed = any(part.interiors for part in parts)
        if holed and header.width * header.height > MOST_PIXELS:
            self.tally.add("polygon_holes_filled", cut_front(self.keys[item], 160))
        elif holed:
            covered = np.zeros(size, bool)
            for part in parts:
                inside = polygons.filled([_ring(part.exterior)], size)
                for hole in part.interiors:
                    inside &= ~polygons.filled([_ring(hole)], size)
                covered |= inside
            if covered.any():
                yield runs.mask_label(item, class_id, covered)
            return
        yield polygons.polygon_label(item, class_id, [_ring(part.exterior) for part in parts], size)


def chip_of_file(path: str, index: dict[str, int]) -> int | None:
    """The chip that a vector file belongs to by its name: its key, whatever suffix follows, in its folder or in one
    beside it; None where there is none."""
    folder, _, base = path.rpartition("/")
    parts = folder.split("/") if folder else []
    folders = [folder, *("/".join(parts[:at] + parts[at + 1 :]) for at in range(len(parts) - 1, -1, -1))]
    stem = without_ending(base)
    ends = [len(stem), *(at for at in range(len(stem) - 1, 0, -1) if stem[at] in "-_. ")]
    for end in ends:
        for place in folders:
            found = index.get(f"{place}/{stem[:end]}" if place else stem[:end])
            if found is not None:
                return found
    return None


def _classes(names: Sequence[str]) -> list[LabelClass]:
    """Classes by name: with their own numbers where all names are numbers of classes, else from 1 on, so that 0 is
    left for what no polygon covers."""
    numbers = [int(name) for name in names if re.fullmatch(r"-?[0-9]{1,9}", name)]
    if len(set(numbers)) < len(names) or not all(
        CLASS_IDS[0] <= number <= CLASS_IDS[1] for number in numbers
    ):
        numbers = list(range(1, len(names) + 1))
    return [
        LabelClass(number, name, palette_color(number)) for number, name in zip(numbers, names, strict=True)
    ]


def _name(feature: Feature, wanted: str | None) -> str:
    return (feature.told.get(wanted) or ONE_CLASS) if wanted else ONE_CLASS


def _ring(ring: Any) -> tuple[float, ...]:
    # The last corner repeats the first; a millionth of a pixel is finer than any map.
    return tuple(np.round(shapely.get_coordinates(ring)[:-1], 6).ravel().tolist())
