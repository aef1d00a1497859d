"""How the names of an archive are written, when the archive does not say: one guess for all of them.

Each encoding is a small model of text: the probability of a character by its class (frequent, known, rare), taken
over the same bytes, so that the totals compare. What no model can settle, the labels settle: `guess_encodings`
returns every encoding that fits, best first, and onboarding tries them against the paths in label files.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from triptych.core.errors import InvalidInput
from triptych.storage.containers.name_frequencies import HANGUL, KANJI, SIMPLIFIED, TRADITIONAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ENCODINGS = ("cp950", "gb18030", "shift_jis", "euc_kr", "cp437", "latin-1")
_CODECS = {"shift_jis": "cp932", "euc_kr": "cp949"}
"""Windows writes the supersets: NEC and IBM characters in Japanese, all 11,172 syllables in Korean."""

SAMPLE = 400
_RARE = math.log(1e-9)
_LONE = math.log(0.01)


class NameGuess(NamedTuple):
    """An encoding that all names fit; `score` is the mean log-probability of a byte, higher is better."""

    encoding: str
    score: float


class Decoded(NamedTuple):
    """Names as text. `encoding` is how the unmarked ones were read, "" when all were marked or ASCII;
    `guesses` is empty unless it is a guess, and then holds the others after it, best first."""

    names: list[str]
    encoding: str
    guesses: tuple[NameGuess, ...]


def decode_names(raw: Sequence[bytes], text: Sequence[str | None], encoding: str | None = None) -> Decoded:
    """Decode names whose `text` is None: UTF-8 where that fits all of them, else the best guess, or `encoding`.

    Raises InvalidInput (`bad_encoding`) when `encoding` is unknown or does not fit.
    """
    unmarked = [name for name, known in zip(raw, text, strict=True) if known is None and not name.isascii()]
    if not unmarked:
        return Decoded(_all(raw, text, "ascii"), "", ())
    if encoding is not None:
        return Decoded(_all(raw, text, _checked(encoding, unmarked)), encoding, ())
    if fits(unmarked, "utf-8"):
        return Decoded(_all(raw, text, "utf-8"), "utf-8", ())
    guesses = guess_encodings(unmarked)
    best = guesses[0].encoding
    return Decoded(_all(raw, text, codec(best)), best, guesses)


def codec(encoding: str) -> str:
    """The codec of Python's that reads an encoding as Windows writes it."""
    return _CODECS.get(encoding, encoding)


def fits(names: Iterable[bytes], encoding: str) -> bool:
    """Whether every name decodes. A line end is no second byte in any of the encodings, so one pass does."""
    try:
        b"\n".join(names).decode(codec(encoding))
    except UnicodeDecodeError:
        return False
    return True


