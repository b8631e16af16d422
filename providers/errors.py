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


class GroupNameTaken(Refused):
    code, status = "group_name_taken", 409
    sentence = _("There is another group with this name.")


class RowTaken(Refused):
    code, status = "row_taken", 409
    sentence = _("The table has another row for these ids at this host.")


class NoOwnProviders(Refused):
    """The owner of the site has switched people's own providers off."""

    code, status = "no_own_providers", 403
    sentence = _("On this site people do not enter providers of their own.")


class TooManyProviders(Refused):
    """A bound on what one person may have asked about in the background."""

    code, status = "too_many_providers", 409
    sentence = _("One person can enter %(limit)s providers. Remove one first.")


class NotDeletable(Refused):
    code, status = "not_deletable", 409
    sentence = _("Only a fine-tuned model can be deleted.")
