"""What happens around one upstream call, gathered while it happens, and made into the record of each of its runs."""

from collections.abc import Mapping
from typing import Any, cast

import openai_client as oc
from conversations import probabilities, records
from conversations.actions import Work
from conversations.attached import wire
from conversations.records import Record

Json = dict[str, Any]
MOST_RETRIES = 20


class Trail:
    """One call's. `stream` is set once it is made; all runs of the call share the trail.

    `texts`: what of the request is the text of which file; `joined`: of what parts a message's text was made.
    """

    def __init__(
        self, work: Work, texts: Mapping[str, Json] | None = None, joined: Mapping[str, list[Json]] | None = None
    ) -> None:
        self._work, self._texts, self._joined = work, texts or {}, joined or {}
        self._retries: list[Json] = []
        self.stream: oc.ChatStream | None = None

    def retried(self, retry: oc.Retry) -> None:
        """The upstream is about to be asked again."""
        error = retry.error
        why = {"code": error.code, "status": getattr(error, "status", None), "request_id": error.request_id}
        if len(self._retries) < MOST_RETRIES:
            self._retries.append({"attempt": retry.attempt, "waited": round(retry.wait_seconds, 3), **why})

    def record(self, index: int | None, added: str) -> Record:
        """What is known by now of the call and of its choice `index`; None: of the first, whatever its index.

        `added` is what of its text the message has got: what came is kept beside it only where it is another.
        """
        stream = self.stream
        if stream is None or stream.sent is None:
            return Record()
        completion = stream.completion
        choice = next((one for one in completion.choices if index in (None, one.index)), None)
        facts: Json = {
            "sent": self._sent(stream.sent),
            "received": _received(completion, choice, added) if choice or completion.extra or completion.id else None,
            "edges": stream.edges,
            **_meta(completion.meta),
            "retries": self._retries,
        }
        return Record(
            packed=records.pack(cast(Json, stream.masked(facts))),
            probabilities=probabilities.pack(choice.logprobs) if choice and choice.logprobs else b"",
        )

    def _sent(self, sent: oc.Sent) -> Json:
        branch = [(message.pk, message.role, message.text) for message in self._work.branch]
        messages = cast(list[Json], sent.body["messages"])
        noted = any(isinstance(message.get("content"), list) for message in messages)
        shown = wire.without_data(messages) if noted else messages
        body = {**sent.body, "messages": records.refer(shown, branch, self._texts, self._joined)}
        kept = {"method": sent.method, "url": sent.url, "headers": sent.headers, "body": body}
        if noted:  # the digest is that of what is shown: notes stand for the files' data
            return {**kept, "digest": oc.digest_of({**sent.body, "messages": shown}), "noted": True}
        return {**kept, "digest": sent.digest}


def _received(completion: oc.ChatCompletion, choice: oc.Choice | None, added: str) -> Json:
    """The answer without the text that the message has; unknown fields as they came."""
    found: Json = {"id": completion.id, "created": completion.created, "model": completion.model}
    found |= {"usage": completion.usage.raw if completion.usage else None, "extra": completion.extra}
    found |= {"complete": completion.complete, "incomplete_reason": completion.incomplete_reason}
    if choice is not None:
        calls = [
            {"id": call.id, "type": call.type, "name": call.name, "arguments": call.arguments}
            for call in choice.tool_calls
        ]
        found["choice"] = {
            "index": choice.index,
            "finish_reason": choice.finish_reason,
            "reasoning_field": choice.reasoning_field,
            "refusal": bool(choice.refusal),
            "tool_calls": calls,
            "annotations": choice.annotations,
            "extra": choice.extra,
        }
        if (text := choice.text + choice.refusal) != added:
            found["choice"]["text"] = text
    return found


def _meta(meta: oc.ResponseMeta) -> Json:
    timings = meta.timings
    seconds = {name: getattr(timings, name) for name in ("headers", "first_byte", "first_delta", "end")}
    return {
        "status": meta.status,
        "request_id": meta.request_id,
        "headers": meta.headers,
        "rate_limits": meta.rate_limits.raw,
        "attempts": meta.attempts,
        "changed": records.changes(meta),
        "seconds": {name: round(value, 4) for name, value in seconds.items() if value is not None},
    }
