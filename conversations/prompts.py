"""A branch of messages -> the upstream request. Pure."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from billing import tokens as counting
from conversations import parameters
from conversations.attached import parts as attached
from conversations.attached import wire
from conversations.models import Message, Role, Run
from conversations.parameters import CEILINGS, MOST_ANSWERS

_WORDED = ("tools", "functions", "response_format")  # parameters that the model reads as text
# What a line of Markdown is made of besides its words, in the order in which it is taken away.
_MARKDOWN = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"^\s*(?:`{3,}.*|~{3,}.*|[-*_=]{3,})\s*$", ""),  # a fence, a rule
        (r"^\s*(?:(?:#{1,6}|>|[-*+]|\d{1,9}[.)])(?:\s+|$)|\[[ xX]\]\s)*", ""),  # headings, quotes, items, tasks
        (r"\s+#+\s*$", ""),  # the end of a heading
        (r"!?\[([^\]]*)\]\([^)]*\)", r"\1"),  # links and pictures
        (r"`+|\*\*+|~~+|(?<!\w)__+|__+(?!\w)", ""),
        (r"(?<![\w*])\*([^\s*](?:[^*]*[^\s*])?)\*(?![\w*])", r"\1"),
        (r"(?<!\w)_([^\s_](?:[^_]*[^\s_])?)_(?!\w)", r"\1"),
    )
)
GO_ON = (
    "Your last message was cut off. Go on exactly where it stopped: repeat nothing, "
    "do not comment on the interruption, and keep its language and format."
)
TITLE = (
    "Write a title for this conversation: at most six words, in the language of the conversation, "
    "without quotation marks, without a full stop. Answer with the title alone."
)
TITLE_SOURCE_CHARACTERS = 2_000

# The request carries these itself; a person's parameters cannot replace them.
RESERVED = parameters.FIXED | parameters.OURS


def wire_messages(branch: Sequence[Message]) -> list[dict[str, Any]]:
    """The messages sent upstream. Empty ones are left out: some servers refuse them (quirk 8.8).

    The content of a message with files is a list, whose parts for them are still to be filled (`runs.filling`).
    """
    return [{"role": message.role, "content": content} for message in branch if (content := _content(message))]


def _content(message: Message) -> str | list[dict[str, Any]]:
    has_files = any(part["type"] in attached.ATTACHED for part in message.parts)
    return wire.content(message.parts, message.text) if has_files else message.text


def request(
    model_id: str, branch: Sequence[Message], params: Mapping[str, Any], *, go_on: bool, ceiling: int | None = None
) -> dict[str, Any]:
    """The body of a chat completion. What is not set is not sent (B19).

    `go_on`: the branch ends with an unfinished answer that is to be extended. `ceiling`: what the balance allows; it
    takes the place of the person's own. A system prompt stands before all, the author's name at their own messages.
    """
    messages = parameters.addressed(wire_messages(branch), params)
    if go_on and messages and messages[-1]["role"] == Role.ASSISTANT:
        messages.append({"role": Role.USER.value, "content": GO_ON})
    own = {name: value for name, value in parameters.fields(params).items() if name not in RESERVED and name != "n"}
    own |= limit(params, ceiling) | ({"n": count} if (count := answers(params)) > 1 else {})
    streamed = {} if params.get("stream") is False else {"stream_options": {"include_usage": True}}
    return {**own, "model": model_id, "messages": messages, **streamed}


def asked(run: Run, branch: Sequence[Message]) -> dict[str, Any]:
    """What a run asks, or has asked: `branch` leads to its message, of which counts what was there before the run."""
    *above, own = branch
    before = Message(role=own.role, parts=[{"type": "text", "text": own.text[: run.text_before]}])
    return request(run.model_id, [*above, before], run.params, go_on=bool(run.text_before), ceiling=run.ceiling)


def answers(params: Mapping[str, Any]) -> int:
    """How many answers one request asks for."""
    count = params.get("n")
    return count if type(count) is int and 1 <= count <= MOST_ANSWERS else 1


def limit(params: Mapping[str, Any], ceiling: int | None) -> dict[str, int]:
    """The ceiling under the name that the person used, else under the one that most servers know or refuse by name."""
    if ceiling is None:
        return {}
    return dict.fromkeys([name for name in CEILINGS if name in params] or CEILINGS[:1], ceiling)


def wanted_ceiling(params: Mapping[str, Any]) -> int | None:
    """The longest answer that the person asked for, in tokens."""
    found = [params[name] for name in CEILINGS if type(params.get(name)) is int and params[name] > 0]
    return min(found, default=None)


def tokens(body: Mapping[str, Any]) -> int:
    """About how many tokens a request's prompt has: its messages, and the tools and schemas beside them."""
    texts = [json.dumps(value, ensure_ascii=False) for name, value in body.items() if name in _WORDED]
    total = sum(counting.estimate(text) for text in texts)
    for message in body["messages"]:
        content = message["content"]
        if isinstance(content, str):
            total += counting.estimate(content) + counting.PER_MESSAGE
        else:
            total += sum(part_tokens(part) for part in content) + counting.PER_MESSAGE
    return total


def part_tokens(part: Mapping[str, Any]) -> int:
    """About how many tokens a part of a message has; of a file they were counted when it was attached."""
    counted = part.get("tokens")
    return counted if type(counted) is int else counting.estimate(part.get("text", ""))


def title_request(model_id: str, branch: Sequence[Message]) -> dict[str, Any]:
    """The body of the call that asks for a title; only the beginning of each message is sent."""
    said = [(message.role, message.text or attached.title(message.parts)) for message in branch]
    excerpt = [{"role": role, "content": text[:TITLE_SOURCE_CHARACTERS]} for role, text in said if text][:2]
    return {"model": model_id, "messages": [*excerpt, {"role": Role.USER.value, "content": TITLE}]}


def first_words(text: str, limit: int = 60) -> str:
    """A title from a message: the first words of its first line, without the signs that make Markdown of it."""
    line = next((plain for line in text.splitlines() if (plain := _without_markdown(line))), "")
    if len(line) <= limit:
        return line
    cut = line[:limit]
    at_word = cut.rsplit(None, 1)[0]
    return (at_word if len(at_word) > limit // 2 else cut).rstrip(" ,.;:") + "…"


def _without_markdown(line: str) -> str:
    """A line's words; nothing for a rule or the beginning of a fence."""
    for pattern, words in _MARKDOWN:
        line = pattern.sub(words, line)
    return line.strip()
