"""In which encoding a label file is written: marks, then UTF-8, then what fits the names of the pictures."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

CANDIDATES = ("cp950", "gb18030", "cp932", "cp949", "cp1252", "cp437")
"""Tried in this order: traditional and simplified Chinese, Japanese, Korean, Western Windows, DOS."""

_TITLES = {
    "cp950": "Big5 (cp950)", "gb18030": "GB 18030", "cp932": "Shift JIS (cp932)", "cp949": "EUC-KR (cp949)",
    "cp1252": "Latin-1 (cp1252)", "cp437": "DOS (cp437)", "latin-1": "Latin-1",
}  # fmt: skip
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 256 * 1024
_SPLIT = re.compile("[,;\t|]")
_FOREIGN = re.compile("[^\x00-\x7f]+")
# Letters of Western European languages; the rest of Latin-1 is signs that words do not hold.
_LETTERS = frozenset("àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßÀÁÂÄÅÆÇÈÉÊËÍÎÏÑÓÔÖØÙÚÛÜ")


class Encoding(NamedTuple):
    """A codec's name, the name that a person knows, and whether it is a guess."""

    codec: str
    title: str
    guessed: bool


def encoding_of(data: bytes, wanted: str | None, resolves: Callable[[str], bool]) -> Encoding:
    """The encoding of a label file.

    `wanted` wins where it is given. Without a mark and when it is not UTF-8, the candidate counts under which
    most paths with foreign letters `resolve` to pictures; where there are none, the most plausible text.
    """
    if wanted is not None:
        return Encoding(wanted, wanted, guessed=False)
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return Encoding(codec, codec, guessed=False)
    # Excel's "Unicode text" may come without its mark: every other byte of Western text is then NUL.
    half = data[1:2000:2]
    if len(half) > 3 and half.count(0) > 0.8 * len(half) and len(data) % 2 == 0:
        return Encoding("utf-16-le", "UTF-16", guessed=True)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _guess(data, resolves)
    return Encoding("utf-8", "UTF-8", guessed=False)


def _guess(data: bytes, resolves: Callable[[str], bool]) -> Encoding:
    # Rows in plain ASCII say nothing; of the others a sample is enough.
    lines = [line for line in data.splitlines() if not line.isascii()]
    sample = (
        b"\n".join(lines)[:_SAMPLE].rpartition(b"\n")[0] if len(lines) > 1 else b"\n".join(lines)[:_SAMPLE]
    )
    best = Encoding("latin-1", _TITLES["latin-1"], guessed=True)
    best_score = (0, 0.0)
    for codec in CANDIDATES:
        try:
            text = sample.decode(codec)
        except UnicodeDecodeError:
            continue
        paths = (_SPLIT.split(line, maxsplit=1)[0].strip(' "') for line in text.splitlines()[:2000])
        resolved = sum(1 for path in paths if not path.isascii() and resolves(path))
        score = (resolved, plausibility(text, codec))
        if score > best_score:
            best, best_score = Encoding(codec, _TITLES[codec], guessed=True), score
    return best if _decodes(data, best.codec) else Encoding("latin-1", _TITLES["latin-1"], guessed=True)


def _decodes(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def plausibility(text: str, codec: str) -> float:
    """How much a text looks like words in the languages of a codec, 0 to 1, over its foreign letters."""
    total = weight = 0.0
    for run in _FOREIGN.finditer(text):
        before = text[run.start() - 1 : run.start()]
        after = text[run.end() : run.end() + 1]
        touching = before.isalpha() + after.isalpha()
        foreign = run.group()
        total += len(foreign)
        if codec in ("cp1252", "cp437"):
            letters = sum(letter in _LETTERS for letter in foreign)
            # An accent stands inside a word; a long run without plain letters is another script misread.
            share = 1.0 if touching and len(foreign) <= 2 else 0.2
            weight += letters * share * (1.0 if codec == "cp1252" else 0.9)
        else:
            common = sum(_is_common(letter, codec) for letter in foreign)
            alone = len(foreign) == 1 and touching
            weight += (common * 0.95 + (len(foreign) - common) * 0.25) * (0.2 if alone else 1.0)
    return weight / total if total else 0.0


def _is_common(letter: str, codec: str) -> bool:
    """Whether a letter is in the part of the character set that everyday words come from."""
    raw = letter.encode(codec, "ignore")
    if len(raw) != 2:
        return False
    lead = raw[0]
    if codec == "cp950":
        return 0xA4 <= lead <= 0xC6
    if codec == "gb18030":
        return 0xB0 <= lead <= 0xD7 and raw[1] >= 0xA1
    if codec == "cp932":
        return 0x82 <= lead <= 0x83 or 0x88 <= lead <= 0x97
    return 0xB0 <= lead <= 0xC8 and raw[1] >= 0xA1
