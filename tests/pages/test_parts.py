"""What scripts fetch with its first use: templates, words and style sheets, for a page that came without them."""

import re

import pytest

from tests.site import Person

PARTS = ("/parts/lists/", "/parts/answers/", "/parts/message/")


def templates(page: str) -> set[str]:
    return set(re.findall(r'<template data-template="([a-z-]+)"', page))


async def page(person: Person, path: str) -> str:
    response = await person.get(path, Accept="text/html")
    assert response.status_code == 200
    return response.text


async def test_a_start_page_and_what_it_fetches_hold_what_a_conversation_page_holds(alice: Person) -> None:
    made = await alice.begin("Hello")
    await alice.answer(made["id"])
    start, conversation = await page(alice, "/"), await page(alice, made["url"])
    lists, answers, turns = [templates(await page(alice, path)) for path in PARTS]
    assert templates(start) | answers == templates(conversation)
    assert not templates(start) & answers, "nothing is sent twice"
    assert {"picker", "palette", "shortcuts", "choice"} <= lists
    assert {"message-menu", "turn", "rewrite"} == turns
    assert not (lists | turns) & templates(conversation)


@pytest.mark.parametrize(("path", "sheet"), [("/parts/lists/", "choices"), ("/parts/message/", "turns")])
async def test_they_bring_their_words_and_their_style(alice: Person, path: str, sheet: str) -> None:
    found = await page(alice, path)
    assert re.search(rf'<link rel="stylesheet" href="/static/css/pages/{sheet}[^"]*\.css">', found)
    assert '<script id="words" type="application/json">' in found


@pytest.mark.parametrize("path", PARTS)
async def test_they_can_only_be_read(alice: Person, path: str) -> None:
    assert (await alice.post(path)).status_code == 405
