"""While the upstream is asked again: watchers are told when, and told once it answers."""

from tests.site import Person
from tests.upstream import Upstream, json_answer

BUSY = {"error": {"message": "Busy.", "type": "server_error", "param": None, "code": None}}


async def test_a_retry_is_told_with_its_time_and_is_over_with_the_first_byte(alice: Person, upstream: Upstream) -> None:
    upstream.script(json_answer(BUSY, 503, retry_after="1"))
    made = await alice.begin("Count", model_id="any-t40-r40")
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        while "message.delta" not in {frame["type"] for frame in socket.frames}:
            await socket.receive()
        async with alice.watch(f"/ws/c/{made['id']}/") as late:
            [shown] = (await late.receive())["runs"]
        await socket.until_quiet()
    assert (shown["attempt"], shown["retry_at"]) == (2, None)
    told = [run for frame in socket.frames for run in told_runs(frame)]
    waiting = [run for run in told if run["retry_at"]]
    assert waiting and {run["attempt"] for run in waiting} == {2}
    after = told[max(place for place, run in enumerate(told) if run["retry_at"]) + 1]
    assert (after["attempt"], after["retry_at"]) == (2, None)
    assert socket.faults == []
    run_id = made["run"]["id"] if alice.site.database_url else made["run"]["id"].replace("-", "")
    statement = "SELECT status, attempt, retry_at FROM conversations_run WHERE id = ?"
    assert alice.site.query(statement, run_id) == [("completed", 2, None)]


def told_runs(frame: dict) -> list[dict]:
    """The runs that a frame shows whole."""
    return (
        frame["runs"] if frame["type"] == "conversation.snapshot" else [frame["run"]] * (frame["type"] == "run.updated")
    )


async def test_the_first_byte_is_told_without_a_retry_too(alice: Person) -> None:
    made = await alice.begin("Count", model_id="any-t5-r100-d1500")
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.until_quiet()
    types = [frame["type"] for frame in socket.frames]
    assert types[types.index("message.delta") - 1] == "run.updated"


async def test_a_retry_that_waits_is_in_the_snapshot(alice: Person, upstream: Upstream) -> None:
    for _ in range(4):
        upstream.script(json_answer(BUSY, 503, retry_after="20"))
    made = await alice.begin("Count")
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.receive()
        while not socket.runs[made["run"]["id"]]["retry_at"]:
            await socket.receive()
        await socket.say(type="resync")
        [shown] = (await socket.until("conversation.snapshot"))["runs"]
        assert shown["attempt"] == 2 and shown["retry_at"]
        await alice.post(f"/runs/{made['run']['id']}/stop/")
        assert (await socket.until("run.finished"))["status"] == "cancelled"
    upstream.clear()
