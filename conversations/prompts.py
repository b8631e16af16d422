"""A branch of messages -> the upstream request. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from conversations.models import Message, Role

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
RESERVED = frozenset({"model", "messages", "stream", "stream_options", "n"})


def wire_messages(branch: Sequence[Message]) -> list[dict[str, str]]:
    """The messages sent upstream. Empty ones are left out: some servers refuse them (quirk 8.8)."""
    return [{"role": message.role, "content": text} for message in branch if (text := message.text)]


def request(model_id: str, branch: Sequence[Message], params: Mapping[str, Any], *, go_on: bool) -> dict[str, Any]:
    """The body of a chat completion. What is not set is not sent (B19).

    `go_on`: the branch ends with an unfinished answer that is to be extended.
    """
    messages = wire_messages(branch)
    if go_on and messages and messages[-1]["role"] == Role.ASSISTANT:
        messages.append({"role": Role.USER.value, "content": GO_ON})
    own = {name: value for name, value in params.items() if name not in RESERVED}
    return {**own, "model": model_id, "messages": messages, "stream_options": {"include_usage": True}}


def title_request(model_id: str, branch: Sequence[Message]) -> dict[str, Any]:
    """The body of the call that asks for a title; only the beginning of each message is sent."""
    excerpt = [
        {"role": message["role"], "content": message["content"][:TITLE_SOURCE_CHARACTERS]}
        for message in wire_messages(branch)[:2]
    ]
    return {"model": model_id, "messages": [*excerpt, {"role": Role.USER.value, "content": TITLE}]}


def first_words(text: str, limit: int = 60) -> str:
    """A title from a message: the first words of its first line."""
    line = next((stripped for line in text.splitlines() if (stripped := line.strip("#>*-` \t"))), "")
    if len(line) <= limit:
        return line
    cut = line[:limit]
    at_word = cut.rsplit(None, 1)[0]
    return (at_word if len(at_word) > limit // 2 else cut).rstrip(" ,.;:") + "…"
