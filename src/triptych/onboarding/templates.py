"""Templates: a small archive of each layout that is understood, to look at, to copy, and to begin with.

They are made when somebody asks, and come in without a warning: a test brings in each.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from triptych.onboarding.template_pictures import holds_ball, picture, scatter, slice_of_ball

if TYPE_CHECKING:
    from collections.abc import Callable

Files = dict[str, bytes]

MADE_AT = (2026, 1, 1, 0, 0, 0)
EACH = 4
"""Pictures of a class."""

SLICES = (-0.8, -0.4, 0.0, 0.3, 0.75)
"""Heights of a study's slices."""


@dataclass(frozen=True, slots=True)
class Template:
    """A layout: how it is called, what it is in a sentence, and how its files are made."""

    id: str
    title: str
    text: str
    make: Callable[[], Files]

    def archive(self) -> bytes:
        """The zip; the same bytes at every call."""
        return _archive(self)

    def tree(self) -> list[str]:
        """Its folders, which end in a slash, and its files, each folder before what lies in it."""
        found: dict[str, None] = {}
        with zipfile.ZipFile(io.BytesIO(self.archive())) as archive:
            names = archive.namelist()
        for path in names:
            parts = path.split("/")
            for depth in range(1, len(parts)):
                found.setdefault("/".join(parts[:depth]) + "/")
            found.setdefault(path)
        return list(found)


@cache
def _archive(template: Template) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path, data in template.make().items():
            archive.writestr(zipfile.ZipInfo(path, MADE_AT), data)
    return target.getvalue()


def _pictures() -> Files:
    kinds = ("star", "disc", "triangle", "ring", "square", "disc")
    return {
        f"image/{name}.png": picture(scatter(f"pictures {name}", [kind, kinds[number - 1]]), number)
        for number, (name, kind) in enumerate(zip("abcdef", kinds, strict=True))
    }


def _single_label() -> Files:
    files: Files = {}
    rows = []
    for kind in ("disc", "square", "triangle"):
        for number in range(1, EACH + 1):
            name = f"{kind}_{number}.png"
            files[f"image/{name}"] = picture(scatter(f"single {name}", [kind]), number)
            rows.append(f"{name},{kind}")
    return files | _csv(rows)


def _multi_label() -> Files:
    files: Files = {}
    rows = []
    kinds = ("disc", "square", "star")
    for number in range(1, 3 * EACH + 1):
        # Which of the three are there: each alone, each pair, all of them.
        there = [kind for place, kind in enumerate(kinds) if (number % 7 + 1) >> place & 1]
        name = f"{number:02}.png"
        files[f"image/{name}"] = picture(scatter(f"multi {name}", there), number)
        rows += [f"{name},{kind},{int(kind in there)}" for kind in kinds]
    return files | _csv(rows)


def _detection() -> Files:
    files: Files = {}
    rows = []
    kinds = ("disc", "triangle", "ring")
    for number in range(1, 3 * EACH + 1):
        shapes = scatter(f"boxes {number}", [kinds[(number + place) % 3] for place in range(1 + number % 4)])
        name = f"{number:02}.png"
        files[f"image/{name}"] = picture(shapes, number)
        rows += [",".join(map(str, (name, shape.kind, *shape.box))) for shape in shapes]
    files["image/nothing.png"] = picture([], 1)
    rows.append("nothing.png")  # a name alone: looked at, nothing there
    return files | _csv(rows)


def _class_folders() -> Files:
    return {
        f"Classes/{kind}/{number}.png": picture(scatter(f"folders {kind} {number}", [kind]), number)
        for kind in ("ring", "star", "triangle")
        for number in range(1, EACH + 1)
    }


def _study_series() -> Files:
    files: Files = {}
    rows = []
    for study in ("Patient1", "Patient2", "Patient3"):
        for series in ("Series1", "Series2"):
            for number, height in enumerate(SLICES, 1):
                path = f"{study}/{series}/slice_{number}.png"
                files[f"image/{path}"] = slice_of_ball(f"{study} {series}", height)
                rows.append(f"{path},{'ball' if holds_ball(height) else 'no ball'}")
    return files | _csv(rows)


def _csv(rows: list[str]) -> Files:
    return {"label.csv": ("\n".join(rows) + "\n").encode()}


TEMPLATES = {
    template.id: template
    for template in (
        Template("pictures", "Pictures alone", "A folder called image. No labels.", _pictures),
        Template(
            "single-label",
            "One class for each picture",
            "label.csv has two columns: file, class.",
            _single_label,
        ),
        Template(
            "multi-label",
            "Several classes for each picture",
            "label.csv has three columns: file, class, and 1 or 0.",
            _multi_label,
        ),
        Template(
            "detection",
            "Boxes",
            "label.csv has six columns: file, class, left, top, width, height in pixels.",
            _detection,
        ),
        Template(
            "class-folders",
            "A folder for each class",
            "Folders below Classes are the classes. No label file is needed.",
            _class_folders,
        ),
        Template(
            "study-series",
            "Studies and series",
            "Below image a folder for each study, in it one for each series; label.csv names the paths.",
            _study_series,
        ),
    )
}
"""By id, the simplest first."""
