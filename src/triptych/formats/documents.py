"""JSON and XML from strangers: bounded in size, depth and number of values, and never half understood."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from triptych.core.source import MemberError

if TYPE_CHECKING:
    from triptych.formats.base import SourceView

VALUES = 24_000_000
"""Values that one JSON document may hold: each takes up to a hundred bytes once it is read."""

XML_BYTES = 8 * 1024 * 1024
XML_DEPTH = 32
XML_ELEMENTS = 400_000


class Unreadable(Exception):
    """A label file cannot be read; the message is half a sentence that says why."""


def read_json(view: SourceView, member: int, limit: int) -> Any:
    """The document of a member of at most `limit` bytes. Unreadable when it is no JSON, or NaN stands in it."""
    data = _bytes(view, member, limit)
    if data.count(b",") + data.count(b"[") + data.count(b"{") > VALUES:
        raise Unreadable(f"it holds more than {VALUES:,} values")
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise Unreadable("it is not written in UTF-8") from None
    except RecursionError:
        raise Unreadable("it is nested too deeply") from None
    except ValueError as error:
        raise Unreadable(f"it is no JSON ({str(error)[:120]})") from None


def read_xml(view: SourceView, member: int, limit: int) -> Element:
    """The root of a member. Unreadable when it is no XML, or declares a document type or entities."""
    return parse_xml(_bytes(view, member, min(limit, XML_BYTES)))


def parse_xml(data: bytes) -> Element:
    """The root of an XML document without a document type; Unreadable else, and beyond the bounds."""
    builder = TreeBuilder()
    parser = expat.ParserCreate()
    seen = {"depth": 0, "elements": 0}

    def start(name: str, attributes: dict[str, str]) -> None:
        seen["depth"] += 1
        seen["elements"] += 1
        if seen["depth"] > XML_DEPTH or seen["elements"] > XML_ELEMENTS:
            raise Unreadable("it is nested too deeply or holds too many elements")
        builder.start(name, attributes)

    def end(name: str) -> None:
        seen["depth"] -= 1
        builder.end(name)

    def refuse(*_: object) -> None:
        raise Unreadable("it declares a document type or entities, which label files do not need")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, UnicodeError, LookupError, ValueError) as error:
        raise Unreadable(f"it is no XML ({str(error)[:120]})") from None
    return builder.close()


def read_text(view: SourceView, member: int, limit: int) -> str:
    """The text of a member in UTF-8, else in Latin-1. Unreadable when it is damaged, too large or binary."""
    data = _bytes(view, member, limit)
    if b"\0" in data:
        raise Unreadable("it is no text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _bytes(view: SourceView, member: int, limit: int) -> bytes:
    try:
        return view.read(member, limit)
    except MemberError as error:
        raise Unreadable(f"it cannot be read ({error.reason.rstrip('.')})") from None


def _no_constant(text: str) -> float:
    raise ValueError(f"it holds the number {text}")


def number(value: object) -> float:
    """A finite number of a document; ValueError for anything else, texts and truth values too."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{str(value)[:40]!r} is no number")
    try:
        found = float(value)
    except OverflowError:
        raise ValueError("a number is too large") from None
    if not math.isfinite(found):
        raise ValueError("a number is not finite")
    return found + 0.0


def whole(value: object, least: int = 0) -> int:
    """A whole number from `least` to 2,147,483,647; ValueError for anything else. 3.0 is 3."""
    found = number(value)
    if found != int(found) or not least <= found < 2**31:
        raise ValueError(f"{str(value)[:40]!r} is no whole number from {least} on")
    return int(found)


def text(value: object) -> str:
    """A text that is not blank; ValueError for anything else, and for half a surrogate pair."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("a name is missing")
    value.encode()
    return value
