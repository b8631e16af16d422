"""The form of a provider: what it connects to, and with which key."""

import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

import openai_client as oc
from providers import carried, headers, outbound
from providers.forms.base import LinesField, UnshownArea, UnshownInput
from providers.models import MODEL_ID_LENGTH, Group, KeyHeader, StoredProvider, TokenLimitName

KEY_LENGTH = 4_000
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{0,90}_API_KEY")
_OFF = {"autocomplete": "off", "spellcheck": "false"}
SECRETS = ("key", "headers", "proxy")
_HEADER_PROBLEMS = {
    "shape": _("Line %(line)s is not “Name: value”, or there are more than 30."),
    "name": _("The name in line %(line)s holds characters that no header's name has."),
    "ours": _("The header in line %(line)s is written by the site itself."),
    "value": _("The value in line %(line)s is empty, too long, or not plain ASCII."),
}


def _seconds(label: Any, hint: Any = "", least: float = 0.1) -> forms.FloatField:
    return forms.FloatField(label=label, help_text=hint, min_value=least, max_value=86_400)


class ProviderForm(forms.Form):
    """Secrets come in and never go out: an empty secret field keeps what is stored, a tick beside it removes that.

    Between two pages of one form they are carried sealed, so that nobody types them twice.
    """

    name = forms.CharField(label=_("Name"), max_length=80)
    base_url = forms.CharField(
        label=_("Base URL"),
        max_length=500,
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false", "placeholder": "https://…/v1"}),
        help_text=_("Where the API begins. “/v1” is added where it is missing, an endpoint's path is taken off."),
    )
    key = forms.CharField(label=_("Key"), max_length=KEY_LENGTH, required=False, widget=forms.PasswordInput(attrs=_OFF))
    key_removed = forms.BooleanField(label=_("Remove the key"), required=False)
    key_variable = forms.CharField(
        label=_("Or the variable that has the key"),
        max_length=100,
        required=False,
        help_text=_("The name of a variable of the site's environment that ends in _API_KEY, in place of a key here."),
    )
    groups = forms.ModelMultipleChoiceField(
        label=_("Only for these groups"),
        queryset=Group.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: for everybody."),
    )
    default_model = forms.CharField(label=_("Default model"), max_length=MODEL_ID_LENGTH, required=False)
    typed_models = LinesField(
        label=_("Models that it does not list"),
        required=False,
        most=500,
        longest=MODEL_ID_LENGTH,
        help_text=_("One id on each line: for servers without a list, and for deployments."),
    )
    organization = forms.CharField(label=_("Organisation"), max_length=100, required=False)
    project = forms.CharField(label=_("Project"), max_length=100, required=False)
    key_header = forms.ChoiceField(label=_("The key is sent as"), choices=KeyHeader.choices, required=False)
    headers = forms.CharField(
        label=_("Extra headers"),
        max_length=20_000,
        required=False,
        widget=UnshownArea(attrs={"rows": 3, **_OFF}),
        help_text=_("One “Name: value” on each line. Stored like the key: never shown again."),
    )
    headers_removed = forms.BooleanField(label=_("Remove the headers"), required=False)
    proxy_on = forms.BooleanField(label=_("Go through a proxy"), required=False)
    proxy = forms.CharField(
        label=_("Proxy"),
        max_length=500,
        required=False,
        widget=UnshownInput(attrs={"placeholder": "http://host:port", **_OFF}),
        help_text=_("http, https or socks5. Stored like the key: never shown again."),
    )
    connect_seconds = _seconds(_("Seconds to connect"))
    first_byte_seconds = _seconds(_("Seconds until the first byte"), _("A model may have to be loaded first."))
    idle_seconds = _seconds(_("Seconds of silence in an answer"))
    total_seconds = _seconds(_("Seconds for a whole answer"))
    attempts = forms.IntegerField(
        label=_("Attempts"), min_value=1, max_value=10, help_text=_("1: it is not asked again.")
    )
    retry_seconds = _seconds(_("Seconds before the second attempt"), _("Doubles with each further one."), 0.0)
    token_limit_name = forms.ChoiceField(
        label=_("Name of the limit on tokens"), choices=TokenLimitName.choices, required=False
    )
    think_tags = forms.BooleanField(label=_("<think> at the start of an answer is reasoning"), required=False)
    cumulative_text = forms.BooleanField(label=_("Each piece repeats the text so far"), required=False)
    picture_addresses = forms.BooleanField(
        label=_("Send pictures as addresses"),
        required=False,
        help_text=_(
            "For servers that take no pictures in the request: they fetch them here, within an hour, at addresses "
            "that nobody can guess. This site must be reachable for them, at SITE_URL."
        ),
    )
    enabled = forms.BooleanField(label=_("Switched on"), required=False)
    position = forms.IntegerField(
        label=_("Position"), min_value=0, max_value=9_999, help_text=_("The lowest comes first.")
    )

    def __init__(self, data: Any = None, *, row: StoredProvider, person: Any, **options: Any) -> None:
        self._typed = {}
        if data is not None:
            held = carried.unseal(person, data.get("carried"))
            self._typed = {name: data.get(name) or held.get(name, "") for name in SECRETS}
            data = {**_plain(data), **self._typed}
        super().__init__(data, initial={**stored(row), **options.pop("initial", {})}, **options)
        self.row, self.person = row, person
        if row.owner_id is not None:
            for name in ("key_variable", "groups"):
                del self.fields[name]
        if row._state.adding or not row.key:
            del self.fields["key_removed"]
        if row._state.adding or not row.headers:
            del self.fields["headers_removed"]

    @property
    def carried(self) -> str:
        """For the next page of this form: what was typed and is not shown; nothing where that is nothing."""
        typed = {name: value for name, value in self._typed.items() if isinstance(value, str) and value}
        return carried.seal(self.person, typed) if typed else ""

    @property
    def carries(self) -> list[str]:
        """The names of the fields whose typed values are carried."""
        return [name for name, value in self._typed.items() if value]

    def clean_base_url(self) -> str:
        try:
            url = oc.normalize_base_url(self.cleaned_data["base_url"])
        except ValueError as error:
            raise forms.ValidationError(gettext("This is not an http or https address.")) from error
        if "@" in urlsplit(url).netloc:
            raise forms.ValidationError(
                gettext("An address holds no name or password here: the key has its own field.")
            )
        if not url.isascii() or not url.isprintable() or len(url) > 500:
            raise forms.ValidationError(gettext("This is not an http or https address."))
        return url

    def clean_key(self) -> str:
        key = str(self.cleaned_data["key"]).strip()
        if not (key.isascii() and key.isprintable()) or " " in key:
            raise forms.ValidationError(gettext("A key has no blanks and no special characters. Copy it again."))
        return key

    def clean_key_variable(self) -> str:
        name = str(self.cleaned_data["key_variable"]).strip()
        if name and not _VARIABLE.fullmatch(name):
            raise forms.ValidationError(gettext("Only names like MY_RELAY_API_KEY can be given, in capital letters."))
        return name

    def clean_headers(self) -> str:
        text = str(self.cleaned_data["headers"])
        try:
            headers.parse(text)
        except headers.BadHeaderError as problem:
            raise forms.ValidationError(str(_HEADER_PROBLEMS[problem.reason]) % {"line": problem.line}) from problem
        return text.strip()

    def clean_proxy(self) -> str:
        address = str(self.cleaned_data["proxy"]).strip()
        if not address:
            return ""
        try:
            parts = urlsplit(address)
            good = "://" in address and bool(parts.hostname) and parts.port != 0
            outbound.transport_for(trusted=True, proxy=address)
        except ValueError:
            good = False
        if not good or not address.isascii() or not address.isprintable():
            raise forms.ValidationError(
                gettext("A proxy is an address such as http://proxy.example.org:3128 or socks5://127.0.0.1:1080.")
            )
        return address

    def clean_typed_models(self) -> list[str]:
        ids: list[str] = self.cleaned_data["typed_models"]
        field = self.fields["typed_models"]
        assert isinstance(field, LinesField)
        if len(ids) > field.most:
            raise forms.ValidationError(gettext("At most %(most)s ids.") % {"most": field.most})
        if any(len(id) > field.longest for id in ids):  # noqa: A001
            raise forms.ValidationError(gettext("A model id has 1 to %(limit)s characters.") % {"limit": field.longest})
        return ids

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("proxy_on") and not found.get("proxy") and not self.row.proxy and "proxy" not in self.errors:
            self.add_error("proxy", gettext("Give the proxy's address, or switch it off."))
        if "base_url" in found and (deployment := oc.deployment_of(str(self.data.get("base_url", "")))):
            self._note_deployment(found, deployment)
        self._keep_secrets_at_home(found)
        if found.get("key") and found.get("key_variable"):
            self.add_error("key_variable", gettext("Give a key or a variable's name, not both."))
        return found

    def _keep_secrets_at_home(self, found: dict[str, Any]) -> None:
        """What was entered for one host is not sent to another: whoever has a session only must not learn it so."""
        if "base_url" not in found or urlsplit(found["base_url"]).netloc == urlsplit(self.row.base_url).netloc:
            return
        for name in ("key", "headers"):
            gone = found.get(f"{name}_removed") or (name == "key" and found.get("key_variable"))
            if getattr(self.row, name) and not found.get(name) and not gone and name not in self.errors:
                self.add_error(name, gettext("The address is on another host now: enter this again, or remove it."))

    def _note_deployment(self, found: dict[str, Any], deployment: str) -> None:
        """An address that names a deployment names the model: it is no part of the base URL."""
        if len(deployment) <= MODEL_ID_LENGTH and deployment not in found.get("typed_models", []):
            found["typed_models"] = [*found.get("typed_models", []), deployment]
        found["default_model"] = found.get("default_model") or deployment[:MODEL_ID_LENGTH]

    def values(self) -> dict[str, Any]:
        """What is to be stored, without groups; secrets only where something new was typed or a removal was ticked."""
        found = {name: value for name, value in self.cleaned_data.items() if name != "groups"}
        found["typed_models"] = "\n".join(found["typed_models"])
        found["key_header"] = found["key_header"] or KeyHeader.BEARER
        for name in SECRETS:
            removed = found.pop(f"{name}_removed", False) or (name == "key" and bool(found.get("key_variable")))
            if not found[name] and not removed:
                del found[name]
            elif name in found:
                found[name] = oc.Secret(found[name])
        return found


def _plain(data: Any) -> dict[str, Any]:
    """A form's data as a dict: lists where several may be chosen."""
    if not hasattr(data, "getlist"):
        return dict(data)
    return {name: data.getlist(name) if name == "groups" else data[name] for name in data}


def stored(row: StoredProvider) -> dict[str, Any]:
    """A provider's values for its form: secrets are never among them."""
    names = [name for name in ProviderForm.base_fields if hasattr(row, name)]
    values = {name: getattr(row, name) for name in names if name not in (*SECRETS, "groups")}
    values["typed_models"] = row.typed_models.split("\n") if row.typed_models else []
    values["groups"] = [] if row._state.adding else [group.pk for group in row.groups.all()]
    return values
