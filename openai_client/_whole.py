"""Whole JSON answers: read within limits, judged, and tried again where that helps."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from openai_client import _errors, _json
from openai_client._call import Call, Setup
from openai_client._files import FileContent
from openai_client._http import Answer, Request
from openai_client._secret import mask
from openai_client._values import ResponseMeta
from openai_client.exceptions import BrokenOff, OpenAIClientError, UnexpectedAnswer

T = TypeVar("T")
Read = Callable[[object, ResponseMeta], T]


async def fetch(setup: Setup, request: Request, read: Read[T], *, empty: bool = False) -> T:
    """What `read` makes of the JSON answer. `empty`: an answer without a body is fine and read as {}.

    Raises any exception of this package; APIError also for an error object inside a 200 answer (quirk 6.8).
    """
    call = Call(setup, request)
    try:
        while True:
            answer = await call.open()
            try:
                value = _judged(setup, answer, await answer.read_all(setup.limits.answer), empty=empty)
                if isinstance(value, OpenAIClientError):
                    raise value
                call.over()
                return read(value, call.meta(answer))
            except OpenAIClientError as error:
                await call.recover(error)
    finally:
        await call.close()
        call.over()


async def download(setup: Setup, request: Request) -> FileContent:
    """The bytes of an answer, whatever they are, at most SizeLimits.download."""
    call = Call(setup, request)
    try:
        while True:
            answer = await call.open()
            try:
                raw = await answer.read_all(setup.limits.download)
            except OpenAIClientError as error:
                await call.recover(error)
                continue
            call.over()
            return FileContent(raw, answer.headers.get("content-type", ""), call.meta(answer))
    finally:
        await call.close()
        call.over()


def _judged(setup: Setup, answer: Answer, raw: bytes, *, empty: bool) -> object | OpenAIClientError:
    """The JSON value of a body, which may have blank lines (quirk 1.17) or a byte order mark before it; or what is
    wrong with it. Returned, not raised: a traceback of this frame would hold the raw answer, which may repeat a key."""
    text = _json.decode(raw).removeprefix("\ufeff").strip()
    secrets, ident = setup.wire.secrets, answer.request_id
    if not text:
        nothing = UnexpectedAnswer("The server answered nothing", code="empty_answer", request_id=ident, retryable=True)
        return {} if empty else nothing
    try:
        value = _json.parse(text)
    except _json.NotJSONError:
        body = mask(_json.clean(text[: 2 * _errors.KEPT_BODY]), secrets)[: _errors.KEPT_BODY]
        if text[0] in "{[" and text[-1] not in "}]":
            return BrokenOff("The answer ended in the middle", request_id=ident, body=body)
        return UnexpectedAnswer(_errors.from_page(body), code="not_an_answer", request_id=ident, body=body)
    first = value[0] if isinstance(value, list) and value else value
    if isinstance(first, dict) and _errors.is_error(first):
        return _errors.api_error(value, status=None, headers=answer.headers, secrets=secrets, text=_errors.raw(value))
    return value
