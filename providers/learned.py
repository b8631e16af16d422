"""What servers were seen to refuse, by provider and model: kept, so that a restart and other processes know it too.

A client learns it from a refusal (openai_client.Dialect) and stores it here; what is stored is read at the start and
then now and then, for all providers at once, so that no message waits for it.
"""

import dataclasses
from typing import Any

import structlog
from django.db import Error as DatabaseError
from django.db import transaction

from live import tasks
from live.database import query, read
from providers.models import MODEL_ID_LENGTH, LearnedSetting
from providers.registry import Provider

REFRESH_SECONDS = 60.0
MOST = 200  # settings of one provider that are kept: a server has a few, and a broken one must not fill the table
Memory = dict[str, dict[str, str | None]]  # model id -> setting -> the name it is sent under, None: left out
_Key = tuple[str, str]  # provider id, base URL: another address, another server

log = structlog.get_logger(__name__)
_memories: dict[_Key, Memory] = {}


@dataclasses.dataclass(frozen=True)
class Learned:
    """One refused setting of one model. `wanted`: the name that it is sent under, empty: it is left out."""

    model_id: str
    setting: str
    wanted: str

    def as_json(self) -> dict[str, str | None]:
        return {"model_id": self.model_id, "setting": self.setting, "sent_as": self.wanted or None}


def memory_of(provider: Provider) -> Memory:
    """What is known of this provider, to be shared by all its clients. On the loop."""
    return _memories.setdefault((provider.id, provider.base_url), {})


def copy_of(provider: Provider) -> Memory:
    """The same for a client that keeps to itself what it learns. On the loop."""
    known = _memories.get((provider.id, provider.base_url), {})
    return {model_id: dict(settings) for model_id, settings in known.items()}


def remember(provider: Provider, model_id: str, setting: str, wanted: str | None) -> None:
    """A client has learned something, and knows it already: have it stored. On the loop."""
    tasks.start(_remember, provider, model_id, setting, wanted)


async def _remember(provider: Provider, model_id: str, setting: str, wanted: str | None) -> None:
    try:
        await query(store, provider, model_id, setting, wanted)
    except DatabaseError as error:  # it will be learned again
        log.warning("setting_not_stored", provider=provider.id, error=type(error).__name__)


@transaction.atomic
def store(provider: Provider, model_id: str, setting: str, wanted: str | None) -> None:
    """Keep it; what was learned at another address is not kept beside it."""
    LearnedSetting.objects.filter(provider=provider.id).exclude(base_url=provider.base_url).delete()
    if len(model_id) > MODEL_ID_LENGTH or LearnedSetting.objects.filter(provider=provider.id).count() >= MOST:
        return
    LearnedSetting.objects.update_or_create(
        provider=provider.id,
        model_id=model_id,
        setting=setting[:100],
        defaults={"base_url": provider.base_url, "wanted": wanted or ""},
    )


async def refresh() -> None:
    """Read what is stored: what other processes have learned is known then, and what somebody forgot is gone."""
    stored: dict[_Key, Memory] = {}
    for row in await read(lambda: list(LearnedSetting.objects.all())):
        memory = stored.setdefault((row.provider, row.base_url), {})
        memory.setdefault(row.model_id, {})[row.setting] = row.wanted or None
    for key in _memories.keys() | stored.keys():
        mine = _memories.setdefault(key, {})  # the very object that clients hold
        mine.clear()
        mine.update(stored.get(key, {}))


def of(provider_ids: list[str]) -> dict[str, list[Learned]]:
    """What is stored of these providers, by their ids."""
    found: dict[str, list[Learned]] = {provider_id: [] for provider_id in provider_ids}
    for row in LearnedSetting.objects.filter(provider__in=provider_ids).order_by("model_id", "setting"):
        found[row.provider].append(Learned(row.model_id, row.setting, row.wanted))
    return found


def of_model(provider: Provider, model_id: str) -> list[Learned]:
    """What is stored of one model."""
    return [one for one in of([provider.id])[provider.id] if one.model_id == model_id]


def forget(provider_id: str, model_id: str | None = None) -> None:
    """As if nothing had been refused, by one model or by all: it is asked again with everything."""
    some: dict[str, Any] = {} if model_id is None else {"model_id": model_id}
    LearnedSetting.objects.filter(provider=provider_id, **some).delete()
    if tasks.has_loop():
        tasks.call_soon(_drop, provider_id, model_id)


def _drop(provider_id: str, model_id: str | None) -> None:
    for (known_id, _base_url), memory in _memories.items():
        if known_id == provider_id and model_id is None:
            memory.clear()
        elif known_id == provider_id:
            memory.pop(model_id or "", None)
