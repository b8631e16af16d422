"""POST /messages/<uuid>/show/: the shown branch is the one through that message, for every tab and after a reload."""

import uuid

from tests.site import Person
from tests.site.person import Json


async def answered(alice: Person, text: str, **fields: str) -> Json:
    made = await alice.begin(text, **fields)
    await alice.answer(made["id"])
    return made


async def again(alice: Person, message: str) -> str:
    """Another answer; its id."""
    response = await alice.post(f"/messages/{message}/regenerate/", client_id=str(uuid.uuid4()))
    assert response.status_code == 201, response.text
    found: str = response.json()["messages"][-1]["id"]
    return found


async def shown(alice: Person, conversation: str) -> list[str]:
    async with alice.watch(f"/ws/c/{conversation}/") as socket:
        await socket.receive()
        return [message["id"] for message in socket.messages]


async def test_an_earlier_answer_is_shown_again_with_what_followed_it(alice: Person) -> None:
    made = await answered(alice, "Which?")
    question, first = (message["id"] for message in made["messages"])
    followed = await alice.send(made["id"], "And then?")
    await alice.answer(made["id"])
    second = await again(alice, first)
    await alice.answer(made["id"])
    assert await shown(alice, made["id"]) == [question, second]
    response = await alice.post(f"/messages/{first}/show/")
    assert response.status_code == 200
    rest = [message["id"] for message in followed["messages"]]
    assert response.json()["conversation"]["leaf"] == rest[-1]
    assert await shown(alice, made["id"]) == [question, first, *rest]


async def test_the_newest_of_several_ends_is_shown(alice: Person) -> None:
    made = await answered(alice, "Which?")
    question, first = (message["id"] for message in made["messages"])
    second = await again(alice, first)
    await alice.answer(made["id"])
    await alice.post(f"/messages/{first}/show/")
    response = await alice.post(f"/messages/{question}/show/")
    assert response.json()["conversation"]["leaf"] == second


async def test_every_tab_hears_of_it_once(alice: Person) -> None:
    made = await answered(alice, "Which?")
    first = made["messages"][1]["id"]
    second = await again(alice, first)
    await alice.answer(made["id"])
    async with alice.watch(f"/ws/c/{made['id']}/") as socket, alice.watch("/ws/me/") as me:
        await socket.receive()
        await me.receive()
        await alice.post(f"/messages/{first}/show/")
        for tab in (socket, me):
            assert (await tab.until("conversation.updated"))["conversation"]["leaf"] == first
        assert (await alice.post(f"/messages/{first}/show/")).status_code == 200
        await alice.post(f"/messages/{second}/show/")
        assert (await socket.until("conversation.updated"))["conversation"]["leaf"] == second


async def test_a_question_that_follows_goes_on_from_the_branch_that_is_shown(alice: Person) -> None:
    made = await answered(alice, "Which?")
    first = made["messages"][1]["id"]
    await again(alice, first)
    await alice.answer(made["id"])
    await alice.post(f"/messages/{first}/show/")
    sent = await alice.send(made["id"], "Go on")
    assert sent["messages"][0]["parent"] == first
    await alice.answer(made["id"])


async def test_another_branch_can_be_shown_while_one_is_being_written(alice: Person) -> None:
    made = await answered(alice, "Which?")
    question, first = (message["id"] for message in made["messages"])
    response = await alice.post(f"/messages/{first}/regenerate/", client_id=str(uuid.uuid4()), model_id="any-t1000-r50")
    run = response.json()["run"]["id"]
    assert (await alice.post(f"/messages/{first}/show/")).status_code == 200
    assert await shown(alice, made["id"]) == [question, first]
    assert (await alice.post(f"/runs/{run}/stop/")).status_code == 202
    await alice.answer(made["id"])


async def test_a_form_comes_back_to_the_message(alice: Person) -> None:
    made = await answered(alice, "Which?")
    first = made["messages"][1]["id"]
    async with alice.http(Accept="text/html") as http:
        response = await http.post(f"/messages/{first}/show/", data={"client_id": str(uuid.uuid4())})
    assert (response.status_code, response.headers["location"]) == (303, f"{made['url']}#m-{first}")


async def test_somebody_elses_message_is_not_there(alice: Person, charlie: Person) -> None:
    made = await answered(alice, "Mine")
    first = made["messages"][1]["id"]
    second = await again(alice, first)
    await alice.answer(made["id"])
    response = await charlie.post(f"/messages/{first}/show/")
    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")
    assert (await charlie.post(f"/messages/{uuid.uuid4()}/show/")).status_code == 404
    assert (await shown(alice, made["id"]))[-1] == second


async def test_a_message_of_a_deleted_conversation_is_not_there(alice: Person) -> None:
    made = await answered(alice, "Gone")
    await alice.post(f"/c/{made['id']}/delete/")
    assert (await alice.post(f"/messages/{made['messages'][1]['id']}/show/")).status_code == 404


async def test_who_is_not_signed_in_shows_nothing(alice: Person) -> None:
    made = await answered(alice, "Mine")
    stranger = alice.site.stranger()
    assert (await stranger.post(f"/messages/{made['messages'][1]['id']}/show/")).status_code == 401


async def test_it_can_only_be_posted(alice: Person) -> None:
    made = await answered(alice, "Mine")
    assert (await alice.get(f"/messages/{made['messages'][1]['id']}/show/")).status_code == 405
