"""The record of a run: small, and together with the branch the same again; whatever a server says, nothing breaks."""

import math
import uuid
from typing import Any

from hypothesis import given
from hypothesis import strategies as some

import openai_client as oc
from conversations import probabilities, records
from conversations.records import Source

ROLES = some.sampled_from(["system", "user", "assistant"])
TEXTS = some.text(max_size=8)
BRANCHES = some.lists(some.tuples(some.uuids(), ROLES, TEXTS), max_size=12, unique_by=lambda source: source[0])
JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(BRANCHES, some.data())
def test_what_was_sent_is_put_together_again(branch: list[Source], data: some.DataObject) -> None:
    own = [{"role": role, "content": text} for _id, role, text in branch if text]
    own = own[data.draw(some.integers(0, len(own))) :]
    named = [{**one, "name": "A"} if data.draw(some.booleans()) else one for one in own]
    others: list[Any] = data.draw(
        some.lists(some.builds(lambda text: {"role": "user", "content": text}, TEXTS), max_size=3)
    )
    sent = [*others, *named, *others]
    assert records.resolve(records.refer(sent, branch), branch) == sent


def test_a_long_conversation_costs_a_record_nothing() -> None:
    branch = [(uuid.uuid4(), "user" if index % 2 else "assistant", f"text {index} " * 500) for index in range(400)]
    sent = [{"role": role, "content": text} for _id, role, text in branch]
    packed = records.pack({"messages": records.refer(sent, branch)})
    assert len(packed) < 100
    assert records.resolve(records.unpack(packed)["messages"], branch) == sent


def test_what_grew_since_is_cut_and_what_is_gone_is_told_by_the_digest() -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    branch = [(first, "user", "Hello"), (second, "assistant", "Hal")]
    messages = [{"role": role, "content": text} for _id, role, text in branch]
    body = {"model": "m", "messages": messages}
    kept, digest = records.refer(messages, branch), oc.digest_of(body)
    grown = [branch[0], (second, "assistant", "Half and more")]
    again = {"model": "m", "messages": records.resolve(kept, grown)}
    assert records.is_exact({"digest": digest, "body": again})
    without = {"model": "m", "messages": records.resolve(kept, branch[:1])}
    assert not records.is_exact({"digest": digest, "body": without})


def test_what_is_too_long_is_shortened_and_says_so() -> None:
    kept = records.unpack(records.pack({"a": "x" * 100_000, "b": [{"c": "y" * 10}]}))
    assert len(kept["a"]) < records.LONGEST + 100
    assert f"{100_000 - records.LONGEST} characters are not kept" in kept["a"]
    assert kept["b"] == [{"c": "y" * 10}]
    many = records.pack({"texts": [f"{number} " * 3_000 for number in range(1_000)]})
    assert len(many) < records.ROOM * 3


@given(some.dictionaries(some.sampled_from(["content", "refusal", "tokens", "token_logprobs", "top_logprobs"]), JSON))
def test_no_shape_of_probabilities_breaks_anything(raw: dict[str, Any]) -> None:
    for cell in probabilities.cells(probabilities.unpack(probabilities.pack(raw))):
        assert cell.percent is None or 0 <= cell.percent <= 100
        assert -1 <= cell.level <= probabilities.LEVELS


@given(some.text(max_size=20), some.data())
def test_however_a_text_is_cut_into_tokens_it_is_whole_again(text: str, data: some.DataObject) -> None:
    raw = text.encode("utf-8", "surrogatepass") if text.isascii() else text.encode("utf-8", "replace")
    cuts = sorted(data.draw(some.lists(some.integers(0, len(raw)), max_size=8)))
    bits = [raw[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(raw)], strict=True)]
    entries = [{"token": bit.decode("latin-1"), "logprob": -0.5, "bytes": list(bit)} for bit in bits if bit]
    cells = probabilities.cells(probabilities.unpack(probabilities.pack({"content": entries})))
    assert "".join(cell.text for cell in cells) == raw.decode()
    assert all(
        cell.percent is not None and math.isclose(cell.percent, 100 * math.exp(-0.5 * len(cell.tokens)))
        for cell in cells
    )


def test_the_old_shape_is_read_as_well() -> None:
    raw = {"tokens": ["a", "b"], "token_logprobs": [None, -1.0], "top_logprobs": [None, {"b": -1.0, "c": -2.0}]}
    first, second = probabilities.unpack(probabilities.pack(raw))
    assert (first.text, first.percent) == ("a", None)
    assert [other.text for other in second.others] == ["b", "c"]
    assert probabilities.pack({"content": None, "refusal": None}) == b""
