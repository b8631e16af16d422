"""Refusals that Django itself makes, in the one error shape."""

from django.utils.translation import gettext_lazy as _

from live.errors import Refused


class CsrfFailed(Refused):
    code, status = "csrf_failed", 403
    sentence = _("The form was open for too long, or came from another site. Reload the page and send it again.")


class Forbidden(Refused):
    code, status = "forbidden", 403
    sentence = _("This is not allowed.")