def guess_encodings(names: Sequence[bytes]) -> tuple[NameGuess, ...]:
    """The encodings that all names fit, best first; latin-1 always fits, so it is never empty."""
    distinct = sorted({name for name in names if not name.isascii()})
    sample = distinct[:: max(1, len(distinct) // SAMPLE)][:SAMPLE]
    size = sum(map(len, sample)) or 1
    guesses = [
        NameGuess(encoding, round(sum(_likelihood(name, encoding) for name in sample) / size, 6))
        for encoding in ENCODINGS
        if fits(distinct, encoding)
    ]
    return tuple(sorted(guesses, key=lambda guess: -guess.score))


def _all(raw: Sequence[bytes], text: Sequence[str | None], used: str) -> list[str]:
    return [
        known if known is not None else name.decode("ascii" if name.isascii() else used)
        for name, known in zip(raw, text, strict=True)
    ]


def _checked(encoding: str, names: list[bytes]) -> str:
    try:
        usable = fits(names, encoding)
    except LookupError:
        raise InvalidInput(
            f"The encoding {encoding!r} is unknown.",
            code="bad_encoding",
            hint=f"Known are utf-8, {', '.join(ENCODINGS)} and every other that Python has.",
        ) from None
    if not usable:
        raise InvalidInput(
            f"The names in the archive are not written in {encoding}.",
            code="bad_encoding",
            hint="Leave the encoding out to have it guessed.",
        )
    return codec(encoding)


def _likelihood(name: bytes, encoding: str) -> float:
    text = name.decode(codec(encoding))
    if encoding in ("cp437", "latin-1"):
        return sum(_western(encoding, text, index) for index in range(len(text)))
    total = 0.0
    for index, character in enumerate(text):
        if character < "\x80":
            total += _ascii(character)
            continue
        total += _eastern(encoding, character)
        beside = text[index - 1 : index] + text[index + 1 : index + 2]
        if len(beside) == 2 and beside.isascii() and beside.isalpha():
            total += _LONE  # one ideograph inside a Latin word is an accented letter read wrongly
    return total


@lru_cache(256)
def _ascii(character: str) -> float:
    if character.isalnum() or character in "_-./ ()":
        return math.log(1 / 40)
    return math.log(1e-4) if " " < character < "\x7f" else _RARE


@lru_cache(8192)
def _eastern(encoding: str, character: str) -> float:
    return math.log(_EASTERN[encoding](character))


def _simplified(character: str) -> float:
    if character in SIMPLIFIED:
        return 0.75 / len(SIMPLIFIED)
    data = character.encode("gb18030")
    if len(data) == 2 and data[1] >= 0xA1:
        if 0xB0 <= data[0] <= 0xD7:  # GB 2312, level 1: 3,755 common characters
            return 0.22 / 3300
        if 0xD8 <= data[0] <= 0xF7:  # level 2: 3,008 rare ones
            return 0.01 / 3008
        if data[0] <= 0xA3:  # punctuation and full-width forms
            return 1e-5
        return 1e-6
    return 2e-7 if len(data) == 2 else 1e-9


def _traditional(character: str) -> float:
    if character in TRADITIONAL:
        return 0.75 / len(TRADITIONAL)
    lead = character.encode("cp950")[0]
    if 0xA4 <= lead <= 0xC6:  # Big5, level 1: 5,401 common characters
        return 0.22 / 4900
    if lead <= 0xA3:
        return 1e-5
    return 0.01 / 7652 if lead >= 0xC9 else 1e-8


def _japanese(character: str) -> float:
    if "ぁ" <= character <= "ん":
        return 0.35 / 83
    if "ァ" <= character <= "ー":
        return 0.25 / 90
    if character in KANJI:
        return 0.25 / len(KANJI)
    if "｡" <= character <= "ﾟ":  # half-width katakana: single bytes, rare in names today
        return 2e-5
    lead = character.encode("cp932")[0]
    if 0x88 <= lead <= 0x97:  # JIS level 1: 2,965 common characters
        return 0.12 / 2600
    if lead <= 0x84:
        return 1e-5
    return 0.005 / 3390 if lead <= 0xEA else 1e-8


def _korean(character: str) -> float:
    if character in HANGUL:
        return 0.85 / len(HANGUL)
    data = character.encode("cp949")
    if "가" <= character <= "힣":  # the 2,350 of KS X 1001, or the extension of Windows
        return 0.12 / 2050 if data[1] >= 0xA1 else 1e-7
    return 1e-6 if data[0] >= 0xCA else 1e-5


_EASTERN = {
    "cp950": _traditional, "gb18030": _simplified, "shift_jis": _japanese, "euc_kr": _korean,
}  # fmt: skip


def _western(encoding: str, text: str, index: int) -> float:
    character = text[index]
    if character < "\x80":
        return _ascii(character)
    if encoding == "latin-1" and character < "\xa0":  # control characters
        return _RARE
    if not character.isalpha() or character in "ªºƒΓΣΘΦΩαπστφδε∞µⁿ":
        return math.log(1e-5)
    # Accented letters stand among plain ones: É in École, never three in a row.
    beside = text[index - 1 : index] + text[index + 1 : index + 2]
    neighbours = sum(one.isascii() and one.isalpha() for one in beside)
    accented = sum(not one.isascii() for one in beside)
    return math.log((0.0005, 0.002, 0.004)[neighbours] * (1.0, 0.35, 0.05)[accented])
