"""One choice of an answer while it comes: pieces in, cleaned deltas out, a frozen value at any moment."""

from __future__ import annotations

from functools import partial

from openai_client import _json
from openai_client._deltas import (
    ChoiceFinished,
    Delta,
    ReasoningDelta,
    RefusalDelta,
    TextDelta,
    TextWasReasoning,
    ToolCallDelta,
)
from openai_client._dialect import Dialect
from openai_client._repeats import Take
from openai_client._settings import SizeLimits
from openai_client._tags import Kind, TagSplitter
from openai_client._tools import ToolCalls
from openai_client._values import Choice

_CHOICE_KNOWN = frozenset(
    {"index", "delta", "message", "text", "finish_reason", "finishReason", "logprobs", "usage", "error"}
)
_SIMPLE = frozenset({"index", "delta", "finish_reason", "logprobs"})
_REASONING = ("reasoning_content", "reasoning")
_DELTA_KNOWN = frozenset(
    {"role", "content", "refusal", "reasoning", "reasoning_content", "reasoning_details", "tool_calls"}
    | {"function_call", "annotations"}
)


def half_of(text: str) -> int:
    """Length of the end of `text` that may be the first half of a character whose rest is still to come."""
    last = text[-1:]
    if "\ud800" <= last <= "\udbff":
        return 1
    # Bytes that were no UTF-8 by themselves: up to three of them begin a character.
    length = 0
    while length < 3 and "\udc80" <= text[-1 - length : len(text) - length] <= "\udcff":
        length += 1
        lead = ord(text[-length]) - 0xDC00
        if lead >= 0xC0:
            wanted = 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
            return length if length < wanted else 0
    return 0


