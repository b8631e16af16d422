"""Watching: a snapshot first, then numbered events; every tab sees the same."""

import asyncio
import uuid

from tests.site import Person, Site
from tests.site.person import SAME, text_of


async def test_the_first_frame_is_a_snapshot(alice: Person) -> None:
    made = await alice.begin("Count")
    await alice.answer(made["id"])
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        frame = await socket.receive()
    assert frame["type"] == "conversation.snapshot"
    assert set(frame) == {"type", "conversation", "messages", "runs", "has_older", "beside"}
    leaf = made["messages"][1]["id"]
    facts = {
        "title": "Count",
        "leaf": leaf,
        "beside": False,
        "pinned": False,
        "archived": False,
        "cost": None,
        "parameters": {"count": 0, "tokens": 0, "answers": 1},
    }
    assert frame["conversation"] == {"id": made["id"], **facts}
    assert frame["runs"] == [] and frame["has_older"] is False


async def test_joining_in_mid_answer_shows_the_text_so_far_and_the_rest_live(alice: Person) -> None:
    made = await alice.begin("Count", model_id="any-t100-r100")
    async with alice.watch(f"/ws/c/{made['id']}/") as early:
        await early.until_text(120)
        async with alice.watch(f"/ws/c/{made['id']}/") as late:
            first = await late.receive()
            assert len(text_of(first["messages"][-1])) >= 120
            assert first["runs"][0]["seq"] > 0
            await late.until_quiet()
            await early.until_quiet()
    assert late.text == early.text == "".join(f"w{n:04d} " for n in range(1, 101))
    assert early.faults == late.faults == []


async def test_many_tabs_that_come_at_any_moment_end_with_the_same_text(alice: Person) -> None:
    made = await alice.begin("Count", model_id="any-t120-r200-d100")

    async def tab(delay: float) -> tuple[str, list[str]]:
        await asyncio.sleep(delay)
        async with alice.watch(f"/ws/c/{made['id']}/") as socket:
            await socket.until_quiet()
            return socket.text, socket.faults

    seen = await asyncio.gather(*(tab(number * 0.05) for number in range(16)))
    assert {text for text, _ in seen} == {"".join(f"w{n:04d} " for n in range(1, 121))}
    assert [faults for _, faults in seen if faults] == []


async def test_another_tab_learns_of_a_message_sent_here(alice: Person) -> None:
    made = await alice.begin("One")
    await alice.answer(made["id"])
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.receive()
        sent = await alice.send(made["id"], "Two")
        created = [await socket.until("message.created") for _ in range(2)]
        started = await socket.until("run.started")
        await socket.until("run.finished")
    assert [frame["message"]["id"] for frame in created] == [message["id"] for message in sent["messages"]]
    assert started["run"]["id"] == sent["run"]["id"]
    assert socket.faults == []


async def test_a_resync_is_answered_with_a_snapshot(alice: Person) -> None:
    made = await alice.begin("Count")
    await alice.answer(made["id"])
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.receive()
        await socket.say(type="resync")
        assert (await socket.receive())["type"] == "conversation.snapshot"


async def test_seen_with_the_right_numbers_is_answered_with_pong(alice: Person) -> None:
    made = await alice.begin("Slow", model_id="any-h10-r0")
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.until_text(60)
        run = socket.runs[made["run"]["id"]]
        await socket.say(type="seen", run=run["id"], seq=run["seq"], reasoning_seq=0)
        await socket.until("pong")
        await alice.post(f"/runs/{run['id']}/stop/")


async def test_seen_that_stays_behind_is_answered_with_a_snapshot(alice: Person) -> None:
    made = await alice.begin("Slow", model_id="any-h10-r0")
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.until_text(60)
        await socket.say(type="seen", run=made["run"]["id"], seq=0, reasoning_seq=0)
        frame = await socket.until("conversation.snapshot")
        assert text_of(frame["messages"][-1]) == socket.text
        await alice.post(f"/runs/{made['run']['id']}/stop/")


