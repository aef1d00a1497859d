"""The laws of encodings: marks and UTF-8 first, then what fits the pictures' names, then what looks like words."""

from __future__ import annotations

import pytest

from triptych.formats.label_csv.encoding import encoding_of


def never(path: str) -> bool:
    """No path names a picture."""
    return False


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_marks_and_utf_8_are_no_guess(codec: str) -> None:
    data = "a.png,Größe\n病灶.png,肺炎\n".encode(codec)
    found = encoding_of(data, None, never)
    assert not found.guessed
    assert data.decode(found.codec) == "a.png,Größe\n病灶.png,肺炎\n"


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("cp950", "病灶"), ("gb18030", "病灶"), ("cp932", "病巣"), ("cp949", "병변"),
        ("cp1252", "Zähne"), ("cp437", "étude"), ("cp932", "ﾃｽﾄ"), ("gb18030", "图像"),
    ],
)  # fmt: skip
def test_the_names_of_the_pictures_decide(codec: str, name: str) -> None:
    rows = "".join(f"{name}_{number}.jpg,A\n" for number in range(6))
    paths = {f"{name}_{number}.jpg" for number in range(6)}
    found = encoding_of(rows.encode(codec), None, paths.__contains__)
    assert found.guessed
    assert found.codec == codec


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("cp1252", "a,Größe\nb,Maß\nc,Übung\n"),
        ("cp1252", "a,café\nb,naïve\n"),
        ("gb18030", "a,红血球\nb,白血球\nc,血小板\n"),
        ("cp950", "a,紅血球\nb,白血球\nc,血小板\n"),
        ("cp932", "a,がん\nb,すずめ\nc,カラス\n"),
        ("cp949", "a,적혈구\nb,백혈구\nc,혈소판\n"),
    ],
)
def test_without_foreign_paths_the_most_plausible_text_counts(codec: str, text: str) -> None:
    assert text.encode(codec).decode(encoding_of(text.encode(codec), None, never).codec) == text


def test_what_a_person_says_counts() -> None:
    assert encoding_of("a,é\n".encode(), "cp437", never) == ("cp437", "cp437", False)


def test_a_mark_is_stronger_than_what_a_person_says() -> None:
    assert encoding_of("a,é\n".encode("utf-8-sig"), "cp950", never).codec == "utf-8-sig"


def test_bytes_of_no_language_are_latin_1() -> None:
    found = encoding_of(b"a,\xff\xfe\xfd\x81\x8d\n\xa0\xff", None, never)
    assert found.guessed
    b"a,\xff\xfe\xfd\x81\x8d\n\xa0\xff".decode(found.codec)
