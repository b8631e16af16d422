"""Who a session belongs to."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User
from live import rows


class Backend(AuthenticationBackend):
    """allauth's; a person is looked up with every request and socket, so that is done by hand."""

    def get_user(self, user_id: Any) -> User | None:
        """The person, unless the account was switched off."""
        found = rows.one(User, user_id)
        return found if found is not None and self.user_can_authenticate(found) else None
