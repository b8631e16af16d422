"""The form of a new key at a provider."""

from django import forms
from django.utils.translation import gettext_lazy as _


class KeyForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    days = forms.IntegerField(
        label=_("Days that it is valid"),
        min_value=1,
        max_value=365,
        required=False,
        help_text=_("Empty: until it is deleted."),
    )
