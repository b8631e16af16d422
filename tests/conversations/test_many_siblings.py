"""Two thousand answers to one question: each can be shown, one more can be had, and all go with the question."""

from tests.conversations.growing import command, said, shown
from tests.site import Person, Site

MANY = 2_000
COLUMNS = {
    "sqlite": "SELECT name FROM pragma_table_info('conversations_message')",
    "postgresql": "SELECT column_name FROM information_schema.columns WHERE table_name = 'conversations_message'",
}
NEW_ID = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}


def multiply(site: Site, message: str) -> None:
    """So many copies of a message beside it that there are MANY."""
    vendor = "postgresql" if site.database_url else "sqlite"
    key = message if site.database_url else message.replace("-", "")
    rest = ", ".join(name for (name,) in site.query(COLUMNS[vendor]) if name != "id")
    count = f"WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {MANY}) SELECT i FROM n"
    site.execute(
        f"INSERT INTO conversations_message (id, {rest}) SELECT {NEW_ID[vendor]}, {rest} "
        f"FROM conversations_message, ({count}) AS times WHERE id = ?",
        key,
    )


async def test_two_thousand_answers(alice: Person, site: Site) -> None:
    made, [question, answer] = await said(alice, "Which?")
    multiply(site, answer)
    siblings = (await shown(alice, made))[-1]["siblings"]
    assert len(siblings) == MANY and answer in siblings
    for place in (0, MANY // 2, MANY - 1):
        response = await alice.post(f"/messages/{siblings[place]}/show/")
        assert response.json()["conversation"]["leaf"] == siblings[place]
        page = await alice.get(f"/c/{made}/", Accept="text/html")
        assert f">{place + 1} / {MANY}<" in page.text
    another = await command(alice, f"/messages/{answer}/regenerate/")
    assert another.json()["messages"][0]["siblings"] == [*siblings, another.json()["messages"][0]["id"]]
    await alice.answer(made)
    assert (await alice.post(f"/messages/{question}/delete/")).json()["deleted"] == MANY + 2
    assert await shown(alice, made) == []
