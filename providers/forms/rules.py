"""The forms of what the owner decides: what people may enter, and who is in a group."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from providers.forms.base import LinesField
from providers.models import Group, Rules


class RulesForm(forms.Form):
    own_providers = forms.BooleanField(
        label=_("People may enter providers and keys of their own"),
        help_text=_("Such a key is used for the person who typed it, and for nobody else."),
        required=False,
    )
    private_addresses = forms.BooleanField(
        label=_("People's own providers may be on this machine or in its network"),
        help_text=_("Off: what they enter cannot reach private addresses. Yours always can."),
        required=False,
    )

    @classmethod
    def of_now(cls) -> "RulesForm":
        """Filled with the rules as they are."""
        rules = Rules.now()
        return cls(
            initial={"own_providers": rules.own_providers, "private_addresses": rules.private_addresses}, prefix=None
        )


class GroupForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    members = LinesField(
        label=_("Members"),
        required=False,
        most=5_000,
        longest=254,
        help_text=_("One e-mail address on each line, of people who have an account."),
    )

    def __init__(self, data: Any = None, *, group: Group, **options: Any) -> None:
        super().__init__(data, initial=stored(group), **options)

    def clean_members(self) -> list[Any]:
        addresses = [address.lower() for address in self.cleaned_data["members"]]
        found = {user.email: user for user in get_user_model().objects.filter(email__in=addresses[:5_000])}
        missing = [address for address in addresses if address not in found]
        if missing:
            shown = ", ".join(address[:80] for address in missing[:5])
            raise forms.ValidationError(gettext("Nobody has an account with: %(addresses)s") % {"addresses": shown})
        return list(found.values())


def stored(group: Group) -> dict[str, Any]:
    """A group's values for its form."""
    members = [] if group._state.adding else [user.email for user in group.members.order_by("email")]
    return {"name": group.name, "members": members}
