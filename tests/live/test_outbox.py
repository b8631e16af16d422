"""What waits for one socket: bounded, in order, and replaced by a snapshot when it does not fit."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from live.events import Frame
from live.outbox import Outbox


def frame(number: int, size: int = 1) -> Frame:
    return Frame({"type": "x", "number": number, "fill": "." * size})


def drained(outbox: Outbox) -> list[int]:
    found = []
    while (taken := outbox.take()) is not None:
        found.append(taken.data["number"])
    return found


def test_a_fresh_outbox_asks_for_a_snapshot_and_drops_what_comes_before_it() -> None:
    outbox = Outbox(max_events=5)
    outbox.push(frame(1))
    assert outbox.begin_snapshot() is True
    outbox.push(frame(2))
    assert drained(outbox) == [2]
    assert outbox.begin_snapshot() is False


def test_too_many_events_are_replaced_by_a_snapshot() -> None:
    outbox = Outbox(max_events=3)
    outbox.begin_snapshot()
    for number in range(4):
        outbox.push(frame(number))
    assert drained(outbox) == []
    assert outbox.begin_snapshot() is True


async def test_beyond_the_bytes_nothing_is_queued_until_it_is_acknowledged() -> None:
    outbox = Outbox(max_bytes=390)
    outbox.begin_snapshot()
    for number in range(1, 4):
        outbox.push(frame(number, 100))
    outbox.push(frame(4, 1))
    assert drained(outbox) == [1, 2]
    assert outbox.acknowledge() is True
    assert outbox.begin_snapshot() is True
    outbox.push(frame(4, 100))
    assert drained(outbox) == [4]


async def test_a_frame_over_the_bound_comes_all_the_same_to_who_has_seen_the_rest() -> None:
    outbox = Outbox(max_bytes=200)
    outbox.begin_snapshot()
    outbox.push(frame(1))
    outbox.acknowledge()
    outbox.push(frame(2, 1000))
    assert drained(outbox) == [1, 2]
    assert outbox.acknowledge() is False


async def test_a_reader_that_never_acknowledges_is_given_up(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("live.outbox.FULL_SECONDS", 0.01)
    late = asyncio.Event()
    outbox = Outbox(max_bytes=10, overdue=late.set)
    outbox.begin_snapshot()
    for number in range(3):
        outbox.push(frame(number, 100))
    async with asyncio.timeout(10):
        await late.wait()


async def test_ready_returns_once_there_is_work() -> None:
    outbox = Outbox(max_events=5)
    outbox.begin_snapshot()
    assert drained(outbox) == []
    waiting = asyncio.ensure_future(outbox.ready())
    await asyncio.sleep(0)
    assert not waiting.done()
    outbox.push(frame(1))
    await waiting


@given(st.lists(st.one_of(st.integers(1, 400), st.sampled_from(["seen", "take", "snapshot", "resync"])), max_size=60))
def test_frames_never_overtake_and_the_bound_holds(steps: list[object]) -> None:
    """Whatever happens: what goes out is in order, without a hole since the last snapshot, and within the bound."""

    async def play() -> None:
        bound, number, unseen = 500, 0, 0
        expected: list[int] = []
        outbox = Outbox(max_bytes=bound)
        outbox.begin_snapshot()
        for step in steps:
            if isinstance(step, int):
                number += 1
                outbox.push(frame(number, step))
                expected.append(number)
            elif step == "seen":
                outbox.acknowledge()
                unseen = 0
            elif step == "resync":
                outbox.ask_for_snapshot()
            elif step == "snapshot" and outbox.begin_snapshot():
                expected.clear()
                unseen = 0
            elif step == "take":
                while (taken := outbox.take()) is not None:
                    unseen += min(taken.size, bound // 2)  # one that never fits would never come
                    assert taken.data["number"] == expected.pop(0)
            assert unseen <= bound + 1

    asyncio.run(play())
