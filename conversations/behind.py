"""What really happened for an answer: each request that wrote at it, as it was sent, and what came back (E1 to E13)."""

import dataclasses
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from conversations import probabilities, prompts, records
from conversations.attached import chosen, wire
from conversations.models import Message, Probabilities, Run
from conversations.records import Json, Source
from providers import registry

ENDS = ("headers", "first_byte", "first_delta", "end")
SHORTEST = 0.05  # seconds of writing from which a speed can be told


@dataclasses.dataclass(frozen=True)
class Attempt:
    """One run of a message. `kept` is its record, empty for what was written before there were records, or is being
    written now; `text` and `reasoning` are what it added."""

    run: Run
    kept: Json
    body: Json
    exact: bool
    text: str
    reasoning: str
    provider_name: str | None
    has_probabilities: bool

    @property
    def usage(self) -> Json:
        """As it was counted; empty where it was not."""
        return self.run.usage or {}

    @property
    def seconds(self) -> Json:
        """Since the call began, waits included: headers, first_byte, first_delta, end; absent: it did not happen."""
        return self.kept.get("seconds") or {}

    @property
    def speed(self) -> tuple[float | None, float | None]:
        """Tokens and characters a second while it was written; if all came at once, while it was waited for."""
        begin, end = self.seconds.get("first_delta"), self.seconds.get("end")
        if begin is None or end is None:
            return None, None
        took = end - begin if end - begin > SHORTEST else end
        if took <= 0:
            return None, None
        tokens, characters = self.usage.get("completion_tokens"), len(self.text) + len(self.reasoning)
        return (round(tokens / took, 1) if tokens else None), (round(characters / took, 1) if characters else None)

    @property
    def sent(self) -> Json:
        """The request: method, url, headers without secrets, body. Without a record, as it would be sent now."""
        kept = self.kept.get("sent") or {"method": "POST", "url": "", "headers": {}}
        facts = {name: kept[name] for name in ("method", "url", "headers")}
        return {**facts, "body": self.body, "exact": self.exact, "noted": self.noted}

    @property
    def noted(self) -> bool:
        """Whether notes stand in the body for the data of files."""
        return bool((self.kept.get("sent") or {}).get("noted"))

    @property
    def received(self) -> Json | None:
        """The answer as one object, put together from its chunks; unknown fields as they came."""
        kept = self.kept.get("received")
        if kept is None:
            return None
        choice = kept.get("choice")
        whole = {"id": kept["id"], "object": "chat.completion", "created": kept["created"], "model": kept["model"]}
        choices = [_choice(choice, self.text, self.reasoning)] if choice else []
        return {**whole, "choices": choices, "usage": kept["usage"], **kept["extra"]}

    def as_json(self) -> Json:
        """docs/protocol.md, "the request behind an answer"."""
        run, tokens, characters = self.run, *self.speed
        facts = ("status", "request_id", "headers", "rate_limits", "attempts", "retries", "changed", "edges")
        return {
            "run": str(run.pk),
            "choice": run.choice,
            "status": run.status,
            "provider": run.provider,
            "model_id": run.model_id,
            "finish_reason": run.finish_reason or None,
            "usage": run.usage,
            "sent": self.sent,
            "received": self.received,
            "upstream": {name: self.kept.get(name) for name in facts},
            "seconds": self.seconds,
            "tokens_per_second": tokens,
            "characters_per_second": characters,
            "probabilities": self.has_probabilities,
        }


def attempts(person: Any, message: Message) -> list[Attempt]:
    """The runs of an answer that `access.message` has found, in their order; none where nobody was asked."""
    runs = list(message.runs.order_by("created_at"))
    if not runs:
        return []
    branch = Message.objects.branch(message.pk)
    names = registry.names(person)
    probable = set(Probabilities.objects.filter(run__in=runs).values_list("run_id", flat=True))
    found = []
    for run, (text, reasoning) in zip(runs, _added(runs, message), strict=True):
        kept = records.unpack(run.record)
        body, exact = _body(run, kept, branch)
        name = names.get(run.provider)
        found.append(Attempt(run, kept, body, exact, text, reasoning, name, run.pk in probable))
    return found


@dataclasses.dataclass(frozen=True)
class Part:
    """What one run added to an answer: its tokens as far as they came, and how many characters its text has."""

    run: Run
    tokens: list[probabilities.Token]
    characters: int


def tokens(message: Message) -> list[Part]:
    """The tokens of each run of an answer, in their order."""
    runs = list(message.runs.order_by("created_at"))
    if not runs:
        return []
    found = {row.run_id: row.packed for row in Probabilities.objects.filter(run__in=runs)}
    added = _added(runs, message)
    return [
        Part(run, probabilities.unpack(found.get(run.pk)), len(text))
        for run, (text, _) in zip(runs, added, strict=True)
    ]


def _added(runs: Sequence[Run], message: Message) -> list[tuple[str, str]]:
    """(text, reasoning) that each run has added to the message."""
    texts = [*(run.text_before for run in runs), len(message.text)]
    thoughts = [*(run.reasoning_before for run in runs), len(message.reasoning)]
    return [
        (message.text[begin:end], message.reasoning[first:last])
        for (begin, end), (first, last) in zip(pairwise(texts), pairwise(thoughts), strict=True)
    ]


def _body(run: Run, kept: Json, branch: list[Message]) -> tuple[Json, bool]:
    """The request's body, and whether it is the one that was sent, to the byte."""
    sent = kept.get("sent")
    if sent:
        sources: list[Source] = [(message.pk, message.role, message.text) for message in branch]
        messages = sent["body"]["messages"]
        texts = chosen.text_parts(run.owner_id, wanted) if (wanted := records.files_in(messages)) else {}
        resolved = records.resolve(messages, sources, lambda part: texts.get(chosen.key(part)) or wire.unread(part))
        body = {**sent["body"], "messages": resolved}
        return body, records.is_exact({**sent, "body": body})
    asked = prompts.asked(run, branch)
    return {**asked, "messages": [_unread(message) for message in asked["messages"]], "stream": True}, False


def _unread(message: Json) -> Json:
    """A message whose files nobody has read for it."""
    if isinstance(message["content"], str):
        return message
    return {**message, "content": [wire.unread(part) for part in message["content"]]}


def _choice(kept: Json, text: str, reasoning: str) -> Json:
    text = kept.get("text", text)
    message: Json = {"role": "assistant", "content": None if kept["refusal"] else text or None}
    if kept["refusal"]:
        message["refusal"] = text
    if reasoning:
        message[kept["reasoning_field"] or "reasoning"] = reasoning
    if kept["tool_calls"]:
        message["tool_calls"] = kept["tool_calls"]
    if kept["annotations"]:
        message["annotations"] = kept["annotations"]
    whole = {"index": kept["index"], "message": message, "finish_reason": kept["finish_reason"]}
    return {**whole, **kept["extra"]}
