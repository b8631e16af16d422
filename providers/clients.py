"""A ready client for a provider: one each, kept while its settings stay the same."""

import asyncio
import weakref
from typing import Any, cast

import openai_client as oc
from openai_client.transports import StreamingASGITransport
from providers.registry import SANDBOX, Provider
from providers.sandbox import private_app

_clients: "weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Provider, oc.Client]]" = (
    weakref.WeakKeyDictionary()
)


def client_for(provider: Provider) -> oc.Client:
    """The client that asks this provider. Call it on the loop: connections belong to a loop."""
    mine = _clients.setdefault(asyncio.get_running_loop(), {})
    if provider not in mine:
        mine[provider] = oc.Client(
            base_url=provider.base_url,
            api_key=provider.api_key or None,
            organization=provider.organization or None,
            project=provider.project or None,
            transport=StreamingASGITransport(cast(Any, private_app())) if provider.id == SANDBOX else None,
        )
    return mine[provider]


async def close_all() -> None:
    """Close every connection of this loop."""
    for client in _clients.pop(asyncio.get_running_loop(), {}).values():
        await client.aclose()
