"""A branch of messages becomes the upstream request, and a title."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations import prompts
from conversations.models import Message, Role


def message(role: Role, text: str) -> Message:
    return Message(role=role, parts=[{"type": "reasoning", "text": "private"}, {"type": "text", "text": text}])


BRANCH = [message(Role.USER, "Hello"), message(Role.ASSISTANT, ""), message(Role.USER, "Again")]


def test_empty_turns_and_reasoning_are_not_sent() -> None:
    body = prompts.request("m", BRANCH, {}, go_on=False)
    assert body["messages"] == [{"role": "user", "content": "Hello"}, {"role": "user", "content": "Again"}]


def test_what_is_not_set_is_not_sent() -> None:
    body = prompts.request("m", BRANCH, {"temperature": 0}, go_on=False)
    assert set(body) == {"model", "messages", "stream_options", "temperature"}


@pytest.mark.parametrize("name", sorted(prompts.RESERVED))
def test_parameters_cannot_replace_what_the_request_carries_itself(name: str) -> None:
    assert prompts.request("m", BRANCH, {name: "mine"}, go_on=False).get(name) != "mine"


def test_a_system_prompt_stands_first_and_a_name_at_the_persons_messages_and_both_are_counted() -> None:
    branch = [*BRANCH[:1], message(Role.ASSISTANT, "Hi")]
    body = prompts.request("m", branch, {"system": "Be brief.", "name": "ada"}, go_on=True)
    assert [(one["role"], one.get("name")) for one in body["messages"]] == [
        *[("system", None), ("user", "ada"), ("assistant", None), ("user", None)]
    ]
    assert prompts.tokens(body) > prompts.tokens(prompts.request("m", branch, {"name": "ada"}, go_on=True))


def test_what_shapes_a_request_is_no_field_of_it() -> None:
    params = {"stream": False, "timeout": 5, "user_id": "u" * 64, "name": "ada", "system": "x", "top_k": 1}
    body = prompts.request("m", BRANCH, params, go_on=False)
    assert set(body) == {"model", "messages", "user", "top_k"}


def test_going_on_asks_to_go_on_after_the_unfinished_answer() -> None:
    body = prompts.request("m", [*BRANCH, message(Role.ASSISTANT, "Half")], {}, go_on=True)
    assert body["messages"][-2:] == [
        {"role": "assistant", "content": "Half"},
        {"role": "user", "content": prompts.GO_ON},
    ]
    assert prompts.request("m", BRANCH, {}, go_on=True)["messages"][-1]["content"] == "Again"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Hello", "Hello"),
        ("\n\n  # Heading  \nmore", "Heading"),
        ("```\ncode", "code"),
        ("one two " * 20, "one two one two one two one two one two one two one two…"),
        ("量" * 80, "量" * 60 + "…"),
        ("", ""),
        ("***", ""),
        ("**Why** does `x = *p` fail with _this_?", "Why does x = *p fail with this?"),
        ("> 1. [ ] Read [the page](https://example.org/a) ~~again~~", "Read the page again"),
        ("## What is C#? ##", "What is C#?"),
        ("What is C#", "What is C#"),
        ("![a chart](https://example.org/c.png) of 2 * 3 * 4", "a chart of 2 * 3 * 4"),
        ("snake_case_name and __init__ and *.py", "snake_case_name and init and *.py"),
        ("---\n~~~\n-5 degrees", "-5 degrees"),
    ],
)
def test_the_first_words_make_a_title(text: str, title: str) -> None:
    assert prompts.first_words(text) == title


@given(st.text())
def test_a_title_is_one_short_line(text: str) -> None:
    title = prompts.first_words(text)
    assert len(title) <= 61 and "\n" not in title
