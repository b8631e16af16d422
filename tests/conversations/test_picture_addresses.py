"""Pictures as addresses, for a provider that fetches them itself: good for an hour, and for that picture alone."""

import io
import uuid
from collections.abc import Iterator

import httpx
import pytest
from PIL import Image

from tests.conversations.test_attach import attach, picture
from tests.site import Person, Site
from tests.upstream import Upstream
from tools.cluster import free_port


@pytest.fixture(scope="module")
def reached(shared_upstream: Upstream) -> Iterator[Site]:
    """A site that knows the address at which it can be reached."""
    port = free_port()
    with Site(OPENAI_BASE_URL=shared_upstream.url, OPENAI_API_KEY="sk", PORT=str(port)) as site:
        site.query("UPDATE accounts_user SET is_owner = true WHERE email LIKE 'alice%' RETURNING id")
        yield site


async def provider(person: Person, upstream: Upstream, **fields: bool) -> str:
    entered = {"for": "me", "name": "Fetches", "base_url": upstream.url, "key": "sk-theirs", **fields}
    response = await person.post("/settings/providers/", **entered)
    assert response.status_code == 201, response.text
    found: str = response.json()["provider"]["id"]
    return found


async def seen(person: Person, upstream: Upstream, provider_id: str, size: tuple[int, int] = (64, 48)) -> str:
    """Ask about a picture; the address in what the upstream got."""
    fields = {"provider": provider_id, "model_id": "any-t3-r0"}
    response = await attach(person, ("teal.png", picture(size=size)), **fields)
    assert response.status_code == 201, response.text
    await person.answer(response.json()["id"])
    asked = [request.json for request in upstream.requests if "chat" in request.path][-1]
    address: str = asked["messages"][-1]["content"][0]["image_url"]["url"]
    return address


async def test_the_server_gets_an_address_and_fetches_what_a_model_sees(reached: Site, upstream: Upstream) -> None:
    alice = reached.person("alice")
    address = await seen(alice, upstream, await provider(alice, upstream, picture_addresses=True), (4000, 1000))
    assert address.startswith(f"{reached.url}/files/sent/")
    async with httpx.AsyncClient(trust_env=False) as anybody:
        fetched = await anybody.get(address)
        assert (fetched.status_code, fetched.headers["content-type"]) == (200, "image/png")
        assert Image.open(io.BytesIO(fetched.content)).size == (2048, 512)
        assert "no-store" in fetched.headers["cache-control"]
        assert fetched.headers["x-content-type-options"] == "nosniff"

        token = address.rstrip("/").rsplit("/", 1)[1]
        for wrong in (token[:-1], token.replace("-", "x", 1), "x", f"{uuid.uuid4().hex}-2048~aaaaaa~bbbb"):
            assert (await anybody.get(f"{reached.url}/files/sent/{wrong}/")).status_code == 404

        file = (await alice.get("/files/")).json()["files"][0]["id"]
        assert (await alice.post(f"/files/{file}/delete/")).status_code == 200
        assert (await anybody.get(address)).status_code == 404


async def test_what_was_not_asked_for_goes_as_data(reached: Site, upstream: Upstream) -> None:
    alice = reached.person("alice")
    assert (await seen(alice, upstream, await provider(alice, upstream))).startswith("data:image/png;base64,")
