"""Guessing how names are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triptych.core.errors import InvalidInput
from triptych.storage.containers.names import ENCODINGS, codec, decode_names, guess_encodings

WORDS = {
    "cp950": [
        "影像",
        "細胞_01.jpg",
        "正常/肺部",
        "腫瘤",
        "照片",
        "新增資料夾",
        "病灶區",
        "右眼",
        "資料",
        "心臟超音波",
    ],
    "gb18030": [
        "图像",
        "细胞_01.jpg",
        "正常/肺部",
        "肿瘤",
        "照片",
        "新建文件夹",
        "病灶",
        "右眼",
        "数据",
        "心脏超声",
    ],
    "shift_jis": [
        "画像_表_0.jpg",
        "細胞",
        "正常",
        "腫瘍",
        "写真",
        "新しいフォルダー",
        "テスト",
        "右目",
        "犬",
        "データ",
    ],
    "euc_kr": [
        "영상_0.jpg",
        "세포",
        "정상",
        "종양",
        "사진",
        "새 폴더",
        "이미지",
        "오른쪽",
        "개",
        "데이터",
        "폐렴",
    ],
    "cp437": [
        "étude_ñ_0.jpg",
        "Müller",
        "Übersicht",
        "naïve",
        "résumé",
        "mañana",
        "Ärzte",
        "Bilder für Ähnliches",
    ],
    "latin-1": ["étude_ñ_0.jpg", "Müller", "Übersicht", "naïve", "résumé", "mañana", "Ärzte", "côté"],
}


@pytest.mark.parametrize(
    ("encoding", "word"), [(name, word) for name, words in WORDS.items() for word in words]
)
def test_a_single_real_word_is_recognised(encoding: str, word: str) -> None:
    assert guess_encodings([word.encode(codec(encoding))])[0].encoding == encoding


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_an_archive_of_words_is_read_in_one_encoding(encoding: str) -> None:
    raw = [word.encode(codec(encoding)) for word in WORDS[encoding]]
    decoded = decode_names([*raw, b"label.csv"], [None] * len(raw) + ["label.csv"])
    assert decoded.names == [*WORDS[encoding], "label.csv"]
    assert decoded.encoding == decoded.guesses[0].encoding == encoding
    assert [guess.score for guess in decoded.guesses] == sorted(
        (g.score for g in decoded.guesses), reverse=True
    )


def test_utf_8_needs_no_guess() -> None:
    words = [word for words in WORDS.values() for word in words]
    decoded = decode_names([word.encode() for word in words], [None] * len(words))
    assert (decoded.names, decoded.encoding, decoded.guesses) == (words, "utf-8", ())
    assert decode_names([b"a.png"], ["a.png"]).encoding == ""


def test_an_encoding_may_be_given_but_must_fit() -> None:
    raw = ["영상".encode("euc_kr")]
    assert decode_names(raw, [None], "euc_kr").names == ["영상"]
    assert decode_names(raw, [None], "gb18030").guesses == ()
    for encoding in ("utf-8", "klingon"):
        with pytest.raises(InvalidInput) as refusal:
            decode_names(raw, [None], encoding)
        assert refusal.value.code == "bad_encoding"


@given(st.lists(st.binary(min_size=1, max_size=30), min_size=1, max_size=10))
def test_any_bytes_become_names_and_every_guess_fits_them_all(raw: list[bytes]) -> None:
    decoded = decode_names(raw, [None] * len(raw))
    assert len(decoded.names) == len(raw)
    for guess in decoded.guesses:
        assert [name.decode(codec(guess.encoding)) for name in raw] == decode_names(
            raw, [None] * len(raw), guess.encoding
        ).names
