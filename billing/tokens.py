"""How many tokens a text may have, where nobody has counted: an estimate by kinds of characters, called one. Pure.

The vocabularies in use cut English at about four characters, and Han, kana and hangul at about one; that is what an
estimate needs. No tokenizer is exact for a model whose vocabulary is not published.
"""

import re

PER_MESSAGE = 4  # role and separators
_DENSE = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
_MARGIN = 5, 4  # a ceiling is a quarter above the estimate


def estimate(text: str) -> int:
    """About how many tokens `text` has."""
    if text.isascii():
        return -(-len(text) // 4)
    dense = len(_DENSE.findall(text))
    plain = sum(character < "\x80" for character in text)
    others = len(text) - dense - plain
    return -(-(plain + 4 * dense + 2 * others) // 4)


def most(tokens: int) -> int:
    """An estimate with room above it, for a hold."""
    times, parts = _MARGIN
    return -(-tokens * times // parts) + PER_MESSAGE
