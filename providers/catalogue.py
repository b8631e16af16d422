"""Which models each provider lists, as far as it has said so: kept in memory, refreshed in the background."""

import asyncio
import re
import time

import structlog

import openai_client as oc
from providers.clients import client_for
from providers.registry import Provider, available

log = structlog.get_logger(__name__)
FRESH_SECONDS = 600.0
PATIENCE_SECONDS = 10.0
# Not for chat, by the names that such models have carried so far; only the choice of a default asks this.
_OTHER_PURPOSES = re.compile(
    r"(^|[-/_.:])(dall-e|image|images|tts|whisper|transcribe|audio|realtime|embed\w*|moderation|rerank\w*|sora|bge|"
    r"stable-diffusion|flux|babbage|davinci|instruct)(?=$|[-/_.:\d])",
    re.IGNORECASE,
)

_lists: dict[Provider, tuple[float, tuple[str, ...]]] = {}


def known(provider: Provider) -> tuple[str, ...]:
    """The model ids it listed when last asked; empty before that, or when it lists none."""
    return _lists.get(provider, (0.0, ()))[1]


async def listed(provider: Provider) -> tuple[str, ...]:
    """The model ids it lists, asking it when that was long ago. A server without a list lists nothing."""
    asked_at, models = _lists.get(provider, (-FRESH_SECONDS, ()))
    if time.monotonic() - asked_at < FRESH_SECONDS and models:
        return models
    return await refresh(provider)


async def refresh(provider: Provider) -> tuple[str, ...]:
    """Ask now; a provider that does not answer keeps the list it had."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            found = tuple(model.id for model in await client_for(provider).models())
    except (oc.OpenAIClientError, TimeoutError) as error:
        log.info("models_not_listed", provider=provider.id, error=type(error).__name__)
        found = known(provider)
    _lists[provider] = (time.monotonic(), found)
    return found


async def refresh_all() -> None:
    """Ask every provider."""
    for provider in available():
        await refresh(provider)


def first_for_chat(models: tuple[str, ...]) -> str:
    """The first model not known to be for images, audio, embeddings or moderation; empty when there is none."""
    return next((model for model in models if not _OTHER_PURPOSES.search(model)), "")
