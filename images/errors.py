"""What can go wrong here: one class per code."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from billing import amounts
from live.errors import Refused


class PromptMissing(Refused):
    code = "prompt_missing"
    sentence = _("Say first what the picture is to show.")


class PromptTooLong(Refused):
    code = "prompt_too_long"
    sentence = _("The description is longer than the %(limit)s characters that %(model)s takes. Shorten it.")


class ImageModelMissing(Refused):
    code = "image_model_missing"
    sentence = _("Name a model: none that makes pictures is known here.")


class TooManyJobs(Refused):
    code, status = "too_many_jobs", 409
    sentence = _("%(limit)s of your pictures are being made already. Wait for one of them, or stop it.")


class NothingToChange(Refused):
    code = "nothing_to_change"
    sentence = _("Choose the picture that is to be changed.")


class TooManySources(Refused):
    code = "too_many_sources"
    sentence = _("%(model)s takes %(limit)s pictures at once. Leave some of them out.")


class WrongSource(Refused):
    """`reason`: not_a_picture, type, size or square; `file`: its id; `limit` in bytes where there is one."""

    code = "wrong_source"
    sentence = _("%(model)s does not take “%(name)s”.")
    _REASONS = {
        "not_a_picture": _("“%(name)s” is not a picture."),
        "type": _("%(model)s does not take “%(name)s”: it must be %(types)s."),
        "size": _("“%(name)s” is larger than the %(megabytes)s MB that %(model)s takes."),
        "square": _("“%(name)s” has %(width)s × %(height)s pixels; %(model)s takes square pictures only."),
    }

    @property
    def message(self) -> str:
        return str(self._REASONS.get(self.data["reason"], self.sentence)) % self.data


class WrongMask(Refused):
    """`reason`: type, size, measures or solid."""

    code = "wrong_mask"
    sentence = _("This mask cannot be used.")
    _REASONS = {
        "type": _("The mask must be a PNG."),
        "size": _("The mask is larger than the %(megabytes)s MB that %(model)s takes."),
        "measures": _(
            "The mask must be the picture’s size: it has %(width)s × %(height)s pixels, the picture "
            "%(wanted_width)s × %(wanted_height)s."
        ),
        "solid": _("The mask lets nothing be changed: what may change must be transparent in it."),
        "unused": _("%(model)s takes no masks."),
    }

    @property
    def message(self) -> str:
        return str(self._REASONS.get(self.data["reason"], self.sentence)) % self.data


class VerbRetired(Refused):
    """`kind`: what its models cannot do, or not any more."""

    code, status = "verb_retired", 409
    _KINDS = {
        "generate": _("%(model)s makes no pictures from words alone."),
        "edit": _("%(model)s changes no pictures. Choose another model."),
        "vary": _("%(model)s makes no variations: that is retired. Edit the picture instead, and say what may differ."),
    }

    @property
    def message(self) -> str:
        return str(self._KINDS[self.data["kind"]]) % self.data


class ConfirmationNeeded(Refused):
    """`estimate`: the most it will probably cost, in micro-units, null where nobody knows; `pictures`: how many."""

    code, status = "confirmation_needed", 409

    @property
    def message(self) -> str:
        estimate: Any = self.data["estimate"]
        if estimate is None:
            unknown = _("Nobody has set a price for %(model)s. Confirm that you want %(pictures)s pictures.")
            return str(unknown) % self.data
        data = {**self.data, "estimate": amounts.short(estimate)}
        return str(_("This will cost about %(estimate)s. Confirm that you want it.")) % data


class NothingToRetry(Refused):
    code, status = "nothing_to_retry", 409
    sentence = _("This is still being made. Stop it first, or wait for its end.")


class NoPictures(Refused):
    """`most`: pictures in one command."""

    code = "no_pictures"
    sentence = _("Choose one or more pictures, at most %(most)s.")
