"""A site whose owner is Alice; Bob and Charlie have accounts. Its environment names one provider, and one more key."""

from collections.abc import Iterator

import pytest

from tests.site import Person, Site
from tests.upstream import Upstream

ENVIRONMENT_KEY = "sk-environment-key-9931"
OTHER_KEY = "sk-relay-0123456789abcdef"


@pytest.fixture(scope="session")
def owned(shared_upstream: Upstream) -> Iterator[Site]:
    """The site; each test enters providers of its own."""
    with Site(
        OPENAI_BASE_URL=shared_upstream.url,
        OPENAI_API_KEY=ENVIRONMENT_KEY,
        OPENAI_MODEL="any-t3-r0",
        RELAY_API_KEY=OTHER_KEY,
        NOT_A_SECRET="sk-not-to-be-read",
    ) as site:
        make_owner(site, "alice")
        yield site


def make_owner(site: Site, name: str) -> None:
    """Whoever was made by a command owns nothing yet."""
    site.query("UPDATE accounts_user SET is_owner = true WHERE email LIKE ? RETURNING id", f"{name}%")


@pytest.fixture(autouse=True)
def cleared(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test has entered is gone after it: no other test asks it, or counts it."""
    yield
    if "owned" in request.fixturenames:
        site: Site = request.getfixturevalue("owned")
        for table in ("storedprovider_groups", "storedprovider", "learnedsetting", "defaultmodel", "hiddenmodel"):
            site.execute(f"DELETE FROM providers_{table}")


@pytest.fixture
def relay() -> Iterator[Upstream]:
    """Another upstream, which nobody knows but who enters it: nobody else takes what is scripted for a test."""
    with Upstream(models=["any", "echo"]) as relay:
        yield relay


@pytest.fixture
def owner(owned: Site, upstream: Upstream) -> Person:
    """Alice."""
    return owned.person("alice")


@pytest.fixture
def bob(owned: Site) -> Person:
    """Has an account, and perhaps a group."""
    return owned.person("bob")


@pytest.fixture
def charlie(owned: Site) -> Person:
    """Has an account, and must see nothing of the others'."""
    return owned.person("charlie")
