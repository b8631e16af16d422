"""Tokens: always the text again when joined, and about as many as real tokenizers make."""

from hypothesis import given
from hypothesis import strategies as st

from sandbox import tokens


@given(st.text())
def test_the_tokens_of_any_text_join_to_the_text(text: str) -> None:
    assert "".join(tokens.split(text)) == text


def test_words_are_a_token_or_two_and_han_characters_one_each() -> None:
    assert tokens.split("Hello world, how are you?") == ["Hello", " world", ",", " how", " are", " you", "?"]
    assert tokens.split("你好吗") == ["你", "好", "吗"]
    assert tokens.split("1234567") == ["123", "456", "7"]
    assert tokens.count("a\n\nb") == 3
