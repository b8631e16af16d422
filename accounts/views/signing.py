"""Signing up, the invitation that may be needed for it, and changing the address one signs in with."""

from typing import Any

from allauth.account import app_settings
from allauth.account import views as allauth_views
from allauth.account.adapter import get_adapter
from allauth.account.app_settings import EmailVerificationMethod
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from accounts import access, actions
from accounts.errors import EmailTaken, InvitationGone, InvitationMissing, RegistrationClosed
from accounts.models import User
from live.errors import Refused


class SignupView(allauth_views.SignupView):
    """allauth's sign-up, with an answer for what only the database can know."""

    def closed(self) -> HttpResponse:
        try:
            access.check_registration(self.request.session.get(access.INVITATION_KEY))
        except Refused as refusal:
            return _refused(self.request, refusal)
        return redirect("account_signup")  # it was opened this very moment

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"nobody_yet": not User.objects.exists()}

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except EmailTaken:
            if app_settings.EMAIL_VERIFICATION == EmailVerificationMethod.MANDATORY:
                form.account_already_exists = True  # told by mail, so that nobody learns who has an account
                return super().form_valid(form)
            form.add_error("email", get_adapter().validation_error("email_taken"))
            return self.form_invalid(form)
        except (InvitationGone, InvitationMissing, RegistrationClosed) as refusal:
            return _refused(self.request, refusal)


signup = SignupView.as_view()


def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    context = {"refusal": refusal, "nobody_yet": not User.objects.exists()}
    return render(request, "account/signup_closed.html", context, status=refusal.status)


@never_cache
def open_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Remember the invitation for this browser and go on to sign-up, at an address that holds no secret."""
    if request.user.is_authenticated:
        messages.info(request, gettext("You have an account already. The invitation is still unused."))
        return redirect("start")
    try:
        invitation = access.invitation_of_token(token)
    except InvitationGone as refusal:
        return _refused(request, refusal)
    request.session[access.INVITATION_KEY] = invitation.pk
    return redirect("account_signup")


class EmailView(allauth_views.EmailView):
    """The address one signs in with: changed by a mailed link, or at once where no mail can be sent."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Without allauth's "make primary", which would take an address over before it is confirmed."""
        if not {"action_add", "action_send", "action_remove"} & request.POST.keys():
            return HttpResponseRedirect(self.get_success_url())
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """An address that was never confirmed is replaced at once; the next sign-in asks to confirm the new one."""
        user = access.signed_in(self.request)
        if app_settings.EMAIL_VERIFICATION == EmailVerificationMethod.MANDATORY and access.has_confirmed_email(user):
            return super().form_valid(form)
        try:
            actions.change_email(user, form.cleaned_data["email"])
        except EmailTaken:
            form.add_error("email", get_adapter().validation_error("email_taken"))
            return self.form_invalid(form)
        messages.success(self.request, gettext("From now on you sign in with the new address."))
        return HttpResponseRedirect(self.get_success_url())


email = EmailView.as_view()
