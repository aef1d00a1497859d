"""Names of classes and folders of parts: `data.yaml` as the YOLO tools write it, `classes.txt` and `obj.names`.

Of YAML the little is read that these files use: keys at the top, lists in brackets or with hyphens, mappings of
numbers to names, texts with or without quotation marks, comments.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from triptych.core.dataset import Part

_TOP = re.compile(r"([A-Za-z_][\w-]*)\s*:(?:\s+(.*)|)$")
_PAIR = re.compile(r"""['"]?(\d{1,9})['"]?\s*:\s*(.+)$""")
_QUOTED = re.compile(r"""\s*(?:'((?:[^']|'')*)'|"((?:[^"\\]|\\.)*)"|([^,\[\]{}]*))\s*(?:,|$)""")
_PARTS = {"train": Part.TRAIN, "val": Part.VALIDATION, "valid": Part.VALIDATION, "test": Part.TEST}
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "n": "\n", "t": "\t", "r": "\r", "0": "\0", "e": "\x1b", " ": " "}
_ESCAPED = re.compile(r"\\(x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")


@dataclass(slots=True)
class NamesFile:
    """What a file of names says. `folders` are paths of folders, or of lists, by part; `unclear` are lines."""

    names: dict[int, str] = field(default_factory=dict)
    folders: dict[str, Part] = field(default_factory=dict)
    keypoints: bool = False
    unclear: list[str] = field(default_factory=list)


def names_of_lines(text: str) -> NamesFile:
    """A name on each line: `classes.txt`, `obj.names`."""
    lines = [line.strip() for line in text.splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    return NamesFile({at: line for at, line in enumerate(lines) if line})


def names_of_yaml(text: str) -> NamesFile:
    """The keys `names`, `train`, `val`, `test` and `kpt_shape` of a `data.yaml`; lines that fit none are unclear."""
    found = NamesFile()
    lines = [_uncommented(line) for line in text.splitlines()]
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        match = _TOP.match(line)
        if not match:
            if line.strip() not in ("", "---", "...") and not line.startswith((" ", "\t", "- ")):
                found.unclear.append(line[:80])
            continue
        value = (match.group(2) or "").strip()
        end = at
        while end < len(lines) and not _ends(lines[end], value, lines[end - 1] if end > at else value):
            end += 1
        below = [line.strip() for line in lines[at:end] if line.strip()]
        if value.startswith(("[", "{")):
            value, below = " ".join([value, *below]), []
        at = end
        _take(found, match.group(1), value, below)
    return found


def _ends(line: str, value: str, before: str) -> bool:
    """Whether a line is no longer part of the value that began above it; `before` is the line above."""
    if value.startswith(("[", "{")):
        return before.rstrip().endswith(("]", "}"))
    return bool(line) and not line[0].isspace() and not line.startswith("-")


def _uncommented(line: str) -> str:
    """The line without its comment: a hash at the beginning or after a space, outside quotation marks."""
    quote = ""
    for at, letter in enumerate(line):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"" and (at == 0 or line[at - 1] in " [{,:-"):
            quote = letter
        elif letter == "#" and (at == 0 or line[at - 1].isspace()):
            return line[:at].rstrip()
    return line.rstrip()


def _take(found: NamesFile, key: str, value: str, below: list[str]) -> None:
    if key == "names":
        if value.startswith("[") and value.endswith("]"):
            found.names = dict(enumerate(_texts(value[1:-1])))
        elif value.startswith("{") and value.endswith("}"):
            _pairs(found, value[1:-1].split(","))
        elif value:
            found.unclear.append(f"names: {value[:80]}")
        elif all(line.startswith("-") for line in below):
            found.names = {at: _plain(line[1:].strip()) for at, line in enumerate(below)}
        else:
            _pairs(found, below)
        found.names = {known: name for known, name in found.names.items() if name.strip()}
    elif key in _PARTS:
        paths = _texts(value[1:-1]) if value.startswith("[") else [_plain(value)] if value else []
        paths += [_plain(line[1:].strip()) for line in below if line.startswith("-")]
        for path in paths:
            found.folders.setdefault(path.replace("\\", "/").strip("/"), _PARTS[key])
    elif key == "kpt_shape":
        found.keypoints = True


def _pairs(found: NamesFile, lines: list[str]) -> None:
    for line in lines:
        match = _PAIR.match(line.strip())
        if match and int(match.group(1)) < 2**31:
            found.names.setdefault(int(match.group(1)), _plain(match.group(2).strip()))
        elif line.strip():
            found.unclear.append(line[:80])


def _texts(inner: str) -> list[str]:
    texts: list[str] = []
    at = 0
    while at < len(inner):
        match = _QUOTED.match(inner, at)
        if match is None or match.end() == at:
            break
        texts.append(_plain(inner[at : match.end()].strip().removesuffix(",").strip()))
        at = match.end()
    return texts


def _plain(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    if len(text) > 1 and text[0] == text[-1] == '"':
        return _ESCAPED.sub(_unescaped, text[1:-1])
    return text


def _unescaped(match: re.Match[str]) -> str:
    """What an escape of a double-quoted scalar stands for (YAML 1.2, 5.7); one that is not known stays as it is."""
    code = match.group(1)
    if len(code) == 1:
        return _ESCAPES.get(code, match.group())
    point = int(code[1:], 16)
    return chr(point) if point < 0x11_0000 else match.group()
