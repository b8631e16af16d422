"""One person whose files are these tests' alone, emptied for each."""

import contextlib

import httpx
import pytest

from tests.site import Person, Site
from tests.site.person import CSRF


@pytest.fixture(scope="session")
def collector(site: Site) -> Person:
    """Somebody with an account of their own: a newcomer costs seconds, so there is one."""
    return site.newcomer("collector")


@pytest.fixture
def dora(collector: Person) -> Person:
    """The same, without a file or an upload."""
    with contextlib.closing(_script(collector)) as http:
        for file in http.get("/files/").json()["files"]:
            http.post(f"{file['url']}delete/").raise_for_status()
        for upload in http.get("/files/uploads/").json()["uploads"]:
            http.post(f"/files/uploads/{upload['id']}/cancel/").raise_for_status()
    return collector


def _script(person: Person) -> httpx.Client:
    headers = {"X-CSRFToken": CSRF, "Accept": "application/json"}
    return httpx.Client(base_url=person.site.url, cookies=person.cookies, headers=headers, timeout=20, trust_env=False)