class ChoiceState:
    """Gathers one choice. `deltas_came` is set by the first piece: then a closing `message` repeats it (quirk 2.8)."""

    __slots__ = (
        "_annotations", "_dialect", "_extra", "_half", "_logprobs", "_reasoning", "_reasoning_field", "_reasoning_half",
        "_refusal", "_seen", "_splitter", "_text", "_tools", "deltas_came", "finish_reason", "index",
    )  # fmt: skip

    def __init__(self, index: int, dialect: Dialect, limits: SizeLimits) -> None:
        self.index = index
        self.deltas_came = False
        self.finish_reason: str | None = None
        self._dialect = dialect
        self._splitter = TagSplitter(tags=dialect.think_tags, markers=dialect.end_markers)
        self._tools = ToolCalls(index, limits)
        self._text: list[str] = []
        self._reasoning: list[str] = []
        self._refusal: list[str] = []
        self._half = ""  # of a character of the text
        self._reasoning_half = ""
        self._seen = ""  # all text as received, only for cumulative servers
        self._reasoning_field: str | None = None
        self._logprobs: dict[str, object] | None = None
        self._annotations: list[dict[str, object]] = []
        self._extra: dict[str, object] = {}

    def take(self, choice: dict[str, object], out: list[Delta]) -> None:
        """Reads one entry of `choices`: a chunk's, a whole answer's or a legacy completion's."""
        delta = choice.get("delta")
        if isinstance(delta, dict) and delta:
            self.deltas_came = True
            self._body(delta, out)
        message = choice.get("message")
        if isinstance(message, dict) and not self.deltas_came:
            self._body(message, out)
        text = choice.get("text")
        if isinstance(text, str):
            self.deltas_came = True
            self.text(text, out)
        if choice.get("logprobs"):
            self._add_logprobs(choice["logprobs"])
        if not choice.keys() <= _CHOICE_KNOWN:
            self._extra.update(_json.unknown(choice, _CHOICE_KNOWN))
        reason = choice.get("finish_reason") or choice.get("finishReason")
        if isinstance(reason, str) and self.finish_reason is None:
            self.finish(_json.clean(reason), out)

    def simple(self, choice: dict[str, object]) -> tuple[str, Take] | None:
        """The text of a chunk that says nothing else, and what takes the text of further ones like it."""
        delta = choice.get("delta")
        if not isinstance(delta, dict) or not choice.keys() <= _SIMPLE or choice.get("logprobs"):
            return None
        if choice.get("finish_reason"):
            return None
        said = {name: value for name, value in delta.items() if value is not None and name != "role"}
        if len(said) != 1:
            return None
        name, text = said.popitem()
        if not isinstance(text, str) or not text:
            return None
        if name == "content":
            return text, self.text
        return (text, partial(self._reason, name)) if name in _REASONING else None

    def finish(self, reason: str, out: list[Delta]) -> None:
        """The choice ended. Text may still follow (quirk 2.11)."""
        self.flush(out)
        self.finish_reason = reason
        out.append(ChoiceFinished(self.index, reason))

    def flush(self, out: list[Delta]) -> None:
        """Gives out what was held back as a possible tag or half a character."""
        if self._reasoning_half:
            text, self._reasoning_half = _json.clean(self._reasoning_half), ""
            self._add_reasoning(text, out)
        if self._half:
            text, self._half = _json.clean(self._half), ""
            self._split(text, out)
        if self._splitter.held:
            self._pieces(self._splitter.end("".join(self._text)), out)

    def text(self, text: str, out: list[Delta]) -> None:
        """More answer text, as the server sent it."""
        if self._dialect.cumulative_text:
            text, self._seen = text.removeprefix(self._seen), text if text.startswith(self._seen) else self._seen + text
        if self._half or not text.isascii() or "\0" in text:
            text = self._half + text
            cut = len(text) - half_of(text)
            text, self._half = _json.clean(text[:cut]), text[cut:]
        if not text:
            return
        if self._splitter.plain and "<" not in text:
            self._splitter.passed(text)
            self._text.append(text)
            out.append(TextDelta(self.index, text))
        else:
            self._split(text, out)

    def value(self, seed: str, *, ended: bool) -> Choice:
        """The choice so far. `seed` and `ended` are for tool call ids, see ToolCalls.finished."""
        return Choice(
            index=self.index,
            text="".join(self._text),
            reasoning="".join(self._reasoning),
            refusal="".join(self._refusal),
            tool_calls=self._tools.finished(seed, ended=ended),
            finish_reason=self.finish_reason,
            reasoning_field=self._reasoning_field,
            logprobs=self._logprobs,
            annotations=tuple(self._annotations),
            extra=self._extra,
        )

    def _body(self, delta: dict[str, object], out: list[Delta]) -> None:
        """A delta or message object."""
        self._read_reasoning(delta, out)
        content = delta.get("content")
        if isinstance(content, str):
            if content:
                self.text(content, out)
        elif content is not None:
            self._parts(content, out)
        refusal = delta.get("refusal")
        if isinstance(refusal, str) and refusal:
            refusal = _json.clean(refusal)
            self._refusal.append(refusal)
            out.append(RefusalDelta(self.index, refusal))
        if delta.keys() <= {"role", "content"}:
            return
        self._rest(delta, out)

    def _rest(self, delta: dict[str, object], out: list[Delta]) -> None:
        calls: list[ToolCallDelta] = []
        if delta.get("tool_calls"):
            self._tools.add(delta["tool_calls"], calls)
        old = delta.get("function_call")
        if isinstance(old, dict) and old:
            self._tools.add_legacy(old, calls)
        out += calls
        for note in _json.as_list(delta.get("annotations")):
            if isinstance(note, dict):
                self._annotations.append(dict(_json.as_mapping(_json.storable(note))))
        if delta.get("reasoning_details"):
            self._keep("reasoning_details", _json.as_list(delta["reasoning_details"]))
        for name, value in _json.unknown(delta, _DELTA_KNOWN).items():
            self._keep(name, value)

    def _keep(self, name: str, value: object) -> None:
        """An unknown field: lists grow, anything else is replaced."""
        known = self._extra.get(name)
        if isinstance(known, list) and isinstance(value, list):
            known += [_json.storable(item) for item in value]
        else:
            self._extra[name] = _json.storable(value)

    def _read_reasoning(self, delta: dict[str, object], out: list[Delta]) -> None:
        """The first non-empty of the names in use; two with the same text are not added up (quirks 4.1 to 4.4)."""
        for name in _REASONING:
            text = delta.get(name)
            if isinstance(text, str) and text:
                self._reason(name, text, out)
                return
        for detail in _json.as_list(delta.get("reasoning_details")):
            fields = _json.as_mapping(detail)
            text = fields.get("text") or fields.get("summary")
            if isinstance(text, str):
                self._reason("reasoning_details", text, out)

    def _reason(self, name: str, text: str, out: list[Delta]) -> None:
        self._reasoning_field = self._reasoning_field or name
        if self._reasoning_half or not text.isascii() or "\0" in text:
            text = self._reasoning_half + text
            cut = len(text) - half_of(text)
            text, self._reasoning_half = _json.clean(text[:cut]), text[cut:]
        if text:
            self._add_reasoning(text, out)

    def _add_reasoning(self, text: str, out: list[Delta]) -> None:
        self._reasoning.append(text)
        out.append(ReasoningDelta(self.index, text))

    def _parts(self, content: object, out: list[Delta]) -> None:
        """Typed content parts, flattened (quirk 2.6); what is neither text nor thought is kept as extra."""
        for part in content if isinstance(content, list) else [content]:
            if isinstance(part, str):
                self.text(part, out)
            elif isinstance(part, (int, float)) and not isinstance(part, bool):
                self.text(_json.as_text(part), out)
            elif isinstance(part, dict):
                thought = part.get("thinking")
                if part.get("type") in {"thinking", "reasoning"} or thought:
                    self._reason("content", _flat(thought or part.get("text") or part.get("content")), out)
                elif isinstance(part.get("text"), (str, list)):
                    self.text(_flat(part["text"]), out)
                else:
                    self._keep("content_parts", [part])

    def _split(self, text: str, out: list[Delta]) -> None:
        self._pieces(self._splitter.feed(text), out)

    def _pieces(self, pieces: list[tuple[Kind, str]], out: list[Delta]) -> None:
        for kind, piece in pieces:
            if kind is Kind.TEXT:
                self._text.append(piece)
                out.append(TextDelta(self.index, piece))
            elif kind is Kind.REASONING:
                self._reasoning_field = self._reasoning_field or "think"
                self._add_reasoning(piece, out)
            elif self._text:
                self._reasoning_field = self._reasoning_field or "think"
                self._reasoning += self._text
                self._text.clear()
                out.append(TextWasReasoning(self.index))

    def _add_logprobs(self, raw: object) -> None:
        """Lists of chunks are joined: content and refusal of chats, tokens and offsets of legacy completions."""
        fields = _json.storable(raw)
        if not isinstance(fields, dict):
            return
        known = self._logprobs = {} if self._logprobs is None else self._logprobs
        for name, value in fields.items():
            before = known.get(name)
            if isinstance(before, list) and isinstance(value, list):
                before += value
            elif value is not None or name not in known:
                known[name] = value


def _flat(value: object) -> str:
    """The text in a string or in nested parts."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(_flat(item) for item in value)
    if isinstance(value, dict):
        return _flat(value.get("text") or value.get("thinking") or "")
    return ""
