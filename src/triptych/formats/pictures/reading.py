"""What the readers of label files of other tools share: items, a way to match, and an inventory at the end."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from triptych.core.dataset import Ignored
from triptych.core.errors import Refused
from triptych.core.labels import DraftSet, Kind, Label, LabelClass, palette_color
from triptych.formats.label_csv.gather import NAME_LIMIT, shortened
from triptych.formats.pictures.answers import main_area
from triptych.formats.pictures.described import as_described
from triptych.formats.pictures.inventory import Assembly, assemble, nothing_to_import
from triptych.formats.pictures.keys import items_of, loose
from triptych.formats.pictures.layout import layout_of
from triptych.formats.pictures.notices import NOTICES as PICTURE_NOTICES
from triptych.formats.pictures.pairing import Pairing, Parts, matcher_of
from triptych.formats.pictures.shape_notices import NOTICES
from triptych.formats.pictures.shapes import Shapes
from triptych.formats.pictures.sizes import Sizes
from triptych.formats.sidecar import sidecar_of
from triptych.formats.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable

    from triptych.core.dataset import DraftItem, Inventory
    from triptych.core.labels import Task
    from triptych.formats.base import ReaderOptions, SourceView
    from triptych.formats.label_csv.matching import Matcher
    from triptych.formats.pictures.layout import Layout

IGNORED_AS_ASKED = "Labels are left out, as was asked for."
EVEN = 200
"""Members of one kind that are looked into when a format is chosen."""


def without(layout: Layout, taken: Iterable[int]) -> Layout:
    """The layout without members that a format reads itself."""
    gone = set(taken)
    kept = [pair for pair in zip(layout.pictures, layout.areas, strict=True) if pair[0] not in gone]
    return replace(
        layout,
        pictures=[member for member, _ in kept],
        areas=[area for _, area in kept],
        tables=[member for member in layout.tables if member not in gone],
        ignored=[entry for entry in layout.ignored if entry.member not in gone],
        by_content=[member for member in layout.by_content if member not in gone],
    )


def evenly(members: list[int], most: int = EVEN) -> list[int]:
    """At most so many of them, evenly chosen."""
    return members[:: max(1, -(-len(members) // most))]


@dataclass(slots=True)
class Reading:
    """A source while its label files are read. `taken` are the members that the format puts in a bin itself."""

    view: SourceView
    options: ReaderOptions
    layout: Layout
    items: list[DraftItem]
    tally: Tally
    keys: Tally
    matcher: Matcher
    pairing: Pairing
    parts: Parts
    shapes: Shapes
    sizes: Sizes
    sets: list[DraftSet] = field(default_factory=list)
    label_files: list[int] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    tallies: list[Tally] = field(default_factory=list)
    embedded_sizes: dict[int, tuple[int, int] | None] = field(default_factory=dict)

    @property
    def reads_labels(self) -> bool:
        """Whether labels are asked for."""
        return self.options.labels == "read"

    def path(self, member: int) -> str:
        """The path of a member below the wrapper."""
        return self.view.paths[member]

    def size_of(self, item: int) -> tuple[int, int] | None:
        """Height and width of an item by its first bytes, None when they do not say."""
        if self.items[item].embedded:
            return self.embedded_sizes.get(item)
        return self.sizes.supposed(self.items[item].member)

    def leave_out(self, member: int, why: object) -> None:
        """A label file that cannot be read."""
        self.tally.add("label_file_unreadable", f"{self.path(member)}: {str(why)[:160]}")
        self.ignored.append(Ignored(member, "label_file_unreadable", f"It cannot be read: {str(why)[:160]}."))

    def no_picture(self, member: int) -> None:
        """A label file about a picture that is not there."""
        self.tally.add("label_without_image", self.path(member))
        self.ignored.append(
            Ignored(member, "label_without_image", "The picture that it is about is not in the source.")
        )

    def no_mask_picture(self, member: int) -> None:
        """A mask of no picture."""
        self.tally.add("mask_without_image", self.path(member))
        self.ignored.append(
            Ignored(member, "mask_without_image", "It is a mask of no picture of the source.")
        )

    def mask_fits(self, member: int, item: int) -> bool:
        """Whether a mask has its picture's size, by the first bytes of both; one that has not is left out."""
        mask, picture = self.sizes.of(member), self.sizes.of(self.items[item].member)
        if member in self.sizes.sampled:
            return True
        if mask is None:
            self.tally.add("mask_unreadable", self.path(member))
            self.ignored.append(
                Ignored(member, "mask_unreadable", "Its first bytes are those of no picture.")
            )
            return False
        if picture is not None and mask != picture:
            what = f"{mask[1]} × {mask[0]}, the picture {picture[1]} × {picture[0]}"
            self.tally.add("mask_size_differs", f"{self.path(member)}: {what}")
            self.ignored.append(Ignored(member, "mask_size_differs", f"It has another size: {what}."))
            return False
        return True

    def ignore_all(self, members: Iterable[int]) -> None:
        """Label files that are left out because the pictures alone were asked for."""
        for member in members:
            self.keys.add("labels_ignored", self.path(member))
            self.ignored.append(Ignored(member, "labels_ignored", IGNORED_AS_ASKED))

    def add_set(
        self, name: str, task: Task, source: str, classes: list[LabelClass], labels: list[Label]
    ) -> None:
        """An annotation set whose labels come in the order of the items."""
        labels.sort(key=lambda label: label.item)
        self.sets.append(DraftSet(name, task, source, classes, labels))

    def inventory(self, format_name: str) -> Inventory:
        """What was read; Refused as `assemble`, and `nothing_to_import` without an item."""
        if sampled := len(self.sizes.sampled):
            self.tally.add("sizes_sampled", count=sampled)
        items = self.parts.applied(self._listed())
        if not items:
            raise self._nothing()
        taken = {*self.label_files, *(entry.member for entry in self.ignored)}
        taken |= {item.member for item in items if item.embedded}
        given = Assembly(
            format_name,
            main_area(self.view),
            without(self.layout, taken),
            self.keys,
            as_described(self.view, format_name, self.sets, items),
            self.label_files,
            self.ignored,
            [finding for tally in (self.tally, *self.tallies) for finding in tally.findings()],
        )
        return assemble(self.view, self.options, items, given)

    def _listed(self) -> set[int]:
        """Items of which triptych.json says everything, that they belong to no part too."""
        sidecar = self.view.once(sidecar_of).sidecar
        paths = {item.path for item in sidecar.items or ()} if sidecar is not None else set()
        return {index for index, item in enumerate(self.items) if self.path(item.member) in paths}

    def _nothing(self) -> Refused:
        refusal = nothing_to_import(self.view)
        found = [finding for tally in (self.tally, *self.tallies) for finding in tally.findings()]
        return Refused(
            refusal.message, code=refusal.code, hint=refusal.hint, findings=[*refusal.findings, *found]
        )


