"""In which encoding a label file is written: marks, then UTF-8, then what fits the names of the pictures."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, NamedTuple

from triptych.storage.containers.names import codec, guess_encodings

if TYPE_CHECKING:
    from collections.abc import Callable

_TITLES = {
    "cp950": "Big5 (cp950)", "gb18030": "GB 18030", "shift_jis": "Shift JIS (cp932)", "euc_kr": "EUC-KR (cp949)",
    "cp437": "DOS (cp437)", "latin-1": "Latin-1",
}  # fmt: skip
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ROWS = 2000
# In the double-byte encodings a bar may be half a letter; comma, semicolon and tab never are.
_CELLS = re.compile(b"[,;\t]")


class Encoding(NamedTuple):
    """A codec's name, the name that a person knows, and whether it is a guess."""

    codec: str
    title: str
    guessed: bool


def encoding_of(data: bytes, wanted: str | None, resolves: Callable[[str], bool]) -> Encoding:
    """The encoding of a label file.

    A mark at the start wins, then `wanted`, then UTF-8 where it fits. Else the encoding counts under which most
    paths with foreign letters name pictures; where there are none, the one that guesses names of files.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return Encoding(name, name, guessed=False)
    if wanted is not None:
        return Encoding(wanted, wanted, guessed=False)
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
    # Rows in plain ASCII say nothing; of the others the beginning is enough.
    lines = [line for line in data.splitlines() if not line.isascii()]
    cells = {cell.strip(b' "') for line in lines for cell in _CELLS.split(line) if not cell.isascii()}
    paths = [_CELLS.split(line, maxsplit=1)[0].strip(b' "') for line in lines[:_ROWS]]
    foreign = [path for path in paths if not path.isascii()]
    best, most = "latin-1", -1
    for guess in guess_encodings(sorted(cells)):
        resolved = sum(resolves(path.decode(codec(guess.encoding), "replace")) for path in foreign)
        if resolved > most and _decodes(data, codec(guess.encoding)):
            best, most = guess.encoding, resolved
    # Windows writes quotation marks where Latin-1 has control characters.
    used = "cp1252" if best == "latin-1" and _decodes(data, "cp1252") else codec(best)
    return Encoding(used, _TITLES.get(best, best), guessed=True)


def _decodes(data: bytes, name: str) -> bool:
    try:
        data.decode(name)
    except UnicodeDecodeError:
        return False
    return True
