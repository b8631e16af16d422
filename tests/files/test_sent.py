"""Signed addresses of pictures: what they name, and for how long."""

import time
import uuid

from files import sent


def test_an_address_names_a_file_and_a_size_for_an_hour(settings, monkeypatch) -> None:
    settings.SITE_URL = "https://chat.example.org"
    file = uuid.uuid4()
    address = sent.address(file, 2048)
    assert address.startswith("https://chat.example.org/files/sent/")
    token = address.rstrip("/").rsplit("/", 1)[1]
    assert sent.meant(token) == (file, 2048)
    later = time.time() + sent.SECONDS + 5
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert sent.meant(token) is None


def test_a_site_that_does_not_know_its_address_gives_none(settings) -> None:
    settings.SITE_URL = ""
    assert sent.address(uuid.uuid4(), 512) == ""
