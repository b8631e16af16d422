"""Small ASGI wrappers around the whole application."""

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

Scope = Any  # Channels, Django and Daphne type these each in a way of their own
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Scope, Any, Any], Awaitable[None]]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def mount(prefix: str, inner: App, outer: App) -> App:
    """Send what lies under `prefix` to `inner`, the rest to `outer`."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path == prefix or path.startswith(prefix + "/"):
            await inner({**scope, "root_path": scope.get("root_path", "") + prefix}, receive, send)
        else:
            await outer(scope, receive, send)

    return app


def finish_commands(inner: App) -> App:
    """Carry out a command that arrived whole, even when its sender has gone.

    Django cancels a view when the client drops (design trap 12): a message would be stored and its run never started,
    or not, depending on the millisecond. A command is short; hiding the hang-up from it makes the outcome certain.
    """

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await inner(scope, receive, send)
            return
        whole = False

        async def receive_body() -> dict[str, Any]:
            nonlocal whole
            if whole:
                await asyncio.Event().wait()  # until the view is done; then Django drops this listener
            message = await receive()
            whole = message["type"] == "http.request" and not message.get("more_body", False)
            return message

        await inner(scope, receive_body, send)

    return app


def behind_proxies(inner: App, *, trusted: Sequence[Network]) -> App:
    """Believe X-Forwarded-For and X-Forwarded-Proto from trusted addresses, and from nobody else."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if trusted and scope["type"] in ("http", "websocket"):
            scope = _forwarded(scope, trusted)
        await inner(scope, receive, send)

    return app


def _forwarded(scope: Scope, trusted: Sequence[Network]) -> Scope:
    client = scope.get("client")
    if not client or not _in(client[0], trusted):
        return scope
    headers = dict(scope["headers"])
    changes: Scope = {}
    hops = [hop.strip() for hop in headers.get(b"x-forwarded-for", b"").decode("latin1").split(",") if hop.strip()]
    # The rightmost address that is not one of our proxies is the nearest that none of them made up.
    outside = next((hop for hop in reversed(hops) if not _in(hop, trusted)), None)
    if outside:
        changes["client"] = [outside, 0]
    if headers.get(b"x-forwarded-proto", b"").strip().lower() == b"https":
        changes["scheme"] = "wss" if scope["type"] == "websocket" else "https"
    return {**scope, **changes}


def _in(address: str, networks: Sequence[Network]) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in networks)
