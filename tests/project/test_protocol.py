"""What docs/protocol.md promises: events, reducers, refusals and addresses are those of the code."""

import re
from pathlib import Path

from django.urls import get_resolver

import accounts.errors
import billing.errors
import billing.events
import chatsite.errors
import conversations.errors
import conversations.events
import files.errors
import files.events
import images.events
import live.consumers
import live.errors
import live.events
import providers.errors
from live.errors import Refused
from live.events import Event

ROOT = Path(__file__).resolve().parent.parent.parent
PROTOCOL = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
INSIDE_SOCKETS = {"wrong_origin", "slow_reader", "unknown_frame"}  # told in an `error` frame, not over HTTP
INSIDE_MESSAGES = {"fewer_answers"}  # said of an answer, no refusal
APPS = (accounts, billing, chatsite, conversations, files, images, live, providers)


def section(title: str) -> str:
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", PROTOCOL, re.MULTILINE | re.DOTALL)
    assert found is not None, title
    return found[1]


def subclasses(cls: type) -> set[type]:
    return {found for child in cls.__subclasses__() for found in {child, *subclasses(child)}}


def event_types() -> set[str]:
    return {cls.type for cls in subclasses(Event) if not cls.__module__.startswith("tests")}


def test_the_documented_events_are_the_events() -> None:
    documented = set(re.findall(r"^\| `([a-z_.]+)` \|", section("Events"), re.MULTILINE))
    assert documented == event_types()


def test_the_browser_reduces_every_event() -> None:
    source = (ROOT / "static" / "js" / "models" / "events.js").read_text(encoding="utf-8")
    listed = re.search(r"EVENT_TYPES = Object\.freeze\(\[(.*?)\]\)|EVENT_TYPES = \[(.*?)\]", source, re.DOTALL)
    assert listed is not None
    names = re.findall(r'"([a-z_.]+)"', listed[1] or listed[2])
    assert names == sorted(names)
    assert set(names) == event_types()


def test_the_documented_refusals_are_the_refusals_of_the_doors() -> None:
    documented = set(re.findall(r"^\| `([a-z_]+)` \| \d{3} \|", section("JSON or form"), re.MULTILINE))
    ours = {cls.code for cls in {Refused, *subclasses(Refused)} if cls.__module__.split(".")[0] in _names()}
    of_pages = {cls.code for cls in subclasses(Refused) if cls.__module__ == "accounts.errors"}
    assert documented == ours - INSIDE_SOCKETS - INSIDE_MESSAGES - of_pages


def test_the_documented_statuses_are_right() -> None:
    documented = dict(re.findall(r"^\| `([a-z_]+)` \| (\d{3}) \|", section("JSON or form"), re.MULTILINE))
    statuses = {cls.code: str(cls.status) for cls in {Refused, *subclasses(Refused)}}
    assert documented == {code: statuses[code] for code in documented}


def test_the_documented_addresses_exist() -> None:
    paths = re.findall(r"`(?:GET|POST|PUT) (/[^`? ]*)`?", section("Addresses"))
    resolver = get_resolver()
    assert len(paths) >= 10
    for path in paths:
        resolver.resolve(path.replace("<uuid>", "7f3b1f0e-0000-4000-8000-000000000000"))


def _names() -> set[str]:
    return {app.__name__ for app in APPS}
