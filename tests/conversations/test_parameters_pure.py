"""The closed table of parameters: what each takes, how it is shown and read, and which layer wins."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations import parameters
from conversations.parameters import BY_NAME, TABLE, Layers
from conversations.parameters.texts import escaped, unescaped

GOOD: list[tuple[str, Any, Any]] = [
    ("system", "Be brief.", "Be brief."),
    ("temperature", 0, 0),
    ("temperature", 2, 2),
    ("temperature", 0.7, 0.7),
    ("top_p", 1.0, 1.0),
    ("max_tokens", 2048, 2048),
    ("max_tokens", 2048.0, 2048),
    ("presence_penalty", -2, -2),
    ("frequency_penalty", 2, 2),
    ("stop", "END", ["END"]),
    ("stop", ["\n", "a", "b", "c"], ["\n", "a", "b", "c"]),
    ("logit_bias", {"50256": -100, "07": 100.0}, {"50256": -100, "7": 100}),
    ("seed", -(2**63), -(2**63)),
    ("n", 1, 1),
    ("logprobs", True, True),
    ("top_logprobs", 20, 20),
    ("reasoning_effort", "none", "none"),
    ("verbosity", "high", "high"),
    ("stream", False, False),
    ("timeout", 10, 10),
    ("name", "Ada_L-1", "Ada_L-1"),
    ("user_id", True, True),
    ("extra", {"top_k": 40, "nested": {"a": [None]}}, {"top_k": 40, "nested": {"a": [None]}}),
    ("temperature", None, None),
]
BAD: list[tuple[str, Any]] = [
    ("system", 5),
    ("system", "x" * 100_001),
    ("temperature", -0.1),
    ("temperature", 2.1),
    ("temperature", "hot"),
    ("temperature", True),
    ("temperature", float("nan")),
    ("temperature", float("inf")),
    ("top_p", 1.5),
    ("max_tokens", 0),
    ("max_tokens", 1.5),
    ("max_tokens", True),
    ("presence_penalty", 2.5),
    ("frequency_penalty", -3),
    ("stop", []),
    ("stop", [""]),
    ("stop", ["a"] * 5),
    ("stop", ["x" * 1_001]),
    ("stop", [1]),
    ("logit_bias", {}),
    ("logit_bias", {"a": 1}),
    ("logit_bias", {"1": 101}),
    ("logit_bias", {"1": "5"}),
    ("logit_bias", {str(n): 1 for n in range(1_025)}),
    ("logit_bias", [1]),
    ("seed", 2**63),
    ("n", 0),
    ("n", parameters.MOST_ANSWERS + 1),
    ("logprobs", 1),
    ("top_logprobs", 21),
    ("reasoning_effort", "huge"),
    ("verbosity", 1),
    ("stream", "off"),
    ("timeout", 0),
    ("timeout", 3_601),
    ("name", "Ada Lovelace"),
    ("name", "ä"),
    ("name", "x" * 65),
    ("name", "ada\n"),
    ("user_id", "me"),
    ("extra", [1]),
    ("extra", {"messages": []}),
    ("extra", {"model": "m"}),
    ("extra", {"temperature": 1}),
    ("extra", {"max_completion_tokens": 1}),
    ("extra", {"x": "y" * 65_536}),
]


@pytest.mark.parametrize(("name", "value", "kept"), GOOD)
def test_what_a_parameter_takes_is_kept(name: str, value: Any, kept: Any) -> None:
    assert parameters.of_layer({name: value}) == ({name: kept}, {})


@pytest.mark.parametrize(("name", "value"), BAD)
def test_what_it_does_not_take_is_refused_with_a_sentence(name: str, value: Any) -> None:
    good, wrong = parameters.of_layer({name: value})
    assert good == {} and list(wrong) == [name]
    assert wrong[name].endswith(".") and len(wrong[name].split()) > 3


def test_every_parameter_of_the_table_is_tried_here() -> None:
    assert {name for name, _value, _kept in GOOD} == {one.name for one in TABLE} == {name for name, _value in BAD}


def test_a_layer_takes_names_of_the_table_alone_and_a_request_any_but_those_that_are_fixed() -> None:
    assert list(parameters.of_layer({"top_k": 5})[1]) == ["top_k"]
    assert parameters.of_request({"top_k": 5, "max_completion_tokens": 7}) == (
        {"top_k": 5, "max_completion_tokens": 7},
        {},
    )
    assert set(parameters.of_request({"model": "m", "messages": [], "stream_options": {}, "top_p": 9})[1]) == {
        *("model", "messages", "stream_options", "top_p")
    }


@given(st.text())
def test_escapes_come_back_as_they_were_and_hide_nothing(text: str) -> None:
    shown = escaped(text)
    assert unescaped(shown) == text
    assert not any(ord(one) < 32 or one in "\u2028\u2029\x85" for one in shown)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("\\n\\n##", "\n\n##"), ("\\t", "\t"), ("a\\\\n", "a\\n"), ("\\d", "\\d"), ("\\u00e4", "ä"), ("\\", "\\")],
)
def test_escapes_are_understood(typed: str, meant: str) -> None:
    assert unescaped(typed) == meant


TOKENS = st.dictionaries(st.integers(0, 10**9).map(str), st.integers(-100, 100), min_size=1, max_size=20)


@given(TOKENS)
def test_a_bias_is_read_from_json_from_pairs_and_from_rows(biases: dict[str, int]) -> None:
    parameter = BY_NAME["logit_bias"]
    pairs = json.dumps([[int(token), bias] for token, bias in biases.items()])
    rows = "\n".join(f"{token}: {bias}" for token, bias in biases.items())
    for text in (json.dumps(biases), pairs, rows, rows.replace(":", " "), rows.replace("-", "−")):
        assert parameters.read(parameter, text) == biases
    assert parameters.read(parameter, parameters.shown(parameter, biases)) == biases


@pytest.mark.parametrize("text", ["{", "[1, 2]", "[[1]]", "fifty 1", "1", "1 2 3", '{"1": NaN}', "1 1e999"])
def test_a_bias_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(parameters.Wrong):
        parameters.read(BY_NAME["logit_bias"], text)


@given(st.text(max_size=200))
def test_no_text_breaks_a_field(text: str) -> None:
    for parameter in TABLE:
        given = text if parameter.kind != "stops" else [text]
        try:
            value = parameters.read(parameter, given)
        except parameters.Wrong as error:
            assert str(error)
        else:
            assert parameters.check(parameter, value) == value


@pytest.mark.parametrize(("name", "value", "kept"), [row for row in GOOD if row[1] is not None])
def test_what_a_form_shows_is_what_it_reads(name: str, value: Any, kept: Any) -> None:
    parameter = BY_NAME[name]
    shown = parameters.shown(parameter, kept)
    text = [one for one in shown if one] if isinstance(shown, list) else shown
    assert parameters.read(parameter, text) == kept


def test_a_form_sets_what_has_a_text_forgets_what_is_empty_and_does_not_send_what_is_off() -> None:
    fields = {"temperature": "0,5", "stop_1": "\\n", "stop_3": "END", "top_p": "", "seed": "7", "seed_off": "on"}
    given = parameters.from_form(fields)
    assert given.values == {"temperature": 0.5, "stop": ["\n", "END"], "seed": None}
    assert given.reset == {one.name for one in TABLE} - given.values.keys()
    assert given.wrong == {}
    some = parameters.from_form(fields, only=["top_p", "temperature", "nothing"])
    assert (some.values, some.reset) == ({"temperature": 0.5}, {"top_p"})
    assert list(parameters.from_form({"temperature": "9", "n": "1"}).wrong) == ["temperature"]


LAYER = st.dictionaries(st.sampled_from(["temperature", "seed", "system"]), st.one_of(st.none(), st.integers(0, 1)))


@given(LAYER, LAYER, LAYER)
def test_field_by_field_the_nearest_layer_wins_and_none_is_not_sent(site: dict, personal: dict, own: dict) -> None:
    layers = Layers(site, personal, own)
    for name in ("temperature", "seed", "system"):
        named = [(layer[name], source) for layer, source in _sources(layers) if name in layer]
        value, source = named[0] if named else (None, "")
        assert layers.effective.get(name) == value
        assert layers.sources.get(name, "") == (source if value is not None else "")
        without = Layers(site, personal, {k: v for k, v in own.items() if k != name})
        below = layers.below(name)
        assert (below[0] if below else None) == without.effective.get(name)


def _sources(layers: Layers) -> list[tuple[Any, str]]:
    return [(layers.own, "conversation"), (layers.personal, "personal"), (layers.site, "site")]


def test_one_request_wins_over_all_and_null_takes_away() -> None:
    layers = Layers({"temperature": 1, "max_tokens": 9}, {"seed": 5}, {"extra": {"top_k": 1, "x": 2}, "user_id": True})
    assert parameters.settled(layers, {}, lambda: "id") == {
        "temperature": 1,
        "max_tokens": 9,
        "seed": 5,
        "top_k": 1,
        "x": 2,
        "user_id": "id",
    }
    request = {"temperature": None, "max_completion_tokens": 7, "top_k": 3, "user_id": False}
    assert parameters.settled(layers, request, lambda: "id") == {
        "max_completion_tokens": 7,
        "seed": 5,
        "top_k": 3,
        "x": 2,
    }
    assert parameters.settled(Layers(), {"extra": {"top_k": 2}}, lambda: "id") == {"top_k": 2}
    assert parameters.settled(Layers(), {}, lambda: "id") == {}


def test_alternatives_are_sent_with_log_probabilities_alone() -> None:
    assert parameters.settled(Layers(own={"top_logprobs": 5}), {}, str) == {}
    both = {"top_logprobs": 5, "logprobs": True}
    assert parameters.settled(Layers(own=both), {}, str) == both
    assert list(parameters.contradictions(Layers(), {"top_logprobs": 5})) == ["top_logprobs"]
    assert parameters.contradictions(Layers(own={"logprobs": True}), {"top_logprobs": 5}) == {}


def test_temperature_and_top_p_are_warned_of_when_both_are_changed() -> None:
    [warning] = parameters.warnings({"temperature": 0.5, "top_p": 0.5})
    assert warning["fields"] == ["temperature", "top_p"]
    assert parameters.warnings({"temperature": 0.5, "top_p": 1}) == []


def test_what_a_model_refuses_is_known_by_family_until_it_does_not_reason_and_by_what_its_server_said() -> None:
    family, learned = ("temperature", "stop"), {"seed": "", "max_tokens": "max_completion_tokens", "user": ""}
    assert set(parameters.refused({}, "m", family, learned)) == {"temperature", "stop", "seed", "user_id"}
    assert set(parameters.refused({"reasoning_effort": "none"}, "m", family, {})) == set()