def begin(view: SourceView, options: ReaderOptions, *, masks: Iterable[int] = ()) -> Reading:
    """The pictures of a source as items, less the members that are masks. There may be none of them."""
    layout = without(view.once(layout_of), masks)
    keys = Tally("", PICTURE_NOTICES)
    items = items_of(view, layout, main_area(view), loose, keys)
    return reading_of(view, options, layout, items, keys)


def reading_of(
    view: SourceView, options: ReaderOptions, layout: Layout, items: list[DraftItem], keys: Tally
) -> Reading:
    """A reading of given items."""
    tally = Tally("", NOTICES)
    paths = [view.paths[item.member] for item in items]
    return Reading(
        view, options, layout, items, tally, keys, matcher_of(view, items), Pairing(paths),
        Parts(items, tally), Shapes(tally), Sizes(view),
    )  # fmt: skip


class Numbered:
    """Classes that have numbers; names are those of a list, and "class 7" where it has none: those are `added`."""

    def __init__(self, names: dict[int, str], tally: Tally, colors: dict[int, str] | None = None) -> None:
        self._names = names
        self._tally = tally
        self._colors = colors or {}
        self.added: dict[int, str] = {}

    def use(self, number: int) -> int:
        """The class is used; gives its number."""
        if number not in self._names and number not in self.added:
            self._tally.add("class_without_name", f"class {number}")
            self.added[number] = f"class {number}"
        return number

    def classes(self) -> list[LabelClass]:
        """All classes of the list and all used, by their numbers; each name once."""
        found: list[LabelClass] = []
        taken: set[str] = set()
        for number, name in sorted((self._names | self.added).items()):
            if len(name) > NAME_LIMIT:
                self._tally.add("class_name_long", f"{name[:40]}…")
            final = shortened(name)
            if final in taken:
                self._tally.add("class_listed_twice", final[:100])
                final = _free(final[: NAME_LIMIT - 40], number, taken)
            taken.add(final)
            found.append(LabelClass(number, final, self._colors.get(number, palette_color(number))))
        return found


def _free(name: str, number: int, taken: set[str]) -> str:
    """A name with the number of its class behind it, that no other class has."""
    free, again = f"{name} ({number})", 2
    while free in taken:
        free, again = f"{name} ({number}, {again})", again + 1
    return free


def nothing_where_unlabelled(labels: list[Label], items: Iterable[int]) -> list[Label]:
    """The labels, and "looked at, nothing there" for each of the items without one."""
    labelled = {label.item for label in labels}
    return labels + [Label(item, Kind.NOTHING) for item in dict.fromkeys(items) if item not in labelled]
