"""What may come in through the doors of people: allauth's forms in this site's words, and the settings forms."""

from typing import Any

from allauth.account import app_settings
from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.app_settings import EmailVerificationMethod
from allauth.account.fields import PasswordField
from allauth.account.internal.flows.manage_email import email_already_exists
from django import forms
from django.contrib.auth.password_validation import MinimumLengthValidator, get_default_password_validators
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User

THEMES = [("system", _("As the device")), ("light", _("Light")), ("dark", _("Dark"))]


def _password_hint() -> str:
    """What a new password needs, from the settings' own number."""
    validators = get_default_password_validators()
    length = max((v.min_length for v in validators if isinstance(v, MinimumLengthValidator)), default=1)
    return gettext("At least %(length)d characters, and not a common one.") % {"length": length}


_EMAIL, _PASSWORD, _NEW_PASSWORD = _("E-mail address"), _("Password"), _("New password")
_PASSWORD_HINT = lazy(_password_hint, str)()


class _OurWords:
    """Labels and hints as this site says them; a placeholder is an example, never the label."""

    words: dict[str, tuple[Any, Any]] = {}  # field -> label, hint
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label, field.help_text = self.words.get(name, (field.label, ""))


class LoginForm(_OurWords, allauth_forms.LoginForm):
    words = {"login": (_EMAIL, ""), "password": (_PASSWORD, "")}


class SignupForm(_OurWords, allauth_forms.SignupForm):
    words = {"email": (_EMAIL, ""), "password1": (_PASSWORD, _PASSWORD_HINT)}


class ChangePasswordForm(_OurWords, allauth_forms.ChangePasswordForm):
    words = {
        "oldpassword": (_("Current password"), ""),
        "password1": (_NEW_PASSWORD, _PASSWORD_HINT),
        "password2": (_("New password again"), ""),
    }


class SetPasswordForm(_OurWords, allauth_forms.SetPasswordForm):
    words = {"password1": (_NEW_PASSWORD, _PASSWORD_HINT), "password2": (_("New password again"), "")}


class ResetPasswordForm(_OurWords, allauth_forms.ResetPasswordForm):
    words = {"email": (_EMAIL, "")}


class ResetPasswordKeyForm(_OurWords, allauth_forms.ResetPasswordKeyForm):
    words = {"password1": (_NEW_PASSWORD, _PASSWORD_HINT), "password2": (_("New password again"), "")}


class ReauthenticateForm(_OurWords, allauth_forms.ReauthenticateForm):
    words = {"password": (_PASSWORD, "")}


class _CurrentPassword:
    """Asks for the current password: whoever sits at the keyboard may not be who signed in."""

    user: User
    cleaned_data: dict[str, Any]

    def clean_password(self) -> str:
        if not self.user.check_password(self.cleaned_data["password"]):
            raise get_adapter().validation_error("incorrect_password")
        return str(self.cleaned_data["password"])


class ChangeEmailForm(_OurWords, _CurrentPassword, allauth_forms.AddEmailForm):
    """A new address, confirmed by the current password: whoever has the address can reset the password."""

    words = {"email": (_("New e-mail address"), ""), "password": (_("Your password"), "")}
    password = PasswordField(autocomplete="current-password")

    def clean_email(self) -> str:
        """Refuse an address that is taken, unless a mail to it must hide that (then the mail tells its owner)."""
        email: str = super().clean_email()
        if app_settings.EMAIL_VERIFICATION != EmailVerificationMethod.MANDATORY:
            email_already_exists(email, user=self.user, always_raise=True)
        return email


class LeaveForm(_OurWords, _CurrentPassword, forms.Form):
    words = {"password": (_("Your password"), "")}
    password = PasswordField(autocomplete="current-password")

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)


class AppearanceForm(forms.Form):
    theme = forms.ChoiceField(label=_("Theme"), choices=THEMES, widget=forms.RadioSelect)


class AnswersForm(forms.Form):
    title_by_model = forms.BooleanField(
        label=_("Let a model write the titles"),
        help_text=_("One short extra call for each new conversation. Off: a title is the question's first words."),
        required=False,
    )


class RetentionForm(forms.Form):
    retention_days = forms.IntegerField(
        label=_("Delete conversations that I have not used for so many days"),
        help_text=_("Empty: they stay. Whatever is older is deleted within an hour, also what is kept in an archive."),
        required=False,
        min_value=1,
        max_value=36_500,
        error_messages={
            "min_value": _("At least one day. To keep nothing at all, delete what is there, or the account."),
            "max_value": _("At most %(limit_value)s days. Leave it empty to keep everything."),
            "invalid": _("A whole number of days, or nothing."),
        },
    )
