"""Upstream deltas become one message's parts."""

from hypothesis import given
from hypothesis import strategies as st

from conversations.accumulator import Accumulator, storable

STEPS = st.lists(st.tuples(st.sampled_from(["text", "reasoning", "move"]), st.text(max_size=8)), max_size=40)


@given(STEPS, st.text(max_size=10))
def test_nothing_is_lost_or_doubled_whatever_the_order(steps: list[tuple[str, str]], before: str) -> None:
    parts = [{"type": "text", "text": before}] if before else []
    accumulator = Accumulator(parts)
    text, reasoning = "", ""
    for kind, piece in steps:
        if kind == "text":
            accumulator.add_text(piece)
            text += piece
        elif kind == "reasoning":
            accumulator.add_reasoning(piece)
            reasoning += piece
        else:
            accumulator.move_text_to_reasoning()
            reasoning, text = reasoning + text, ""
    found = {part["type"]: part["text"] for part in accumulator.parts}
    assert found.get("text", "") == before + text
    assert found.get("reasoning", "") == reasoning
    assert accumulator.length == len(before + text)
    assert len(accumulator.parts) == len(found)


def test_a_continued_message_keeps_its_own_reasoning_and_text() -> None:
    accumulator = Accumulator([{"type": "reasoning", "text": "r"}, {"type": "text", "text": "a"}])
    accumulator.add_text("b")
    assert accumulator.parts == [{"type": "reasoning", "text": "r"}, {"type": "text", "text": "ab"}]


def test_moving_text_to_reasoning_leaves_what_was_there_before_the_run() -> None:
    accumulator = Accumulator([{"type": "text", "text": "shown before"}])
    accumulator.add_text("thought")
    accumulator.move_text_to_reasoning()
    assert accumulator.parts == [{"type": "reasoning", "text": "thought"}, {"type": "text", "text": "shown before"}]


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_storable_text_is_valid_everywhere_and_keeps_what_is_valid(text: str) -> None:
    stored = storable(text)
    assert "\x00" not in stored
    stored.encode("utf-8")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return
    assert stored == text.replace("\x00", "")
