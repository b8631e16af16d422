"""One HTTP exchange: the only module beside transports.py that knows httpx. Its exceptions end here."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import zlib
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import NoReturn
from urllib.parse import urlsplit, urlunsplit

import httpx

from openai_client import _errors, _json
from openai_client._base_url import address_of
from openai_client._dial import AddressForbidden
from openai_client._media import Upload
from openai_client._multipart import multipart, read_in_threads
from openai_client._secret import MASK, Secret
from openai_client._settings import Timeouts
from openai_client._values import Sent
from openai_client._watch import Watch, timed_out
from openai_client.exceptions import (
    BrokenOff,
    ConnectionFailed,
    InvalidKey,
    OpenAIClientError,
    TooLarge,
    UnexpectedAnswer,
)

_FAULTS = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, UnicodeError)
_UNPACKED = 1024 * 1024  # bytes unpacked at once, so that a small piece cannot become a huge one


@dataclass(slots=True)
class Request:
    """What is to be sent. `form` and `uploads` make it multipart, `body` JSON."""

    method: str
    path: str
    body: Mapping[str, object] | None = None
    query: Mapping[str, object] = field(default_factory=dict)
    form: Mapping[str, object] | None = None
    uploads: list[tuple[str, Upload]] = field(default_factory=list)
    stream: bool = False


class Wire:
    """Sends requests to one server with one key."""

    def __init__(
        self,
        base_url: str,
        transport: httpx.AsyncBaseTransport,
        timeouts: Timeouts,
        headers: Mapping[str, Secret],
        secrets: tuple[Secret, ...] = (),
    ) -> None:
        self.secrets = secrets  # what must not be seen in an error
        self._base_url = base_url
        self._transport = transport
        self._timeouts = timeouts
        self._headers = headers
        self._unsendable = next((name for name, value in headers.items() if not _sendable(value)), None)
        self._connect = {"connect": timeouts.connect, "pool": timeouts.connect, "read": None, "write": None}

    def __repr__(self) -> str:
        return f"Wire({urlsplit(self._base_url).hostname!r})"

    async def send(self, request: Request, watch: Watch) -> Answer:
        """The answer, as soon as its headers are there. The caller reads and closes it."""
        if self._unsendable is not None:  # checked early, so that no traceback has the value in its locals
            raise InvalidKey(f"The header {self._unsendable} cannot be sent", code="unsendable_header")
        watch.begin("first_byte")
        try:
            response = await self._transport.handle_async_request(self._built(request, watch))
        except asyncio.CancelledError:
            expired = watch.expired()
            if expired is None:
                raise
            raise expired from None
        except _FAULTS as fault:
            _translate(fault, self._timeouts)
        finally:
            watch.end()
        return Answer(response, watch)

    async def aclose(self) -> None:
        await self._transport.aclose()

    def shown(self, request: Request) -> Sent:
        """A request with a JSON body as it leaves, without its secrets."""
        headers = _own_headers(request) | dict.fromkeys(self._headers, MASK)
        if "Authorization" in headers:
            headers["Authorization"] = f"Bearer {MASK}"
        body = request.body or {}
        address = urlsplit(address_of(self._base_url, request.path, body.get("model")))
        url = urlunsplit(address._replace(netloc=address.netloc.rpartition("@")[2]))
        return Sent(request.method, url, {**headers, "Content-Type": "application/json"}, body)

    def _built(self, request: Request, watch: Watch) -> httpx.Request:
        headers = _own_headers(request)
        headers |= {name: secret.reveal() for name, secret in self._headers.items()}
        extensions = {"timeout": self._connect, "alive": watch.touch}
        asked = request.body if request.body is not None else request.form
        url = httpx.URL(address_of(self._base_url, request.path, (asked or {}).get("model")))
        if request.query:
            url = url.copy_merge_params({name: str(value) for name, value in request.query.items()})
        if request.form is not None:
            body = multipart(request.form, request.uploads)
            built = httpx.Request(request.method, url, headers=headers, extensions=extensions, **body)
            return read_in_threads(built, request.uploads)
        content = None
        if request.body is not None:
            content = _json.dumps(request.body)
            headers["Content-Type"] = "application/json"
        return httpx.Request(request.method, url, headers=headers, content=content, extensions=extensions)


class Answer:
    """An answer whose body is read piece by piece within the call's time limits."""

    __slots__ = ("_pieces", "_response", "_unpack", "_unpacked", "_watch", "ended", "headers", "request_id", "status")

    def __init__(self, response: httpx.Response, watch: Watch) -> None:
        self._response = response
        self._watch = watch
        self.status: int = response.status_code
        self.headers = headers_of(response)
        self.request_id = _errors.request_id(self.headers)
        self.ended = False
        self._pieces: AsyncIterator[bytes] | None = None
        self._unpack = _unpacker(self.headers.get("content-encoding", ""))
        self._unpacked = b""

    async def read(self, phase: str = "idle") -> bytes:
        """The next bytes, b"" at the end. Raises BrokenOff, TimedOut or UnexpectedAnswer."""
        if self._pieces is None:
            self._pieces = aiter(self._response.stream)  # type: ignore[arg-type]
        watch = self._watch
        while not self.ended:
            if self._unpacked:
                await asyncio.sleep(0)  # no wait for the network here: let others run
                return self._unpacked_piece(b"")
            watch.begin(phase)
            try:
                piece = await anext(self._pieces)
            except StopAsyncIteration:
                self.ended = True
                break
            except asyncio.CancelledError:
                expired = watch.expired()
                if expired is None:
                    raise
                raise expired from None
            except _FAULTS as fault:
                _translate(fault, Timeouts())
            finally:
                watch.end()
            if self._unpack is not None:
                piece = self._unpacked_piece(piece)
            if piece:
                return piece
        return b""

    async def read_all(self, limit: int) -> bytes:
        """The whole body, at most `limit` bytes; TooLarge beyond."""
        body = bytearray()
        phase = "first_byte"
        while piece := await self.read(phase):
            phase = "idle"
            body += piece
            if len(body) > limit:
                raise TooLarge(f"The answer is larger than {limit} bytes", code="answer_too_large")
        return bytes(body)

    async def finish(self, patience: float) -> None:
        """Waits a moment for the end, so that the connection can be used again, and closes."""
        with contextlib.suppress(TimeoutError, OpenAIClientError):
            async with asyncio.timeout(patience):
                while await self.read():
                    pass
        await self.aclose()

    async def aclose(self) -> None:
        """Ends the exchange; a connection whose answer was not read to its end is closed at once."""
        with contextlib.suppress(*_FAULTS):  # when it is gone already, that is what was wanted
            if isinstance(self._pieces, AsyncGenerator):
                await self._pieces.aclose()
            if isinstance(self._response.stream, httpx.AsyncByteStream):
                await self._response.stream.aclose()

    def _unpacked_piece(self, piece: bytes) -> bytes:
        """At most a megabyte of unpacked bytes; the packed rest waits."""
        assert self._unpack is not None
        try:
            out = self._unpack.decompress(self._unpacked + piece, _UNPACKED)
        except zlib.error:
            raise UnexpectedAnswer("The answer is not packed as its header says", code="bad_encoding") from None
        self._unpacked = self._unpack.unconsumed_tail
        return out


