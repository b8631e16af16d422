"""Sockets that say more than can be heard: they wait, nobody else does, and they leave nothing behind."""

import asyncio
import json
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from live import hub, sockets, tasks
from live.events import Event, MeSnapshot
from live.outbox import Outbox
from live.sockets import Socket
from tests.live.test_sockets import _peak_memory
from tests.site import Person, Site


async def test_inward_frames_are_read_no_faster_than_they_are_heard(alice: Person, site: Site) -> None:
    made = await alice.begin("Flood", model_id="any-t1-r0")
    await alice.answer(made["id"])
    assert site.process is not None
    before = _peak_memory(site.process.pid)
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.receive()
        reading = asyncio.create_task(read_on(socket.connection))
        for _ in range(600):  # 36 MB
            await socket.connection.send("x" * 60_000)
            if reading.done():
                break
        reading.cancel()
    assert _peak_memory(site.process.pid) < before + 20, "MiB"


async def test_a_flood_delays_nobody(alice: Person) -> None:
    made = await alice.begin("Count", model_id="any-t40-r50")
    async with alice.watch(f"/ws/c/{made['id']}/") as calm, alice.watch(f"/ws/c/{made['id']}/") as loud:
        reading = asyncio.create_task(read_on(loud.connection))
        flooding = asyncio.create_task(flood(loud.connection))
        await calm.until_quiet()
        flooding.cancel()
        reading.cancel()
    assert calm.faults == []
    assert calm.text == "".join(f"w{n:04d} " for n in range(1, 41))


async def read_on(connection: Any) -> None:
    async for _ in connection:
        pass


async def flood(connection: Any) -> None:
    frame = json.dumps({"type": "seen", "run": "0" * 32, "seq": 0, "reasoning_seq": 0})
    while True:
        for _ in range(50):
            await connection.send(frame)
        await asyncio.sleep(0.01)  # the calm tab lives in this process, too


class Deaf(Socket):
    """Hears its first frame for ever."""

    def make_outbox(self) -> Outbox:
        return Outbox(max_events=5)

    async def topics(self) -> list[str]:
        return ["deaf"]

    async def snapshot(self) -> Event:
        return MeSnapshot({})

    async def hear(self, frame: dict[str, Any]) -> None:
        await asyncio.Event().wait()


async def test_a_socket_that_is_killed_while_it_hears_leaves_its_topics(monkeypatch: pytest.MonkeyPatch) -> None:
    """Daphne cancels an application ten seconds after its socket closed; no disconnect comes then."""

    async def somebody(session: Any) -> Any:
        return get_user_model()(pk=1)

    monkeypatch.setattr(sockets, "person_of", somebody)  # there is no database here
    tasks.use_loop(asyncio.get_running_loop())
    inward: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    outward: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    scope = {"type": "websocket", "headers": []}
    try:
        running = asyncio.create_task(Deaf.as_asgi()(scope, inward.get, outward.put))  # type: ignore[arg-type]
        inward.put_nowait({"type": "websocket.connect"})
        assert (await outward.get())["type"] == "websocket.accept"
        assert "me.snapshot" in (await outward.get())["text"]
        assert hub.watched("deaf")
        inward.put_nowait({"type": "websocket.receive", "text": '{"type": "seen"}'})
        inward.put_nowait({"type": "websocket.disconnect", "code": 1006})
        await asyncio.sleep(0.05)
        running.cancel()
        await asyncio.wait([running])
        assert not hub.watched("deaf")
    finally:
        await tasks.end_all()
        tasks.use_loop(None)
