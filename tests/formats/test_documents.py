"""The laws of documents from strangers: read whole, or refused with half a sentence."""

from __future__ import annotations

import json
from contextlib import suppress
from math import inf, nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.memory_root import MemoryRoot
from triptych.formats import documents
from triptych.formats.base import view_of
from triptych.formats.documents import (
    Unreadable,
    number,
    parse_xml,
    read_json,
    read_text,
    read_xml,
    text,
    whole,
)


def load(data: bytes, limit: int = 10_000_000) -> Any:
    return read_json(view_of(MemoryRoot({"a.json": data, "b.txt": b"x"})), 0, limit)


def test_a_document_with_a_mark_is_read() -> None:
    assert load(b'\xef\xbb\xbf{"a": [1, 2.5, null]}') == {"a": [1, 2.5, None]}


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"{", "no JSON"), (b'{"a": NaN}', "NaN"), (b'{"a": -Infinity}', "Infinity"), (b"[" * 200_000, "nested"),
     (b'"\xff"', "UTF-8"), (b"1" * 5000, "no JSON"), (b"", "no JSON")],
)  # fmt: skip
def test_what_is_no_document_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        load(data)


def test_a_document_is_bounded_in_bytes_and_values(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unreadable, match="cannot be read"):
        load(b"[1, 2, 3]", limit=4)
    monkeypatch.setattr(documents, "VALUES", 3)
    with pytest.raises(Unreadable, match="more than 3 values"):
        load(b"[1, 2, 3, 4, 5]")


def test_xml_is_read() -> None:
    root = parse_xml("<?xml version='1.0' encoding='utf-8'?><a b='1'><c>é &amp; x</c></a>".encode())
    assert (root.tag, root.findtext("c")) == ("a", "é & x")


BOMB = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>'


@pytest.mark.parametrize(
    "data",
    [BOMB.encode(), f'<?xml version="1.0" encoding="utf-16"?>{BOMB}'.encode("utf-16"), b"<!DOCTYPE a><a/>",
     b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', b"<a>&x;</a>", b"<a>", b"", b"<a/><b/>", b"\0" * 9,
     b"<?xml version='1.0' encoding='nonsense'?><a/>", b"<a>" * 40 + b"</a>" * 40],
)  # fmt: skip
def test_xml_with_a_document_type_or_faults_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        parse_xml(data)


def test_xml_is_bounded_in_elements(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "XML_ELEMENTS", 3)
    with pytest.raises(Unreadable):
        parse_xml(b"<a><b/><b/><b/></a>")


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    view = view_of(MemoryRoot({"a": data, "b": b""}))
    for read in (read_json, read_xml, read_text):
        with suppress(Unreadable):
            assert read(view, 0, 1000) != b""


@pytest.mark.parametrize("value", [nan, inf, True, "1", None, 10**400, []])
def test_what_is_no_number_is_none(value: object) -> None:
    for take in (number, whole):
        with pytest.raises(ValueError, match="n"):
            take(value)


def test_numbers_of_documents() -> None:
    assert (number(-0.0), whole(3.0), text("a ")) == (0.0, 3, "a ")
    for wrong in (-1, 2**31, 1.5):
        with pytest.raises(ValueError, match="whole"):
            whole(wrong)
    for blank in ("", " ", 3, json.loads('"\\ud800"')):
        with pytest.raises(ValueError, match=r"name|surrogates"):
            text(blank)
