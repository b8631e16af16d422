"""Whatever two tabs do to a conversation, in whatever order: both show what the site shows, and the tree holds.

A few examples in the gate; HYPOTHESIS_PROFILE=long tries many, longer ones.
"""

import contextlib
import json
import re
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from websockets.sync.client import ClientConnection, connect

from tests.billing.site import prices
from tests.conversations.reducing import State
from tests.site import Person, Site
from tests.site.person import CSRF, PATIENCE, Json

FAST = "any-t20-r0-l-s15"  # ends incomplete; when it goes on, it says 15 words once more
SLOW = "any-t1000000-r40"  # is being written until it is stopped
REFUSALS = (400, 404, 409, 410)
MOST = settings().max_examples  # of the profile
TREE = "SELECT id, parent_id, role, deleted_at IS NULL, created_at FROM conversations_message WHERE conversation_id = ?"
COST = "SELECT COALESCE(SUM(cost), 0) FROM conversations_run WHERE conversation_id = ?"
PAID = """SELECT COALESCE(SUM(-e.amount), 0) FROM billing_entry e WHERE e.kind = 'charge' AND e.source_kind = 'run'
AND e.source_id IN ({})"""

SOME = st.integers(min_value=0, max_value=1_000)  # which of the messages that there are
TAB = st.integers(min_value=0, max_value=1)
ROLES = st.sampled_from(["system", "user", "assistant"])


class Tab:
    """What its socket makes a tab show."""

    def __init__(self, person: Person, conversation: str) -> None:
        self.person, self.conversation, self.state = person, conversation, State()
        self.open = contextlib.ExitStack()
        self.socket = self._connect()

    def _connect(self) -> ClientConnection:
        cookie = "; ".join(f"{name}={value}" for name, value in self.person.cookies.items())
        url = f"{self.person.site.url.replace('http', 'ws', 1)}/ws/c/{self.conversation}/"
        origin: Any = self.person.site.url
        headers = {"Cookie": cookie}
        opening = connect(url, origin=origin, additional_headers=headers, max_size=None, proxy=None)
        return self.open.enter_context(opening)

    def reload(self) -> None:
        self.open.close()
        self.state, self.socket = State(), self._connect()

    def close(self) -> None:
        self.open.close()

    def read(self, seconds: float) -> None:
        """Whatever comes until nothing has come for so long."""
        while True:
            try:
                frame = json.loads(self.socket.recv(timeout=seconds))
            except TimeoutError:
                return
            self.state.apply(frame)
            if self.state.gap and frame["type"] != "pong":
                self.socket.send(json.dumps({"type": "resync"}))
                while frame["type"] != "conversation.snapshot":
                    frame = json.loads(self.socket.recv(timeout=PATIENCE))
                self.state.apply(frame)


def http_of(person: Person) -> httpx.Client:
    headers = {"X-CSRFToken": CSRF, "Accept": "application/json"}
    return httpx.Client(
        base_url=person.site.url,
        cookies=person.cookies,
        headers=headers,
        timeout=PATIENCE,
        trust_env=False,
        verify=False,  # there is no TLS, and reading root certificates takes long
    )


