"""The pages: complete before any script runs, and strict about what may run."""

import re
import uuid

from tests.site import Person, Site


async def test_the_start_page_has_a_form_that_works_without_scripts(alice: Person) -> None:
    page = await alice.get("/", Accept="text/html")
    assert page.status_code == 200
    assert re.search(r'<form[^>]*action="/c/"', page.text)
    assert 'name="client_id"' in page.text and 'name="csrfmiddlewaretoken"' in page.text


async def test_a_conversation_page_shows_both_sides_as_text(alice: Person) -> None:
    made = await alice.begin("<script>alert(1)</script> & more", model_id="echo-r0")
    await alice.answer(made["id"])
    page = await alice.get(made["url"], Accept="text/html")
    assert page.text.count("&lt;script&gt;alert(1)&lt;/script&gt; &amp; more") >= 2
    assert "<script>alert" not in page.text


async def test_a_half_written_answer_is_shown_and_refreshed_without_scripts(alice: Person) -> None:
    made = await alice.begin("Slow", model_id="any-t1000-r50")
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.until_text(60)
        page = await alice.get(made["url"], Accept="text/html")
    assert "w0001 w0002 w0003" in page.text
    assert re.search(r'<noscript>\s*<meta http-equiv="refresh" content="2', page.text)
    await alice.post(f"/runs/{made['run']['id']}/stop/")
    await alice.answer(made["id"])


async def test_without_scripts_links_lead_to_earlier_messages_and_back(alice: Person) -> None:
    made = await alice.begin("Number 0.", model_id="any-t1-r0")
    await alice.talk(made["id"], *(f"Number {number}." for number in range(1, 60)), model_id="any-t1-r0")
    newest = await alice.get(made["url"], Accept="text/html")
    assert numbers(newest.text) == list(range(35, 60)) and "Later messages" not in newest.text
    middle = await alice.get(link(newest.text, "Earlier messages"), Accept="text/html")
    assert numbers(middle.text) == list(range(10, 35))
    oldest = await alice.get(link(middle.text, "Earlier messages"), Accept="text/html")
    assert numbers(oldest.text) == list(range(10)) and "Earlier messages" not in oldest.text
    assert link(oldest.text, "Later messages") == link(newest.text, "Earlier messages")
    assert link(middle.text, "Later messages") == made["url"]


def numbers(page: str) -> list[int]:
    """Which of the numbered questions a page shows, in reading order."""
    return [int(found) for found in re.findall(r"Number (\d+)\.", page.split("data-thread", 1)[1])]


def link(page: str, words: str) -> str:
    """Where the link with these words leads."""
    return re.findall(rf'<a [^>]*href="([^"]*)"[^>]*>(?:(?!</a>).)*{words}</a>', page, re.DOTALL)[-1]


async def test_earlier_messages_of_nothing_are_not_there(alice: Person) -> None:
    made = await alice.begin("One", model_id="any-t1-r0")
    other = await alice.begin("Two", model_id="any-t1-r0")
    cases = [("nonsense", 400), ("", 400), (str(uuid.uuid4()), 404), (other["messages"][0]["id"], 404)]
    for before, status in cases:
        page = await alice.get(f"{made['url']}?before={before}", Accept="text/html")
        assert (page.status_code, "<html" in page.text) == (status, True), before


async def test_every_page_has_a_strict_policy_with_a_nonce_of_its_own(alice: Person, site: Site) -> None:
    pages = [await alice.get(path, Accept="text/html") for path in ("/", "/", "/settings/", "/nowhere/")]
    pages.append(await site.stranger().get("/accounts/login/", Accept="text/html"))
    nonces = set()
    for page in pages:
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "require-trusted-types-for 'script'" in policy
        assert "unsafe" not in policy
        nonce = re.search(r"'nonce-([\w-]+)'", policy)
        assert nonce is not None
        nonces.add(nonce[1])
        assert all(
            f'nonce="{nonce[1]}"' in tag or "application/json" in tag for tag in re.findall(r"<script[^>]*>", page.text)
        )
        assert not re.search(r"<[^>]+\s(style|on\w+)=", page.text)
        assert page.headers["x-content-type-options"] == "nosniff"
    assert len(nonces) == len(pages)


async def test_an_unknown_page_is_an_error_page_and_an_unknown_object_an_error(alice: Person) -> None:
    page = await alice.get("/nowhere/", Accept="text/html")
    assert page.status_code == 404 and "<html" in page.text
    response = await alice.get("/nowhere/")
    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


async def test_a_refused_form_comes_back_with_what_was_typed(alice: Person) -> None:
    made = await alice.begin("First")
    await alice.answer(made["id"])
    for path in ("/c/", f"/c/{made['id']}/messages/"):
        async with alice.http(Accept="text/html") as http:
            fields = {"client_id": "1" * 32, "text": "All my words", "provider": "nobody"}
            response = await http.post(path, data=fields)
        assert response.status_code == 400
        assert "All my words" in response.text and "nobody" in response.text


async def test_a_refused_form_answers_with_a_page(alice: Person) -> None:
    async with alice.http(Accept="text/html") as http:
        response = await http.post("/c/", data={"text": "no client id"})
    assert response.status_code == 400 and "<html" in response.text and "client_id" in response.text


async def test_the_settings_page_says_where_answers_come_from(alice: Person) -> None:
    page = await alice.get("/settings/", Accept="text/html")
    assert page.status_code == 200
    assert "OPENAI_API_KEY" in page.text and "sk-test" not in page.text


async def test_the_sandbox_answers_programs_with_the_right_key_only(site: Site) -> None:
    async with site.stranger().http() as http:
        refused = await http.get("/sandbox/v1/models", headers={"Authorization": "Bearer wrong"})
        assert (refused.status_code, refused.json()["error"]["code"]) == (401, "invalid_api_key")
        key = site.manage("shell", "-v", "0", "-c", "from providers.sandbox import http_key; print(http_key())").strip()
        allowed = await http.get("/sandbox/v1/models", headers={"Authorization": f"Bearer {key}"})
    assert allowed.status_code == 200
    assert "sandbox-guide" in [model["id"] for model in allowed.json()["data"]]
