"""Which providers a person has: the environment's, the site's shared ones, their own, and the sandbox."""

import dataclasses
import functools
import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils.translation import gettext as _

import openai_client as oc
from providers import headers
from providers.errors import UnknownProvider
from providers.models import KeyHeader, Rules, StoredProvider

ENVIRONMENT = "environment"
SANDBOX = "sandbox"
OPENAI_BASE_URL = "https://api.openai.com/v1"


_NOBODY = uuid.UUID(int=0)
_NOTHING = oc.Secret("")
_TIMEOUTS, _RETRIES = oc.Timeouts(), oc.Retries()


@dataclasses.dataclass(frozen=True)
class Provider:
    """A connection to an upstream, as it is used: two that are equal may share a client. Secrets print as nothing.

    `guarded`: it was entered by a person who does not run the site, so private addresses are out of its reach.
    `private_to`: the one whose key it is; None: shared.
    """

    id: str
    name: str
    base_url: str
    api_key: oc.Secret = _NOTHING
    organization: str = ""
    project: str = ""
    default_model: str = ""
    headers: tuple[tuple[str, oc.Secret], ...] = ()
    proxy: oc.Secret = _NOTHING
    timeouts: oc.Timeouts = _TIMEOUTS
    retries: oc.Retries = _RETRIES
    token_limit_name: str = ""
    think_tags: bool = True
    cumulative_text: bool = False
    picture_addresses: bool = False
    typed_models: tuple[str, ...] = ()
    guarded: bool = False
    private_to: int | None = None


def available(person: Any) -> list[Provider]:
    """Every provider that this person may use, in the order in which they are asked who lists a model."""
    mine = StoredProvider.objects.visible_to(person)
    return [*_configured(), *_usable(mine), _sandbox()]


def get(person: Any, provider_id: str) -> Provider:
    """A provider of this person's by its id, or UnknownProvider: somebody else's looks as if it were not there."""
    for provider in from_settings():
        if provider.id == provider_id:
            return provider
    for provider in _usable(StoredProvider.objects.visible_to(person).filter(pk=_uuid(provider_id) or _NOBODY)):
        return provider
    raise UnknownProvider(provider=provider_id[:64])


def get_for(person_id: int, provider_id: str) -> Provider:
    """The same, for who has only the person's id: an engine."""
    return get(get_user_model().objects.get(pk=person_id), provider_id)


def names(person: Any) -> dict[str, str]:
    """Provider id -> its name, for those that this person sees, switched off or not. No key is read for it."""
    stored = StoredProvider.objects.visible_to(person).values_list("pk", "name")
    return {provider.id: provider.name for provider in from_settings()} | {str(pk): name for pk, name in stored}


def is_private(provider_id: str) -> bool:
    """Whether it was entered by a person for themselves: its calls are paid for with their own key."""
    own = _uuid(provider_id)
    return own is not None and StoredProvider.objects.filter(pk=own, owner__isnull=False).exists()


def everything() -> list[Provider]:
    """Every provider of everybody: for the background, which asks them what they list."""
    return [*from_settings(), *_usable(StoredProvider.objects.all())]


def default(person: Any) -> Provider:
    """The environment's, else the first that was entered, else the sandbox."""
    return available(person)[0]


def _usable(rows: QuerySet[StoredProvider]) -> list[Provider]:
    """Those that are switched on, and allowed: people's own may be switched off for all."""
    found = list(rows.filter(enabled=True).select_related("owner"))
    if not any(_is_a_guests(row) for row in found):
        return [as_value(row) for row in found]
    rules = Rules.now()
    return [as_value(row, rules) for row in found if rules.own_providers or not _is_a_guests(row)]


def _is_a_guests(row: StoredProvider) -> bool:
    """Whether it was entered by somebody who does not run the site."""
    return row.owner is not None and not row.owner.is_owner


def as_value(row: StoredProvider, rules: Rules | None = None) -> Provider:
    """A stored provider as it is used; `rules` are the site's, where they are at hand."""
    secret = _key_of(row)
    sent = tuple((name, oc.Secret(value)) for name, value in headers.parse(row.headers.reveal()))
    if secret and row.key_header == KeyHeader.API_KEY:
        sent = (("api-key", secret), *sent)
    return Provider(
        id=str(row.pk),
        name=row.name,
        base_url=row.base_url,
        api_key=secret if row.key_header == KeyHeader.BEARER else oc.Secret(""),
        organization=row.organization,
        project=row.project,
        default_model=row.default_model,
        headers=sent,
        proxy=row.proxy if row.proxy_on else oc.Secret(""),
        timeouts=oc.Timeouts(row.connect_seconds, row.first_byte_seconds, row.idle_seconds, row.total_seconds),
        retries=oc.Retries(row.attempts, row.retry_seconds),
        token_limit_name=row.token_limit_name,
        think_tags=row.think_tags,
        cumulative_text=row.cumulative_text,
        picture_addresses=row.picture_addresses,
        typed_models=tuple(row.typed_models.split("\n")) if row.typed_models else (),
        guarded=_is_a_guests(row) and not (rules or Rules.now()).private_addresses,
        private_to=row.owner_id,
    )


def from_settings() -> list[Provider]:
    """Those that nobody entered: the environment's, and the sandbox."""
    return [*_configured(), _sandbox()]


def _key_of(row: StoredProvider) -> oc.Secret:
    if row.key_variable and row.owner is None:
        return oc.Secret(settings.KEY_VARIABLES.get(row.key_variable, ""))
    return row.key


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _configured() -> list[Provider]:
    found = environment()
    return [found] if found else []


def environment() -> Provider | None:
    """The environment's, if it names one: it is asked first, and known without the database."""
    if not (settings.OPENAI_API_KEY or settings.OPENAI_BASE_URL):
        return None
    base_url = _normal(settings.OPENAI_BASE_URL or OPENAI_BASE_URL)
    return Provider(
        id=ENVIRONMENT,
        name="OpenAI" if base_url == OPENAI_BASE_URL else base_url.split("://")[-1].split("/")[0],
        base_url=base_url,
        api_key=oc.Secret(settings.OPENAI_API_KEY),
        organization=settings.OPENAI_ORG_ID,
        project=settings.OPENAI_PROJECT_ID,
        default_model=settings.OPENAI_MODEL,
    )


@functools.lru_cache(maxsize=4)
def _normal(address: str) -> str:
    try:
        return oc.normalize_base_url(address)
    except ValueError:  # what cannot be used is said when it is asked
        return address


def _sandbox() -> Provider:
    return Provider(id=SANDBOX, name=_("Sandbox"), base_url="http://sandbox/v1")
