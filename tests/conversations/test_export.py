"""GET /c/<id>/export/...: a conversation as Markdown, as JSON with every branch, as a page that needs no network."""

import re
import uuid

import pytest

from tests.conversations.searching import said
from tests.site import Person, Site
from tests.site.databases import ROOT

WILD = (
    "# A heading\n\n<script>alert(1)</script><img src=//e.example onerror=alert(2)> ![p](https://e.example/p.png)\n\n"
    "[bad](javascript:alert(3)) [good](https://example.org/) **bold** 在\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n"
    "- [x] done\n\n```html\n<b style='x'>\n```\n<style>p{background:url(https://e.example)}</style><iframe src=//e>"
)


async def export(person: Person, conversation: str, kind: str) -> str:
    response = await person.get(f"/c/{conversation}/export/{kind}/", Accept="*/*")
    assert response.status_code == 200, response.text
    assert response.headers["content-disposition"].startswith("attachment")
    return response.text


async def test_markdown_is_the_shown_branch_as_it_was_written(alice: Person) -> None:
    made = await said(alice, "First *question*", "```\nopen code")
    await alice.post(f"/c/{made}/rename/", title="Tea / 茶")
    found = await export(alice, made, "md")
    assert found.startswith("# Tea / 茶\n\n*Exported on ")
    assert "still being written" not in found
    parts = re.split(r"^## .*$", found, flags=re.MULTILINE)
    assert [part.strip() for part in parts[1:3]] == ["First *question*", "First *question*"]
    assert parts[3].strip() == "```\nopen code\n```"  # closed, or the rest would be code
    assert re.findall(r"^## (.*)$", found, re.MULTILINE) == ["Question", "Answer · echo-r0"] * 2


async def test_json_has_every_branch_and_says_what_is_shown(alice: Person) -> None:
    made = await said(alice, "One")
    first = (await alice.get(f"/c/{made}/export/json/")).json()["messages"][0]["id"]
    edited = await alice.post(f"/messages/{first}/edit/", client_id=str(uuid.uuid4()), text="Two", model_id="echo-r0")
    assert edited.status_code == 201
    await alice.answer(made)
    response = await alice.get(f"/c/{made}/export/json/")
    found = response.json()
    assert (found["format"], found["version"], found["unfinished"]) == ("chatsite.conversation", 1, False)
    assert [part["text"] for one in found["messages"] for part in one["parts"]] == ["One", "One", "Two", "Two"]
    assert found["branch"] == [one["id"] for one in found["messages"][2:]]
    assert [one["parent"] for one in found["messages"]] == [None, first, None, found["messages"][2]["id"]]
    assert found["conversation"]["id"] == made
    names = re.findall(r'"(\w+)"', _documented())
    assert (
        set(found["messages"][0]) <= set(names)
        and set(found["conversation"]) <= set(names)
        and set(found) <= set(names)
    )


def _documented() -> str:

    return (ROOT / "docs" / "export.md").read_text(encoding="utf-8")


async def test_the_page_needs_no_network_and_runs_nothing(alice: Person) -> None:
    made = await said(alice, WILD)
    found = await export(alice, made, "html")
    answer = found.split('<div class="text"', 1)[1]
    assert "<h3>A heading</h3>" in answer and "<strong>bold</strong>" in answer and "<td>1</td>" in answer
    assert 'href="https://example.org/"' in answer and 'type="checkbox"' in answer
    assert "&lt;b style='x'&gt;" in answer
    for evil in ("<script", "<img", "<iframe", "onerror", "javascript:", "<link", "url(", "@import"):
        assert evil not in answer, evil
    assert "<script" not in found and "src=" not in answer
    assert "&lt;script&gt;alert(1)" in found  # the question, as it was written


async def test_while_an_answer_streams_it_is_whole_and_says_so(alice: Person) -> None:
    made = await alice.begin("any", model_id="any-t2000-r50")
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        seen = await socket.until_text(40)
        found = (await alice.get(f"/c/{made['id']}/export/json/")).json()
        markdown, page = [await export(alice, made["id"], kind) for kind in ("md", "html")]
        await alice.post(f"/runs/{made['run']['id']}/stop/")
        await socket.until_quiet()
    assert found["unfinished"] is True
    assert found["messages"][1]["status"] == "in_progress"
    assert "".join(part["text"] for part in found["messages"][1]["parts"]).startswith(seen)
    for text in (markdown, page):
        assert seen.strip() in text and "This answer was still being written." in text
        assert "An answer was still being written: this holds what there was of it." in text
    assert "This answer was stopped." in await export(alice, made["id"], "md")


async def test_a_name_that_no_disk_takes_is_mended(alice: Person) -> None:
    made = await said(alice, "x")
    await alice.post(f"/c/{made}/rename/", title='../"a"\\ b: 茶')
    response = await alice.get(f"/c/{made}/export/md/", Accept="*/*")
    assert re.search(r"filename\*=utf-8''[^/\\]+\.md$", response.headers["content-disposition"])


async def test_a_long_one_is_whole(alice: Person) -> None:
    made = await said(alice, *(f"Number {number}" for number in range(30)))
    assert len((await alice.get(f"/c/{made}/export/json/")).json()["messages"]) == 60
    assert (await export(alice, made, "md")).count("## Question") == 30


@pytest.mark.parametrize("kind", ["md", "json", "html"])
async def test_nobody_else_gets_it(alice: Person, charlie: Person, site: Site, kind: str) -> None:
    made = await said(alice, "Mine")
    assert (await charlie.get(f"/c/{made}/export/{kind}/")).status_code == 404
    assert (await charlie.get(f"/c/{made}/export/")).status_code == 404
    assert (await site.stranger().get(f"/c/{made}/export/{kind}/")).status_code == 401
    await alice.post(f"/c/{made}/delete/")
    assert (await alice.get(f"/c/{made}/export/{kind}/")).status_code == 404


async def test_there_is_no_other_format(alice: Person) -> None:
    made = await said(alice, "Mine")
    assert (await alice.get(f"/c/{made}/export/exe/")).status_code == 404
    assert "/export/md/" in (await alice.get(f"/c/{made}/export/", Accept="text/html")).text
