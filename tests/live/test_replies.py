"""One error shape, and small wrappers around the whole application."""

import ipaddress
from typing import Any

import pytest
from django.test import RequestFactory

from chatsite.wrappers import behind_proxies, finish_commands, mount
from live import errors, replies


def all_refusals(cls: type[errors.Refused] = errors.Refused) -> list[type[errors.Refused]]:
    return [cls, *(found for child in cls.__subclasses__() for found in all_refusals(child))]


def test_every_refusal_has_a_code_of_its_own_a_status_and_a_sentence() -> None:
    ours = [cls for cls in all_refusals() if not cls.__module__.startswith("tests")]
    found = [cls for cls in ours if not cls.__name__.startswith("_")]  # what several have in common is none itself
    codes = [cls.code for cls in found]
    assert len(codes) == len(set(codes)), sorted(code for code in codes if codes.count(code) > 1)
    for cls in found:
        assert 400 <= cls.status < 600
        assert str(cls.sentence).endswith((".", "%(reason)s")), cls  # a reason is a sentence itself


@pytest.mark.parametrize(
    ("headers", "json"),
    [
        ({"accept": "application/json"}, True),
        ({"accept": "text/html,application/xhtml+xml"}, False),
        ({"accept": "text/html, application/json"}, False),
        ({"accept": "application/json, text/html"}, True),
        ({"accept": "application/json, text/plain, */*"}, True),
        ({"accept": "*/*, application/json"}, True),
        ({"accept": "APPLICATION/JSON"}, True),
        ({"accept": "application/json; charset=utf-8"}, True),
        ({"accept": "application/*"}, True),
        ({"accept": "application/json;q=0.5, text/html"}, False),
        ({"accept": "text/html;q=0.5, application/json;q=0.9"}, True),
        ({"accept": "application/json;q=0, */*"}, False),
        ({"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"}, False),
        ({"accept": "image/png"}, False),
        ({"accept": "nonsense;;=,/"}, False),
        ({"accept": ""}, False),
        ({"accept": "*/*"}, False),
        ({}, False),
        ({"content-type": "application/json", "accept": "*/*"}, True),
        ({"content-type": "APPLICATION/JSON", "accept": "*/*"}, True),
        ({"content-type": "Application/Json; Charset=UTF-8", "accept": "text/html"}, True),
    ],
)
def test_json_is_for_who_asks_for_it(headers: dict[str, str], json: bool) -> None:
    content_type = headers.pop("content-type", "application/x-www-form-urlencoded")
    request = RequestFactory().post("/", data=b"{}", content_type=content_type, headers=headers)
    assert replies.wants_json(request) is json


async def seen(wrapped: Any, **scope: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        found.update(scope)

    await wrapped(inner)({"type": "http", "path": "/", "headers": [], **scope}, None, None)
    return found


TRUSTED = [ipaddress.ip_network("10.0.0.0/8")]


@pytest.mark.parametrize(
    ("client", "forwarded", "expected"),
    [
        ("10.0.0.1", b"203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", b"198.51.100.1, 203.0.113.7, 10.0.0.9", "203.0.113.7"),
        ("10.0.0.1", b"", "10.0.0.1"),
        ("10.0.0.1", b"nonsense", "nonsense"),
        ("203.0.113.50", b"127.0.0.1", "203.0.113.50"),
    ],
)
async def test_only_trusted_proxies_say_who_is_behind_them(client: str, forwarded: bytes, expected: str) -> None:
    headers = [(b"x-forwarded-for", forwarded), (b"x-forwarded-proto", b"https")]
    scope = await seen(
        lambda app: behind_proxies(app, trusted=TRUSTED), client=[client, 1], headers=headers, scheme="http"
    )
    assert scope["client"][0] == expected
    assert scope["scheme"] == ("https" if client.startswith("10.") else "http")


async def test_what_is_mounted_gets_its_own_paths_only() -> None:
    calls = []

    def app(name: str) -> Any:
        async def call(scope: Any, receive: Any, send: Any) -> None:
            calls.append((name, scope["path"], scope.get("root_path", "")))

        return call

    mounted = mount("/sandbox", app("inner"), app("outer"))
    for path in ("/sandbox/v1/models", "/sandbox", "/sandboxes", "/"):
        await mounted({"type": "http", "path": path}, None, None)
    assert calls == [
        ("inner", "/sandbox/v1/models", "/sandbox"),
        ("inner", "/sandbox", "/sandbox"),
        ("outer", "/sandboxes", ""),
        ("outer", "/", ""),
    ]


async def test_a_command_never_hears_that_its_sender_hung_up_but_a_page_does() -> None:
    heard = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        heard.append((await receive())["type"])
        if scope["method"] == "GET":
            heard.append((await receive())["type"])

    def receiver() -> Any:
        messages = [{"type": "http.request", "body": b"", "more_body": False}, {"type": "http.disconnect"}]

        async def receive() -> dict[str, Any]:
            return messages.pop(0)

        return receive

    await finish_commands(app)({"method": "POST"}, receiver(), None)
    await finish_commands(app)({"method": "GET"}, receiver(), None)
    assert heard == ["http.request", "http.request", "http.disconnect"]
