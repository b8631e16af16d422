"""The pure core of a chat: bytes of an answer in, deltas out, the completion at any moment (wire.md 1.2, 1.3).

The same reader takes streams, whole JSON answers and legacy completions, because servers send one where another was
asked for (quirks 1.15, 1.16).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

from openai_client import _errors, _json
from openai_client._choice import ChoiceState
from openai_client._deltas import Delta, said
from openai_client._dialect import Dialect
from openai_client._repeats import Repeats
from openai_client._secret import Secret, mask
from openai_client._settings import SizeLimits
from openai_client._sse import DONE, ErrorEvent, MessageReader
from openai_client._usage import usage_of, usage_of_timings
from openai_client._values import ChatCompletion, ResponseMeta, Usage
from openai_client.exceptions import BrokenOff, OpenAIClientError, TooLarge, UnexpectedAnswer

LAST = 3  # messages at the end of an answer that are kept as they came: its finish reason, its usage
LONGEST_EDGE = 4096  # characters of one

_KNOWN = frozenset({"id", "object", "created", "model", "choices", "usage", "error"})


class ChatReader:
    """Reads one answer. After `feed` or `end` look at `error` and `done`; text that came before an error is kept."""

    def __init__(
        self,
        *,
        dialect: Dialect,
        limits: SizeLimits,
        headers: Mapping[str, str],
        secrets: Iterable[Secret] = (),
        streamed: bool = True,
    ) -> None:
        self._dialect = dialect
        self._limits = limits
        self._headers = headers
        self._secrets = tuple(secrets)
        self._streamed = streamed  # asked for as a stream
        self._messages = MessageReader(limits, self._take, self._repeat)
        self._repeats = Repeats()
        self._first = ""
        self._last: deque[str] = deque(maxlen=LAST)
        self._out: list[Delta] = []
        self._said = 0  # characters
        self._choices: dict[int, ChoiceState] = {}
        self._recognised = False  # something of this API came
        self._whole = False  # a complete answer in one JSON message
        self._id = self._model = ""
        self._created: int | None = None
        self._usage: Usage | None = None
        self._extra: dict[str, object] = {}
        self.done = False  # nothing more will be read
        self.complete = False
        self.error: OpenAIClientError | None = None

    def feed(self, piece: bytes) -> list[Delta]:
        """The deltas that these bytes bring."""
        out = self._out = []
        try:
            self._messages.feed(piece)
        except TooLarge as error:
            self._fail(error)
        return out

    def end(self, broken: OpenAIClientError | None = None) -> list[Delta]:
        """The deltas left when no more bytes come, because the body ended or because of `broken`.

        An end after [DONE] or after every choice's finish reason is complete, whatever broke (quirk 1.13).
        """
        out = self._out = []
        if self.done:
            return out
        try:
            self._messages.end()
        except TooLarge as error:
            self._fail(error)
        if self.done:
            return out
        if self._whole or self.ending(1):
            self._finish()
        else:
            self._fail(broken or self._unfinished())
        return out

    def ending(self, wanted: int) -> bool:
        """Whether `wanted` choices have come and all of them ended, so that little can follow."""
        choices = self._choices.values()
        return len(choices) >= wanted and all(choice.finish_reason is not None for choice in choices)

    def completion(self, meta: ResponseMeta) -> ChatCompletion:
        """What has arrived so far, as a value."""
        reason = None if self.complete else (self.error.code if self.error else "unfinished")
        choices = sorted(self._choices.values(), key=lambda choice: choice.index)
        ended = self.done
        return ChatCompletion(
            id=self._id,
            model=self._model,
            created=self._created,
            choices=tuple(choice.value(self._id, ended=ended) for choice in choices),
            usage=self._usage or (usage_of_timings(self._extra.get("timings")) if ended else None),
            complete=self.complete,
            incomplete_reason=reason,
            extra=dict(self._extra),
            meta=meta,
        )

    @property
    def edges(self) -> tuple[str, ...]:
        """The first message and the last few that were read in full, as they came but for secrets."""
        found = [line for line in (self._first, *self._last) if line]
        return tuple(mask(_json.clean(line[: 2 * LONGEST_EDGE]), self._secrets)[:LONGEST_EDGE] for line in found)

    def _repeat(self, line: str) -> bool:
        """Whether a line was another chunk of a shape that is known, and was read."""
        known = None if self.done else self._repeats.text_of(line)
        if known is None:
            return False
        text, take = known
        if text:
            before = len(self._out)
            take(text, self._out)
            self._count(before)
        return True

    def _take(self, message: object, line: str) -> None:
        if self.done:
            return
        if self._first:
            self._last.append(line)
        else:
            self._first = line
        before = len(self._out)
        self._read(message, line)
        self._count(before)

    def _count(self, before: int) -> None:
        """Judges the length after each message, so that the cuts on the way make no difference."""
        self._said += said(self._out[before:])
        if self._said > self._limits.text and not self.done:
            self._fail(TooLarge(f"The answer is longer than {self._limits.text} characters", code="answer_too_long"))

    def _read(self, message: object, line: str) -> None:
        if isinstance(message, dict):
            self._object(message, line)
        elif message is DONE:
            if self._recognised:
                self._finish()
            else:
                self._fail(self._unfinished())
        elif isinstance(message, list):
            for item in message[: self._limits.choices]:
                if isinstance(item, dict) and not self.done:
                    self._object(item, "")
        elif isinstance(message, ErrorEvent):
            self._fail(self._api_error(None, message.text))

    def _object(self, message: dict[str, object], line: str) -> None:
        choices = message.get("choices")
        if choices:
            self._recognised = True
            self._read_choices(_json.as_list(choices), line)
        elif choices is not None:
            self._recognised = True
            self._whole = self._whole or message.get("object") == "chat.completion"
        if not message.keys() <= _KNOWN:
            self._extra.update(_json.unknown(message, _KNOWN))
        if message.get("usage") or choices or "x_groq" in message:
            self._usage = usage_of(message) or self._usage  # the last that counts something wins
        if not (self._id and self._model):
            self._identity(message)
        if ("error" in message or not choices) and _errors.is_error(message):
            self._fail(self._api_error(message, ""))

    def _read_choices(self, choices: list[object], line: str) -> None:
        for choice in choices:
            if isinstance(choice, dict):
                state = self._choice(choice)
                state.take(choice, self._out)
                if "delta" not in choice and ("message" in choice or not self._streamed):
                    self._whole = True
                simple = state.simple(choice) if len(choices) == 1 else None
                if simple is not None:
                    self._repeats.learn(line, *simple)

    def _identity(self, message: dict[str, object]) -> None:
        """The first of each that says something: they may be empty or change from chunk to chunk (quirk 2.9)."""
        self._id = self._id or _json.as_text(message.get("id"))
        self._model = self._model or _json.as_text(message.get("model"))
        self._created = self._created or _json.as_seconds(message.get("created"))

    def _choice(self, choice: Mapping[str, object]) -> ChoiceState:
        index = _json.as_int(choice.get("index")) or 0
        state = self._choices.get(index)
        if state is None:
            if len(self._choices) >= self._limits.choices:
                raise TooLarge(f"More than {self._limits.choices} choices", code="too_many_choices")
            state = self._choices[index] = ChoiceState(index, self._dialect, self._limits)
        return state

    def _finish(self) -> None:
        """The answer ended as it should; [DONE] alone counts as "stop" (quirk 3.2)."""
        for choice in self._choices.values():
            choice.flush(self._out)
            if choice.finish_reason is None:
                choice.finish("stop", self._out)
        self.done = self.complete = True

    def _fail(self, error: OpenAIClientError) -> None:
        for choice in self._choices.values():
            choice.flush(self._out)
        self.done = True
        self.error = error

    def _unfinished(self) -> OpenAIClientError:
        """The body ended, or said [DONE], without being an answer."""
        request_id = _errors.request_id(self._headers)
        if self._recognised:
            return BrokenOff("The answer ended in the middle", request_id=request_id)
        junk = mask(self._messages.junk, self._secrets)
        if self._messages.empty or not junk:
            return UnexpectedAnswer(
                "The server answered nothing", code="empty_answer", request_id=request_id, retryable=True
            )
        if junk.startswith(("{", "[")) and not junk.endswith(("}", "]")):
            return BrokenOff("The answer ended in the middle", request_id=request_id, body=junk[: _errors.KEPT_BODY])
        return UnexpectedAnswer(
            _errors.from_page(junk), request_id=request_id, body=junk[: _errors.KEPT_BODY], code="not_an_answer"
        )

    def _api_error(self, value: object, text: str) -> OpenAIClientError:
        return _errors.api_error(
            value, status=None, headers=self._headers, secrets=self._secrets, text=text or _errors.raw(value)
        )
