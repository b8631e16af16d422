"""Asking providers what they list: in the background, once at a time, and kept for every process."""

import asyncio
import contextlib
from collections.abc import Iterable, Mapping

import structlog
from django.db import Error as DatabaseError
from django.utils import timezone

import openai_client as oc
from live import tasks
from live.database import query, read
from providers import clients, facts, lists, registry
from providers.lists import Listed
from providers.registry import Provider

log = structlog.get_logger(__name__)
FRESH_SECONDS = 600.0
EMPTY_SECONDS = 30.0  # after which a server without a list is asked again: it may have been started meanwhile
PATIENCE_SECONDS = 10.0  # for a server to list what it has
WAIT_SECONDS = 3.0  # for a person to wait for that, whose message goes out without it
LONGEST_ID = 256

JUST_NOW = 2.0  # seconds for which an answer is not asked for again by who came before it was stored

_answered: dict[str, float] = {}  # provider id -> when it was asked last, in the loop's time
_answers: dict[str, asyncio.Event] = {}  # provider id -> set once it has answered; those that are being asked


async def listed_by(providers: list[Provider]) -> dict[str, Listed]:
    """What they list, by provider id.

    First answers are waited for, all at once; later, an old list will do while it is asked again.
    """
    found = await read(lists.known_of, providers)
    new = [provider for provider in providers if found[provider.id].asked_at is None]
    keep_fresh(providers, found)
    if new:
        await asyncio.gather(*(_wait_for_first(provider) for provider in new))
        found |= await read(lists.known_of, new)
    return found


def keep_fresh(providers: Iterable[Provider], found: Mapping[str, Listed]) -> None:
    """Have those asked again whose list is old; nobody waits for it. From any thread."""
    for provider in providers:
        if found[provider.id].asked_at is not None and _is_old(found[provider.id]):
            tasks.call_soon(_ask, provider)


async def refresh(provider: Provider) -> Listed:
    """Ask now, or join who is asking, and wait a moment; who does not answer keeps the list it had."""
    await _wait(provider)
    return await read(lists.known, provider)


async def _wait(provider: Provider) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(WAIT_SECONDS):
            await _ask(provider).wait()


async def _wait_for_first(provider: Provider) -> None:
    """The same, unless its answer came while somebody else's question was on its way here."""
    now = asyncio.get_running_loop().time()
    if now - _answered.get(provider.id, now - JUST_NOW) >= JUST_NOW:
        await _wait(provider)


def _is_old(listed: Listed) -> bool:
    if listed.asked_at is None:
        return True
    age = (timezone.now() - listed.asked_at).total_seconds()
    return age > (FRESH_SECONDS if listed.rows else EMPTY_SECONDS)


def _ask(provider: Provider) -> asyncio.Event:
    """Have it asked, once at a time; the event is set when it has answered or failed to."""
    if provider.id not in _answers:
        _answers[provider.id] = asyncio.Event()
        tasks.start(_fetch, provider)
    return _answers[provider.id]


async def _fetch(provider: Provider) -> None:
    try:
        try:
            found = await fetch(provider)
        except oc.OpenAIClientError as error:
            log.info("models_not_listed", provider=provider.id, error=type(error).__name__)
            await query(lists.store, provider, None, failure=error.code[:40])
        else:
            rows = [facts.of_server(model) for model in found if len(model.id) <= LONGEST_ID]
            await query(lists.store, provider, rows, left_out=len(found) - len(rows))
    except DatabaseError as error:
        log.warning("models_not_stored", provider=provider.id, error=type(error).__name__)
    finally:
        _answered[provider.id] = asyncio.get_running_loop().time()
        _answers.pop(provider.id).set()


async def fetch(provider: Provider) -> oc.ModelList:
    """Its list, straight from it, within PATIENCE_SECONDS or its own limit. Raises any exception of openai_client."""
    seconds = min(PATIENCE_SECONDS, provider.timeouts.first_byte or PATIENCE_SECONDS)
    limits = oc.Timeouts(seconds, seconds, seconds, seconds)
    async with clients.new_client(
        provider, timeouts=limits, retries=oc.Retries(attempts=1), limits=clients.LIST_LIMITS
    ) as client:
        return await client.models()


async def refresh_shared() -> None:
    """Ask every provider that is shared; people's own are asked when they are used."""
    providers = await read(registry.everything)
    shared = [provider for provider in providers if provider.private_to is None]
    clients.forget_all_but({provider.id for provider in providers})
    found = await read(lists.known_of, shared)
    for provider in shared:
        age = found[provider.id].asked_at
        if age is None or (timezone.now() - age).total_seconds() > FRESH_SECONDS / 2:  # else another process has just
            _ask(provider)
