"""What every suite may ask for: an upstream, and the site that asks it."""

import os
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from django.db import connection

from tests.site import Person, Site
from tests.upstream import Upstream

# Properties try few examples in the gate, other ones each time; HYPOTHESIS_PROFILE=long tries many, for whoever
# changes what they are about.
hypothesis.settings.register_profile("gate", max_examples=40, deadline=None)
hypothesis.settings.register_profile("long", max_examples=1_000, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))

_END_OTHERS = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Nobody may be connected to a PostgreSQL database that is dropped: a thread's connection may end later than it."""
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(_END_OTHERS)


@pytest.fixture(scope="session")
def shared_upstream() -> Iterator[Upstream]:
    with Upstream(models=["any", "echo"]) as upstream:
        yield upstream


@pytest.fixture
def upstream(shared_upstream: Upstream) -> Upstream:
    """A real server that answers as its model's name says (tests/upstream/plans.py)."""
    shared_upstream.clear()
    return shared_upstream


@pytest.fixture(scope="session")
def site(shared_upstream: Upstream) -> Iterator[Site]:
    """The site in a process of its own, shared by tests that do not harm it; each uses conversations of its own."""
    with Site(OPENAI_BASE_URL=shared_upstream.url, OPENAI_API_KEY="sk-test", OPENAI_MODEL="any-t20-r0") as site:
        yield site


@pytest.fixture
def alice(site: Site, upstream: Upstream) -> Person:
    """The one who owns things."""
    return site.person("alice")


@pytest.fixture
def charlie(site: Site) -> Person:
    """The one who must see nothing."""
    return site.person("charlie")
