"""Secrets that the product hands out: how they are made, told apart, checked for typing errors and stored.

A secret is shown once; only its SHA-256 is stored. Secrets have 190 bits and more, so a fast hash is enough.
"""

from __future__ import annotations

import hashlib
import secrets
import string
import zlib

TOKEN_PREFIX = "tri_"
SHOWN_LETTERS = len(TOKEN_PREFIX) + 6

_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM_LETTERS = 32
_CHECKSUM_LETTERS = 6


def new_token() -> str:
    """A new API token: `tri_`, 32 random letters and digits, 6 of checksum (CRC-32 in base 62)."""
    body = "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM_LETTERS))
    return f"{TOKEN_PREFIX}{body}{_checksum(body)}"


def is_token(text: str) -> bool:
    """Whether the text has the form of an API token, checksum included; says nothing about its validity."""
    body = text[len(TOKEN_PREFIX) : -_CHECKSUM_LETTERS]
    return (
        text.startswith(TOKEN_PREFIX)
        and len(body) == _RANDOM_LETTERS
        and text.isascii()
        and body.isalnum()
        and text[-_CHECKSUM_LETTERS:] == _checksum(body)
    )


def shown_prefix(token: str) -> str:
    """The first letters of a token, by which a person tells tokens apart."""
    return token[:SHOWN_LETTERS]


def new_secret() -> str:
    """A new opaque secret for a session or a sign-in link: 256 bits, 43 letters that are safe in a URL."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """What is stored of a secret: the 32 bytes of SHA-256 of its UTF-8."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()


def _checksum(body: str) -> str:
    rest = zlib.crc32(body.encode("ascii", "replace"))
    letters = ""
    for _ in range(_CHECKSUM_LETTERS):
        rest, index = divmod(rest, len(_ALPHABET))
        letters = _ALPHABET[index] + letters
    return letters
