"""`geotiff_pairs`: chips of GeoTIFF, any number of data sources each, with labels called as they are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from triptych.core.dataset import DraftItem, DraftLayer, Ignored, Inventory, Modality, Role
from triptych.core.errors import Refused
from triptych.core.labels import DraftSet, Task
from triptych.core.names import cut_front
from triptych.core.recipe import Purpose
from triptych.formats.base import Match, Refusal
from triptych.formats.geotiff_pairs import agreeing
from triptych.formats.geotiff_pairs.beside import Beside, labels_beside
from triptych.formats.geotiff_pairs.facts import facts_of
from triptych.formats.geotiff_pairs.heads import Heads
from triptych.formats.geotiff_pairs.label_values import LabelValues, values_of_labels
from triptych.formats.geotiff_pairs.notices import NOTICES
from triptych.formats.geotiff_pairs.parts import parts_by_folders, read_parts
from triptych.formats.geotiff_pairs.propose import free_name
from triptych.formats.geotiff_pairs.recipe_file import recipe_member, with_recipe_file
from triptych.formats.geotiff_pairs.recipes import recipe_of
from triptych.formats.geotiff_pairs.survey import Survey, first_look, sampled_kinds, survey_of
from triptych.formats.geotiff_pairs.taken import scene_of, times_of
from triptych.formats.pictures.answers import count
from triptych.formats.raster_options import RasterOptions
from triptych.formats.tally import Tally

if TYPE_CHECKING:
    from triptych.core.recipe import Recipe
    from triptych.formats.base import ReaderOptions, SourceView
    from triptych.formats.geotiff_pairs.header import RasterHeader
    from triptych.formats.geotiff_pairs.propose import Kind

NO_RASTERS = Refusal(
    "It holds no GeoTIFF.", "Add .tif files: data and labels called alike, as a_img.tif and a_mask.tif."
)
LOOKED = 6


class GeotiffPairsReader:
    """Reads chips of GeoTIFF with labels of the same stem."""

    def detect(self, view: SourceView) -> Match | Refusal:
        """Yes where there are more TIFF files than pictures, and a few of them are such."""
        survey = view.once(first_look)
        tiffs = len(survey.members.rasters)
        if not tiffs:
            return NO_RASTERS
        paired = sum(len(files) > 1 for files in survey.chips.chips.values())
        loose = len(survey.members.pictures) + len(survey.members.pngs) - paired
        if loose > tiffs:
            return Refusal(
                f"It holds {tiffs:,} TIFF files, and more pictures of other formats: {loose:,}.",
                "Add the TIFF files as a dataset of their own.",
            )
        heads = view.once(Heads)
        looked = [view.paths[member] for member in survey.members.rasters]
        sample = [survey.members.rasters[at] for at in range(0, len(looked), max(1, len(looked) // LOOKED))]
        found = heads.read(sample)
        if not found and not any(heads.unread[member].code == "out_of_reach" for member in sample):
            return Refusal("None of the .tif files that were looked into is a TIFF.", "Write them anew.")
        if recipe_member(view) is not None:
            return Match(0.96, "recipe.json says how its chips are read.")
        if paired:
            return Match(0.93, f"{count(paired, 'chip')} of GeoTIFF, of which each has several files.")
        if any(header.is_geographic for header in found.values()):
            # Files of labels beside them may be such as are found beside pictures, of which there are none.
            alone = not survey.members.pictures and not survey.members.pngs
            return Match(0.94 if alone else 0.9, f"{count(tiffs, 'GeoTIFF file')}.")
        return Match(0.3, f"{count(tiffs, 'TIFF file')} without a coordinate system.")

    def inventory(self, view: SourceView, options: ReaderOptions) -> Inventory:
        """Chips as items, data sources and labels as their layers, and the recipe that fits.

        Headers of at most 2,000 files of data and 200 labels are read, and as many labels are decoded to know their
        values. Refused: `nothing_to_import` where no raster ends with the suffixes, `labels_unreadable` and
        `recipe_unreadable` for a label file and a recipe of the source that cannot be used; InvalidInput
        (`bad_collections`) for a table of collections that cannot be used.
        """
        return _Reading(view, with_recipe_file(view, options)).inventory()


@dataclass(slots=True)
class _Reading:
    """A source while it is read."""

    view: SourceView
    options: ReaderOptions
    tally: Tally = field(default_factory=lambda: Tally("", NOTICES))
    ignored: list[Ignored] = field(default_factory=list)
    label_files: list[int] = field(default_factory=list)
    sets: list[DraftSet] = field(default_factory=list)

    def inventory(self) -> Inventory:
        heads = self.view.once(Heads)
        plain = self.options.rasters == RasterOptions() and self.options.labels == "read"
        survey = self.view.once(first_look) if plain else survey_of(self.view, self.options.rasters, heads)
        for code, example in survey.guessed:
            self.tally.add(code, example)
        for text in survey.empty:
            self.tally.add("suffix_without_files", text)
        if self.options.labels == "ignore":
            self._leave_out_labels(survey)
        if not survey.sources:
            raise self._nothing(survey)
        kinds, sample = sampled_kinds(survey, heads)
        values = LabelValues()
        if survey.label is not None:
            values = values_of_labels(self.view, heads, list(kinds[survey.label].headers))
        recipe = recipe_of(survey, kinds, values, self.options, self.tally)
        items = self._items(survey, recipe, kinds)
        beside = labels_beside(self.view, self.options, survey.members, items, heads, self.tally)
        if (
            self.options.rasters.purpose is None
            and self.options.rasters.recipe is None
            and survey.label is None
        ):
            purpose = beside.purpose()
            if purpose is not None:
                recipe = replace(recipe, purpose=purpose)
                self.tally.add("purpose_guessed", purpose.value)
        self._note(survey, recipe, kinds, values, sample, heads)
        self._add_sets(survey, recipe, items, beside)
        lists = self._deal(survey, items)
        self._others(survey, {*lists, *beside.label_files, *(entry.member for entry in beside.ignored)})
        facts = facts_of(survey, recipe, kinds, values, self.view)
        self.ignored += self.view.ignored
        self.ignored.sort(key=lambda entry: entry.member)
        return Inventory(
            "geotiff_pairs", Modality.GEOSPATIAL, items, self.sets, sorted(self.label_files), self.ignored,
            [*beside.findings, *self.tally.findings()], recipe, facts,
        )  # fmt: skip

    def _leave_out_labels(self, survey: Survey) -> None:
        if survey.label is not None:
            for member in survey.files(survey.label):
                self._ignore(member, "labels_ignored", "Labels are left out, as was asked for.")
            for files in survey.chips.chips.values():
                files.pop(survey.label, None)
            survey.label = None

    def _ignore(self, member: int, code: str, reason: str) -> None:
        self.ignored.append(Ignored(member, code, reason))

    def _nothing(self, survey: Survey) -> Refused:
        suffixes = ", ".join(slot.text for slot in survey.chips.slots)
        return Refused(
            f"None of {count(len(survey.members.rasters), 'TIFF file')} is data: the suffixes are {suffixes}.",
            code="nothing_to_import",
            hint="Say data_suffixes=SUFFIX and label_suffix=SUFFIX as they end the names of the files.",
            findings=self.tally.findings(),
        )

    def _items(self, survey: Survey, recipe: Recipe, kinds: dict[int, Kind]) -> list[DraftItem]:
        """Chips in the natural order of their keys; each member of a raster gets its place."""
        names = _layer_names(survey, recipe)
        role = Role.TARGET if recipe.purpose in (Purpose.REGRESSION, Purpose.GENERATION) else Role.LABEL
        times = times_of(survey, recipe, kinds, self.tally)
        items: list[DraftItem] = []
        for key, files in survey.chips.chips.items():
            sources = [(names[number], survey.rasters[files[number]]) for number in names if number in files]
            label = survey.rasters[files[survey.label]] if survey.label in files else None
            for number in survey.previews:
                if number in files:
                    self._preview(survey.rasters[files[number]])
            if not sources:
                if label is not None:
                    self.tally.add("label_without_data", cut_front(self.view.paths[label], 160))
                    self._ignore(label, "label_without_data", "There is no data that it labels.")
                continue
            others = [DraftLayer(name, member, Role.SOURCE) for name, member in sources[1:]]
            if label is not None:
                others.append(DraftLayer(recipe.label_layer, label, role))
            elif survey.label is not None:
                self.tally.add("data_without_label", cut_front(key, 160))
            if len(sources) < len(names):
                missing = [name for name in names.values() if name not in {name for name, _ in sources}]
                self.tally.add("source_missing", f"{cut_front(key, 120)}: {', '.join(missing)}")
            items.append(
                DraftItem(
                    key, sources[0][1], key, layer=sources[0][0], others=tuple(others), time=times.get(key),
                    scene=scene_of(key, recipe, self.tally),
                )
            )  # fmt: skip
        return items

    def _preview(self, member: int) -> None:
        self.tally.add("preview_left_out", cut_front(self.view.paths[member], 160))
        self._ignore(member, "preview_left_out", "It is taken for a preview of the chip beside it.")

    def _note(
        self, survey: Survey, recipe: Recipe, kinds: dict[int, Kind], values: LabelValues, sample: list[str],
        heads: Heads,
    ) -> None:  # fmt: skip
        paths = self.view.paths
        for number, kind in kinds.items():
            agreeing.note_kind(kind, paths, self.tally, label=number == survey.label)
        self._note_chips(survey, kinds, sample)
        allowed = None
        if self.options.rasters.recipe is not None and recipe.categories:
            allowed = frozenset(each.id for each in recipe.categories)
        agreeing.note_values(values, allowed, paths, self.tally, classes=recipe.purpose not in _MEASURED)
        for member, why in sorted(heads.unread.items()):
            code = "header_out_of_reach" if why.code == "out_of_reach" else "header_unreadable"
            self.tally.add(code, cut_front(paths[member], 160))
        total = len(survey.chips.chips)
        if len(sample) < total:
            self.tally.add("headers_sampled", f"{len(sample):,} of {total:,} chips")
        label = kinds.get(survey.label) if survey.label is not None else None
        if label is not None and any(header.compression == "png" for header in label.headers.values()):
            self.tally.add("label_without_place", label.slot.text, count=len(label.members))

    def _note_chips(self, survey: Survey, kinds: dict[int, Kind], sample: list[str]) -> None:
        chips = survey.chips.chips
        for key in sample:
            headers: list[RasterHeader] = []
            for number in survey.sources:
                at = chips[key].get(number)
                header = None if at is None else kinds[number].headers.get(survey.rasters[at])
                if header is not None:
                    headers.append(header)
            label = None
            if survey.label is not None and survey.label in chips[key]:
                label = kinds[survey.label].headers.get(survey.rasters[chips[key][survey.label]])
            if headers:
                agreeing.note_chip(cut_front(key, 120), headers[0], headers[1:], label, self.tally)

    def _deal(self, survey: Survey, items: list[DraftItem]) -> list[int]:
        """Parts from lists in the source, else from folders; the members that are such lists."""
        parts, lists = read_parts(self.view, survey, self.tally)
        if not parts and all(item.part is None for item in items):
            parts = parts_by_folders([item.key for item in items], self.tally)
        if parts:
            items[:] = [item._replace(part=parts.get(item.key, item.part)) for item in items]
        self.label_files += lists
        return lists

    def _add_sets(self, survey: Survey, recipe: Recipe, items: list[DraftItem], beside: Beside) -> None:
        self.label_files += beside.label_files
        self.ignored += beside.ignored
        if any(layer.role is not Role.SOURCE for item in items for layer in item.others):
            assert survey.label is not None
            measured = recipe.purpose in _MEASURED
            self.sets.append(
                DraftSet(
                    recipe.label_layer,
                    Task.REGRESSION if measured else Task.SEGMENTATION,
                    survey.chips.slots[survey.label].text,
                    [] if measured else list(recipe.categories),
                    layer=recipe.label_layer,
                )
            )
        for made in beside.sets:
            made.name = free_name(made.name, [other.name for other in self.sets]) if made.name else ""
            self.sets.append(made)
        if not self.sets and recipe.purpose is not Purpose.OTHER and self.options.labels == "read":
            self.tally.add("labels_missing", recipe.purpose.value)

    def _others(self, survey: Survey, placed: set[int]) -> None:
        """Every member that is no raster of a chip gets its place."""
        for at in survey.chips.unmatched:
            member = survey.rasters[at]
            path = cut_front(self.view.paths[member], 160)
            if path.lower().endswith(".png"):
                self._preview(member)
            else:
                self.tally.add("no_suffix_matches", path)
                self._ignore(member, "no_suffix_matches", "Its name ends with none of the suffixes.")
        for at, first in survey.chips.duplicates:
            member, other = survey.rasters[at], self.view.paths[survey.rasters[first]]
            self.tally.add(
                "duplicate_stem", f"{cut_front(self.view.paths[member], 100)}, {cut_front(other, 100)}"
            )
            self._ignore(member, "duplicate_stem", f"{cut_front(other, 120)} is the same of the same chip.")
        members = survey.members
        if not members.rasters:
            return
        rest = [*members.pictures, *members.tables, *members.vectors, *members.lists, *members.others]
        recipe = recipe_member(self.view)
        for member in sorted(set(rest) - placed):
            if member == recipe:
                self.label_files.append(member)
                continue
            self.tally.add("not_a_raster", cut_front(self.view.paths[member], 160))
            self._ignore(member, "not_a_raster", "It is neither a raster nor a label file.")


_MEASURED = (Purpose.REGRESSION, Purpose.GENERATION)


def _layer_names(survey: Survey, recipe: Recipe) -> dict[int, str]:
    """The layer of each slot of data, the leading one first."""
    by_suffix = {source.suffix: source.name for source in recipe.sources}
    return {number: by_suffix[survey.chips.slots[number].text] for number in survey.sources}
