"""Sockets close within a second when their session, their password or their account ends; on a real server."""

import re
import uuid
from collections.abc import Iterator

import httpx
import pytest

from tests.site import Person, Site, Socket

PASSWORD, NEW = "a long enough secret", "an even longer secret"
NEW_PASSWORD = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}


@pytest.fixture(scope="module")
def own_site() -> Iterator[Site]:
    """A site without people: the first who signs up owns it."""
    with Site() as site:
        yield site


@pytest.fixture
def email() -> str:
    """The address of somebody new."""
    return f"{uuid.uuid4().hex[:12]}@example.org"


async def submit(person: Person, path: str, **fields: str) -> httpx.Response:
    """Send a form, as a page does."""
    async with person.http(Accept="text/html") as http:
        response = await http.post(path, data=fields)
    assert response.status_code < 400, response.text
    return response


async def enter(site: Site, path: str, **fields: str) -> Person:
    """Somebody with the session that signing in or up gives."""
    response = await submit(site.stranger(), path, **fields)
    return Person(site, "", response.cookies["sessionid"])


async def sign_up(site: Site, email: str) -> Person:
    return await enter(site, "/accounts/signup/", email=email, password1=PASSWORD)


async def sign_in(site: Site, email: str, password: str = PASSWORD) -> Person:
    return await enter(site, "/accounts/login/", login=email, password=password)


async def stays(socket: Socket) -> bool:
    await socket.say(type="seen", run=None)
    return (await socket.receive())["type"] == "pong"


async def test_signing_out_closes_every_socket_of_that_session_and_no_other(own_site, email):
    here, there = await sign_up(own_site, email), await sign_in(own_site, email)
    async with here.watch("/ws/me/") as one, here.watch("/ws/me/") as two, there.watch("/ws/me/") as three:
        for socket in (one, two, three):
            await socket.receive()
        await submit(here, "/accounts/logout/")
        assert await one.close_code() == 4401
        assert await two.close_code() == 4401
        assert one.frames[-1]["error"]["code"] == "not_signed_in"
        assert await stays(three)


async def test_ending_a_session_from_the_list_closes_its_sockets(own_site, email):
    here, there = await sign_up(own_site, email), await sign_in(own_site, email)
    page = await here.get("/accounts/sessions/", Accept="text/html")
    [end_this, end_that] = re.findall(r"/accounts/sessions/\d+/end/", page.text)
    async with here.watch("/ws/me/") as one, there.watch("/ws/me/") as two:
        await one.receive()
        await two.receive()
        await submit(here, end_that)
        assert await two.close_code() == 4401
        assert await stays(one)
        await submit(here, end_this)
        assert await one.close_code() == 4401


async def test_ending_all_other_sessions_closes_theirs(own_site, email):
    here, there = await sign_up(own_site, email), await sign_in(own_site, email)
    async with here.watch("/ws/me/") as one, there.watch("/ws/me/") as two:
        await one.receive()
        await two.receive()
        await submit(here, "/accounts/sessions/")
        assert await two.close_code() == 4401
        assert await stays(one)


async def test_a_password_change_closes_all_of_the_persons_and_only_the_one_who_made_it_comes_back(own_site, email):
    here, there = await sign_up(own_site, email), await sign_in(own_site, email)
    somebody_else = await sign_up(own_site, f"x{email}")
    async with here.watch("/ws/me/") as one, there.watch("/ws/me/") as two, somebody_else.watch("/ws/me/") as three:
        for socket in (one, two, three):
            await socket.receive()
        response = await submit(here, "/accounts/password/change/", **NEW_PASSWORD)
        assert await one.close_code() == 4401
        assert await two.close_code() == 4401
        assert await stays(three)
    async with Person(own_site, "", response.cookies["sessionid"]).watch("/ws/me/") as again:
        assert (await again.receive())["type"] == "me.snapshot"
    async with there.watch("/ws/me/") as refused:
        assert await refused.close_code() == 4401


async def test_a_password_reset_closes_them(own_site, email):
    here = await sign_up(own_site, email)
    link = own_site.manage("reset_link", email).strip()
    async with here.watch("/ws/me/") as socket, own_site.stranger().http(Accept="text/html") as stranger:
        await socket.receive()
        form = (await stranger.get(httpx.URL(link).path)).headers["Location"]
        response = await stranger.post(form, data={"password1": NEW, "password2": NEW})
        assert response.headers["Location"] == "/accounts/password/reset/key/done/"
        assert await socket.close_code() == 4401


async def test_switching_an_account_off_closes_them():
    with Site() as site:
        alice = await sign_up(site, "first@example.org")
        bob = await sign_up(site, "second@example.org")
        page = (await alice.get("/settings/people/", Accept="text/html")).text
        [switch_off] = re.findall(r"/settings/people/\d+/deactivate/", page)[:1]
        async with alice.watch("/ws/me/") as alices, bob.watch("/ws/me/") as bobs:
            await alices.receive()
            await bobs.receive()
            await submit(alice, switch_off)
            assert await bobs.close_code() == 4401
            assert await stays(alices)


async def test_a_new_address_closes_nothing(own_site, email):
    here = await sign_up(own_site, email)
    async with here.watch("/ws/me/") as socket:
        await socket.receive()
        await submit(here, "/accounts/email/", action_add="", email=f"new-{email}", password=PASSWORD)
        assert await stays(socket)
