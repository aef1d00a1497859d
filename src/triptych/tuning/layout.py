"""Where a training finds its files: a folder for each data source, one for labels, one for the lists of the parts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from triptych.core.dataset import Part

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from triptych.tuning.facts import TrainingFacts

LISTS = {Part.TRAIN: "train_data.txt", Part.VALIDATION: "val_data.txt", Part.TEST: "test_data.txt"}
SHARED_SUFFIX = ".tif"
"""Of every file where a chip has several data sources: TerraTorch's exact way finds a chip's files in the folders of
the sources by one name. Also where suffixes would sort images and labels differently, as `scene_2_img.tif` and
`scene_img.tif` stand the other way round than with `.mask.tif`. GDAL knows a PNG by what is in it."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Folders by data source and for the labels (`label_folder` names them), the lists of the parts, and what a
    file's name has behind the chip's. Paths have forward slashes and begin with `root`."""

    root: str
    folders: Mapping[str, str]
    suffixes: Mapping[str, str]
    label_folder: str
    lists: Mapping[Part, str]

    def file_name(self, key: str, folder: str) -> str:
        """The name of a chip's file in a folder. A slash in the key becomes two low lines, since chips of equal name
        from different folders lie in one."""
        return flat_name(key, self.suffixes[folder])

    def document(self) -> dict[str, Any]:
        """As stored and sent."""
        return {
            "root": self.root,
            "folders": dict(self.folders),
            "suffixes": dict(self.suffixes),
            "lists": {part.value: path for part, path in self.lists.items()},
        }


def flat_name(key: str, suffix: str) -> str:
    """A file's name in its folder: the key and the suffix, without slashes."""
    return re.sub(r"[/\\]", "__", f"{key}{suffix}")


def end_of(suffix: str) -> str:
    """What a file's name has behind the chip's, of a recipe's suffix: `labels/_mask.tif` names a folder besides, and
    `/image.tif` a file in the chip's own folder."""
    folder, _, end = suffix.rpartition("/")
    return end if folder else flat_name("", suffix)


def is_in_order(keys: Sequence[str], image_suffix: str, label_suffix: str) -> bool:
    """Whether sorting the names of images and those of labels brings the chips into the same order."""
    images, labels = (
        sorted(range(len(keys)), key=[flat_name(key, end_of(suffix)) for key in keys].__getitem__)
        for suffix in (image_suffix, label_suffix)
    )
    return images == labels


def layout_of(facts: TrainingFacts, root: str) -> Layout:
    """The layout of a dataset's files under a folder."""
    names = [each.source.name for each in facts.sources]
    label_folder = "labels"
    while label_folder in names:
        label_folder += "_"
    shared = len(names) > 1 or not facts.in_order
    base = root.rstrip("/") or "."
    suffixes = {each.source.name: each.source.suffix for each in facts.sources}
    suffixes[label_folder] = facts.label_suffix
    return Layout(
        base,
        {name: f"{base}/{name.strip('.') or 'source'}" for name in suffixes},
        {name: SHARED_SUFFIX if shared else end_of(suffix) for name, suffix in suffixes.items()},
        label_folder,
        {part: f"{base}/split_files/{name}" for part, name in LISTS.items()},
    )
