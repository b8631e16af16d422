"""What can go wrong in choosing whom to ask."""

from django.utils.translation import gettext_lazy as _

from live.errors import Refused


class UnknownProvider(Refused):
    code = "unknown_provider"
    sentence = _("There is no provider “%(provider)s” here.")


class ModelMissing(Refused):
    code = "model_missing"
    sentence = _("Choose a model first: this provider names none by default.")


class ModelIdTooLong(Refused):
    code = "model_id_too_long"
    sentence = _("A model id has 1 to %(limit)s characters.")
