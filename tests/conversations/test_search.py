"""GET /search/: everything that a person has said or was answered, on every branch, and nothing of anybody else's."""

import uuid

import pytest

from tests.conversations.searching import indexed, look, marked, said, text
from tests.site import Person, Site


@pytest.fixture
def bob(site: Site) -> Person:
    return site.person("bob")


LANGUAGES = [
    ("Die Zürcher Straße führt über die Brücke nach Genève.", ["strasse", "ZURCHER", "brück", '"uber die"', "Straße"]),
    ("在一张显卡上部署模型，建议采用四位量化：权重约占一半。", ["量", "量化", "四位量化", "部署模型", "显卡 量化"]),
    ("東京タワーの入場券は、窓口で買えます。ガイド付き。", ["東", "タワー", "入場券", "ガイド", "買えます"]),
    ("Ёжик встретил лошадь в тумане, и всё стихло.", ["ежик", "ЛОШАДЬ", "всё", "туман"]),
    ("그 노트북은 책상 위에 있습니다 🦔", ["노트북은", "책상", "노", "🦔"]),
    ("سَلامٌ عليكم يا أصدقاء", ["سلام", "عليكم"]),
]


@pytest.mark.parametrize(
    "sentence, queries", LANGUAGES, ids=["german", "chinese", "japanese", "russian", "korean", "arabic"]
)
async def test_words_of_every_language_are_found(alice: Person, sentence: str, queries: list[str]) -> None:
    made = await said(alice, sentence)
    for query in queries:
        hits = [hit for hit in (await look(alice, query))["hits"] if hit["conversation"] == made and hit["message"]]
        assert {hit["role"] for hit in hits} == {"user", "assistant"}, query
        assert marked(hits[0]), query


async def test_a_snippet_shows_the_text_as_it_was_written_with_the_words_marked(alice: Person) -> None:
    await said(alice, f"{'Some words before it. ' * 30}The Ärzte say: quokkas   SMILE, {'and more follows. ' * 30}")
    [hit, _] = (await look(alice, "arzte quokkas smil"))["hits"]
    assert marked(hit) == ["Ärzte", "quokkas", "SMILE"]
    assert "The Ärzte say: quokkas SMILE, and more" in text(hit)
    assert text(hit).startswith("…") and text(hit).endswith("…") and len(text(hit)) < 300


async def test_words_are_all_wanted_and_a_phrase_in_its_order(alice: Person) -> None:
    made = await said(alice, "Marmots whistle before the wombats come")
    for query, found in {
        "wombats marmots": True,
        '"marmots whistle"': True,
        '"whistle marmots"': False,
        "marmots absent": False,
        "wom marmots": False,  # a beginning is the last word's alone
        "marmots wom": True,
    }.items():
        assert any(hit["conversation"] == made for hit in (await look(alice, query))["hits"]) is found, query


async def test_every_branch_is_looked_through_and_a_hit_leads_to_its_message(alice: Person) -> None:
    made = await alice.begin("The xylophone was first", model_id="echo-r0")
    await alice.answer(made["id"])
    first = made["messages"][0]["id"]
    edited = await alice.post(
        f"/messages/{first}/edit/", client_id=str(uuid.uuid4()), text="The zither came after", model_id="echo-r0"
    )
    assert edited.status_code == 201
    await alice.answer(made["id"])
    hits = (await look(alice, "xylophone"))["hits"]
    assert first in {hit["message"] for hit in hits}
    [hit] = [hit for hit in hits if hit["message"] == first]
    assert hit["url"] == f"/c/{made['id']}/?at={first}#m-{first}"
    page = await alice.get(hit["url"], Accept="text/html")
    assert f'id="m-{first}"' in page.text


async def test_titles_are_found_and_follow_their_changes(alice: Person) -> None:
    made = await said(alice, "A thing about lutes")
    await alice.post(f"/c/{made}/rename/", title="Theorbo tuning")
    [hit] = (await look(alice, "theorbo"))["hits"]
    assert (hit["message"], hit["conversation"], hit["url"]) == (None, made, f"/c/{made}/")
    assert [piece["text"] for piece in hit["title"] if piece["found"]] == ["Theorbo"]
    await alice.post(f"/c/{made}/rename/", title="Something else")
    assert (await look(alice, "theorbo"))["hits"] == []


