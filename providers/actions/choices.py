"""What a person, or the owner for everybody, says about a model: hidden, shown again, asked by default."""

from typing import Any

from providers.models import DefaultModel, HiddenModel


def hide_model(person: Any | None, provider_id: str, model_id: str) -> None:
    """Not offered any more, to this person or (None) to anybody. Twice is once."""
    HiddenModel.objects.get_or_create(person=person, provider=provider_id, model_id=model_id)


def show_model(person: Any | None, provider_id: str, model_id: str) -> None:
    """Offered again."""
    HiddenModel.objects.filter(person=person, provider=provider_id, model_id=model_id).delete()


def set_default(person: Any | None, provider_id: str, model_id: str) -> None:
    """Asked when this person, or (None) anybody without a default, names no model; an empty id: as if never said."""
    if not model_id:
        DefaultModel.objects.filter(person=person).delete()
        return
    chosen = {"provider": provider_id, "model_id": model_id}
    DefaultModel.objects.update_or_create(person=person, defaults=chosen)
