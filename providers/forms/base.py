"""Forms that take JSON as well: what JSON leaves out keeps the value that it has."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest

from live.errors import Invalid
from live.replies import fields


def given(request: HttpRequest, initial: Mapping[str, Any]) -> Any:
    """The data for a form: the form's own, or JSON laid over `initial`."""
    data = fields(request)
    return {**initial, **data} if request.content_type == "application/json" else request.POST


def refuse(form: forms.Form) -> Invalid:
    """What is wrong with a form, as an answer for programs: each field with its sentence."""
    return Invalid(
        fields={
            "form" if name == NON_FIELD_ERRORS else name: " ".join(map(str, errors))
            for name, errors in form.errors.items()
        }
    )


class UnshownInput(forms.TextInput):
    """Shown empty, whatever was typed."""

    def format_value(self, value: Any) -> None:
        return None


class UnshownArea(forms.Textarea):
    """The same, with several lines."""

    def format_value(self, value: Any) -> None:
        return None


class LinesField(forms.CharField):
    """Texts, one on each line: stripped, without blanks and doubles. JSON may give a list."""

    widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})

    def __init__(self, *, most: int, longest: int, **options: Any) -> None:
        super().__init__(**options)
        self.most, self.longest = most, longest

    def to_python(self, value: Any) -> Any:
        text = "\n".join(map(str, value)) if isinstance(value, list) else super().to_python(value) or ""
        return list(dict.fromkeys(line.strip() for line in text.split("\n") if line.strip()))

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value
