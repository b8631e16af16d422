"""Stopping while the database refuses: every other answer is stored all the same, and the process ends well."""

import asyncio

from tests.site import Site
from tests.upstream import Upstream

SQLITE = """CREATE TRIGGER refuse BEFORE UPDATE ON conversations_run WHEN NEW.id = '{id}' AND NEW.status = 'interrupted'
BEGIN SELECT RAISE(ABORT, 'refused'); END"""
POSTGRES = """
CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$ LANGUAGE plpgsql;
CREATE TRIGGER refuse BEFORE UPDATE ON conversations_run FOR EACH ROW
WHEN (NEW.id = '{id}' AND NEW.status = 'interrupted') EXECUTE FUNCTION refuse();
"""


async def test_one_answer_that_cannot_be_stored_costs_no_other(upstream: Upstream) -> None:
    with Site(OPENAI_BASE_URL=upstream.url, OPENAI_API_KEY="sk-test", DRAIN_SECONDS="0.2") as site:
        alice = site.person("alice")
        made = [await alice.begin("Long", model_id="any-t5000-r50") for _ in range(3)]
        for one in made:
            async with alice.watch(f"/ws/c/{one['id']}/") as socket:
                await socket.until_text(60)
        ids = [one["run"]["id"] if site.database_url else one["run"]["id"].replace("-", "") for one in made]
        site.execute((POSTGRES if site.database_url else SQLITE).format(id=ids[0]))
        assert await asyncio.to_thread(site.stop) == 0
        stored = dict(site.query("SELECT id, status FROM conversations_run"))
        assert [stored[key] for key in map(type(next(iter(stored))), ids)] == [
            "in_progress",
            "interrupted",
            "interrupted",
        ]
        site.execute("DROP TRIGGER refuse" + (" ON conversations_run" if site.database_url else ""))
        site.start()
        assert (await alice.answer(made[0]["id"]))["status"] == "interrupted"
