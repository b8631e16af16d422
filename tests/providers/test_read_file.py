"""A config.ini or .env with keys, read: every server that it names, or none."""

# ruff: noqa: E501  in a table a case is a row

import pytest

from providers import inis
from tests.providers.entering import asked_of, asked_with, page, words
from tests.site import Person, Site
from tests.upstream import Upstream

FILE = "/settings/providers/file/"
KEY = "sk-from-a-file-0123456789"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[OpenAI]\nAPI_SECRET_KEY = sk-1%x\nMODEL = gpt-x\n", [("OpenAI", {"key": "sk-1%x", "default_model": "gpt-x"})]),
        ("export OPENAI_API_KEY='sk-1'\nOPENAI_BASE_URL=http://x/v1 \n# no\n", [("OpenAI", {"key": "sk-1", "base_url": "http://x/v1"})]),
        ("\ufeff; c\n[a]\nkey: k:=\n  [b]\n  base-url=http://b\n[c]\nother=1", [("a", {"key": "k:="}), ("b", {"base_url": "http://b"})]),
        ("OPENAI_ORG_ID=o\nOPENAI_PROJECT_ID=p\nOPENAI_API_KEY=k\nHTTPS_PROXY=http://p:1", [("OpenAI", {"organization": "o", "project": "p", "key": "k", "proxy": "http://p:1"})]),
        ("[a]\nkey=1\nkey=2\n[a]\nmodel=m", [("a", {"key": "2", "default_model": "m"})]),
    ],
)  # fmt: skip
def test_what_is_in_a_file(text: str, found: list[inis.Section]) -> None:
    assert inis.parse(text) == found


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ("", "empty", 0),
        ("[a]\nmodel = x", "empty", 0),
        ("[a]\nwhat is this", "shape", 2),
        ("what is this", "shape", 1),
        ("x" * (inis.LONGEST + 1), "long", 0),
        ("\n".join(f"[s{number}]\nkey=k" for number in range(21)), "many", 0),
    ],
)
def test_what_is_no_such_file(text: str, reason: str, line: int) -> None:
    with pytest.raises(inis.UnreadableFileError) as caught:
        inis.parse(text)
    assert (caught.value.reason, caught.value.line) == (reason, line)
    assert text.strip() not in str(caught.value) or not text.strip()


async def test_its_servers_are_entered_and_work(owner: Person, relay: Upstream) -> None:
    text = f"[Desk]\nAPI_SECRET_KEY = {KEY}\nBASE_URL = {relay.url}/chat/completions\nMODEL = any-t2-r0\n[DeepSeek]\nkey=k-2345678901234\n"
    response = await owner.post(FILE, text=text)
    assert response.status_code == 201, response.text
    assert KEY not in response.text
    desk, deepseek = response.json()["providers"]
    assert (desk["name"], desk["base_url"], desk["default_model"]) == ("Desk", relay.url, "any-t2-r0")
    assert (deepseek["preset"], deepseek["base_url"]) == ("deepseek", "https://api.deepseek.com/v1")
    message = await asked_with(owner, desk["id"])
    assert message["status"] == "completed"
    assert asked_of(relay).headers["authorization"] == f"Bearer {KEY}"
    await owner.post(f"/settings/providers/{deepseek['id']}/delete/")


async def test_one_bad_server_and_nothing_is_entered(owner: Person, owned: Site) -> None:
    before = owned.query("SELECT count(*) FROM providers_storedprovider")
    response = await owner.post(
        FILE, text=f"[Good]\nbase_url=https://good.example\n[Bad]\nkey={KEY}\nbase_url=ftp://bad"
    )
    assert response.status_code == 400
    assert "[Bad] Base URL" in response.json()["error"]["data"]["fields"]["form"]
    assert KEY not in response.text
    assert owned.query("SELECT count(*) FROM providers_storedprovider") == before


async def test_a_browser_sends_the_file_itself(owner: Person, bob: Person) -> None:
    assert "config.ini" in words(await page(owner, "/settings/providers/new/?for=site"))
    async with owner.http(Accept="text/html") as http:
        sent = {"file": ("config.ini", f"[Relay of mine]\nkey={KEY}\nbase_url=https://relay.example")}
        assert (await http.post(FILE, data={"for": "site"}, files=sent)).status_code == 303
        refused = await http.post(FILE, data={"text": f"[x]\n{KEY}"})
    assert refused.status_code == 400
    assert "Line 2 is neither" in words(refused.text)
    assert KEY not in refused.text
    assert "Relay of mine" in await page(bob, "/settings/providers/")
    shared = (await owner.get("/settings/providers/")).json()["shared"]
    mine = next(row for row in shared if row["name"] == "Relay of mine")
    await owner.post(f"/settings/providers/{mine['id']}/delete/")
