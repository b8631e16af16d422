"""The verbs: signing up and leaving, inviting, changing an address, switching an account on and off.

One transaction each.
"""

import secrets
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.errors import EmailTaken, InvitationGone, OwnerStays
from accounts.leaving import Gone, leaving
from accounts.models import Invitation, User


def sign_up(user: User, invitation_id: int | None = None) -> User:
    """Save a new person. Whoever signs up while the site has no owner becomes the owner.

    Two who come first at the same moment both try; the database lets one be the owner, and the other is saved again as
    an ordinary person. Raises EmailTaken, RegistrationClosed, InvitationMissing, InvitationGone.
    """
    access.check_registration(invitation_id)
    as_owner = not User.objects.filter(is_owner=True).exists()
    try:
        return _save_new(user, invitation_id, as_owner)
    except IntegrityError as error:
        if User.objects.filter(email=user.email).exists():
            raise EmailTaken() from error
        if not as_owner:
            raise
    return _save_new(user, invitation_id, as_owner=False)


@transaction.atomic
def _save_new(user: User, invitation_id: int | None, as_owner: bool) -> User:
    user.is_owner = as_owner
    user.save(force_insert=True)
    if invitation_id is not None:
        # A conditional update is the lock: of two who use one link at once, one finds no row left.
        used = Invitation.objects.open().filter(pk=invitation_id).update(used_at=timezone.now(), used_by=user)
        if not used and settings.REGISTRATION != "open":
            raise InvitationGone()
    return user


def make_invitation(created_by: User | None) -> str:
    """A new invitation's token: the caller shows it once, only its hash is kept."""
    token = secrets.token_urlsafe(32)
    Invitation.objects.create(token_hash=access.token_hash(token), created_by=created_by)
    return token


def withdraw_invitation(invitation: Invitation) -> None:
    """The link lets nobody in any more."""
    Invitation.objects.open().filter(pk=invitation.pk).delete()


@transaction.atomic
def change_email(user: User, email: str) -> None:
    """Give a person another address at once: for a site that sends no mail, where nothing can be confirmed.

    Raises EmailTaken.
    """
    try:
        with transaction.atomic():
            user.email = User.objects.normalize_email(email)
            user.save(update_fields=["email"])
    except IntegrityError as error:
        user.refresh_from_db(fields=["email"])
        raise EmailTaken() from error
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=user.email, primary=True)


@transaction.atomic
def vouch_for_email(user: User) -> None:
    """Count a person's address as confirmed: a reset link came to it, or was handed over by who runs the site.

    This also lets people back in whose address could never be confirmed, because it was given before the site could
    send mail.
    """
    primary = not EmailAddress.objects.filter(user=user, primary=True).exists()
    address, _made = EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"primary": primary})
    address.set_verified()


def deactivate(person: User) -> None:
    """Nobody can sign in as this person, and their sessions are dead. Their conversations stay. Raises OwnerStays."""
    if person.is_owner:
        raise OwnerStays()
    person.is_active = False
    person.save(update_fields=["is_active"])


def reactivate(person: User) -> None:
    """They can sign in again."""
    person.is_active = True
    person.save(update_fields=["is_active"])


def set_title_by_model(user: User, on: bool) -> None:
    """Whether a model writes this person's titles."""
    user.title_by_model = on
    user.save(update_fields=["title_by_model"])


def set_retention(user: User, days: int | None) -> None:
    """After how many days a conversation that this person has not used is deleted; None: never."""
    user.retention_days = days
    user.save(update_fields=["retention_days"])


@transaction.atomic
def leave(user: User) -> list[Gone]:
    """Remove a person and everything that is theirs, for good; what went, for the report. Raises OwnerStays."""
    person = User.objects.select_for_update().get(pk=user.pk)
    if person.is_owner:
        raise OwnerStays()
    reports: list[tuple[Any, Any]] = leaving.send(sender=User, person=person)
    gone: list[Gone] = [line for _receiver, lines in reports for line in lines]
    sessions = UserSession.objects.filter(user=person)
    gone.append(Gone(_("Sessions"), sessions.count()))
    # One by one: a session that ends closes its sockets.
    for session in Session.objects.filter(session_key__in=list(sessions.values_list("session_key", flat=True))):
        session.delete()
    person.delete()
    gone.append(Gone(_("Account with its address and password"), 1))
    return gone