async def test_operators_narrow(alice: Person) -> None:
    made = await said(alice, "Okapi one", "```\nokapi = two\n```")
    await alice.post(f"/c/{made}/rename/", title="Stripes and legs")

    async def count(query: str) -> int:
        return len([hit for hit in (await look(alice, query))["hits"] if hit["conversation"] == made])

    assert await count("okapi") == 4
    assert await count("okapi has:code") == 2
    assert await count("okapi title:stripes") == 4
    assert await count('title:"stripes and"') == 1
    assert await count("okapi title:legs has:code") == 2
    assert await count("okapi title:spots") == 0
    assert await count("okapi model:echo") == 2
    assert await count('okapi model:"echo r0"') == 2
    assert await count("okapi model:other") == 0
    assert await count("okapi after:2020") == 4
    assert await count("okapi before:2020-02-03") == 0
    assert await count("okapi is:pinned") == await count("okapi is:archived") == 0
    await alice.post(f"/c/{made}/pin/")
    assert await count("okapi is:pinned") == 4
    await alice.post(f"/c/{made}/archive/")
    assert (await count("okapi is:pinned"), await count("okapi is:archived"), await count("okapi")) == (0, 4, 4)
    assert await count("is:archived after:2020") == 5
    assert (await look(alice, "okapi has:image"))["notes"] == ["Without the filters there are 4."]


async def test_deleting_takes_it_out_at_once_and_undo_brings_it_back(alice: Person, site: Site) -> None:
    made = await said(alice, "An axolotl in the garden", "Another axolotl")
    hits = (await look(alice, "axolotl"))["hits"]
    assert len(hits) == 5  # with the title
    [second] = [hit for hit in hits if text(hit) == "Another axolotl" and hit["role"] == "user"]
    await alice.post(f"/messages/{second['message']}/delete/")
    assert len((await look_now(alice, "axolotl"))["hits"]) == 3
    await alice.post(f"/messages/{second['message']}/restore/")
    assert len((await look(alice, "axolotl"))["hits"]) == 5
    await alice.post(f"/c/{made}/delete/")
    assert (await look_now(alice, "axolotl"))["hits"] == []
    key = made if site.database_url else uuid.UUID(made).hex
    assert site.query("SELECT COUNT(*) FROM search_entry WHERE conversation_id = ?", key) == [(0,)]
    await alice.post(f"/c/{made}/restore/")
    assert len((await look(alice, "axolotl"))["hits"]) == 5


async def look_now(person: Person, query: str) -> dict:
    """Without waiting for the index."""
    async with person.http() as http:
        return (await http.get("/search/", params={"q": query})).json()


async def test_a_live_answer_is_found_when_it_has_ended(alice: Person, site: Site) -> None:
    word = f"bongo{uuid.uuid4().hex[:12]}"  # in no other test's answers: a page of hits holds only twenty
    made = await alice.begin(" ".join([word, *(f"w{n}" for n in range(400))]), model_id="echo-r50")
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        assert word in await socket.until_text(60)
        await indexed(site)
        assert not [hit for hit in (await look(alice, word))["hits"] if hit["message"] == made["messages"][1]["id"]]
        await alice.post(f"/runs/{made['run']['id']}/stop/")
        await socket.until_quiet()
    assert [hit for hit in (await look(alice, word))["hits"] if hit["message"] == made["messages"][1]["id"]]


async def test_a_long_message_is_found_to_its_end(alice: Person) -> None:
    await said(alice, " ".join(f"filler{number}" for number in range(9_000)) + " the capybara naps " + "z" * 5_000)
    [hit, *_] = (await look(alice, '"the capybara naps"'))["hits"]
    assert marked(hit) == ["the capybara naps"]
    assert len((await look(alice, "filler3990 filler4010"))["hits"]) == 2  # on both sides of a border


async def test_page_after_page_every_hit_comes_once(bob: Person) -> None:
    made = await said(bob, *(f"Ptarmigan {number}" for number in range(12)))
    await said(bob, *(f"Ptarmigan {number}" for number in range(12, 24)))
    seen: list[str] = []
    found = await look(bob, "ptarmigan")
    assert (found["messages"], found["conversations"], len(found["hits"])) == (50, 2, 20)
    while found["more"]:
        seen += [hit["message"] or hit["conversation"] for hit in found["hits"]]
        found = await look(bob, "ptarmigan", place=found["more"])
    seen += [hit["message"] or hit["conversation"] for hit in found["hits"]]
    assert len(seen) == len(set(seen)) == 50
    assert made in seen


