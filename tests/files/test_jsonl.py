"""JSON Lines are looked at line by line: what is wrong is said with its line, and no line can hurt."""

import io
import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from files import jsonl

ASKED = {"role": "user", "content": "Hi"}
SAID = {"role": "assistant", "content": "Hello"}
CHAT = {"messages": [ASKED, SAID]}
PAIR = {"prompt": "a", "completion": "b"}
PREFERS = {"input": {"messages": [ASKED]}, "preferred_output": [SAID], "non_preferred_output": [SAID]}
CALL = {"custom_id": "1", "method": "POST", "url": "/v1/chat/completions", "body": {"model": "m"}}


def lines(*records: Any) -> bytes:
    return b"".join(record if isinstance(record, bytes) else json.dumps(record).encode() + b"\n" for record in records)


def found(purpose: str, *records: Any, name: str = "x.jsonl") -> list[tuple[int, str]]:
    """(line, code) of each fault."""
    report = jsonl.check(io.BytesIO(lines(*records)), purpose, name)
    for fault in (*report.faults, *report.notes):
        assert fault.message
        assert "%(" not in fault.message
    return [(fault.line, fault.code) for fault in report.faults]


@pytest.mark.parametrize(
    ("purpose", "records"),
    [
        ("fine-tune", [CHAT, b"\n", CHAT, b"  \r\n"]),
        ("fine-tune", [b"\xef\xbb\xbf" + lines(CHAT)]),
        ("fine-tune", [PAIR, {**PAIR, "odd": 1}]),
        ("fine-tune", [PREFERS]),
        ("fine-tune", [{"messages": [ASKED], "reference_answer": "b"}]),  # for reinforcement
        ("fine-tune", [{"messages": [ASKED, {"role": "assistant", "content": None, "tool_calls": [{}]}, SAID]}]),
        ("fine-tune", [{"messages": [{"role": "user", "content": [{"type": "text"}]}, {**SAID, "weight": 0}]}]),
        ("batch", [CALL, {**CALL, "custom_id": "2"}]),
        ("evals", [{"item": {"q": 1}}, {"item": {}, "sample": {}}]),
    ],
)
def test_good_lines_have_no_faults(purpose: str, records: list[Any]) -> None:
    assert found(purpose, *records) == []


@pytest.mark.parametrize(
    ("purpose", "record", "code"),
    [
        ("fine-tune", b"{\n", "not_json"),
        ("fine-tune", b"\xff\xfe\n", "not_utf8"),
        ("fine-tune", b"[1]\n", "not_object"),
        ("fine-tune", b'{"a": NaN}\n', "not_json"),
        ("fine-tune", b'{"a": ' + b"9" * 5000 + b"}\n", "not_json"),
        ("fine-tune", b"[" * 100_000 + b"\n", "not_json"),
        ("fine-tune", b"[" + b"{}," * 200_000 + b"{}]\n", "too_many_parts"),
        ("fine-tune", {"text": "x"}, "no_form"),
        ("fine-tune", PAIR, "other_form"),
        ("fine-tune", {"messages": []}, "no_messages"),
        ("fine-tune", {"messages": "x"}, "no_messages"),
        ("fine-tune", {"messages": ["x"]}, "message_not_object"),
        ("fine-tune", {"messages": [{"role": "bot", "content": "x"}]}, "unknown_role"),
        ("fine-tune", {"messages": [{"role": {"a": 1}, "content": "x"}]}, "unknown_role"),
        ("fine-tune", {"messages": [{"role": "user", "content": None}, SAID]}, "no_content"),
        ("fine-tune", {"messages": [{"role": "user", "content": []}, SAID]}, "no_content"),
        ("fine-tune", {"messages": [ASKED]}, "nothing_to_learn"),
        ("fine-tune", {"messages": [ASKED, {**SAID, "weight": 2}]}, "bad_weight"),
        ("batch", {**CALL, "custom_id": 7}, "no_custom_id"),
        ("batch", {**CALL, "custom_id": ""}, "no_custom_id"),
        ("batch", CALL, "custom_id_again"),
        ("batch", {**CALL, "custom_id": "2", "method": "GET"}, "wrong_method"),
        ("batch", {**CALL, "custom_id": "2", "url": "https://x/"}, "wrong_url"),
        ("batch", {**CALL, "custom_id": "2", "url": "/v1/embeddings"}, "other_url"),
        ("batch", {**CALL, "custom_id": "2", "body": "x"}, "no_body"),
        ("evals", {"item": [1]}, "no_item"),
    ],
)
def test_a_fault_is_named_with_its_line(purpose: str, record: Any, code: str) -> None:
    first = {"fine-tune": CHAT, "batch": CALL, "evals": {"item": {}}}[purpose]
    assert found(purpose, first, b"\n", record) == [(3, code)]


