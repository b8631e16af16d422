"""The ASGI application: checks the key, finds the endpoint, watches for the client hanging up, and answers."""

import asyncio
import collections.abc
import contextlib
import hmac
import logging
import pathlib
import re
import time
import urllib.parse

from sandbox import asgi, chat, completions, embeddings, errors, files, gallery, house, images, library, lists

Endpoint = collections.abc.Callable[..., collections.abc.Awaitable[asgi.Reply]]
PICTURE = r"/pictures/([^/]+)"  # the one address that needs no key: its name is the secret
ROUTES: tuple[tuple[str, str, Endpoint], ...] = (
    ("GET", r"/models", lists.models_list),
    ("GET", r"/models/(.+)", lists.model),
    ("DELETE", r"/models/(.+)", lists.delete_model),
    ("GET", r"/engines", lists.engines_list),
    ("GET", r"/engines/(.+)", lists.engine),
    ("POST", r"/chat/completions", chat.create),
    ("POST", r"/completions", completions.create),
    ("POST", r"/embeddings", embeddings.create),
    ("POST", r"/images/generations", images.generate),
    ("POST", r"/images/edits", images.edit),
    ("POST", r"/images/variations", images.vary),
    ("GET", PICTURE, gallery.show),
    ("GET", r"/files", files.listing),
    ("POST", r"/files", files.upload),
    ("GET", r"/files/([^/]+)", files.retrieve),
    ("DELETE", r"/files/([^/]+)", files.delete),
    ("GET", r"/files/([^/]+)/content", files.content),
)
log = logging.getLogger(__name__)
App = collections.abc.Callable[[asgi.Scope, asgi.Receive, asgi.Send], collections.abc.Awaitable[None]]


def create_app(
    *,
    data_dir: pathlib.Path,
    documents: collections.abc.Callable[[], collections.abc.Mapping[str, str]],
    key: str | None = None,
    pace: float = 1.0,
    clock: collections.abc.Callable[[], float] = time.time,
    sleep: collections.abc.Callable[[float], collections.abc.Awaitable[None]] = asyncio.sleep,
) -> App:
    """Return an ASGI app that answers as an OpenAI-compatible server at /v1/.

    data_dir: where files and pictures are kept; processes that share it agree.
    documents: gives name -> Markdown text of what the guide searches; called in a thread, for each question.
    key: the only key that is accepted; None accepts any, and none.
    pace: multiplies every model's speed; 0 answers without waiting. clock gives Unix seconds, sleep waits seconds.
    """
    here = house.House(data_dir, library.Library(documents), clock, sleep, pace)

    async def app(scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
        if scope["type"] == "http":
            await _serve(here, key, scope, receive, send)
        elif scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})

    return app


async def _lifespan(receive: asgi.Receive, send: asgi.Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def _request(scope: asgi.Scope, receive: asgi.Receive) -> asgi.Request | None:
    """Return the request, None for an address outside /v1; the mount point may or may not stand in the path."""
    path, root = scope["path"], scope.get("root_path", "").rstrip("/")
    if root and path.startswith(f"{root}/"):
        path = path.removeprefix(root)
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    host = headers.get("host", "sandbox")
    if path != "/v1" and not path.startswith("/v1/"):
        return None
    query = dict(urllib.parse.parse_qsl(scope.get("query_string", b"").decode("latin-1")))
    base = f"{scope.get('scheme', 'http')}://{host}{root}/v1"
    return asgi.Request(scope["method"], path.removeprefix("/v1").rstrip("/"), query, headers, base, receive)


async def _serve(here: house.House, key: str | None, scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
    """Answer one request; the work is given up at once when the client hangs up."""
    started = here.clock()
    request = _request(scope, receive)
    work = asyncio.ensure_future(_answer(here, key, request, scope, started, send))
    watch = asyncio.ensure_future(_hang_up(request, work)) if request else None
    try:
        await work
    except asyncio.CancelledError:
        if not work.cancelled() or asyncio.current_task().cancelling():  # type: ignore[union-attr]
            raise
    finally:
        for task in (work, watch):
            if task is not None and not task.done():
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task


async def _hang_up(request: asgi.Request, work: asyncio.Future[None]) -> None:
    """Cancel the work when the client goes; before the body was read, the reading itself notices."""
    await request.was_read.wait()
    while (await request.receive())["type"] != "http.disconnect":
        pass
    work.cancel()


async def _answer(
    here: house.House, key: str | None, request: asgi.Request | None, scope: asgi.Scope, started: float, send: asgi.Send
) -> None:
    try:
        if request is None:
            raise errors.invalid_url(scope["method"], scope["path"])
        if key is not None and not re.fullmatch(PICTURE, request.path):
            _check_key(request.headers.get("authorization", ""), key)
        endpoint, values = _endpoint(request)
        reply = await endpoint(here, request, *values)
    except errors.ApiError as error:
        reply = asgi.refusal(error)
    except RecursionError:
        reply = asgi.refusal(errors.bad_request("The JSON body of your request is nested too deeply."))
    except asgi.GoneError:
        return
    await asgi.deliver(reply, send, started, here.clock)


def _check_key(header: str, key: str) -> None:
    """Refuse a request without the key, in a time that does not tell how much of it was right (401)."""
    scheme, _, given = header.partition(" ")
    given = given.strip()
    if scheme.lower() != "bearer" or not given:
        raise errors.no_key()
    if not hmac.compare_digest(given.encode("utf-8", "replace"), key.encode()):
        raise errors.invalid_key(given)


def _endpoint(request: asgi.Request) -> tuple[Endpoint, tuple[str, ...]]:
    """Return the endpoint and what its address names; 404 for no address, 405 for another method's."""
    others = []
    for method, pattern, endpoint in ROUTES:
        match = re.fullmatch(pattern, request.path)
        if match and method == request.method:
            return endpoint, match.groups()
        if match:
            others.append(method)
    shown = f"/v1{request.path}"
    if not others:
        raise errors.invalid_url(request.method, shown)
    message = f"Not allowed to {request.method} on {shown}. (HINT: Perhaps you meant to use a different HTTP method?)"
    raise errors.ApiError(405, message, code="method_not_supported", headers={"allow": ", ".join(others)})
