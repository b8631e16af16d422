"""What can go wrong with people and invitations: one class per code."""

from django.utils.translation import gettext_lazy as _

from live.errors import Refused


class EmailTaken(Refused):
    """Two people asked for one address at the same moment, or one asked for another's."""

    code, status = "email_taken", 409
    sentence = _("Somebody already has an account with this address.")


class RegistrationClosed(Refused):
    code, status = "registration_closed", 403
    sentence = _("Sign-up is closed here. Nobody can be added until the person who runs this site opens it.")


class InvitationMissing(Refused):
    code, status = "invitation_missing", 403
    sentence = _("You need an invitation to sign up here. Ask the person who runs this site for a link.")


class InvitationGone(Refused):
    code, status = "invitation_gone", 403
    sentence = _("This invitation has been used, was withdrawn, or is too old. Ask for a new one.")


class OwnerStays(Refused):
    """The site would have nobody left who can let people in."""

    code, status = "owner_stays", 409
    sentence = _("The owner's account can be neither switched off nor deleted: nobody else can let people in.")
