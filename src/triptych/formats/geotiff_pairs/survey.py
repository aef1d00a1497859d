"""Which kinds of files a source of rasters has, what each is, and which chips they make."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from triptych.core.names import fold
from triptych.formats.geotiff_pairs.heads import MOST_LABELS, Heads, evenly
from triptych.formats.geotiff_pairs.pairing import Chips, Slot, chips_of, propose_slots
from triptych.formats.geotiff_pairs.propose import Kind
from triptych.formats.geotiff_pairs.sorting import Members, members_of
from triptych.formats.geotiff_pairs.words import label_rank

if TYPE_CHECKING:
    from triptych.formats.base import SourceView
    from triptych.formats.geotiff_pairs.header import RasterHeader
    from triptych.formats.raster_options import RasterOptions

FEWEST_LABELS = 100
"""Labels that are decoded of a source however small it is: each is read whole, often from afar."""

LOOKED = 12
"""Files of each kind that are looked into to tell data from labels."""


@dataclass(slots=True)
class Survey:
    """A source as chips. `rasters` are the members that `chips` counts (its indices are places in this list).

    `sources` and `label` are numbers of slots, `previews` those of coloured pictures that are neither. `guessed` are
    codes of what was guessed, with an example.
    """

    members: Members
    rasters: list[int]
    chips: Chips
    sources: list[int] = field(default_factory=list)
    label: int | None = None
    previews: list[int] = field(default_factory=list)
    guessed: list[tuple[str, str]] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)

    def files(self, slot: int) -> list[int]:
        """The members of a slot, in the order of the chips."""
        return [self.rasters[files[slot]] for files in self.chips.chips.values() if slot in files]


def first_look(view: SourceView) -> Survey:
    """The survey without any wish, as a choice of a format needs it."""
    from triptych.formats.raster_options import RasterOptions

    return survey_of(view, RasterOptions(), view.once(Heads))


def survey_of(view: SourceView, wishes: RasterOptions, heads: Heads) -> Survey:
    """Kinds of files by what a person said, by names, and where these say nothing by a few headers."""
    members = members_of(view)
    rasters = [*members.rasters, *members.pngs] if members.rasters else []
    paths = [view.paths[member] for member in rasters]
    data, label, guessed = _slots(paths, wishes)
    slots = list(dict.fromkeys([*data, *([label] if label is not None else []), *guessed]))
    survey = Survey(members, rasters, chips_of(paths, slots))
    used = {number for files in survey.chips.chips.values() for number in files}
    survey.empty = [
        slot.text for slot in (*data, label) if slot is not None and slots.index(slot) not in used
    ]
    if guessed:
        survey.guessed.append(("suffixes_guessed", ", ".join(slot.text for slot in guessed)))
    if label is not None:
        survey.label = slots.index(label) if slots.index(label) in used else None
    named = {slots.index(slot) for slot in data}
    _tell_apart(view, survey, heads, sorted(used), named, wants_label=label is None and not _without(wishes))
    return survey


def _without(wishes: RasterOptions) -> bool:
    """Whether a person says that there are no labels as rasters: a recipe without a suffix for them."""
    return wishes.recipe is not None and not wishes.recipe.label_suffix and wishes.label_suffix is None


def _slots(paths: list[str], wishes: RasterOptions) -> tuple[list[Slot], Slot | None, list[Slot]]:
    """Slots of data and of labels as they were asked for, and those that are proposed besides."""
    data = [Slot.of(text) for text in wishes.data_suffixes]
    text = wishes.label_suffix
    if wishes.recipe is not None:
        data = data or [Slot.of(source.suffix) for source in wishes.recipe.sources]
        text = text if text is not None else wishes.recipe.label_suffix
    label = Slot.of(text) if text else None
    if data and (label is not None or _without(wishes)):
        return data, label, []
    asked = [*data, *([label] if label is not None else [])]
    left = paths
    if asked:
        chips = chips_of(paths, asked)
        left = [paths[at] for at in chips.unmatched]
    proposed = propose_slots(left) if left else ()
    forms = {(fold(slot.folder), fold(slot.suffix)) for slot in asked}
    fresh = [slot for slot in proposed if (fold(slot.folder), fold(slot.suffix)) not in forms]
    if data:
        # Data was named: of the rest only what is called as labels is taken.
        fresh = [slot for slot in fresh if label_rank(slot.words) == 2][:1]
    return data, label, fresh


def _tell_apart(
    view: SourceView, survey: Survey, heads: Heads, used: list[int], named: set[int], *, wants_label: bool
) -> None:
    """Which slots are data sources, which one is the label, and which are previews."""
    kinds = {number: kind_of_slot(survey, heads, number, LOOKED) for number in used}
    for number in used:
        typical = kinds[number].typical
        if number in named or number == survey.label or typical is None or typical.compression != "png":
            continue
        if typical.bands > 1:
            survey.previews.append(number)
    open_slots = [number for number in used if number not in named and number not in survey.previews]
    if wants_label and len(used) - len(survey.previews) > 1:
        survey.label = _label(survey, kinds, open_slots)
    survey.sources = [number for number in used if number != survey.label and number not in survey.previews]
    survey.sources.sort(key=lambda number: (number not in named, number if number in named else 0))


def _label(survey: Survey, kinds: dict[int, Kind], among: list[int]) -> int | None:
    ranks = {number: label_rank(kinds[number].slot.words) for number in among}
    best = max(ranks.values(), default=0)
    if best:
        chosen = [number for number in among if ranks[number] == best]
        if len([rank for rank in ranks.values() if rank]) > 1:
            survey.guessed.append(("labels_beside_labels", kinds[_first(chosen, kinds)].slot.text))
        return _first(chosen, kinds)
    whole = [number for number in among if _is_class_raster(kinds[number].typical)]
    others = [number for number in kinds if number not in whole and number not in survey.previews]
    if whole and others:
        chosen_one = _first(whole, kinds)
        survey.guessed.append(("label_suffix_guessed", kinds[chosen_one].slot.text))
        return chosen_one
    return None


def _first(numbers: list[int], kinds: dict[int, Kind]) -> int:
    return max(numbers, key=lambda number: (len(kinds[number].members), kinds[number].slot.suffix))


def _is_class_raster(header: RasterHeader | None) -> bool:
    return header is not None and header.bands == 1 and header.dtype in ("uint8", "int8", "int16")


def kind_of_slot(survey: Survey, heads: Heads, number: int, most: int) -> Kind:
    """A slot with headers of at most so many of its files, evenly spread."""
    members = survey.files(number)
    return Kind(survey.chips.slots[number], members, heads.read(evenly(members, most)))


def sampled_kinds(survey: Survey, heads: Heads) -> tuple[dict[int, Kind], list[str]]:
    """Every slot with the headers of a sample of chips, and the keys of that sample; fewer chips where there are more
    sources, and labels of at most 200 of them."""
    keys = list(survey.chips.chips)
    sample = evenly_texts(keys, max(1, heads.most_data() // max(1, len(survey.sources))))
    chips = survey.chips.chips
    found: dict[int, Kind] = {}
    for number in survey.sources:
        members = [survey.rasters[chips[key][number]] for key in sample if number in chips[key]]
        found[number] = Kind(survey.chips.slots[number], survey.files(number), heads.read(members))
    if survey.label is not None:
        members = [survey.rasters[chips[key][survey.label]] for key in sample if survey.label in chips[key]]
        chosen = evenly(members, min(MOST_LABELS, max(FEWEST_LABELS, heads.most_data() // 2)))
        found[survey.label] = Kind(
            survey.chips.slots[survey.label], survey.files(survey.label), heads.read(chosen)
        )
    return found, sample


def evenly_texts(texts: list[str], most: int) -> list[str]:
    """At most so many of them, evenly spread."""
    return [texts[at] for at in evenly(range(len(texts)), most)]
