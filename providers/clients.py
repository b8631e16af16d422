"""A ready client for a provider: one each, kept while its settings stay the same and while it is used."""

import asyncio
import functools
import weakref
from collections import OrderedDict
from typing import Any, cast
from urllib.parse import urlsplit

import openai_client as oc
from live import tasks
from openai_client.transports import StreamingASGITransport
from providers import learned, outbound
from providers.registry import SANDBOX, Provider
from providers.sandbox import private_app

MOST = 200  # kept ready at once, those that were asked for last
# A list beyond it is none: it would hold everybody up while it is read, and nobody chooses from 50,000 models.
LIST_LIMITS = oc.SizeLimits(answer=8 * 1024 * 1024)
_IDENTIFIES = ("api.openai.com", "us.api.openai.com", "eu.api.openai.com")  # which want the user under its new name
_OTHER = {"max_completion_tokens": "max_tokens", "max_tokens": "max_completion_tokens"}
_Clients = OrderedDict[str, tuple[Provider, oc.Client]]
_clients: "weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _Clients]" = weakref.WeakKeyDictionary()


def client_for(provider: Provider) -> oc.Client:
    """The client that asks this provider. Call it on the loop: connections belong to a loop.

    Ask for it right before each use: when the provider's settings change, the next call gets another client.
    """
    mine = _clients.setdefault(asyncio.get_running_loop(), OrderedDict())
    known, client = mine.get(provider.id, (None, None))
    if client is None or known != provider:
        if client is not None:
            _retire(mine, provider.id)
        mine[provider.id] = (provider, client := _client(provider, _shared_dialect(provider)))
    mine.move_to_end(provider.id)
    while len(mine) > MOST:
        _retire(mine, next(iter(mine)))
    return client


def new_client(
    provider: Provider,
    *,
    timeouts: oc.Timeouts | None = None,
    retries: oc.Retries | None = None,
    limits: oc.SizeLimits = oc.SizeLimits(),  # noqa: B008 - frozen
) -> oc.Client:
    """A client that nobody else uses, with limits of its own where they are given; whoever asked for it closes it.

    It knows what was learned of the provider, and what it learns itself it keeps to itself.
    """
    alone = _dialect(provider, learned.copy_of(provider))
    return _client(provider, alone, timeouts or provider.timeouts, retries or provider.retries, limits)


def _client(
    provider: Provider,
    dialect: oc.Dialect,
    timeouts: oc.Timeouts | None = None,
    retries: oc.Retries | None = None,
    limits: oc.SizeLimits = oc.SizeLimits(),  # noqa: B008
) -> oc.Client:
    return oc.Client(
        base_url=provider.base_url,
        api_key=provider.api_key or None,
        organization=provider.organization or None,
        project=provider.project or None,
        headers={name: value.reveal() for name, value in provider.headers},
        timeouts=timeouts or provider.timeouts,
        retries=retries or provider.retries,
        limits=limits,
        dialect=dialect,
        transport=transport_of(provider),
    )


def _dialect(provider: Provider, refused: learned.Memory) -> oc.Dialect:
    name = provider.token_limit_name
    names = {_OTHER[name]: name} if name else {}
    if urlsplit(provider.base_url).hostname in _IDENTIFIES:
        names["user"] = "safety_identifier"
    return oc.Dialect(
        think_tags=provider.think_tags, cumulative_text=provider.cumulative_text, names=names, refused=refused
    )


def _shared_dialect(provider: Provider) -> oc.Dialect:
    """What one client learns, all know, and a restart."""
    shared = _dialect(provider, learned.memory_of(provider))
    shared.on_learned = functools.partial(learned.remember, provider)
    return shared


def transport_of(provider: Provider) -> Any:
    """A way to this provider's server, within what its owner may reach; whoever asked for it closes it."""
    if provider.id == SANDBOX:
        return StreamingASGITransport(cast(Any, private_app()))
    return outbound.transport_for(trusted=not provider.guarded, proxy=provider.proxy.reveal() or None)


def forget_all_but(ids: set[str]) -> None:
    """Let go of the clients of providers that are gone. On the loop."""
    mine = _clients.get(asyncio.get_running_loop(), OrderedDict())
    for provider_id in mine.keys() - ids:
        _retire(mine, provider_id)


def _retire(mine: _Clients, provider_id: str) -> None:
    """Out of reach at once, and closed when nothing that it was asked can still be running."""
    provider, client = mine.pop(provider_id)
    longest = provider.timeouts.total or 3600.0
    asyncio.get_running_loop().call_later(longest + 60.0, tasks.start, client.aclose)


async def close_all() -> None:
    """Close every connection of this loop."""
    for _provider, client in _clients.pop(asyncio.get_running_loop(), OrderedDict()).values():
        await client.aclose()