def _own_headers(request: Request) -> dict[str, str]:
    """Those that every server gets."""
    accept = "text/event-stream, application/json" if request.stream else "application/json"
    return {"Accept": accept, "Accept-Encoding": "identity", "User-Agent": "openai-client/1"}


def headers_of(response: httpx.Response) -> dict[str, str]:
    """Header names in lower case; values may be any bytes (latin-1 shows them all)."""
    headers: dict[str, str] = {}
    for name, value in response.headers.raw:
        headers.setdefault(name.decode("latin-1").lower(), value.decode("latin-1"))
    return headers


def _unpacker(encoding: str) -> zlib._Decompress | None:
    """For servers that pack although we asked them not to."""
    encoding = encoding.strip().lower()
    if encoding in {"", "identity"}:
        return None
    if encoding in {"gzip", "x-gzip", "deflate"}:
        return zlib.decompressobj(wbits=47)  # gzip and zlib alike
    raise UnexpectedAnswer(f"The answer is packed as {encoding[:40]!r}, which was not asked for", code="bad_encoding")


def _sendable(secret: Secret) -> bool:
    """Whether a header value is plain enough for every server."""
    return secret.reveal().isascii() and secret.reveal().isprintable()


def _translate(fault: Exception, timeouts: Timeouts) -> NoReturn:
    """Raises our exception for one of httpx's. Nothing of the original stays attached: it knows the headers."""
    if isinstance(fault, (httpx.ConnectTimeout, httpx.PoolTimeout)):
        raise timed_out("connect", timeouts.connect) from None
    if isinstance(fault, httpx.TimeoutException):
        raise timed_out("idle", timeouts.idle) from None
    if isinstance(fault, httpx.DecodingError):
        raise UnexpectedAnswer("The answer is not packed as its header says", code="bad_encoding") from None
    if isinstance(fault, httpx.InvalidURL | httpx.UnsupportedProtocol | UnicodeError):
        raise _failed("bad_url", "This address cannot be used", retryable=False) from None
    if isinstance(fault, AddressForbidden):
        raise _failed("forbidden", str(fault), retryable=False) from None
    if isinstance(fault, httpx.ProxyError):
        raise _failed("proxy", f"The outbound proxy does not help: {fault}") from None
    if isinstance(fault, httpx.ConnectError):
        raise _not_connected(fault) from None
    if isinstance(fault, httpx.LocalProtocolError):
        raise ConnectionFailed("The request cannot be sent", code="unsendable_request", retryable=False) from None
    if (
        isinstance(fault, httpx.RemoteProtocolError)
        and "without sending" not in str(fault)
        and "peer" not in str(fault)
    ):
        raise BrokenOff("The server does not speak HTTP as it should", code="bad_http") from None
    raise BrokenOff("The connection broke off") from None


def _not_connected(fault: BaseException) -> ConnectionFailed:
    seen: BaseException | None = fault
    for _ in range(12):
        if isinstance(seen, ssl.SSLError):
            return _failed("tls", f"No secure connection: {seen.reason or 'TLS fault'}", retryable=False)
        if isinstance(seen, socket.gaierror):
            return _failed("dns", "The server's name is not known")
        if isinstance(seen, ConnectionRefusedError):
            return _failed("refused", "The server refuses connections")
        seen = seen and (seen.__cause__ or seen.__context__)
    text = str(fault).lower()
    if "name or service" in text or "name resolution" in text or "nodename" in text:
        return _failed("dns", "The server's name is not known")
    if "certificate" in text or "ssl" in text:
        return _failed("tls", "No secure connection", retryable=False)
    return _failed("unreachable", "The server cannot be reached")


def _failed(reason: str, message: str, *, retryable: bool = True) -> ConnectionFailed:
    error = ConnectionFailed(message, code=f"connection_failed_{reason}", retryable=retryable)
    error.reason = reason
    return error
