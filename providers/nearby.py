"""Servers that listen on the usual ports of the site's own machine; offered to the site's owner and to nobody else."""

import asyncio
import dataclasses
from typing import Any

import openai_client as oc
from providers import clients, presets
from providers.registry import Provider

SECONDS = 1.5  # for all of them at once: what is on this machine answers in milliseconds
_QUICK = oc.Timeouts(SECONDS, SECONDS, SECONDS, SECONDS)


@dataclasses.dataclass(frozen=True)
class Found:
    """A server that speaks the API. `models` None: it wants a key before it says what it has."""

    base_url: str
    preset: presets.Preset
    models: int | None

    def as_json(self) -> dict[str, Any]:
        return {"base_url": self.base_url, "preset": self.preset.id, "name": self.preset.name, "models": self.models}


async def look(own_port: int) -> list[Found]:
    """Those that answer now, in the order of presets.PORTS; the site's own port is not asked."""
    asked = (_ask(port, preset) for port, preset in presets.PORTS.items() if port != own_port)
    return [found for found in await asyncio.gather(*asked) if found is not None]


async def _ask(port: int, preset: presets.Preset) -> Found | None:
    base_url = f"http://127.0.0.1:{port}/v1"
    provider = Provider(id=f"nearby-{port}", name=base_url, base_url=base_url)
    retries = oc.Retries(attempts=1)
    async with clients.new_client(provider, timeouts=_QUICK, retries=retries, limits=clients.LIST_LIMITS) as client:
        try:
            return Found(base_url, preset, len(await client.models()))
        except (oc.InvalidKey, oc.PermissionDenied):
            return Found(base_url, preset, None)
        except oc.OpenAIClientError:
            return None
