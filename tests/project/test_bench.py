"""The benchmark measures what it says: its light websocket reads what others write, and it sees what goes wrong."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.asyncio.server import ServerConnection, serve
from websockets.frames import Frame, Opcode

from tests.bench import wire
from tests.bench.watching import of_socket, of_stream
from tests.project.tree import ROOT

SNAPSHOT = {"type": "conversation.snapshot", "messages": [], "runs": [], "has_older": False, "beside": []}
IN_NANOSECONDS = 10**9


class Deaf:
    """A transport for a socket that has no network."""

    def __init__(self) -> None:
        self.written = b""

    def write(self, data: bytes) -> None:
        self.written += data

    def close(self) -> None:
        pass


def frames_of(messages: list[bytes]) -> bytes:
    """Whole text messages, each in two fragments, with a ping between them."""
    found = b""
    for message in messages:
        half = len(message) // 2
        found += Frame(Opcode.TEXT, message[:half], fin=False).serialize(mask=False)
        found += Frame(Opcode.PING, b"still there?").serialize(mask=False)
        found += Frame(Opcode.CONT, message[half:]).serialize(mask=False)
        found += Frame(Opcode.TEXT, message).serialize(mask=False)
    return found


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(messages=st.lists(st.binary(max_size=200) | st.just(b"x" * 70_000), max_size=4), data=st.data())
def test_the_socket_reads_every_cut_of_every_frame(messages: list[bytes], data: st.DataObject) -> None:
    wires = frames_of(messages)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(wires)), max_size=6)))
    heard: list[bytes] = []

    async def read() -> None:
        socket = wire.Socket(lambda at, payload: heard.append(payload), b"")
        socket.opened.set_result(None)
        socket.transport = Deaf()  # type: ignore[assignment]
        for start, end in zip([0, *cuts], [*cuts, len(wires)], strict=True):
            socket.came(0, wires[start:end])

    asyncio.run(read())

    assert heard == [message for message in messages for _ in range(2)]


async def test_the_socket_talks_to_another_implementation() -> None:
    async def echo(connection: ServerConnection) -> None:
        await connection.ping()
        async for message in connection:
            await connection.send(message)

    came: asyncio.Queue[bytes] = asyncio.Queue()
    async with serve(echo, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        socket = await wire.watch(f"http://127.0.0.1:{port}", "/", {}, lambda at, payload: came.put_nowait(payload))
        for value in ({"text": "short"}, {"text": "l" * 300}):
            socket.say(value)
            assert json.loads(await came.get()) == value
        socket.transport.abort()


def words(*numbers: int) -> str:
    return "".join(f"w{number:04d}@{number * IN_NANOSECONDS} " for number in numbers)


def delta(seq: int, *numbers: int) -> dict:
    return {"type": "message.delta", "run": "r", "message": "m", "seq": seq, "text": words(*numbers)}


def finished(*numbers: int) -> dict:
    return {"type": "run.finished", "run": "r", "length": len(words(*numbers))}


@pytest.mark.parametrize(
    ("events", "lost", "doubled", "complete"),
    [
        ([delta(1, 1, 2), delta(2, 3), finished(1, 2, 3)], 0, 0, True),
        ([delta(1, 1, 2), delta(2, 3)], 0, 0, False),
        ([delta(1, 1, 2), delta(3, 3), finished(1, 2, 3)], 0, 0, False),
        ([delta(1, 1, 2), finished(1, 2)], 1, 0, False),
        ([delta(1, 1, 2), delta(2, 2, 3), finished(1, 2, 2, 3)], 0, 1, False),
        ([delta(1, 2, 1), delta(2, 3), finished(2, 1, 3)], 0, 0, False),
        ([delta(1, 1, 2, 3), finished(1, 2)], 0, 0, False),
        ([delta(1, 1, 2, 3), {"type": "run.failed", "error": {}}], 0, 0, False),
    ],
)
def test_what_was_lost_doubled_or_cut_off_is_seen(events: list[dict], lost: int, doubled: int, complete: bool) -> None:
    frames = [(10 * IN_NANOSECONDS, json.dumps(event).encode()) for event in [SNAPSHOT, *events]]

    found = of_socket(0.0, frames).as_json(3)

    assert (found["lost"], found["doubled"], found["complete"]) == (lost, doubled, complete)


def test_the_delay_of_a_word_is_its_arrival_minus_its_stamp() -> None:
    cut = words(1, 2)
    reads = [(3 * IN_NANOSECONDS, cut[:25].encode()), (4 * IN_NANOSECONDS, (cut[25:] + "\n").encode())]

    found = of_stream(0.0, reads, whole=True).as_json(2)

    assert found["delays"] == [3.0, 2.0]
    assert found["complete"]


def test_a_small_run_of_it_is_complete(tmp_path: Path) -> None:
    file = tmp_path / "bench.json"
    command = [sys.executable, "-m", "tests.bench", "once-2", f"--json={file}"]
    env = {**os.environ, "STATIC_ROOT": str(tmp_path)}

    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=100)

    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(file.read_text())["rows"]["once-2"]
    assert (found["completed"], found["stored"], found["lost"], found["doubled"]) == (2, 2, 0, 0)
    assert found["straight"]["completed"] == 2
