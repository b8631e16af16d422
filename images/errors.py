"""What can go wrong with pictures: one class per code."""

from django.utils.translation import gettext_lazy as _

from live.errors import Refused


class NoPictures(Refused):
    """`most`: pictures in one command."""

    code = "no_pictures"
    sentence = _("Choose one or more pictures, at most %(most)s.")
