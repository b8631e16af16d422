"""Tokens: cutting text into pieces the size that real models stream, and counting them."""

import re

# In this order: a word's letters with the blank before them, ten at most; up to three digits; line ends; blanks; one
# or two marks; any other character, such as a Han one, alone. Close to what real tokenizers do, and the pieces always
# join to the text again.
PIECE = re.compile(r" ?[^\W\d_\u2e80-\U0003ffff]{1,10}| ?\d{1,3}|\n+|[ \t]+(?=\S)|\s+| ?[^\w\s]{1,2}|.", re.DOTALL)
LONG = 400_000  # characters that are cut into tokens, in a twentieth of a second
MESSAGE_OVERHEAD = 3  # tokens that each message costs beside its text
REPLY_OVERHEAD = 3  # tokens that open the answer


def split(text: str) -> list[str]:
    """Return the tokens of a text; joined they are the text."""
    return PIECE.findall(text)


def count(*texts: str) -> int:
    """Return how many tokens some texts have; beyond LONG characters, which no model here can hold, an estimate."""
    characters = sum(map(len, texts))
    return characters // 4 if characters > LONG else sum(len(PIECE.findall(text)) for text in texts)
