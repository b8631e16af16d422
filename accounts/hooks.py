"""What people register with the living process: sockets close when their session, password or account ends."""

from functools import partial
from importlib import import_module
from typing import Any

from allauth.account.signals import password_reset
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from accounts import actions
from accounts.models import User
from live import sockets
from live.sweeps import sweep


@receiver(post_delete, sender=Session)
def close_sockets_of_session(instance: Session, **_kwargs: Any) -> None:
    """Signed out here, or ended from elsewhere: both delete the session's row."""
    transaction.on_commit(partial(sockets.end_session, instance.session_key))


@receiver(post_save, sender=User)
def close_sockets_of_person(instance: User, created: bool, **_kwargs: Any) -> None:
    """A new password or a switched-off account kills every session without deleting its row.

    `_password` is set from `set_password` to the end of `save`, whoever calls it: allauth or a management command.
    """
    if not created and (not instance.is_active or getattr(instance, "_password", None) is not None):
        transaction.on_commit(partial(sockets.end_user, instance.pk))


@receiver(post_delete, sender=User)
def close_sockets_of_who_left(instance: User, **_kwargs: Any) -> None:
    """Also those that were opened in a session that is not on the list of sessions."""
    transaction.on_commit(partial(sockets.end_user, instance.pk))


@receiver(password_reset)
def address_is_theirs(user: User, **_kwargs: Any) -> None:
    """Whoever opened a reset link has the address, or the site's word for it."""
    actions.vouch_for_email(user)


@sweep(every=3600)
def clear_expired_sessions() -> None:
    """Rows of sessions that nobody can use any more."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