@pytest.mark.parametrize(
    ("record", "code"),
    [
        ({"prompt": "a"}, "not_text"),
        ({"prompt": "a", "completion": 1}, "not_text"),
        ({**PREFERS, "input": "x"}, "no_messages"),
        ({**PREFERS, "non_preferred_output": []}, "no_messages"),
    ],
)
def test_other_forms_of_examples_are_looked_at_as_well(record: Any, code: str) -> None:
    assert found("fine-tune", record) == [(1, code)]


def test_faults_of_the_whole_file_stand_on_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found("fine-tune", b"\n \n") == [(0, "empty")]
    assert found("batch", CALL, name="x.json") == [(0, "not_named")]
    assert found("batch", CALL, name="X.JSONL") == []
    monkeypatch.setattr(jsonl, "BATCH_LINES", 2)
    monkeypatch.setattr(jsonl, "BATCH_BYTES", 20)
    calls = [{**CALL, "custom_id": str(number)} for number in range(4)]
    assert found("batch", *calls) == [(0, "too_many_lines"), (0, "batch_too_large")]


def test_what_only_some_servers_ask_for_is_a_note() -> None:
    report = jsonl.check(io.BytesIO(lines(CHAT, CHAT)), "fine-tune")
    assert [(note.code, note.data) for note in report.notes] == [("few_examples", {"count": 2})]
    several = [CALL, {**CALL, "custom_id": "2", "body": {"model": "other"}}]
    assert [note.code for note in jsonl.check(io.BytesIO(lines(*several)), "batch").notes] == ["several_models"]


def test_reading_ends_where_nobody_would_read_on() -> None:
    source = io.BytesIO(b"no\n" * 1000)
    report = jsonl.check(source, "evals")
    assert (len(report.faults), report.cut, report.notes) == (jsonl.MOST_FAULTS, True, ())
    assert source.tell() == 3 * jsonl.MOST_FAULTS


def test_a_line_of_fifty_megabytes_costs_the_memory_of_one_that_is_allowed() -> None:
    size = 50 * jsonl.MIB

    class Endless(io.RawIOBase):
        """A good line, one of fifty megabytes, and a good one, none of which is kept."""

        def __init__(self) -> None:
            self.good, self.left, self.step = lines(CHAT), size, 0

        def readline(self, limit: int | None = -1) -> bytes:
            if self.left and self.step:
                assert limit is not None
                taken = min(limit, self.left)
                self.left -= taken
                return b"x" * (taken - 1) + (b"x" if self.left else b"\n")
            self.step += 1
            return self.good if self.step < 3 else b""

    tracemalloc.start()
    report = jsonl.check(Endless(), "fine-tune")  # type: ignore[arg-type]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [(fault.line, fault.code, fault.data) for fault in report.faults] == [
        (2, "line_too_long", {"megabytes": 50})
    ]
    assert report.lines == 3
    assert peak < 4 * jsonl.LINE_LIMIT


def test_what_is_shown_of_a_value_is_short_and_printable() -> None:
    role = "\u202e\x00" + "x" * 1000
    report = jsonl.check(io.BytesIO(lines({"messages": [{"role": role, "content": ""}]})), "fine-tune")
    shown = report.faults[0].data["role"]
    assert shown == "��" + "x" * 58 + "…"


@given(st.binary(max_size=300), st.sampled_from(jsonl.PURPOSES))
def test_any_bytes_get_a_report(data: bytes, purpose: str) -> None:
    assert jsonl.check(io.BytesIO(data), purpose).lines >= 0


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["role", "content", "messages", "weight", "model"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    st.dictionaries(st.sampled_from([*CHAT, *PAIR, *PREFERS, *CALL, "item"]), _VALUES), st.sampled_from(jsonl.PURPOSES)
)
def test_any_record_gets_a_report(record: dict[str, Any], purpose: str) -> None:
    found(purpose, record)
