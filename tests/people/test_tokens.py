"""API tokens and other secrets."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from triptych.people.tokens import digest, is_token, new_secret, new_token, shown_prefix


def test_a_new_token_has_the_form_of_a_token() -> None:
    token = new_token()
    assert token.startswith("tri_")
    assert len(token) == 42
    assert is_token(token)


def test_a_token_with_one_wrong_letter_is_no_token() -> None:
    token = new_token()
    for place in range(4, len(token)):
        other = "x" if token[place] != "x" else "y"
        assert not is_token(token[:place] + other + token[place + 1 :]), place


@given(st.text(max_size=60))
def test_other_text_is_no_token(text: str) -> None:
    assert not is_token(text)
    assert not is_token("tri_" + text)


def test_no_two_tokens_are_alike() -> None:
    assert len({new_token() for _ in range(1000)} | {new_secret() for _ in range(1000)}) == 2000


def test_the_stored_digest_is_sha256_of_the_whole_token() -> None:
    token = new_token()
    assert digest(token) == hashlib.sha256(token.encode()).digest()


def test_what_is_shown_of_a_token_keeps_most_of_it_secret() -> None:
    token = new_token()
    assert token.startswith(shown_prefix(token))
    assert len(shown_prefix(token)) == 10
