"""Alice runs the site, Bob has an account, Charlie has none; everybody comes through the door with a browser."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.models import User

PASSWORD = "a long enough secret"


class Browser(Client):
    """A browser that can sign up and in, and that shows the last mail's link."""

    password = PASSWORD

    def sign_up(self, email: str, password: str = PASSWORD):
        return self.post("/accounts/signup/", {"email": email, "password1": password})

    def sign_in(self, email: str, password: str = PASSWORD):
        return self.post("/accounts/login/", {"login": email, "password": password})

    def sign_out(self):
        return self.post("/accounts/logout/")

    def is_signed_in(self) -> bool:
        return self.get("/settings/").status_code == 200


@pytest.fixture(autouse=True)
def fresh_limits():
    """The sign-in limits stay on; each test starts with none of them used."""
    cache.clear()


@pytest.fixture
def password() -> str:
    return PASSWORD


@pytest.fixture
def browser() -> Callable[..., Browser]:
    """A new browser, with cookies of its own."""
    return Browser


@pytest.fixture
def alice(db, browser: Callable[..., Browser]) -> Browser:
    """The owner's browser: she signed up first."""
    alice = browser()
    alice.sign_up("alice@example.org")
    return alice


@pytest.fixture
def bob(alice: Browser, browser: Callable[..., Browser]) -> Browser:
    """An ordinary person's browser."""
    bob = browser()
    bob.sign_up("bob@example.org")
    return bob


@pytest.fixture
def charlie(browser: Callable[..., Browser]) -> Browser:
    """The browser of somebody who has no account."""
    return browser()


@pytest.fixture
def person() -> Callable[[str], User]:
    """The account with an address: person("bob")."""
    return lambda name: User.objects.get(email=f"{name}@example.org")


@pytest.fixture
def invitations_only(settings: LazySettings) -> None:
    settings.REGISTRATION = "invitation"


@pytest.fixture
def mail_server(settings: LazySettings) -> None:
    """The settings of a site with EMAIL_URL; the mails are in `mailoutbox`."""
    settings.EMAIL_URL = "smtp://mail.example.org"
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_NOTIFICATIONS = True


@pytest.fixture
def mail_folder(settings: LazySettings, tmp_path: Path) -> Path:
    """The settings of a site without EMAIL_URL: mails become files here."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    return tmp_path


@pytest.fixture
def path_in() -> Callable[[str], str]:
    """The path of the link in a mail or on a page that begins with `SITE_URL`."""

    def find(text: str) -> str:
        start = text.index("http://127.0.0.1:8000/accounts/")
        return text[start:].split('"')[0].split()[0].removeprefix("http://127.0.0.1:8000")

    return find


@pytest.fixture
def last_mail() -> Callable[[], mail.EmailMessage]:
    return lambda: mail.outbox[-1]
