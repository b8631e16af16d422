"""Where allauth asks the site: who may sign up, how a person is saved, what is said, where links lead."""

from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.contrib import messages
from django.core.mail import EmailMessage
from django.core.validators import MaxLengthValidator
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import access, actions, letters, links
from accounts.models import User
from live.errors import Refused

log = structlog.get_logger(__name__)


class Adapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is switched off."),
        "duplicate_email": _("This is already your address."),
        "email_password_mismatch": _("This address and this password do not belong together."),
        "email_taken": _("Somebody already has an account with this address."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("This is not your password."),
        "invalid_password_reset": _("This link has been used or is too old."),
        "rate_limited": _("Too many requests. Wait a minute, then try again."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, then try again."),
    }

    def is_ajax(self, request: HttpRequest) -> bool:
        """Never: a form is answered alike (docs/protocol.md), whatever else the client would accept."""
        return False

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        try:
            access.check_registration(request.session.get(access.INVITATION_KEY))
        except Refused:
            return False
        return True

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Raises what `actions.sign_up` raises; the sign-up view answers it."""
        super().save_user(request, user, form, commit=False)
        user = actions.sign_up(user, request.session.get(access.INVITATION_KEY))
        request.session.pop(access.INVITATION_KEY, None)
        return user

    def clean_email(self, email: str) -> str:
        """The column's own length, said as a sentence."""
        MaxLengthValidator(User._meta.get_field("email").max_length or 0)(email)
        return email

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """An address that somebody else signed up with meanwhile stays theirs, also when both confirm at once."""
        taken = User.objects.exclude(pk=email_address.user_id).filter(email=email_address.email).exists()
        try:
            with transaction.atomic():
                if not taken:
                    return bool(super().confirm_email(request, email_address))
        except IntegrityError:
            log.info("email_taken_meanwhile", user=email_address.user_id)
        context = {"email": email_address.email}
        self.add_message(request, messages.ERROR, "account/messages/email_confirmation_failed.txt", context)
        return False

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        mail = super().render_mail(template_prefix, email, context, headers)
        return letters.with_letter(mail, mail.subject.removeprefix(self.format_email_subject("")))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that is away is said on the page: what the person did is kept."""
        context = {**context, "site_address": links.absolute("/", self.request)}
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:  # sockets, SMTP refusals and a full disk alike
            log.warning("mail_failed", template=template_prefix, error=type(error).__name__)
            sentence = gettext("The e-mail could not be sent. Try again later; everything else is kept.")
            messages.error(self.request, sentence)

    def send_account_already_exists_mail(self, email: str) -> None:
        reset = links.absolute(reverse("account_reset_password"), self.request)
        self.send_mail("account/email/account_already_exists", email, {"password_reset_url": reset})

    def get_reset_password_from_key_url(self, key: str) -> str:
        return links.absolute(links.password_reset_path(key), self.request)

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return links.absolute(reverse("account_confirm_email", args=[emailconfirmation.key]), request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("settings")
