"""Single questions to a provider about its models: one of them, its deletion, the engines of old."""

import dataclasses
from typing import Any

from django.utils.translation import gettext as _

import openai_client as oc
from providers import clients, failures
from providers.failures import RunFailed
from providers.registry import Provider

SECONDS = 6.0
_TIMEOUTS = oc.Timeouts(SECONDS, SECONDS, SECONDS, SECONDS)
_ONCE = oc.Retries(attempts=1)


@dataclasses.dataclass(frozen=True)
class Answer:
    """What a server said when it was asked for one model: its fields as they came, or why there are none."""

    fields: dict[str, Any] = dataclasses.field(default_factory=dict)
    refusal: RunFailed | None = None

    def as_json(self) -> dict[str, Any]:
        return {"fields": self.fields, "error": self.refusal.as_json() if self.refusal else None}


def _client(provider: Provider) -> oc.Client:
    return clients.new_client(provider, timeouts=_TIMEOUTS, retries=_ONCE, limits=clients.LIST_LIMITS)


async def model(provider: Provider, model_id: str) -> Answer:
    """GET /models/{id} (requirement H2)."""
    async with _client(provider) as client:
        try:
            found = await client.model(model_id)
        except oc.OpenAIClientError as error:
            failed = failures.explain(error, provider=provider.name, model_id=model_id)
            if type(error) is oc.NotFound:  # not of the model: many servers have the list alone
                words = _("%(provider)s tells nothing of single models. What its list says stands above.")
                failed = dataclasses.replace(failed, message=words % {"provider": provider.name})
            return Answer(refusal=failed)
    known = {"id": found.id, "owned_by": found.owned_by, "created": found.created}
    kept = {str(name)[:80]: value for name, value in list(found.extra.items())[:60] if _is_small(value)}
    return Answer({name: value for name, value in {**known, **kept}.items() if value not in (None, "")})


async def delete(provider: Provider, model_id: str) -> RunFailed | None:
    """DELETE /models/{id} (requirement H3); None: it is gone."""
    async with _client(provider) as client:
        try:
            done = await client.delete_model(model_id)
        except oc.OpenAIClientError as error:
            return failures.explain(error, provider=provider.name, model_id=model_id)
    return (
        None
        if done.deleted
        else failures.explain(oc.APIError("The server did not delete it"), provider=provider.name, model_id=model_id)
    )


async def keys(provider: Provider) -> oc.AdminKeyList | RunFailed:
    """The keys of the provider's organisation (requirement A2), or why they are not told."""
    async with _client(provider) as client:
        try:
            return await client.admin_keys()
        except oc.OpenAIClientError as error:
            return _not_told(error, provider)


async def make_key(provider: Provider, name: str, days: int | None) -> oc.AdminKey | RunFailed:
    """A new key; its value is in this answer and nowhere else (requirement A3)."""
    async with _client(provider) as client:
        try:
            return await client.create_admin_key(name, days * 86_400 if days else None)
        except oc.OpenAIClientError as error:
            return _not_told(error, provider)


async def delete_key(provider: Provider, key_id: str) -> RunFailed | None:
    """The key is refused from now on; None: it is gone."""
    async with _client(provider) as client:
        try:
            await client.delete_admin_key(key_id)
        except oc.OpenAIClientError as error:
            return _not_told(error, provider)
    return None


def _not_told(error: oc.OpenAIClientError, provider: Provider) -> RunFailed:
    """Most often because the key is an ordinary one, or the server has no such address."""
    failed = failures.explain(error, provider=provider.name, model_id="")
    if isinstance(error, oc.InvalidKey | oc.PermissionDenied):
        words = _("%(provider)s lets an admin key alone see and make keys; the one that is entered here is none.")
    elif isinstance(error, oc.NotFound | oc.UnexpectedAnswer):
        words = _("%(provider)s does not manage keys in this way. Make them on its own pages.")
    else:
        return failed
    return dataclasses.replace(failed, message=words % {"provider": provider.name})


async def engines(provider: Provider) -> oc.EngineList | None:
    """GET /engines (requirement H4); None where the server has no such address."""
    async with _client(provider) as client:
        try:
            return await client.engines()
        except oc.OpenAIClientError:
            return None


def _is_small(value: object) -> bool:
    return isinstance(value, str | int | float | bool) and len(str(value)) <= 400
