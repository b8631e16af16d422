"""Which models each provider lists, as far as it has said so: kept in memory, refreshed in the background."""

import asyncio
import contextlib
import re
import time

import structlog

import openai_client as oc
from live import tasks
from providers.clients import client_for
from providers.registry import Provider, available

log = structlog.get_logger(__name__)
FRESH_SECONDS = 600.0
EMPTY_SECONDS = 30.0  # after which a server without a list is asked again: it may have been started meanwhile
PATIENCE_SECONDS = 10.0  # for a server to list what it has
WAIT_SECONDS = 3.0  # for a person to wait for that, whose message goes out without it
# Not for chat, by the names that such models have carried so far; only the choice of a default asks this.
_OTHER_PURPOSES = re.compile(
    r"(^|[-/_.:])(dall-e|image|images|tts|whisper|transcribe|audio|realtime|embed\w*|moderation|rerank\w*|sora|bge|"
    r"stable-diffusion|flux|babbage|davinci|instruct)(?=$|[-/_.:\d])",
    re.IGNORECASE,
)

_lists: dict[Provider, tuple[float, tuple[str, ...]]] = {}
_answers: dict[Provider, asyncio.Event] = {}  # of those that are being asked


def known(provider: Provider) -> tuple[str, ...]:
    """The model ids it listed when last asked; empty before that, or when it lists none."""
    return _lists.get(provider, (0.0, ()))[1]


async def listed(provider: Provider) -> tuple[str, ...]:
    """The model ids it lists. Its first answer is waited for; later, an old list will do while it is asked again."""
    if provider not in _lists:
        return await refresh(provider)
    asked_at, models = _lists[provider]
    if time.monotonic() - asked_at > (FRESH_SECONDS if models else EMPTY_SECONDS):
        _ask(provider)
    return models


async def refresh(provider: Provider) -> tuple[str, ...]:
    """Ask now, or join who is asking, and wait a moment; who does not answer keeps the list it had."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(WAIT_SECONDS):
            await _ask(provider).wait()
    return known(provider)


async def first_lists() -> None:
    """Give providers that were never asked a moment to answer, all at once; later nobody waits."""
    unknown = [provider for provider in available() if provider not in _lists]
    await asyncio.gather(*(refresh(provider) for provider in unknown))


def _ask(provider: Provider) -> asyncio.Event:
    """Have it asked, once at a time; the event is set when it has answered or failed to."""
    if provider not in _answers:
        _answers[provider] = asyncio.Event()
        tasks.start(_fetch, provider)
    return _answers[provider]


async def _fetch(provider: Provider) -> None:
    found = known(provider)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            found = tuple(model.id for model in await client_for(provider).models())
    except (oc.OpenAIClientError, TimeoutError) as error:
        log.info("models_not_listed", provider=provider.id, error=type(error).__name__)
    finally:
        _lists[provider] = (time.monotonic(), found)
        _answers.pop(provider).set()


async def refresh_all() -> None:
    """Ask every provider."""
    for provider in available():
        _ask(provider)


def first_for_chat(models: tuple[str, ...]) -> str:
    """The first model not known to be for images, audio, embeddings or moderation; empty when there is none."""
    return next((model for model in models if not _OTHER_PURPOSES.search(model)), "")
