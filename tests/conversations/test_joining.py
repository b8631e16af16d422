"""What continues an answer is joined to it without what it repeats (conversations/joining.py)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.joining import TAIL, Joiner, open_fence

CUT = "Bees dance to tell the others where the flowers are. The dance says how far, and in which dire"

REPEATED = [
    # (what is there, what comes, what of it is new)
    (CUT, "ction.", "ction."),
    (CUT, "in which direction.", "ction."),
    (CUT, "direction.", "ction."),
    (CUT, "\n\nThe dance says how far, and in which direction.", "ction."),
    (CUT, CUT + "ction.", "ction."),
    ("one\n- Item tw", "- Item two\n", "o\n"),
    ("def f():\n    retu", "    return 1\n", "rn 1\n"),
    ("She had", " had enough.", " had enough."),
    ("She had", "had enough.", " enough."),
    ("bana", "na", "na"),
    ("It costs 1", "1 dollars", "1 dollars"),
    ("1\n1\n", "1\n", "1\n"),
    ("<div>\n</div>\n", "</div>\n", "</div>\n"),
    ("    return None\n", "    return None\n", "    return None\n"),
    ("of the bees, of the bees, of the bees, ", "of the bees, of course", "of the bees, of course"),
    ("我们先讨论", "讨论一下", "讨论一下"),
    ("蜜蜂用舞蹈告诉同伴花在哪里，", "告诉同伴花在哪里，还有多远。", "还有多远。"),
    ("```python\ndef f():\n", "```python\n    return 1\n```", "    return 1\n```"),
    ("```python\ndef f():\n    return", "```python\ndef f():\n    return 1\n", " 1\n"),
    ("```python\ndef f():\n    return 1\n", "```\n\nThat is all.", "```\n\nThat is all."),
    ("Text.\n\n", "```python\nf()\n```", "```python\nf()\n```"),
    ("", "Anything", "Anything"),
    ("Anything", "", ""),
    ("The whole answer is here.", "The whole answer is here.", ""),
]


@pytest.mark.parametrize(("before", "more", "new"), REPEATED)
def test_what_is_repeated_is_dropped_and_what_may_be_meant_is_kept(before: str, more: str, new: str) -> None:
    for size in (1, 3, 7, 10_000):
        joiner = Joiner(before)
        pieces = [more[start : start + size] for start in range(0, len(more), size)]
        assert "".join(map(joiner.feed, pieces)) + joiner.end() == new, size


FENCES = [
    ("a ``` b", ""),
    ("```\nx", "```"),
    ("```\nx\n```\n", ""),
    ("````md\n```\n", "````"),
    ("~~~\n```\n", "~~~"),
    ("```python\n```python\n", "```"),
    ("``` a`b\n", ""),
]


@pytest.mark.parametrize(("text", "fence"), FENCES)
def test_it_knows_in_which_code_fence_a_text_ends(text: str, fence: str) -> None:
    assert open_fence(text) == fence


WORDS = st.lists(st.sampled_from(["bees", "dance", " ", "\n", "```", "py", "1", "。", "蜜蜂", "a", "\t"]), max_size=40)
TEXTS = st.one_of(st.text(max_size=60), WORDS.map("".join))


@given(TEXTS, st.lists(TEXTS, max_size=12))
def test_however_it_is_cut_into_pieces_the_same_comes_out_and_nothing_but_a_beginning_is_missing(
    before: str, pieces: list[str]
) -> None:
    more = "".join(pieces)
    joiner, whole = Joiner(before), Joiner(before)
    came = "".join(map(joiner.feed, pieces)) + joiner.end()
    assert came == whole.feed(more) + whole.end()
    assert more.endswith(came)
    assert joiner.feed("more") == "more", "it is decided once and for all"


@given(TEXTS, st.text(alphabet="abcdefghij ", min_size=30, max_size=80), st.text(max_size=40))
def test_a_whole_line_that_is_said_again_is_dropped(before: str, line: str, new: str) -> None:
    line = "Then " + " ".join(dict.fromkeys(line.split())) + " there"
    if len(line) < 30 or open_fence(before):
        return
    joiner = Joiner(f"{before}\n{line}")
    assert joiner.feed(line + new) + joiner.end() == new


@given(TEXTS, TEXTS)
def test_what_is_held_back_is_bounded(before: str, more: str) -> None:
    joiner, passed = Joiner(before), 0
    for count, char in enumerate(more, start=1):
        passed += len(joiner.feed(char))
        assert passed or count <= min(len(before), TAIL) + 160
