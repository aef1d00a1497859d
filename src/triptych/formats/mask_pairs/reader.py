"""`mask_pairs`: pictures, and masks that are called as they are: `a_mask.png`, or `masks/a.png`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from triptych.core.dataset import Ignored
from triptych.core.labels import DraftSet, LabelClass, MaskFile, MaskReading, Task, palette_color
from triptych.core.names import base_name, fold, natural_key, without_ending
from triptych.core.source import MemberError
from triptych.formats.base import Match, Refusal
from triptych.formats.pictures.answers import NO_PICTURES, count
from triptych.formats.pictures.layout import Area, area_of, layout_of
from triptych.formats.pictures.mask_values import png_header, values_of_masks
from triptych.formats.pictures.pairing import Pairing
from triptych.formats.pictures.reading import begin, evenly

if TYPE_CHECKING:
    from triptych.core.dataset import Inventory
    from triptych.formats.base import ReaderOptions, SourceView
    from triptych.formats.pictures.reading import Reading

_WORDS = "masks?|seg|segm|segmentation|labels?|labelids|instances?|instanceids|gt|groundtruth|annotation"
_AFTER = re.compile(rf"(.+?)[-_. ]+({_WORDS})[-_ ]?\d{{0,4}}", re.IGNORECASE)
_BEFORE = re.compile(rf"({_WORDS})[-_. ]+(.+)", re.IGNORECASE)
FOLDERS = (
    "masks", "mask", "labels", "label", "seg", "segs", "segmentation", "segmentations", "gt", "groundtruth",
    "ground_truth", "annotations", "annotation", "instances", "instance", "mask_instances",
)  # fmt: skip
HEADERS = 2000
"""Masks whose first bytes are looked at to tell how they are meant."""

CLASSES_MOST = 64
"""Different values beyond which values are objects, not classes."""


class Pair(NamedTuple):
    """A mask and its picture, as members, and the word or the folder that says that it is a mask."""

    mask: int
    picture: int
    word: str


@dataclass(slots=True)
class Pairs:
    """The masks of a source. `orphans` are called as masks that have a picture, and have none."""

    pairs: list[Pair] = field(default_factory=list)
    orphans: list[int] = field(default_factory=list)


def pairs_of(view: SourceView) -> Pairs:
    """Masks and their pictures, by names alone."""
    layout = view.once(layout_of)
    members = [member for member in layout.pictures if area_of(view.paths[member]) is not Area.CLASSES]
    pairing = Pairing([view.paths[member] for member in members])
    found: list[Pair] = []
    alone: list[tuple[int, str]] = []
    for at, member in enumerate(members):
        candidates = _candidates(view.paths[member])
        for path, word, swapped in candidates:
            picture = pairing.beside(path, FOLDERS, swapped=swapped)
            if picture is not None and picture != at:
                found.append(Pair(member, members[picture], word))
                break
        else:
            alone += [(member, word) for _, word, _ in candidates[:1]]
    masks = {pair.mask for pair in found}
    found = [pair for pair in found if pair.picture not in masks]
    words = {pair.word for pair in found}
    return Pairs(found, [member for member, word in alone if word in words])


def _candidates(path: str) -> list[tuple[str, str, bool]]:
    """Paths that the picture of a mask may have, the word, and whether only another folder may hold it."""
    folder, _, base = path.rpartition("/")
    prefix = f"{folder}/" if folder else ""
    stem = without_ending(base)
    found: list[tuple[str, str, bool]] = []
    if match := _AFTER.fullmatch(stem):
        found.append((f"{prefix}{match.group(1)}.png", fold(match.group(2)), False))
    if match := _BEFORE.fullmatch(stem):
        found.append((f"{prefix}{match.group(2)}.png", fold(match.group(1)), False))
    inside = [part for part in fold(folder).split("/") if part in FOLDERS]
    if inside:
        found.append((path, inside[-1], True))
    return found


class MaskPairsReader:
    """Reads pictures with masks of the same name."""

    def detect(self, view: SourceView) -> Match | Refusal:
        """Yes where masks belong to pictures by their names."""
        if not view.once(layout_of).pictures:
            return NO_PICTURES
        found = view.once(pairs_of)
        if not found.pairs or len(found.orphans) > len(found.pairs):
            return Refusal(
                "No masks belong to pictures by their names.",
                "Call the mask of a.png a_mask.png, or put masks/a.png beside images/a.png.",
            )
        return Match(0.65, f"{count(len(found.pairs), 'mask')} belong to pictures by their names.")

    def inventory(self, view: SourceView, options: ReaderOptions) -> Inventory:
        """Pictures as items, and a segmentation set of masks, for each way in which masks are called.

        Masks of at most 200 are decoded to tell how their values are meant. Refused as `inventory_of`.
        """
        found = view.once(pairs_of)
        masks = [pair.mask for pair in found.pairs]
        reading = begin(view, options, masks=[*masks, *found.orphans])
        if not reading.reads_labels:
            reading.ignore_all(sorted([*masks, *found.orphans]))
            return reading.inventory("mask_pairs")
        for member in found.orphans:
            reading.no_mask_picture(member)
        words = sorted({pair.word for pair in found.pairs})
        for word in words:
            name = "segmentation" if len(words) == 1 else f"segmentation_{word}"
            _add_set(reading, name, [pair for pair in found.pairs if pair.word == word])
        _note_without(reading)
        return reading.inventory("mask_pairs")


def _note_without(reading: Reading) -> None:
    masked = {mask.item for made in reading.sets for mask in made.masks}
    for index, item in enumerate(reading.items):
        if masked and index not in masked:
            reading.tally.add("image_without_mask", item.key)


def _add_set(reading: Reading, name: str, pairs: list[Pair]) -> None:
    items = {item.member: index for index, item in enumerate(reading.items)}
    fitting: list[tuple[Pair, int]] = []
    for pair in sorted(pairs, key=lambda pair: natural_key(reading.path(pair.mask))):
        item = items.get(pair.picture)
        if item is None:
            reading.no_mask_picture(pair.mask)
        elif reading.mask_fits(pair.mask, item):
            fitting.append((pair, item))
    reads, why = _reading_of(reading, [pair.mask for pair, _ in fitting], pairs[0].word)
    found: list[MaskFile] = []
    for pair, item in fitting:
        problem = _unfit(reading, pair.mask)
        if problem:
            reading.tally.add("mask_unreadable", f"{reading.path(pair.mask)}: {problem}")
            reading.ignored.append(Ignored(pair.mask, "mask_unreadable", f"It cannot be a mask: {problem}."))
            continue
        reading.label_files.append(pair.mask)
        found.append(MaskFile(pair.mask, reads, item, None if reads is MaskReading.CLASSES else 0))
    if not found:
        return
    if why:
        reading.tally.add("mask_reading_guessed", f"{name}: {reads.value}", detail=why)
    found.sort(key=lambda mask: (mask.item or 0, natural_key(reading.path(mask.member))))
    source = reading.path(found[0].member)
    source = source.rpartition("/")[0] or source
    one = "object" if reads is MaskReading.INSTANCES else "mask"
    classes = [] if reads is MaskReading.CLASSES else [LabelClass(0, one, palette_color(0))]
    reading.sets.append(DraftSet(name, Task.SEGMENTATION, source, classes, [], found))


def _unfit(reading: Reading, member: int) -> str:
    """Why a member cannot be read as a mask, "" when it can."""
    if member in reading.sizes.sampled:
        return ""
    return "" if _header(reading, member) else "it is no PNG, and a JPEG does not keep values"


def _header(reading: Reading, member: int) -> tuple[int, int, int, int] | None:
    try:
        return png_header(reading.view.head(member, 64))
    except MemberError:
        return None


def _reading_of(reading: Reading, masks: list[int], word: str) -> tuple[MaskReading, str]:
    """How the masks are meant, and what the guess rests on ("" when a person said it)."""
    if reading.options.masks != "guess":
        return MaskReading(reading.options.masks), ""
    headers = [header for member in evenly(masks, HEADERS) if (header := _header(reading, member))]
    if word.startswith("instance") or any(
        "instance" in base_name(reading.path(m)).lower() for m in masks[:HEADERS]
    ):
        return MaskReading.INSTANCES, "Each value is an object: their names say so."
    if any(bits == 16 for _, _, bits, kind in headers if kind in (0, 3)):
        return MaskReading.INSTANCES, "Each value is an object: masks have 16 bits."
    if headers and all(bits == 1 for _, _, bits, _ in headers):
        return MaskReading.BINARY, "They have one bit: a pixel belongs to the object or not."
    return _by_values(values_of_masks(reading.view, masks))


def _by_values(looked: dict[int, set[int]]) -> tuple[MaskReading, str]:
    values = set().union(*looked.values()) - {0}
    where = f"in {len(looked)} masks that were looked into"
    if len(values) <= 1:
        return (
            MaskReading.BINARY,
            f"Any value but 0 is the one class: there are {len(values) + 1} values {where}.",
        )
    if len(values) <= CLASSES_MOST:
        return MaskReading.CLASSES, f"Each value is a class: there are {len(values) + 1} values {where}."
    return MaskReading.INSTANCES, f"Each value is an object: there are {len(values) + 1} values {where}."
