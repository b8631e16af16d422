"""The form of a file that holds keys: which servers it names, each checked as the form of a provider is."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from providers import inis, presets
from providers.forms.base import UnshownArea
from providers.forms.providers import ProviderForm, stored
from providers.models import StoredProvider

_PROBLEMS = {
    "shape": _("Line %(line)s is neither a [section] nor “name = value”."),
    "long": _("This file is longer than 64 KiB."),
    "many": _("This file names more than 20 servers."),
    "empty": _("Nothing here is a key or an address."),
}
_BYTES = 4 * inis.LONGEST


class ImportForm(forms.Form):
    """A file or its text. What it holds is never shown again; `providers` are the valid forms of what it names."""

    file = forms.FileField(label=_("File"), required=False)
    text = forms.CharField(
        label=_("Or its text"),
        max_length=inis.LONGEST,
        required=False,
        strip=False,
        widget=UnshownArea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, data: Any = None, files: Any = None, *, owner: Any = None, person: Any = None) -> None:
        super().__init__(data, files)
        self.owner, self.person = owner, person
        self.providers: list[ProviderForm] = []

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if self.errors:
            return found
        try:
            sections = inis.parse(self._read())
        except inis.UnreadableFileError as problem:
            raise forms.ValidationError(str(_PROBLEMS[problem.reason]) % {"line": problem.line}) from None
        forms_of_it = [self._provider(name, values) for name, values in sections]
        for form in forms_of_it:
            for field, errors in form.errors.items():
                label = form.fields[field].label if field in form.fields else ""
                self.add_error(None, f"[{form.data['name']}] {label}: {' '.join(map(str, errors))}")
        self.providers = forms_of_it
        return found

    def _read(self) -> str:
        file = self.cleaned_data.get("file")
        if file is None:
            return str(self.cleaned_data.get("text") or "")
        if file.size > _BYTES:
            raise inis.UnreadableFileError("long")
        try:
            return str(file.read().decode())
        except UnicodeDecodeError:
            raise forms.ValidationError(gettext("This file is not a text.")) from None

    def _provider(self, name: str, values: dict[str, str]) -> ProviderForm:
        preset = presets.named(name)
        row = StoredProvider(owner=self.owner, preset=preset.id)
        proxy_on = {"proxy_on": True} if values.get("proxy") else {}
        data = {**stored(row), **preset.initial, "name": name[:80], **values, **proxy_on}
        return ProviderForm(data, row=row, person=self.person)
