"""What may come in about models: which one, how a list is to be shown, and a row of the owner's table."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from live.errors import Invalid
from providers import facts
from providers.errors import ModelIdTooLong
from providers.models import MODEL_ID_LENGTH, KnownModel

SORTS = {"server": _("The provider's order"), "name": _("Name"), "newest": _("Newest"), "context": _("Context")}


def which(given: Mapping[str, Any]) -> tuple[str, str]:
    """(provider id, model id) that a command names. Raises Invalid or ModelIdTooLong."""
    provider, model_id = given.get("provider"), given.get("id") or given.get("model_id")
    if not isinstance(provider, str) or not provider:
        raise Invalid(fields={"provider": gettext("Say which provider.")})
    if not isinstance(model_id, str) or not 0 < len(model_id.strip()) <= MODEL_ID_LENGTH:
        raise ModelIdTooLong(limit=MODEL_ID_LENGTH)
    return provider[:64], model_id.strip()


def for_everybody(given: Mapping[str, Any]) -> bool:
    """Whether the owner means all people."""
    return given.get("for") in ("everybody", "site")


def _known(label: Any) -> forms.ChoiceField:
    choices = [("", _("not known")), ("yes", _("yes")), ("no", _("no"))]
    return forms.ChoiceField(label=label, choices=choices, required=False)


class RowForm(forms.Form):
    """A row of the owner's table; what is left empty is not said."""

    pattern = forms.CharField(
        label=_("Model ids"), max_length=MODEL_ID_LENGTH, help_text=_("An id, or a pattern: * stands for any text.")
    )
    host = forms.CharField(
        label=_("Only at this host"), max_length=253, required=False, help_text=_("Such as api.openai.com.")
    )
    family = forms.CharField(label=_("Family"), max_length=40, required=False)
    context_length = forms.IntegerField(label=_("Context, in tokens"), min_value=1, max_value=10**9, required=False)
    longest_answer = forms.IntegerField(
        label=_("Longest answer, in tokens"), min_value=1, max_value=10**9, required=False
    )
    shutdown_date = forms.DateField(
        label=_("Shutdown"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    successor = forms.CharField(label=_("Replacement"), max_length=MODEL_ID_LENGTH, required=False)
    price_url = forms.URLField(label=_("Prices"), max_length=300, required=False, assume_scheme="https")
    chat = _known(_("Chat"))
    vision = _known(_("Sees pictures"))
    tools = _known(_("Calls tools"))
    json = _known(_("JSON"))
    reasoning = _known(_("Reasons"))
    images = _known(_("Makes pictures"))
    audio = _known(_("Speech"))
    embeddings = _known(_("Embeddings"))

    def clean_pattern(self) -> str:
        return str(self.cleaned_data["pattern"]).strip().lower()

    def clean_host(self) -> str:
        host = str(self.cleaned_data["host"]).strip().lower()
        if host and not re.fullmatch(r"[a-z0-9.:\[\]-]+", host):
            raise forms.ValidationError(gettext("Only the host's name, without https:// and path."))
        return host

    def clean_price_url(self) -> str:
        url = str(self.cleaned_data["price_url"])
        if url and not url.startswith(("https://", "http://")):
            raise forms.ValidationError(gettext("This is not an http or https address."))
        return url

    def facts(self) -> dict[str, Any]:
        """What the row says, as known_models.of_table takes it."""
        data = self.cleaned_data
        names = (*facts.NUMBERS, "successor", "price_url")
        said = {name: data[name] for name in names if data.get(name) not in (None, "")}
        if data.get("shutdown_date"):
            said["shutdown_date"] = data["shutdown_date"].isoformat()
        answers = {name: data[name] == "yes" for name in facts.CAPABILITIES if data.get(name)}
        return {**said, **({"capabilities": answers} if answers else {})}


def stored(row: KnownModel) -> dict[str, Any]:
    """A row's values for its form."""
    words = {True: "yes", False: "no"}
    answers = {name: words[bool(value)] for name, value in row.facts.get("capabilities", {}).items()}
    said = {name: value for name, value in row.facts.items() if name != "capabilities"}
    return {"pattern": row.pattern, "host": row.host, "family": row.family, **said, **answers}
