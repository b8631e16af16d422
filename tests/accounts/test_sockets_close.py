"""Sockets close within a second when their session, their password or their account ends."""

import asyncio
import json
from collections.abc import Callable

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.core.management import call_command
from django.urls import reverse

from chatsite.asgi import application
from live import tasks

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def serving():
    """The running loop is the server's, as in `manage.py serve`."""
    tasks.use_loop(asyncio.get_running_loop())
    yield
    await tasks.end_all()
    tasks.use_loop(None)


@pytest.fixture
async def open_socket(serving):
    """Open /ws/me/ with a browser's session cookie, as far as its first frame."""
    opened = []

    async def connect(browser) -> WebsocketCommunicator:
        cookie = f"sessionid={browser.cookies['sessionid'].value}".encode()
        socket = WebsocketCommunicator(application, "/ws/me/", [(b"cookie", cookie), (b"host", b"testserver")])
        socket.scope["client"] = ["127.0.0.1", 1]
        assert await socket.connect(timeout=5) == (True, None)
        assert json.loads(await socket.receive_from(timeout=5))["type"] == "me.snapshot"
        opened.append(socket)
        return socket

    yield connect
    for socket in opened:
        await socket.disconnect()


async def in_thread(function: Callable, *arguments):
    """What a browser does while the sockets are open."""
    return await sync_to_async(function, thread_sensitive=False)(*arguments)


async def closes(socket: WebsocketCommunicator) -> bool:
    """It says that nobody is signed in and closes with 4401. (A second is promised; a busy machine gets five.)"""
    said = json.loads((await socket.receive_output(timeout=5))["text"])
    closed = await socket.receive_output(timeout=5)
    return (said["error"]["code"], closed["type"], closed["code"]) == ("not_signed_in", "websocket.close", 4401)


async def stays(socket: WebsocketCommunicator) -> bool:
    await socket.send_to(json.dumps({"type": "seen", "run": None, "seq": 0, "reasoning_seq": 0}))
    return json.loads(await socket.receive_from(timeout=5))["type"] == "pong"


def second_browser(browser, email: str):
    other = browser()
    other.sign_in(email)
    return other


async def test_signing_out_closes_that_sessions_sockets_and_no_others(bob, browser, open_socket):
    other = await in_thread(second_browser, browser, "bob@example.org")
    here, also_here, elsewhere = await open_socket(bob), await open_socket(bob), await open_socket(other)
    await in_thread(bob.sign_out)
    assert await closes(here)
    assert await closes(also_here)
    assert await stays(elsewhere)


async def test_ending_a_session_from_the_list_closes_its_sockets(bob, browser, open_socket):
    other = await in_thread(second_browser, browser, "bob@example.org")
    here, elsewhere = await open_socket(bob), await open_socket(other)
    await in_thread(bob.post, "/accounts/sessions/")
    assert await closes(elsewhere)
    assert await stays(here)


async def test_a_password_change_closes_every_socket_of_the_person(alice, bob, browser, open_socket):
    other = await in_thread(second_browser, browser, "bob@example.org")
    alices, here, elsewhere = await open_socket(alice), await open_socket(bob), await open_socket(other)
    form = {"oldpassword": bob.password, "password1": "an even longer secret", "password2": "an even longer secret"}
    await in_thread(bob.post, "/accounts/password/change/", form)
    assert await closes(elsewhere)
    assert await closes(here)
    assert await stays(alices)


async def test_after_a_password_change_only_the_session_that_made_it_comes_back(bob, browser, open_socket):
    other = await in_thread(second_browser, browser, "bob@example.org")
    form = {"oldpassword": bob.password, "password1": "an even longer secret", "password2": "an even longer secret"}
    await in_thread(bob.post, "/accounts/password/change/", form)
    assert await stays(await open_socket(bob))
    cookie = f"sessionid={other.cookies['sessionid'].value}".encode()
    refused = WebsocketCommunicator(application, "/ws/me/", [(b"cookie", cookie), (b"host", b"testserver")])
    refused.scope["client"] = ["127.0.0.1", 1]
    await refused.connect(timeout=5)
    assert await closes(refused)


async def test_a_password_reset_closes_them_too(bob, open_socket, capsys, charlie):
    socket = await open_socket(bob)

    def reset() -> None:
        call_command("reset_link", "bob@example.org")
        form = charlie.get(capsys.readouterr().out.strip().removeprefix("http://127.0.0.1:8000"))["Location"]
        charlie.post(form, {"password1": "an even longer secret", "password2": "an even longer secret"})

    await in_thread(reset)
    assert await closes(socket)


async def test_switching_an_account_off_closes_them(alice, bob, open_socket, person):
    alices, bobs = await open_socket(alice), await open_socket(bob)
    address = reverse("deactivate", args=[(await in_thread(person, "bob")).pk])
    await in_thread(alice.post, address)
    assert await closes(bobs)
    assert await stays(alices)


async def test_a_new_address_closes_nothing(bob, open_socket):
    socket = await open_socket(bob)
    form = {"action_add": "", "email": "robert@example.org", "password": bob.password}
    await in_thread(bob.post, "/accounts/email/", form)
    assert await stays(socket)
