"""One call with its attempts: sends, waits, sends again without what was refused, and tells what it did."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from openai_client import _errors, _json
from openai_client._dialect import Dialect
from openai_client._http import Answer, Request, Wire
from openai_client._retries import Retry, rate_limits, wait_before
from openai_client._secret import mask
from openai_client._settings import Retries, SizeLimits, Timeouts
from openai_client._values import ResponseMeta, Sent, Timings
from openai_client._watch import Watch
from openai_client.exceptions import APIError, BadRequest, OpenAIClientError, UnexpectedAnswer

OnRetry = Callable[[Retry], None]
ERROR_BODY = 64 * 1024  # bytes read of an answer that is an error
INTERESTING = (
    "openai-organization",
    "openai-processing-ms",
    "openai-version",
    "openai-model",
    "x-request-id",
    "retry-after",
    "server",
    "via",
    "cf-ray",
)


@dataclass(frozen=True, slots=True)
class Setup:
    """What all calls of one client share."""

    wire: Wire
    timeouts: Timeouts
    retries: Retries
    limits: SizeLimits
    dialect: Dialect


class Call:
    """One request until it has an answer, or an exception that is final."""

    def __init__(self, setup: Setup, request: Request, on_retry: OnRetry | None = None) -> None:
        self._setup = setup
        self._request = request
        self._on_retry = on_retry
        self._watch = Watch(setup.timeouts)
        self._attempt = 1
        self._repairs = 0
        self._answer: Answer | None = None
        self._dropped: tuple[str, ...] = ()
        self._renamed: Mapping[str, str] = {}
        self._as_sent: Request | None = None
        self._timings = Timings()

    @property
    def attempt(self) -> int:
        """The number of the attempt that is under way, or was the last."""
        return self._attempt

    @property
    def sent(self) -> Sent | None:
        """The last attempt's request; None before there was one, and for one without a JSON body."""
        request = self._as_sent
        return self._setup.wire.shown(request) if request is not None else None

    async def open(self) -> Answer:
        """An answer with a good status. Raises any of our exceptions once nothing helps any more."""
        while True:
            try:
                return await self._send()
            except OpenAIClientError as error:
                await self.recover(error)

    async def recover(self, error: OpenAIClientError) -> None:
        """Returns when the request is to be sent again (after the wait); raises `error` when it is final."""
        await self.close()
        error.attempts = self._attempt
        if isinstance(error, APIError) and type(error) in {BadRequest, APIError} and self._repair(error):
            return
        wait = wait_before(self._attempt + 1, error, self._setup.retries)
        left = self._watch.left()
        if wait is None or (left is not None and wait >= left):
            self._watch.stop()
            raise error
        self._attempt += 1
        if self._on_retry is not None:
            self._on_retry(Retry(self._attempt, wait, error))
        await asyncio.sleep(wait)

    async def close(self, patience: float = 0.0) -> None:
        """Lets go of the connection; with `patience` (seconds) it may end by itself and be used again."""
        answer, self._answer = self._answer, None
        if answer is None:
            return
        if patience:
            await answer.finish(patience)
        else:
            await answer.aclose()

    def over(self) -> None:
        """The call ended: notes when, and leaves no timer behind."""
        if self._timings.end is None:
            self.note("end")
        self._watch.stop()

    def note(self, moment: str) -> None:
        """Remembers when something happened first (a field of Timings)."""
        if getattr(self._timings, moment) is None:
            self._timings = replace(self._timings, **{moment: self._watch.elapsed})

    def meta(self, answer: Answer | None) -> ResponseMeta:
        """What is known beside the body."""
        secrets = self._setup.wire.secrets
        headers = {name: mask(value, secrets) for name, value in (answer.headers if answer else {}).items()}
        return ResponseMeta(
            request_id=mask(answer.request_id, secrets) if answer and answer.request_id else None,
            status=answer.status if answer else None,
            headers={name: headers[name] for name in INTERESTING if name in headers},
            rate_limits=rate_limits(headers),
            timings=self._timings,
            attempts=self._attempt,
            dropped=self._dropped,
            renamed=self._renamed,
        )

    async def _send(self) -> Answer:
        request = self._request
        if request.body is not None:
            body, self._dropped, self._renamed = self._setup.dialect.apply(request.body)
            request = self._as_sent = replace(request, body=body)
        elif request.form is not None:
            form, self._dropped, self._renamed = self._setup.dialect.apply(request.form)
            request = replace(request, form=form)
        answer = self._answer = await self._setup.wire.send(request, self._watch)
        self.note("headers")
        if 200 <= answer.status < 300:
            return answer
        raise await self._refusal(answer)

    async def _refusal(self, answer: Answer) -> OpenAIClientError:
        """The exception for an answer whose status is not good."""
        if answer.status < 400:
            return UnexpectedAnswer(
                f"The server answered with HTTP {answer.status} and pointed elsewhere"
                if answer.status >= 300
                else f"The server answered with HTTP {answer.status}",
                code="redirect" if answer.status >= 300 else "unexpected_status",
                status=answer.status,
                request_id=answer.request_id,
            )
        raw = b""
        try:
            phase = "first_byte"
            while len(raw) < ERROR_BODY and (piece := await answer.read(phase)):
                raw, phase = raw + piece, "idle"
        except OpenAIClientError:
            pass  # the status says enough
        text = _json.decode(raw[:ERROR_BODY]).removeprefix("\ufeff").strip()
        try:
            value = _json.parse(text.removeprefix("data:").partition("\n\n")[0] if text.startswith("data:") else text)
        except _json.NotJSONError:
            value = None
        return _errors.api_error(
            value,
            status=answer.status,
            headers=answer.headers,
            secrets=self._setup.wire.secrets,
            text=_json.clean(text),
        )

    def _repair(self, error: APIError) -> bool:
        """Whether the refused parameter is known now, so that the request goes again without it."""
        body = self._request.body if self._request.body is not None else self._request.form
        if body is None or self._repairs > len(body):
            return False
        self._repairs += 1
        return self._setup.dialect.learn(body, error)
