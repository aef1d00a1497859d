"""What a colour profile calls itself (ICC.1:2022, sections 7.2 to 10.15); its curves are never applied."""

from __future__ import annotations

import struct


def profile_name(profile: bytes) -> str:
    """The profile's description ("Display P3"), or its colour space ("GRAY") where it has none to read."""
    try:
        name = _description(profile)
    except (struct.error, UnicodeDecodeError):
        name = ""
    return name or profile[16:20].decode("latin-1").strip()


def is_srgb(profile: bytes) -> bool:
    """Whether a profile calls itself sRGB."""
    return "srgb" in profile_name(profile).lower()


def _description(profile: bytes) -> str:
    (count,) = struct.unpack_from(">I", profile, 128)
    for index in range(min(count, 100)):
        tag, start, size = struct.unpack_from(">4sII", profile, 132 + index * 12)
        if tag == b"desc":
            block = profile[start : start + size]
            if block[:4] == b"mluc":
                length, offset = struct.unpack_from(">II", block, 20)
                return block[offset : offset + length].decode("utf-16-be").strip("\0 ")[:100]
            (length,) = struct.unpack_from(">I", block, 8)
            return block[12 : 12 + length].decode("ascii").strip("\0 ")[:100]
    return ""