async def test_what_says_it_more_often_comes_first(alice: Person) -> None:
    await said(alice, "numbat numbat numbat", "a numbat among many other words", "nothing of the kind")
    hits = [text(hit) for hit in (await look(alice, "numbat"))["hits"] if hit["message"]]
    assert hits == ["numbat numbat numbat"] * 2 + ["a numbat among many other words"] * 2


async def test_nothing_of_others_is_found(alice: Person, charlie: Person) -> None:
    await said(alice, "The tarsier is mine alone")
    assert (await look(alice, "tarsier"))["hits"]
    for query in ("tarsier", "t", '"tarsier is"', "title:tarsier", "model:echo tarsier", "after:2020 tarsier"):
        found = await look(charlie, query)
        assert "tarsier" not in str(found["hits"]).lower(), query


ODD = [
    *(
        '"',
        '""',
        "'",
        '"""""',
        "AND",
        "OR NOT",
        "NEAR(a b)",
        "*",
        "a*",
        "-",
        "title:",
        "is:",
        "has:",
        "before:",
        "\\",
        "%",
    ),
    *(
        "before:yesterday",
        "after:2026-13-45",
        "before:0000",
        "is:lovely",
        "has:nothing",
        "😀",
        "。、！？",
        "()",
        "a:b:c",
    ),
    *(
        "x" * 10_000,
        "量" * 1_500,
        "' OR 1=1 --",
        "a\x00b",
        "\ufffd",
        "title:" * 200,
        "'a':1 'b':2",
        "a & b | !c <-> d",
    ),
    *(
        '"' + "a " * 5_000,
        "before:9999 after:0001",
        "model:" + "m" * 300,
        "_",
        "=title",
        "1_a",
        "{x}",
        "^a",
        "a" + "\u0301" * 300,
    ),
]


@pytest.mark.parametrize("query", ODD, ids=range(len(ODD)))
async def test_nothing_that_can_be_typed_is_an_error(alice: Person, query: str) -> None:
    async with alice.http() as http:
        response = await http.get("/search/", params={"q": query, "place": query[:100]})
        page = await http.get("/search/", params={"q": query}, headers={"Accept": "text/html"})
    assert (response.status_code, page.status_code) == (200, 200)


@pytest.mark.parametrize(
    "query, sentence",
    [
        ("before:yesterday", "“before:yesterday” says nothing here and was left out."),
        ("has:2026-13", "“has:2026-13” says nothing here and was left out."),
        ("?!", "There is no word in this to look for."),
        ("x" * 600, "Only the first 500 characters are looked for."),
    ],
)
async def test_what_is_not_understood_is_said(alice: Person, query: str, sentence: str) -> None:
    assert sentence in (await look_now(alice, query))["notes"]


async def test_the_page_shows_it_without_scripts(alice: Person) -> None:
    made = await said(alice, "Where do pangolins sleep <b>?")
    await look(alice, "pangolins")
    page = (await alice.get("/search/?q=pangolins", Accept="text/html")).text
    assert "<mark>pangolins</mark>" in page and f"/c/{made}/?at=" in page and "&lt;b&gt;" in page
    assert "Nothing for “gnuless”." in (await alice.get("/search/?q=gnuless", Accept="text/html")).text


async def test_who_is_not_signed_in_finds_nothing(site: Site) -> None:
    assert (await site.stranger().get("/search/?q=a")).status_code == 401


async def test_the_index_can_be_made_anew(bob: Person, site: Site) -> None:
    made = await said(bob, "A potoroo hides")
    await look(bob, "potoroo")
    key = made if site.database_url else uuid.UUID(made).hex
    site.execute("DELETE FROM search_entry WHERE conversation_id = ?", key)
    assert (await look(bob, "potoroo"))["hits"] == []
    assert "messages and titles" in site.manage("reindex")
    assert len((await look(bob, "potoroo"))["hits"]) == 3
    site.execute("DELETE FROM search_entry WHERE conversation_id = ?", key)
    site.manage("reindex", "--later")  # as one that was stopped at once: the site goes on with it
    assert len((await look(bob, "potoroo"))["hits"]) == 3
