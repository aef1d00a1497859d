"""The codes that the source can give out, read from its text: findings, reasons of single files, errors."""

from __future__ import annotations

import ast
import re
from functools import cache

from tests.conftest import REPOSITORY
from triptych.api.access_things import THINGS
from triptych.api.errors import _OF_STATUS
from triptych.dicom.notices import NOTICES as DICOM_NOTICES
from triptych.formats.geotiff_pairs.notices import NOTICES as RASTER_NOTICES
from triptych.formats.label_csv.notices import NOTICES as LABEL_NOTICES
from triptych.formats.pictures.notices import NOTICES as PICTURE_NOTICES
from triptych.modalities.geospatial.notes import NOTES as CHIP_NOTES
from triptych.modalities.planar.notes import NOTES
from triptych.onboarding.masks import TEXTS as MASK_TEXTS
from triptych.onboarding.notes import OF_MANY, OWN_NOTES
from triptych.onboarding.raster_labels import TEXTS as LABEL_RASTER_TEXTS
from triptych.onboarding.stages import FAILURES

SOURCE = REPOSITORY / "src" / "triptych"
_CODE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")

REASON_PLACES = {"MemberError": 0, "Ignored": 1, "Judged": 1, "Unusable": 2, "SetAside": 4}
"""Where a call that sets a single file aside has its code."""

PASSED_ON = {
    "client/errors.py",
    "core/findings.py",
    "datasets/duplicates.py",
    "dicom/notices.py",
    "formats/tally.py",
    "onboarding/masks.py",
    "onboarding/notes.py",
    "onboarding/publishing.py",
    "onboarding/raster_labels.py",
}
"""Modules that make findings of codes that they are given; where those come from is looked at."""


@cache
def _nodes() -> tuple[tuple[str, ast.AST], ...]:
    return tuple(
        (path.relative_to(SOURCE).as_posix(), node)
        for path in sorted(SOURCE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    )


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _text(node: ast.AST | None) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and _CODE.fullmatch(node.value):
        return node.value
    return None


def finding_codes() -> set[str]:
    """Codes of findings. AssertionError where a module makes one of a code that cannot be read."""
    codes = {*LABEL_NOTICES, *PICTURE_NOTICES, *NOTES, *OWN_NOTES, *OF_MANY, *MASK_TEXTS, *DICOM_NOTICES}
    codes |= {*RASTER_NOTICES, *CHIP_NOTES, *LABEL_RASTER_TEXTS}
    for module, node in _nodes():
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = _name(node)
        if name == "Finding":
            code = _text(node.args[1])
            assert code is not None or module in PASSED_ON, f"{module}:{node.lineno}"
            codes |= {code} if code else set()
        elif (name in ("note", "warn", "error") and len(node.args) > 1) or (
            name == "_finding" and module == "datasets/duplicates.py"
        ):
            codes |= {code} if (code := _text(node.args[0])) else set()
    return codes


def reason_codes() -> set[str]:
    """Codes of single files that are rejected or ignored, and of label files."""
    codes = {code for code, _, _ in FAILURES.values()}
    for module, node in _nodes():
        code: str | None = None
        if isinstance(node, ast.Call):
            place = REASON_PLACES.get(_name(node))
            code = _text(node.args[place]) if place is not None and len(node.args) > place else None
        elif isinstance(node, ast.Tuple) and module.startswith("storage/containers/") and len(node.elts) == 2:
            code = _text(node.elts[0]) if _is_sentence(node.elts[1]) else None
        codes |= {code} if code else set()
    return codes


def _is_sentence(node: ast.AST) -> bool:
    last = node.values[-1] if isinstance(node, ast.JoinedStr) and node.values else node
    return isinstance(last, ast.Constant) and isinstance(last.value, str) and last.value.endswith(".")


def error_codes() -> set[str]:
    """Codes of errors: of the classes, and those that are given when one is made."""
    classes = {"TriptychError"}
    definitions = [node for _, node in _nodes() if isinstance(node, ast.ClassDef)]
    while (
        grown := {
            node.name
            for node in definitions
            if {base.id for base in node.bases if isinstance(base, ast.Name)} & classes
        }
        - classes
    ):
        classes |= grown
    # A job that a backup found running is failed by a row, not by an exception.
    codes = {
        "restored",
        *(code for code, _ in _OF_STATUS.values()),
        *(f"{thing}_not_found" for thing in THINGS),
    }
    for definition in definitions:
        for line in definition.body if definition.name in classes else ():
            if isinstance(line, ast.Assign) and getattr(line.targets[0], "id", "") == "code":
                codes |= {code} if (code := _text(line.value)) else set()
    for _, node in _nodes():
        if isinstance(node, ast.Call) and _name(node) in classes:
            given = [_text(keyword.value) for keyword in node.keywords if keyword.arg == "code"]
            codes |= {code for code in given if code}
    return codes
