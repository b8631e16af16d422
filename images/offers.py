"""Which models make pictures, as one person can choose them, and what each takes at its server."""

import dataclasses
from typing import Any

from django.utils import timezone

from images import takes
from images.models import Job
from images.takes import Takes
from providers import learned, offers, registry
from providers.offers import Offer
from providers.registry import Provider

Chosen = tuple[str, str]  # provider id, model id


@dataclasses.dataclass(frozen=True)
class Drawer:
    """A model that makes pictures, at a provider of this person's."""

    offer: Offer
    takes: Takes

    def as_json(self) -> dict[str, Any]:
        """A model as `GET /models/` has it, with what it takes."""
        return {**self.offer.as_json(), "takes": self.takes.as_json()}


def of(person: Any) -> list[Drawer]:
    """Every model that is known to make pictures and that this person is offered, those still served first."""
    providers = registry.available(person)
    refused = learned.of([provider.id for provider in providers])
    found = [
        Drawer(offer, _at(offer.id, refused[offer.provider.id]))
        for offer in offers.of(person, providers)
        if not offer.hidden and offer.known["capabilities"].get("images")
    ]
    today = timezone.now().date().isoformat()
    return sorted(
        found, key=lambda one: len(one.offer.known["shutdown_date"]) > 0 and one.offer.known["shutdown_date"] <= today
    )


def takes_of(provider: Provider, model_id: str) -> Takes:
    """What a model takes at its server, whether it is listed or not."""
    return _at(model_id, learned.of_model(provider, model_id))


def _at(model_id: str, refused: list[learned.Learned]) -> Takes:
    gone = frozenset(one.setting for one in refused if one.model_id == model_id and not one.wanted)
    return takes.by_name(model_id).without(gone)


def default(person: Any, provider_id: str = "") -> Chosen | None:
    """Whom to ask when nobody was named: the last that was used, while it is there, else the first that is offered."""
    last = Job.objects.filter(owner=person).last_used()
    known = of(person)
    mine = {provider.id for provider in registry.available(person)}
    if last and last[0] in mine and provider_id in ("", last[0]):
        return last
    return next(
        ((one.offer.provider.id, one.offer.id) for one in known if provider_id in ("", one.offer.provider.id)), None
    )
