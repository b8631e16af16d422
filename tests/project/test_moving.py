"""The commands that the README gives for moving from SQLite to PostgreSQL."""

import os
import re
import shlex
import uuid

import psycopg
import pytest

from tests.project.tree import text
from tests.site import Site, databases
from tests.site.person import Person, text_of
from tests.upstream import Upstream

pytestmark = [
    pytest.mark.skipif("DATABASE_URL" not in os.environ, reason="needs a PostgreSQL: make test-cluster"),
    pytest.mark.timeout(400),  # two databases are made, two sites started
]


async def test_what_was_on_sqlite_is_on_postgresql(upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    server = os.environ["DATABASE_URL"]
    name = f"moved_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]
    url = f"{server.rpartition('/')[0]}/{name}"
    settings = {"OPENAI_BASE_URL": upstream.url, "OPENAI_API_KEY": "sk-test", "OPENAI_MODEL": "any-t20-r0"}
    old = Site(database_url="sqlite", **settings)
    old.environment["DATABASE_URL"] = ""
    old.database_url = ""
    old.migrate()
    dora = old.newcomer("dora")
    with old:
        made = await dora.begin("Take me along")
        answer = await dora.answer(made["id"])
    block = re.search(r"stop the site, then:\n\n```\n(.*?)```", text("README.md"), re.DOTALL)
    assert block is not None
    file = str(old.data_dir / "move.json")
    for line in block[1].splitlines():
        words = [file if word == "move.json" else word for word in shlex.split(line)]
        if words[0] == "export":
            old.environment["DATABASE_URL"] = url
        else:
            assert words[:2] == [".venv/bin/python", "manage.py"]
            databases.manage(*words[2:], env=old.environment)
    with Site(database_url=url, **settings) as new:
        dora = Person(new, "dora", dora.session)
        moved = await dora.answer(made["id"])
        assert (moved["id"], text_of(moved)) == (answer["id"], text_of(answer))
        again = await dora.send(made["id"], "And go on")
        assert again["messages"][0]["parent"] == answer["id"]
        assert (await dora.answer(made["id"]))["status"] == "completed"
    databases.drop(url)
