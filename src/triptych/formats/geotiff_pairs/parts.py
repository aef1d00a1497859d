"""Parts of a split from lists in the source, one stem in each line, exactly as it stands in names of files; else from
folders that are called train, val and test."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from triptych.core.dataset import PARTS, Part
from triptych.core.names import base_name, cut_front, without_ending
from triptych.core.source import MemberError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from triptych.formats.base import SourceView
    from triptych.formats.geotiff_pairs.survey import Survey
    from triptych.formats.tally import Tally

FILE_BYTES = 64 * 1024 * 1024
MOST_FILES = 100
FOLDERS = frozenset({"split_files", "splits", "split"})

_WORDS = {
    "train": Part.TRAIN, "training": Part.TRAIN, "val": Part.VALIDATION, "valid": Part.VALIDATION,
    "validation": Part.VALIDATION, "validate": Part.VALIDATION, "dev": Part.VALIDATION, "test": Part.TEST,
    "testing": Part.TEST,
}  # fmt: skip


def part_of_name(path: str) -> Part | None:
    """The part whose list a file is by its name: train.txt, split_files/val_data.txt."""
    words = re.split(r"[-_. ]+", without_ending(base_name(path)).lower())
    found = {_WORDS[word] for word in words if word in _WORDS}
    return found.pop() if len(found) == 1 else None


def folder_part(key: str) -> Part | None:
    """The part whose folder a chip lies in, by its key: train/north/a is one of training."""
    found = {_WORDS[folder] for folder in key.lower().split("/")[:-1] if folder in _WORDS}
    return found.pop() if len(found) == 1 else None


def parts_by_folders(keys: Iterable[str], tally: Tally) -> dict[str, Part]:
    """Parts by key where folders for training and for another part hold chips; else none."""
    found = {key: part for key in keys if (part := folder_part(key)) is not None}
    parts = set(found.values())
    if Part.TRAIN not in parts or len(parts) < 2:
        return {}
    counts = Counter(found.values())
    told = ", ".join(f"{part.value} {counts[part]:,}" for part in PARTS if part in counts)
    tally.add("split_from_folders", told)
    return found


class Stems:
    """Chips by what a line may call them: the key, the stem where it is the only one, or the name of a file."""

    def __init__(self, survey: Survey, view: SourceView) -> None:
        chips = survey.chips.chips
        self._keys = dict.fromkeys(chips)
        stems: dict[str, str | None] = {}
        for key in chips:
            stem = base_name(key)
            stems[stem] = None if stem in stems else key
        for key, files in chips.items():
            for at in files.values():
                path = view.paths[survey.rasters[at]]
                stems.setdefault(path, key)
                base = base_name(path)
                if stems.setdefault(base, key) != key:
                    stems[base] = None
        self._stems = stems

    def find(self, line: str) -> str | None:
        """The key of the chip that a line names, None where it names none, or more than one."""
        return line if line in self._keys else self._stems.get(line)


def read_parts(view: SourceView, survey: Survey, tally: Tally) -> tuple[dict[str, Part], list[int]]:
    """Parts by key, and the members that are lists of them.

    A text file is a list when its name says so and a line of it names a chip; in a folder of splits the name is
    enough.
    """
    named: dict[Part, list[int]] = {part: [] for part in PARTS}
    for member in survey.members.lists[: MOST_FILES * 10]:
        part = part_of_name(view.paths[member])
        if part is not None:
            named[part].append(member)
    if not any(named.values()):
        return {}, []
    stems = Stems(survey, view)
    found: dict[str, Part] = {}
    lists: list[int] = []
    for part in PARTS:
        for member in named[part][:MOST_FILES]:
            if _read_one(view, member, part, stems, found, tally):
                lists.append(member)
    return found, lists


def _read_one(
    view: SourceView, member: int, part: Part, stems: Stems, found: dict[str, Part], tally: Tally
) -> bool:
    path = view.paths[member]
    try:
        text = view.read(member, FILE_BYTES).decode("utf-8-sig", "replace")
    except MemberError:
        return False
    lines = [line for line in (line.strip() for line in text.splitlines()) if line]
    keys = [stems.find(line) for line in lines]
    in_folder = bool(FOLDERS.intersection(path.lower().split("/")[:-1]))
    if not any(keys) and not (in_folder and lines):
        return False
    tally.add("split_from_files", f"{cut_front(path, 120)}: {sum(key is not None for key in keys):,} chips")
    for line, key in zip(lines, keys, strict=True):
        if key is None:
            tally.add("split_unknown_stem", f"{cut_front(path, 80)}: {cut_front(line, 80)}")
        elif key in found:
            tally.add(
                "split_twice", f"{cut_front(key, 80)} in {cut_front(path, 80)}, first in {found[key].value}"
            )
        else:
            found[key] = part
    return True
