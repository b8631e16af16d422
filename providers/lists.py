"""What providers list, as stored: read at most once for each change, whoever asked the provider."""

import dataclasses
import datetime
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from providers.models import ModelList
from providers.registry import Provider

MOST = 5_000  # models of one provider that are kept; the rest is counted, and can be typed in
Facts = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Listed:
    """A provider's models: rows as `facts.of_server` makes them, those typed in by hand among them.

    `asked_at` None: never asked. `failure`: why the last asking gave no list, one of catalogue.FAILURES; the rows are
    then those from before it.
    """

    rows: tuple[Facts, ...] = ()
    asked_at: datetime.datetime | None = None
    failure: str = ""
    left_out: int = 0

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(row["id"] for row in self.rows)


MOST_READ = 200  # lists that are kept in memory, those that were read last
RECENT_SECONDS = 1.0  # in which another process's change may be overlooked
_read: OrderedDict[str, tuple[Listed, str]] = OrderedDict()  # provider id -> what was read, and of which address
_compared: dict[str, float] = {}  # provider id -> when what was read was last seen to be what is stored
_lock = threading.Lock()


def known(provider: Provider) -> Listed:
    """What this provider has said, without asking it."""
    return known_of([provider])[provider.id]


def recently(provider: Provider) -> Listed:
    """The same, perhaps a second old: a message that is sent should not have to look."""
    with _lock:
        found = _read.get(provider.id)
        if found is not None and time.monotonic() - _compared.get(provider.id, -RECENT_SECONDS) < RECENT_SECONDS:
            return _with_typed(provider, *found)
    return known(provider)


def known_of(providers: Sequence[Provider]) -> dict[str, Listed]:
    """The same of several, by provider id."""
    stored = ModelList.objects.filter(provider__in=[provider.id for provider in providers])
    began = time.monotonic()
    times = dict(stored.values_list("provider", "asked_at"))
    with _lock:
        found = {id: _read[id] for id, at in times.items() if id in _read and _read[id][0].asked_at == at}  # noqa: A001
    if missing := times.keys() - found.keys():
        found |= _remember(stored.filter(provider__in=missing))
    with _lock:
        _compared.update(dict.fromkeys(found, began))
    return {provider.id: _with_typed(provider, *found.get(provider.id, (Listed(), ""))) for provider in providers}


def _remember(rows: Iterable[ModelList]) -> dict[str, tuple[Listed, str]]:
    found = {
        row.provider: (Listed(tuple(row.rows), row.asked_at, row.failure, row.left_out), row.base_url) for row in rows
    }
    with _lock:
        for provider_id, read in found.items():
            _read[provider_id] = read
            _read.move_to_end(provider_id)
        while len(_read) > MOST_READ:
            _compared.pop(_read.popitem(last=False)[0], None)
    return found


def _with_typed(provider: Provider, listed: Listed, base_url: str) -> Listed:
    if base_url != provider.base_url:
        listed = Listed()
    typed = [{"id": id, "typed": True} for id in provider.typed_models if id not in listed.ids]  # noqa: A001
    return dataclasses.replace(listed, rows=(*listed.rows, *typed)) if typed else listed


@transaction.atomic
def store(provider: Provider, rows: list[Facts] | None, *, failure: str = "", left_out: int = 0) -> None:
    """Keep what a provider said; `rows` None: it gave no list, and what it said before at this address stays."""
    before = ModelList.objects.select_for_update().filter(provider=provider.id, base_url=provider.base_url).first()
    if rows is None:
        rows, left_out = (before.rows, before.left_out) if before else ([], 0)
    ModelList.objects.update_or_create(
        provider=provider.id,
        defaults={
            "rows": rows[:MOST],
            "left_out": left_out + len(rows[MOST:]),
            "asked_at": timezone.now(),
            "failure": failure,
            "base_url": provider.base_url,
        },
    )
    transaction.on_commit(lambda: _compared.pop(provider.id, None))


def forget(provider_id: str) -> None:
    """A provider is gone, or lives at another address."""
    ModelList.objects.filter(provider=provider_id).delete()
    with _lock:
        _read.pop(provider_id, None)
        _compared.pop(provider_id, None)
