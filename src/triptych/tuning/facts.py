"""What a configuration of a training is made from, as values: the recipe, the train part's numbers, the classes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from triptych.core.labels import LabelClass
    from triptych.core.recipe import DataSource, Purpose


@dataclass(frozen=True, slots=True)
class BandNumbers:
    """A band that is used, over the valid pixels of the train part, in units of the samples.

    `mean` and `std` (of the population) are None where there are no valid pixels.
    """

    name: str
    n: int = 0
    mean: float | None = None
    std: float | None = None


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """A data source, the numbers of the bands that it uses by their names in `DataSource.placed`, and how many bands
    its files have (0: not known)."""

    source: DataSource
    numbers: Mapping[str, BandNumbers] = field(default_factory=dict)
    bands_in_file: int = 0


@dataclass(frozen=True, slots=True)
class TrainingFacts:
    """A version of a geospatial dataset as a training sees it.

    `pixels` counts the pixels of each class id in the train part; `items` the chips of each part; `target` is the
    band of a regression's target, where there is one. `in_order`: images and labels are in the same order when their
    names are sorted, suffixes included; TerraTorch pairs the files of one source with their labels by that order.
    `drawn` is the set whose outlines are drawn as rasters of labels, None where such are there.
    """

    dataset: str
    version: int
    purpose: Purpose
    sources: tuple[SourceFacts, ...]
    label_suffix: str = ""
    classes: tuple[LabelClass, ...] = ()
    pixels: Mapping[int, int] = field(default_factory=dict)
    items: Mapping[str, int] = field(default_factory=dict)
    target: BandNumbers | None = None
    in_order: bool = True
    drawn: int | None = None
