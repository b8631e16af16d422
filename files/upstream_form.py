"""What may come in to be sent to a provider: one file, what it is for, and how long it is to be kept there."""

import dataclasses
import uuid
from collections.abc import Mapping
from typing import Any, BinaryIO

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from files import access, names, storage
from files.upstream import LONGEST, SHORTEST
from live.errors import Invalid
from live.replies import fields

MOST_OWN = 200  # of the person's own files that the page offers
PURPOSES = {
    "user_data": _("Input for a model"),
    "fine-tune": _("Fine-tuning"),
    "batch": _("Batch"),
    "evals": _("Evals"),
    "vision": _("Pictures to look at"),
    "assistants": _("Assistants"),
}
RESULTS = ("fine-tune-results", "batch_output", "assistants_output")  # what a server makes itself
_STAYS = {
    "": _("Until it is deleted"),
    "3600": _("1 hour"),
    "86400": _("1 day"),
    "604800": _("7 days"),
    "2592000": _("30 days"),
}


class SendForm(forms.Form):
    """`file` comes with the form, `own` names one of the person's own: one of the two."""

    file = forms.FileField(label=_("From this device"), required=False, allow_empty_file=True)
    own = forms.UUIDField(label=_("Or one of your files"), required=False, widget=forms.Select)
    purpose = forms.RegexField(
        r"^[\w.-]{1,64}$",
        label=_("Purpose"),
        widget=forms.Select(choices=[(name, f"{word} · {name}") for name, word in PURPOSES.items()]),
        error_messages={"invalid": _("A purpose is one word, such as fine-tune.")},
    )
    other_purpose = forms.RegexField(
        r"^[\w.-]{1,64}$",
        label=_("Another purpose"),
        required=False,
        help_text=_("Where the server knows one that is not in the list, such as file-extract."),
        error_messages={"invalid": _("A purpose is one word, such as fine-tune.")},
    )
    expires_after = forms.IntegerField(
        label=_("It stays there"),
        required=False,
        min_value=SHORTEST,
        max_value=LONGEST,
        widget=forms.Select(choices=list(_STAYS.items())),
    )
    unchecked = forms.BooleanField(label=_("Send it even if its lines have faults"), required=False)

    def __init__(self, *args: Any, own_files: Any = (), **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(str(file.pk), file.name) for file in own_files]
        self.fields["own"].widget.choices = [("", "—"), *choices]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        given = [name for name in ("file", "own") if found.get(name)]
        if not given and not self.errors:
            self.add_error("file", _("Choose a file."))
        elif len(given) == 2:
            self.add_error("own", _("Choose one file: from this device, or one of yours."))
        return found


@dataclasses.dataclass
class Sending:
    """A file on its way; whoever has it closes `stream`."""

    stream: BinaryIO
    name: str
    mime: str
    purpose: str
    expires_after: int | None
    unchecked: bool


def blank(user: Any, **initial: Any) -> SendForm:
    """The form without a file, which no page can put back."""
    return SendForm(initial=initial, own_files=access.newest(user, MOST_OWN))


def read(request: HttpRequest, user: Any) -> Sending | SendForm:
    """What was sent, or the form with what is wrong with it. Raises NotFound for a file that is not this person's."""
    data: Mapping[str, Any] = fields(request)
    form = SendForm(dict(data), request.FILES, own_files=access.newest(user, MOST_OWN))
    if not form.is_valid():
        return form
    clean = form.cleaned_data
    told = {
        "purpose": clean["other_purpose"] or clean["purpose"],
        "expires_after": clean["expires_after"],
        "unchecked": clean["unchecked"],
    }
    if clean["own"]:
        return _own(user, clean["own"], told)
    given = clean["file"]
    return Sending(given.file, names.clean(given.name), "application/octet-stream", **told)


def _own(user: Any, file_id: uuid.UUID, told: dict[str, Any]) -> Sending:
    file = access.file_of(user, file_id)
    return Sending(storage.open_file(file), file.name, file.mime, **told)


def refusal(form: SendForm) -> Invalid:
    """What is wrong with it, for programs."""
    return Invalid(fields={name: " ".join(map(str, errors)) for name, errors in form.errors.items()})
