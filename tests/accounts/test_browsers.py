"""The name of a browser from what it says about itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.browsers import describe

GECKO = "Mozilla/5.0 ({}) Gecko/20100101 Firefox/140.0"
WEBKIT = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) {}"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (GECKO.format("X11; Linux x86_64; rv:140.0"), "Firefox on Linux"),
        (GECKO.format("Windows NT 10.0; Win64; x64; rv:140.0"), "Firefox on Windows"),
        (WEBKIT.format("Windows NT 10.0; Win64; x64", "Chrome/140.0.0.0 Safari/537.36"), "Chrome on Windows"),
        (WEBKIT.format("Windows NT 10.0", "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"), "Edge on Windows"),
        (WEBKIT.format("X11; CrOS x86_64 14541.0.0", "Chrome/140.0.0.0 Safari/537.36"), "Chrome on ChromeOS"),
        (WEBKIT.format("Linux; Android 10; K", "Chrome/140.0.0.0 Mobile Safari/537.36"), "Chrome on Android"),
        (WEBKIT.format("Macintosh; Intel Mac OS X 10_15_7", "Version/19.0 Safari/605.1.15"), "Safari on macOS"),
        (WEBKIT.format("iPhone; CPU iPhone OS 19_0 like Mac OS X", "Version/19.0 Safari/604.1"), "Safari on iOS"),
        (WEBKIT.format("iPhone; CPU iPhone OS 19_0 like Mac OS X", "CriOS/140.0 Safari/604.1"), "Chrome on iOS"),
        ("curl/8.14.1", "curl"),
        ("python-httpx/0.28.1", "python-httpx"),
        ("", "unknown program"),
    ],
)
def test_known_ones_are_named(user_agent, name):
    assert describe(user_agent) == name


@given(st.text(max_size=200))
def test_anything_gets_a_short_name(user_agent):
    assert 0 < len(describe(user_agent)) <= 40
