"""What is said about an answer: the server's half of what tests/js/lib.test.js says about the script's."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string

import openai_client as oc
from chatsite.templatetags import answers

ROOT = Path(__file__).resolve().parent.parent.parent


def message(
    status: str,
    *,
    text: str = "",
    role: str = "assistant",
    reason: str | None = None,
    thought: str = "",
    kind: str = "text",
) -> dict[str, Any]:
    error = {"code": "invalid_key", "message": "The key is refused. Copy it again.", "data": {"request_id": "r1"}}
    return {
        "id": "00000000-0000-0000-0000-000000000001",
        "role": role,
        "status": status,
        "text": text,
        "reasoning": thought,
        "parts": [{"type": "reasoning", "text": thought}] * bool(thought) + [{"type": kind, "text": text}] * bool(text),
        "finish_reason": reason,
        "error": error if status in ("failed", "interrupted") else None,
    }


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        (message("queued"), ""),
        (message("in_progress", text="Hi"), ""),
        (message("completed", text="Hi"), ""),
        (message("completed"), "empty"),
        (message("completed", text=" \n"), "empty"),
        (message("failed"), "failed"),
        (message("interrupted", text="Hi"), "interrupted"),
        (message("cancelled", text="Hi"), "stopped"),
        (message("incomplete", text="Hi", reason="length"), "cut"),
        (message("incomplete", reason="content_filter"), "filtered"),
        (message("incomplete", text="Hi"), "unfinished"),
        ({**message("incomplete", text="Hi"), "error": {"code": "answer_too_long"}}, "full"),
        (message("incomplete", text="Hi", reason="MAX_TOKENS"), "cut"),
        (message("incomplete", thought="Hm", reason="length"), "thought"),
        (message("completed", thought="Hm", reason="stop"), "thought"),
        (message("completed", text="Hi", thought="Hm", reason="end_turn"), ""),
        (message("completed", text="No.", kind="refusal", reason="stop"), "refused"),
        (message("completed", reason="tool_calls"), "called"),
        (message("completed", text="Hi", reason="function_call"), "called"),
        (message("completed", text="Hi", reason="insufficient_system_resource"), "other"),
        (message("completed", role="user"), ""),
    ],
)
def test_which_notice_stands_under_a_message(found: dict[str, Any], kind: str) -> None:
    assert answers.notice_kind(found) == kind


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("The connection broke off. The text is kept.", ("The connection broke off.", "The text is kept.")),
        ("Nothing at http://localhost:1. Is it running?", ("Nothing at http://localhost:1.", "Is it running?")),
        ("gpt-4.5 is away", ("gpt-4.5 is away", "")),
        ("连接中断了。文字已保留。", ("连接中断了。", "文字已保留。")),
        ("", ("", "")),
    ],
)
def test_the_first_sentence_says_what_happened(text: str, parts: tuple[str, str]) -> None:
    assert (answers.lead_sentence(text), answers.other_sentences(text)) == parts


def test_what_an_upstream_said_about_a_failure_is_told_as_text() -> None:
    data = {"status": 429, "attempts": 3, "retry_after": 180.0, "rate_limits": {"x-a": "1", "x-b": "2"}, "param": None}
    told = {name: value for name, _, value in answers.failure_facts({"data": data}) if value}
    assert told == {"status": "429", "attempts": "3", "retry_after": "180 s", "rate_limits": "x-a: 1\nx-b: 2"}
    assert answers.failure_facts({"data": {"attempts": 1, "retry_after": 1.5}})[6][2] == "1.5 s"
    assert {value for *_, value in answers.failure_facts(None)} == {""}


@pytest.mark.parametrize("kind", answers.KINDS)
def test_each_notice_has_something_to_press_and_only_what_helps(kind: str) -> None:
    statuses = {"failed": "failed", "interrupted": "interrupted", "stopped": "cancelled", "empty": "completed"}
    statuses |= dict.fromkeys(("refused", "called", "thought", "other"), "completed")
    reasons = {"cut": "length", "filtered": "content_filter", "called": "tool_calls", "other": "odd <end>"}
    goes_on_from = ("failed", "interrupted", "stopped", "cut", "unfinished")
    for text in ("", "Half a sentence"):
        found = message(statuses.get(kind, "incomplete"), text=text, reason=reasons.get(kind))
        shown = render_to_string("conversations/_notice.html", {"kind": kind, "message": found})
        assert ('data-act="continue"' in shown) is (text != "" and kind in goes_on_from)
        assert ("odd &lt;end&gt;" in shown) is (kind == "other")
        assert ('data-act="regenerate"' in shown) is (kind not in ("cut", "fewer"))


def test_the_script_and_the_client_of_upstreams_mean_the_same_by_an_end() -> None:
    source = (ROOT / "static" / "js" / "lib" / "answers.js").read_text(encoding="utf-8")
    table = re.search(r"const ENDS = .*?\{(.*?)\}\);", source, re.DOTALL)
    assert table is not None
    ends = dict(re.findall(r'(\w+): "(\w+)"', table[1]))
    assert {word: oc.ending_of(word) for word in ends} == ends
    known = re.search(r"_ENDS = \{(.*?)\}", (ROOT / "openai_client" / "_values.py").read_text(), re.DOTALL)
    assert known is not None and dict(re.findall(r'"(\w+)": "(\w+)"', known[1])) == ends


def test_models_are_grouped_by_provider_and_an_unlisted_one_can_be_chosen() -> None:
    models = [
        {"provider": "a", "provider_name": "A", "model_id": "x"},
        {"provider": "b", "provider_name": "B", "model_id": "x"},
        {"provider": "a", "provider_name": "A", "model_id": "y"},
    ]
    assert [(group["name"], len(group["models"])) for group in answers.by_provider(models)] == [("A", 2), ("B", 1)]
    assert answers.lists(models, {"provider": "b", "model_id": "x"})
    assert not answers.lists(models, {"provider": "b", "model_id": "y"})


def test_only_a_run_of_the_shown_branch_is_the_one_to_stop() -> None:
    run = {"id": "r", "message": "m"}
    assert answers.live_run(None) is None
    assert answers.live_run({"messages": [{"id": "other"}], "runs": [run]}) is None
    assert answers.live_run({"messages": [{"id": "m"}], "runs": [run]}) == run


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ({"model_id": "m", "by_hand": False}, "m"),
        ({"model_id": "m", "by_hand": True}, "m, edited by you"),
        ({"model_id": "", "by_hand": True}, "Written by you"),
        (None, ""),
    ],
)
def test_who_has_written_an_answer(found: dict[str, Any] | None, words: str) -> None:
    assert answers.writer(found) == words