class TwoTabs(RuleBasedStateMachine):
    """One conversation, two tabs, and everything that can be done to it."""

    site: Site

    def __init__(self) -> None:
        super().__init__()
        self.alice = self.site.person("alice")
        self.http = http_of(self.alice)
        self.id = self.http.post("/c/", json={}).json()["id"]
        self.tabs = [Tab(self.alice, self.id), Tab(self.alice, self.id)]
        self.count = self.cost = 0
        self.stopped: set[str] = set()  # runs that are about to end

    def teardown(self) -> None:
        self.command(0, f"/c/{self.id}/delete/")
        for tab in self.tabs:
            tab.close()
        self.http.close()

    # ---- what is done ----

    @initialize()
    def begin(self) -> None:
        self.send(0, None, slow=False)

    @rule(tab=TAB, parent=st.none() | SOME, slow=st.booleans())
    def send(self, tab: int, parent: int | None, slow: bool) -> None:
        where = {} if parent is None else {"parent": self.some(parent)}
        self.command(tab, f"/c/{self.id}/messages/", **self.said(), **self.model(slow), **where)

    @rule(tab=TAB, some=SOME, slow=st.booleans(), keep=st.booleans())
    def edit(self, tab: int, some: int, slow: bool, keep: bool) -> None:
        self.on(tab, some, "edit", **self.said(), **self.model(slow), keep=keep)

    @rule(tab=TAB, some=SOME, side=st.sampled_from(["before", "after", None]), role=ROLES)
    def insert(self, tab: int, some: int, side: str | None, role: str) -> None:
        where = {side: self.some(some)} if side else {}
        self.command(tab, f"/c/{self.id}/turns/", role=role, **self.said(), **where)

    @rule(tab=TAB, some=SOME, slow=st.booleans(), verb=st.sampled_from(["regenerate", "answer", "continue"]))
    def write(self, tab: int, some: int, slow: bool, verb: str) -> None:
        self.on(tab, some, verb, **self.model(slow))

    @rule(tab=TAB, some=SOME, slow=st.booleans(), verb=st.sampled_from(["regenerate", "answer"]))
    def side_by_side(self, tab: int, some: int, slow: bool, verb: str) -> None:
        with_others: Json = {"beside": True} if verb == "regenerate" else {"also": [self.model(slow=False)]}
        self.on(tab, some, verb, **self.model(slow), **with_others)

    @rule(tab=TAB, some=SOME)
    def delete(self, tab: int, some: int) -> None:
        self.on(tab, some, "delete")

    @rule(tab=TAB, some=SOME)
    def restore(self, tab: int, some: int) -> None:
        self.on(tab, some, "restore", deleted=True)

    @rule(tab=TAB, some=SOME, beside=st.booleans())
    def show(self, tab: int, some: int, beside: bool) -> None:
        self.on(tab, some, "show", beside=beside)

    @rule(tab=TAB, some=SOME)
    def fork(self, tab: int, some: int) -> None:
        response = self.on(tab, some, "fork")
        if response.status_code == 201:
            self.command(tab, f"{response.json()['url']}delete/")

    @rule(tab=TAB)
    def stop(self, tab: int) -> None:
        for run in list(self.truth()[1]):
            self.command(tab, f"/runs/{run}/stop/")
            self.stopped.add(run)

    @rule(tab=TAB)
    def reload(self, tab: int) -> None:
        self.tabs[tab].reload()

    @rule(first=SOME, second=SOME, verbs=st.tuples(*[st.sampled_from(["delete", "edit", "regenerate", "show"])] * 2))
    def both_at_once(self, first: int, second: int, verbs: tuple[str, str]) -> None:
        fields = [{**self.said(), **self.model(slow=False), "keep": True} for _ in verbs]
        with ThreadPoolExecutor(2) as pool:
            for tab, (some, verb) in enumerate(zip((first, second), verbs, strict=True)):
                pool.submit(self.on, tab, some, verb, **fields[tab])

    # ---- what holds after each of them ----

    @invariant()
    def both_tabs_and_a_reloaded_page_show_what_the_site_shows(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            for tab in self.tabs:
                tab.read(0.02)
            truth, runs = self.truth()
            shown = [tab.state.shown() for tab in self.tabs]
            over = all(run["model_id"] == SLOW and name not in self.stopped for name, run in runs.items())
            if over and shown == [truth.shown()] * 2:
                break
            assert time.monotonic() < deadline, f"tabs: {shown}, site: {truth.shown()}"
        self.cost = self._paid(truth)
        page = self.http.get(f"/c/{self.id}/", headers={"Accept": "text/html"}).text
        articles = re.findall(r'<article [^>]*data-message [^>]*data-id="([^"]+)"', page)
        branch = [name for name in articles if name not in truth.beside]
        assert branch == [message["id"] for message in truth.messages]
        assert len(articles) == len(branch) + len(truth.beside)

    @invariant()
    def the_tree_holds(self) -> None:
        tree = self.tree()
        there = {name for name, (_, _, is_there, _) in tree.items() if is_there}
        for name, (parent, _, is_there, created_at) in tree.items():
            assert parent is None or (parent in tree and tree[parent][3] <= created_at), "a parent is older"
            assert not is_there or parent is None or parent in there, "what is there has all of its branch"
            above, steps = parent, 0
            while above is not None:
                above, steps = tree[above][0], steps + 1
                assert steps <= len(tree), f"{name} is above itself"
        [(leaf,)] = self.site.query("SELECT leaf_id FROM conversations_conversation WHERE id = ?", self.key(self.id))
        assert (leaf is None and not there) or str(uuid.UUID(str(leaf))) in there

    def _paid(self, truth: State) -> int:
        """What the conversation has cost: never less than before, and what the ledger says."""
        [(cost,)] = self.site.query(COST, self.key(self.id))
        assert int(cost) >= self.cost and (truth.conversation["cost"] or 0) == int(cost)
        runs = self.site.query("SELECT id FROM conversations_run WHERE conversation_id = ?", self.key(self.id))
        if runs:
            ids = [str(uuid.UUID(str(run))) for (run,) in runs]
            [(paid,)] = self.site.query(PAID.format(", ".join("?" * len(ids))), *ids)
            assert int(paid) == int(cost)
        return int(cost)

    # ---- how ----

    def said(self) -> Json:
        self.count += 1
        return {"text": f"said {self.count}"}

    def model(self, slow: bool) -> Json:
        return {"model_id": SLOW if slow else FAST}

    def on(self, tab: int, some: int, verb: str, *, deleted: bool = False, **fields: Any) -> httpx.Response:
        return self.command(tab, f"/messages/{self.some(some, deleted=deleted)}/{verb}/", **fields)

    def command(self, tab: int, path: str, **fields: Any) -> httpx.Response:
        response = self.http.post(path, json={"client_id": str(uuid.uuid4()), **fields})
        assert response.is_success or response.status_code in REFUSALS, response.text
        return response

    def some(self, number: int, *, deleted: bool = False) -> str:
        """One of the messages, in the order of the tree; one that is not there when there is none."""
        found = [
            name for name, (_, _, is_there, _) in self.tree().items() if is_there is not deleted or number % 10 == 0
        ]
        return found[number % len(found)] if found else str(uuid.UUID(int=number))

    def tree(self) -> dict[str, tuple[str | None, str, bool, Any]]:
        """Message -> (parent, role, is there, when it was made), each after the one above it."""
        rows = self.site.query(f"{TREE} ORDER BY created_at, id", self.key(self.id))
        found = {
            str(uuid.UUID(str(name))): (str(uuid.UUID(str(parent))) if parent else None, role, bool(is_there), at)
            for name, parent, role, is_there, at in rows
        }

        def below(parent: str | None) -> Iterator[str]:
            for name, (above, *_) in found.items():
                if above == parent:
                    yield name
                    yield from below(name)

        ordered = list(below(None))
        assert len(ordered) == len(found), "a message hangs below nothing"
        return {name: found[name] for name in ordered}

    def truth(self) -> tuple[State, dict[str, Json]]:
        """What the site shows who comes now, and all runs that are live."""
        fresh = Tab(self.alice, self.id)
        fresh.state.apply(frame := json.loads(fresh.socket.recv(timeout=PATIENCE)))
        fresh.close()
        return fresh.state, {run["id"]: run for run in frame["runs"]}

    def key(self, name: str) -> str:
        """An id as the database has it."""
        return name if self.site.database_url else uuid.UUID(name).hex


@pytest.mark.timeout(3_600)
def test_two_tabs_show_what_the_site_shows_and_the_tree_holds(site: Site) -> None:
    prices(site, (FAST, SLOW))
    TwoTabs.site = site
    examples, steps = (MOST // 20, 40) if MOST > 100 else (3, 16)
    bounds = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        phases=[Phase.generate],  # to look for a shorter way to the same fault would take many minutes
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(TwoTabs, settings=bounds)
    assert "The ledger is true." in site.manage("verify_ledger")