async def test_seen_that_claims_too_much_is_answered_with_a_snapshot(alice: Person) -> None:
    made = await alice.begin("Slow", model_id="any-h10-r0")
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.until_text(60)
        await socket.say(type="seen", run=made["run"]["id"], seq=999, reasoning_seq=0)
        await socket.until("conversation.snapshot")
        await socket.say(type="seen", run=str(uuid.uuid4()), seq=3, reasoning_seq=0)
        await socket.until("conversation.snapshot")
        await alice.post(f"/runs/{made['run']['id']}/stop/")


async def test_odd_frames_are_answered_with_an_error_and_the_socket_lives(alice: Person) -> None:
    made = await alice.begin("Count")
    await alice.answer(made["id"])
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.receive()
        for frame in ("{", "[]", '"x"', '{"no": "type"}', '{"type": "dance"}', '{"type": 5}', "[" * 50_000):
            await socket.connection.send(frame)
            assert (await socket.receive())["type"] == "error", frame[:20]
        await socket.connection.send(b"\x00\x01")
        assert (await socket.receive())["type"] == "error"
        for odd in ({"run": []}, {"run": {}, "seq": "x"}, {"seq": None}, {"run": "nonsense", "seq": -1}):
            await socket.say(type="seen", **odd)
            assert (await socket.receive())["type"] in ("pong", "conversation.snapshot")


async def test_a_frame_that_is_too_large_closes_the_socket(alice: Person) -> None:
    made = await alice.begin("Count")
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.connection.send("x" * 70_000)
        assert await socket.close_code() in (1006, 1009)


async def test_older_messages_come_fifty_at_a_time(alice: Person, site: Site) -> None:
    made = await alice.begin("0", model_id="any-t1-r0")
    await alice.answer(made["id"])
    await alice.talk(made["id"], *map(str, range(1, 31)), model_id="any-t1-r0")
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        snapshot = await socket.receive()
    assert len(snapshot["messages"]) == 50 and snapshot["has_older"] is True
    first = snapshot["messages"][0]
    older = (await alice.get(f"/c/{made['id']}/messages/?before={first['id']}")).json()
    assert len(older["messages"]) == 12 and older["has_older"] is False
    assert older["messages"][-1]["id"] == first["parent"]
    assert text_of(older["messages"][0]) == "0"
    wrong = await alice.get(f"/c/{made['id']}/messages/?before=nonsense")
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (400, "unknown_parent")
    missing = await alice.get(f"/c/{made['id']}/messages/?before={uuid.uuid4()}")
    assert missing.status_code == 404


async def test_who_may_not_watch_is_told_why_before_the_socket_closes(
    alice: Person, charlie: Person, site: Site
) -> None:
    made = await alice.begin("Secret")
    path = f"/ws/c/{made['id']}/"
    cases = [
        (site.stranger(), path, SAME, "not_signed_in", 4401),
        (charlie, path, SAME, "not_found", 4404),
        (alice, f"/ws/c/{uuid.uuid4()}/", SAME, "not_found", 4404),
        (alice, "/ws/nowhere/", SAME, "not_found", 4404),
        (alice, path, "http://evil.example", "wrong_origin", 4403),
        (alice, path, "null", "wrong_origin", 4403),
        (alice, "/ws/me/", "http://evil.example", "wrong_origin", 4403),
    ]
    for person, address, origin, error, code in cases:
        async with person.watch(address, origin=origin) as socket:
            frame = await socket.receive()
            assert (frame["type"], frame["error"]["code"]) == ("error", error), address
            assert frame["error"]["message"]
            assert await socket.close_code() == code
    await alice.answer(made["id"])


async def test_a_program_that_names_no_origin_may_watch(alice: Person) -> None:
    made = await alice.begin("Count")
    await alice.answer(made["id"])
    async with alice.watch(f"/ws/c/{made['id']}/", origin=None) as socket:
        assert (await socket.receive())["type"] == "conversation.snapshot"
