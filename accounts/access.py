"""Who may: the only way from a request or an id to a person, an invitation or a session."""

import hashlib
from typing import TypeVar

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest

from accounts.errors import InvitationGone, InvitationMissing, RegistrationClosed
from accounts.models import Invitation, User
from live.errors import NotFound, NotSignedIn

T = TypeVar("T")
INVITATION_KEY = "invitation"  # in a session: the id of the invitation whose link was opened


def signed_in(request: HttpRequest) -> User:
    """The person behind a request; raises NotSignedIn."""
    if not isinstance(request.user, User):
        raise NotSignedIn()
    return request.user


def owner(request: HttpRequest) -> User:
    """The site's owner, when the request is theirs. To everyone else the owner's pages are not there."""
    user = signed_in(request)
    if not user.is_owner:
        raise NotFound()
    return user


def person(request: HttpRequest, person_id: int) -> User:
    """Anybody with an account, for the owner."""
    owner(request)
    return _found(User.objects.filter(pk=person_id).first())


def invitation(request: HttpRequest, invitation_id: int) -> Invitation:
    """An invitation that is still open, for the owner."""
    owner(request)
    return _found(Invitation.objects.open().filter(pk=invitation_id).first())


def session(request: HttpRequest, session_id: int) -> UserSession:
    """One of one's own sessions."""
    return _found(UserSession.objects.filter(user=signed_in(request), pk=session_id).first())


def has_confirmed_email(user: User) -> bool:
    """Whether this person has opened a link that was sent to their address."""
    return EmailAddress.objects.filter(user=user, verified=True).exists()


def _found(thing: T | None) -> T:
    if thing is None:
        raise NotFound()
    return thing


def token_hash(token: str) -> str:
    """What is stored of an invitation's token: it is random, so a plain hash keeps it secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_of_token(token: str) -> Invitation:
    """The open invitation that a link names; raises InvitationGone."""
    found = Invitation.objects.open().filter(token_hash=token_hash(token)).first()
    if found is None:
        raise InvitationGone()
    return found


def check_registration(invitation_id: int | None) -> None:
    """Whether somebody may sign up now, with the invitation whose link they opened, if any.

    Raises RegistrationClosed, InvitationMissing or InvitationGone.
    """
    if settings.REGISTRATION == "open":
        return
    if settings.REGISTRATION == "closed":
        raise RegistrationClosed()
    if invitation_id is None:
        raise InvitationMissing()
    if not Invitation.objects.open().filter(pk=invitation_id).exists():
        raise InvitationGone()
