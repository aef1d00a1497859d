"""Which files belong to one chip: suffixes that explain the most names, and chips by what stands before them.

Pure: names in, chips out. A suffix is the end of a name from a separator on ("_mask.tif", ".tif"; "/mask.tif" where
each chip has a folder of its own). "labels/.tif" means files in a folder `labels`, which is then no part of a chip's
key. Case does not matter, and .tiff is .tif. Of several suffixes that fit a name the longest counts, so `.tif`
never takes `x.mask.tif`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from triptych.core.names import base_name, fold, natural_key
from triptych.formats.geotiff_pairs.words import ASIDE, LABELS, PARTS, PICTURES, TARGETS, label_rank, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_SUFFIXES = 256
"""Suffixes that are looked at, the most frequent ones."""

MOST_SLOTS = 32
"""Data sources and labels of one source at most."""

SHARE = 0.5
"""Files that pairs of suffixes without a known word have to explain."""

CLEAR = 0.9
"""Files that suffixes have to explain for no other way to be looked for."""

SAMPLED = 6_000
"""Files beyond which suffixes are proposed from runs of neighbours."""

BLOCK = 150

_TAILS = 5
_SPELLED = 2_000
_CROWDED = 24
_LONG_NAME = 1_000
_SEPARATOR = re.compile(r"[-_. ]")
_WORD = re.compile(r"[-_. ]?([^-_. ]*)")
_BAND = re.compile(r"b[0-9]{1,2}a?")
_TIFF = re.compile(r"\.tiff$", re.IGNORECASE)


class Slot(NamedTuple):
    """What one kind of file is called: a folder ("" for any) and the end of its name."""

    folder: str
    suffix: str

    @property
    def text(self) -> str:
        """As people write it and as it stands in a recipe."""
        return f"{self.folder}/{self.suffix}" if self.folder else self.suffix

    @property
    def words(self) -> frozenset[str]:
        """The words of the folder and of the suffix, without its ending."""
        return words_of(self.folder) | words_of(self.suffix.rpartition(".")[0])

    def path_of(self, key: str) -> str:
        """The path of the file of a chip: what `chips_of` finds under this key again."""
        return f"{self.folder}/{key}{self.suffix}" if self.folder else f"{key}{self.suffix}"

    @classmethod
    def of(cls, text: str) -> Slot:
        """A slot as people write it."""
        folder, slash, suffix = text.strip().rpartition("/")
        return cls(folder.strip("/"), suffix if folder else slash + suffix)


@dataclass(slots=True)
class Chips:
    """Files by chip and slot. `chips` has (slot number → index of the path) by key, in the natural order of the keys;
    `duplicates` are (index, index of the one that counts), `unmatched` fit no suffix."""

    slots: tuple[Slot, ...]
    chips: dict[str, dict[int, int]] = field(default_factory=dict)
    duplicates: list[tuple[int, int]] = field(default_factory=list)
    unmatched: list[int] = field(default_factory=list)


class _Name(NamedTuple):
    """A path as it is compared: its folders as they are, and "/" + name, folded."""

    folders: str
    form: str
    base: str


def _name(path: str) -> _Name:
    folders, _, base = path.rpartition("/")
    return _Name(folders, "/" + _TIFF.sub(".tif", fold(base)), base)


def _form(suffix: str) -> str:
    return _TIFF.sub(".tif", fold(suffix))


def chips_of(paths: Sequence[str], slots: Iterable[Slot]) -> Chips:
    """Assign every path to the slot with a folder of its name, then to the one with the longest suffix that fits."""
    found = Chips(tuple(slots))
    ordered = sorted(
        ((fold(slot.folder), _form(slot.suffix), number) for number, slot in enumerate(found.slots)),
        key=lambda entry: (not entry[0], -len(entry[1])),
    )
    chips: dict[str, dict[int, int]] = {}
    for index in sorted(range(len(paths)), key=lambda at: paths[at]):
        name = _name(paths[index])
        fit = next((entry for entry in ordered if _fits(name, entry[0], entry[1])), None)
        if fit is None:
            found.unmatched.append(index)
            continue
        files = chips.setdefault(_key(name, fit[0], fit[1]), {})
        if fit[2] in files:
            found.duplicates.append((index, files[fit[2]]))
        else:
            files[fit[2]] = index
    found.chips = {key: chips[key] for key in sorted(chips, key=natural_key)}
    found.unmatched.sort()
    return found


def _fits(name: _Name, folder: str, suffix: str) -> bool:
    if not name.form.endswith(suffix):
        return False
    return not folder or folder in fold(name.folders).split("/")


def _key(name: _Name, folder: str, suffix: str) -> str:
    folders = name.folders
    if folder:
        parts = folders.split("/")
        del parts[len(parts) - 1 - [fold(part) for part in reversed(parts)].index(folder)]
        folders = "/".join(parts)
    stem = name.form[1 : max(1, len(name.form) - len(suffix))]
    if not stem:
        return folders or name.base.rpartition(".")[0] or name.base
    spelled = _spelled_stem(name.base, stem)
    return f"{folders}/{spelled}" if folders else spelled


def _spelled_stem(base: str, stem: str) -> str:
    """The beginning of a name whose folded form is a stem: folding may make it longer ("ß") or shorter."""
    if fold(base[: len(stem)]) == stem:
        return base[: len(stem)]
    if len(base) > _LONG_NAME:
        return stem
    return next((base[:end] for end in range(len(base), 0, -1) if fold(base[:end]) == stem), stem)


def propose_slots(paths: Sequence[str]) -> tuple[Slot, ...]:
    """The slots that explain the most files, without an order; the longest common suffix where nothing pairs up.

    Files pair up within their folder; where hardly any do, a folder for each kind of file is looked for (`images`,
    `labels`), of which at least one has a word that is known.
    """
    if len(paths) > SAMPLED:
        for order in (base_name, str):
            sample = _blocks(sorted(paths, key=order))
            found = _proposed(sample)
            ends = tuple(_form(slot.suffix) for slot in found.slots)
            if found.explained >= CLEAR * len(sample) and all(
                _TIFF.sub(".tif", f"/{path}".lower()).endswith(ends) for path in paths
            ):
                return found.slots
    return _proposed(paths).slots


def _blocks(ordered: list[str]) -> list[str]:
    """Runs of neighbours, evenly spread: files of one chip stand side by side."""
    count = SAMPLED // 2 // BLOCK
    starts = (number * (len(ordered) - BLOCK) // (count - 1) for number in range(count))
    return [path for start in starts for path in ordered[start : start + BLOCK]]


class _Best(NamedTuple):
    slots: tuple[Slot, ...]
    explained: int


def _proposed(paths: Sequence[str]) -> _Best:
    names = [_name(path) for path in paths]
    whole = [_cut(name, "") for name in names]
    best = _best(whole)
    if best.explained < CLEAR * len(paths):
        for depth in _depths(names):
            dropped = [_dropped(name, depth) for name in names]
            other = _best(dropped)
            if other.explained > best.explained and _is_sheet(other.slots):
                best, whole = other, dropped
    paired = best.slots and (best.explained >= SHARE * len(paths) or _known(best.slots))
    slots = _extended(best.slots, whole) if paired else _alone(names)
    spelled = tuple(_spelled(slot, paths) for slot in slots)
    return _Best(spelled, _explained(slots, whole) if paired else 0)


def _explained(slots: Sequence[Slot], cuts: list[_Cut]) -> int:
    """Files that a slot takes."""
    return len(cuts) - len(_sorted_out(cuts, list(slots), set()))


class _Cut(NamedTuple):
    """A name without the folder that may be its kind: folders and form in one, and where suffixes begin in it."""

    whole: str
    folder: str
    starts: tuple[int, ...]


def _cut(name: _Name, folder: str) -> _Cut:
    """Suffixes begin at separators that a word with a letter follows, and at the slash before a word for a kind."""
    form, before = name.form, len(name.folders)
    starts = tuple(
        before + at
        for at in [match.start() for match in _SEPARATOR.finditer(form, 2)][-_TAILS:]
        if not form[at + 1].isdigit()
    )
    if before and len(form) < 32 and _is_kind(form):
        starts = (before, *starts)
    return _Cut(name.folders + form, folder, starts)


@lru_cache(maxsize=4096)
def _is_kind(form: str) -> bool:
    """Whether a whole name says what a file is and not which: image.tif, mask.tif, B02.tif."""
    words = words_of(form.rpartition(".")[0])
    return bool(words) and all(
        word in LABELS or word in TARGETS or word in PICTURES or word in ASIDE or _BAND.fullmatch(word)
        for word in words
    )


def _stems(cuts: list[_Cut]) -> dict[tuple[str, str], list[str]]:
    """Stems by folder and suffix, of the most frequent suffixes."""
    counts: Counter[tuple[str, str]] = Counter()
    for whole, folder, starts in cuts:
        counts.update([(folder, whole[at:]) for at in starts])
    ordered = sorted(counts, key=lambda slot: (-counts[slot], len(slot[1]), slot))[:MOST_SUFFIXES]
    found: dict[tuple[str, str], list[str]] = {slot: [] for slot in ordered}
    for whole, folder, starts in cuts:
        for at in starts:
            members = found.get((folder, whole[at:]))
            if members is not None:
                members.append(whole[:at])
    return found


def _best(cuts: list[_Cut]) -> _Best:
    """The two slots that share the most stems."""
    by_stem: dict[str, list[tuple[str, str]]] = {}
    for pair, stems in _stems(cuts).items():
        for stem in stems:
            by_stem.setdefault(stem, []).append(pair)
    crowds = Counter(tuple(slots) for slots in by_stem.values() if 2 <= len(slots) <= _CROWDED)
    pairs: Counter[tuple[Slot, Slot]] = Counter()
    for crowd, count in crowds.items():
        ordered = sorted({Slot(*slot) for slot in crowd})
        for at, one in enumerate(ordered):
            for other in ordered[at + 1 :]:
                pairs[one, other] += count
    if not pairs:
        return _Best((), 0)
    best = max(
        pairs, key=lambda pair: (pairs[pair], _known(pair), -sum(len(slot.suffix) for slot in pair), pair)
    )
    return _Best(best, 2 * pairs[best])


def _known(slots: Iterable[Slot]) -> bool:
    return any(slot.words & (LABELS | TARGETS | PICTURES) or label_rank(slot.words) for slot in slots)


def _is_sheet(slots: Iterable[Slot]) -> bool:
    """Whether folders of slots are kinds of files: one of them has a known word, and none is a part of a split."""
    folders = [words_of(slot.folder) for slot in slots]
    return any(words & (LABELS | TARGETS | PICTURES) or label_rank(words) for words in folders) and not any(
        words & PARTS for words in folders
    )


def _depths(names: list[_Name]) -> list[int]:
    """Places of folders that may be kinds of files: the last, then the first ones."""
    deepest = max((name.folders.count("/") + 1 for name in names if name.folders), default=0)
    return [-1, *range(min(deepest - 1, 4))] if deepest else []


def _dropped(name: _Name, depth: int) -> _Cut:
    parts = name.folders.split("/") if name.folders else []
    if not -len(parts) <= depth < len(parts):
        return _cut(name, "")
    folder = fold(parts.pop(depth))
    return _cut(name._replace(folders="/".join(parts)), folder)


def _extended(slots: tuple[Slot, ...], cuts: list[_Cut]) -> list[Slot]:
    """The slots with further ones, whose files belong to the same chips."""
    found = list(slots)
    stems: set[str] = set()
    left = _sorted_out(cuts, found, stems)
    while left and len(found) < MOST_SLOTS:
        shared = {
            Slot(*slot): (sum(stem in stems for stem in members), len(members))
            for slot, members in _stems(left).items()
        }
        fitting = [slot for slot, (same, whole) in shared.items() if same and 2 * same >= whole]
        if not fitting:
            break
        chosen = max(fitting, key=lambda slot: (shared[slot][0], -len(slot.suffix), slot))
        found.append(chosen)
        left = _sorted_out(left, [chosen], stems)
    return found


def _sorted_out(cuts: list[_Cut], slots: list[Slot], stems: set[str]) -> list[_Cut]:
    """Adds the stems of files that fit a slot; the others."""
    ordered = sorted(slots, key=lambda slot: -len(slot.suffix))
    left: list[_Cut] = []
    for cut in cuts:
        for slot in ordered:
            if slot.folder == cut.folder and cut.whole.endswith(slot.suffix):
                stems.add(cut.whole[: -len(slot.suffix)])
                break
        else:
            left.append(cut)
    return left


def _alone(names: list[_Name]) -> list[Slot]:
    """Suffixes of files of which none pairs up: the longest one that all of an ending share."""
    found: list[Slot] = []
    endings: dict[str, list[_Name]] = defaultdict(list)
    for name in names:
        endings[name.form[name.form.rfind(".") :]].append(name)
    for ending, members in sorted(endings.items()):
        tails = ({cut.whole[at:] for at in cut.starts} for cut in map(_inner, members))
        common = set.intersection(*tails)
        # A suffix that a single name ends with is no pattern.
        fitting = [tail for tail in common if _has_word(tail)] if len(members) > 1 else []
        found.append(Slot("", max(fitting, key=len, default=ending)))
    return found


def _inner(name: _Name) -> _Cut:
    return _cut(name._replace(folders=""), "")


def _has_word(tail: str) -> bool:
    match = _WORD.match(tail)
    return match is not None and "." in tail[1:] and any(letter.isalpha() for letter in match.group(1))


def _spelled(slot: Slot, paths: Sequence[str]) -> Slot:
    """The slot as most files spell it."""
    suffixes: Counter[str] = Counter()
    folders: Counter[str] = Counter()
    for path in paths[:: max(1, len(paths) // _SPELLED)]:
        folder, _, base = path.rpartition("/")
        written = f"/{base}"
        shorter = written[-len(slot.suffix) :]
        if _form(shorter) == slot.suffix:
            suffixes[shorter] += 1
        elif _form(written[-len(slot.suffix) - 1 :]) == slot.suffix:
            suffixes[written[-len(slot.suffix) - 1 :]] += 1
        if slot.folder:
            folders.update(part for part in folder.split("/") if fold(part) == slot.folder)
    suffix = min(suffixes, key=lambda text: (-suffixes[text], text)) if suffixes else slot.suffix
    return Slot(min(folders, key=lambda text: (-folders[text], text)) if folders else slot.folder, suffix)
