"""Texts from files as people may see them: short, on one line, nothing that a terminal or page would obey."""

from __future__ import annotations

LETTERS = 500


def readable(text: str) -> str:
    """The text without its end of NULs, its white space joined, what cannot be printed shown as “�”."""
    joined = " ".join(text.rstrip("\0").split())
    shown = "".join(letter if letter.isprintable() else "�" for letter in joined[: LETTERS + 1])
    return shown if len(shown) <= LETTERS else shown[:LETTERS] + "…"
