"""Where a training finds its files: a folder for each data source, one for labels, one for the lists of the parts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from triptych.core.dataset import Part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from triptych.tuning.facts import TrainingFacts

LISTS = {Part.TRAIN: "train_data.txt", Part.VALIDATION: "val_data.txt", Part.TEST: "test_data.txt"}
SHARED_SUFFIX = ".tif"
"""Of every file where a chip has several data sources: TerraTorch's exact way finds a chip's files in the folders of
the sources by one name. GDAL knows a PNG by what is in it."""


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
        return re.sub(r"[/\\]", "__", f"{key}{self.suffixes[folder]}")

    def document(self) -> dict[str, Any]:
        """As stored and sent."""
        return {
            "root": self.root,
            "folders": dict(self.folders),
            "suffixes": dict(self.suffixes),
            "lists": {part.value: path for part, path in self.lists.items()},
        }


def layout_of(facts: TrainingFacts, root: str) -> Layout:
    """The layout of a dataset's files under a folder."""
    names = [each.source.name for each in facts.sources]
    label_folder = "labels"
    while label_folder in names:
        label_folder += "_"
    shared = len(names) > 1
    base = root.rstrip("/") or "."
    suffixes = {each.source.name: each.source.suffix for each in facts.sources}
    suffixes[label_folder] = facts.label_suffix
    return Layout(
        base,
        {name: f"{base}/{name.strip('.') or 'source'}" for name in suffixes},
        {name: SHARED_SUFFIX if shared else suffix for name, suffix in suffixes.items()},
        label_folder,
        {part: f"{base}/split_files/{name}" for part, name in LISTS.items()},
    )
