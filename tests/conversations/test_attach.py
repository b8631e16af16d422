"""Files in a question: seen, read or heard by the model, shown with the message, and nobody else's."""

import base64
import io
import json
import re
import uuid
from typing import Any

import pytest
from PIL import Image

from tests.files import making
from tests.site import Person
from tests.site.person import CSRF
from tests.upstream import Upstream

Json = dict[str, Any]


def picture(colour: str = "teal", size: tuple[int, int] = (64, 48), form: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, form)
    return out.getvalue()


async def attach(person: Person, *files: tuple[str, bytes], to: str = "/c/", text: str = "Look", **fields: str) -> Any:
    """Send a question with files as a page without scripts does, and be answered as a program is."""
    uploads = [("upload", (name, data)) for name, data in files]
    form = {"client_id": str(uuid.uuid4()), "text": text, "csrfmiddlewaretoken": CSRF, **fields}
    async with person.http() as http:
        return await http.post(to, data=form, files=uploads)


async def sent(person: Person, upstream: Upstream, made: Json) -> list[Json]:
    """The parts of the last question that the upstream got; texts alone come as one."""
    await person.answer(made.get("id") or made["run"]["conversation"])
    asked = [request.json for request in upstream.requests if "chat" in request.path][-1]
    found: list[Json] | str = asked["messages"][-1]["content"]
    if isinstance(found, str):
        return [{"type": "text", "text": text} for text in re.split(r"(?<=>|\])\n\n", found)]
    return found


async def parts_of(person: Person, conversation: str) -> list[Json]:
    async with person.watch(f"/ws/c/{conversation}/") as socket:
        await socket.until("conversation.snapshot")
        found: list[Json] = socket.messages[0]["parts"]
    return found


def record_size(person: Person, run: str) -> int:
    """How large a run's record is."""
    key = run if person.site.database_url else uuid.UUID(run).hex
    found = person.site.query("SELECT length(record) FROM conversations_run WHERE id = ?", key)
    return int(found[0][0])


def pixels(url: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(url.partition("base64,")[2])))


async def test_a_picture_is_sent_to_be_seen_and_the_question_follows(alice: Person, upstream: Upstream) -> None:
    made = (await attach(alice, ("teal.png", picture()), text="Which colour?")).json()
    seen, said = await sent(alice, upstream, made)
    assert said == {"type": "text", "text": "Which colour?"}
    assert seen["type"] == "image_url" and set(seen["image_url"]) == {"url"}
    assert pixels(seen["image_url"]["url"]).size == (64, 48)
    shown = made["messages"][0]["parts"]
    assert [part["type"] for part in shown] == ["image", "text"]
    assert shown[0] | {"file": "", "tokens": 0} == {
        "type": "image",
        "file": "",
        "name": "teal.png",
        "mime": "image/png",
        "size": len(picture()),
        "width": 64,
        "height": 48,
        "detail": "",
        "tokens": 0,
    }


async def test_a_large_picture_is_sent_as_large_as_models_look_at_it(alice: Person, upstream: Upstream) -> None:
    photo = picture("red", (3000, 1500), "JPEG")
    made = (await attach(alice, ("photo.jpg", photo))).json()
    [seen, _] = await sent(alice, upstream, made)
    assert pixels(seen["image_url"]["url"]).size == (2048, 1024)
    file = made["messages"][0]["parts"][0]["file"]
    low = await alice.begin("Again", files=[{"id": file, "detail": "low"}])
    [seen, _] = await sent(alice, upstream, low)
    assert seen["image_url"]["detail"] == "low" and pixels(seen["image_url"]["url"]).size == (512, 256)


async def test_several_files_are_sent_in_their_order(alice: Person, upstream: Upstream) -> None:
    first = (await attach(alice, ("a.txt", b"Alpha"), ("b.png", picture()), ("c.csv", b"x,y\n1,2\n"))).json()
    ids = [part["file"] for part in first["messages"][0]["parts"] if "file" in part]
    await alice.answer(first["id"])
    made = await alice.begin("Turned round", files=list(reversed(ids)))
    table, seen, text, _ = await sent(alice, upstream, made)
    assert table["text"] == '<file name="c.csv">\nx,y\n1,2\n</file>'
    assert seen["type"] == "image_url"
    assert text["text"] == '<file name="a.txt">\nAlpha\n</file>'


async def test_a_pdf_is_read_with_its_page_numbers_and_pages_can_be_chosen(alice: Person, upstream: Upstream) -> None:
    data = making.pdf(["One is first", "Two is second", "Three is third"])
    made = (await attach(alice, ("report.pdf", data))).json()
    [whole, _] = await sent(alice, upstream, made)
    marked = "[Page 1]\nOne is first\n\n[Page 2]\nTwo is second\n\n[Page 3]\nThree is third"
    assert whole["text"] == f'<file name="report.pdf">\n{marked}\n</file>'
    file = made["messages"][0]["parts"][0]
    assert (file["as"], file["pages"], file["of"]) == ("text", None, 3)
    some = await alice.begin("Some", files=[{"id": file["file"], "pages": "3, 1"}])
    [chosen, _] = await sent(alice, upstream, some)
    expected = '<file name="report.pdf" pages="1,3 of 3">\n[Page 1]\nOne is first\n\n[Page 3]\nThree is third\n</file>'
    assert chosen["text"] == expected
    wrong = await alice.post("/c/", client_id=str(uuid.uuid4()), text="x", files=[{"id": file["file"], "pages": "9"}])
    assert wrong.status_code == 400 and "has 3 pages" in wrong.json()["error"]["message"]


async def test_a_pdf_can_be_sent_as_it_is(alice: Person, upstream: Upstream) -> None:
    data = making.pdf(["as it is"])
    made = (await attach(alice, ("whole.pdf", data))).json()
    file = made["messages"][0]["parts"][0]["file"]
    whole = await alice.begin("Look at it", files=[{"id": file, "as": "file"}])
    [part, _] = await sent(alice, upstream, whole)
    assert part["type"] == "file" and part["file"]["filename"] == "whole.pdf"
    assert base64.b64decode(part["file"]["file_data"].partition("base64,")[2]) == data


async def test_a_recording_is_sent_to_be_heard(alice: Person, upstream: Upstream) -> None:
    wav = b"RIFF\x2c\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00@\x1f\x00\x00@\x1f\x00\x00\x01\x00\x08\x00"
    wav += b"data\x08\x00\x00\x00" + b"\x80" * 8
    made = (await attach(alice, ("hello.wav", wav))).json()
    [heard, _] = await sent(alice, upstream, made)
    assert heard["type"] == "input_audio" and heard["input_audio"]["format"] == "wav"
    assert base64.b64decode(heard["input_audio"]["data"]) == wav


async def test_a_question_may_be_files_alone(alice: Person, upstream: Upstream) -> None:
    made = (await attach(alice, ("alone.png", picture()), text="")).json()
    [seen] = await sent(alice, upstream, made)
    assert seen["type"] == "image_url"
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        snapshot = await socket.until("conversation.snapshot")
    assert snapshot["conversation"]["title"] == "alone.png"
    nothing = await alice.post("/c/", client_id=str(uuid.uuid4()), text="", files=[])
    assert (nothing.status_code, "run" in nothing.json()) == (201, False)


async def test_later_questions_bring_the_files_along(alice: Person, upstream: Upstream) -> None:
    made = (await attach(alice, ("kept.txt", b"Remember me"))).json()
    await alice.answer(made["id"])
    await alice.send(made["id"], "And now?")
    await alice.answer(made["id"])
    asked = [request.json for request in upstream.requests if "chat" in request.path][-1]
    assert [type(message["content"]) for message in asked["messages"]] == [str, str, str]
    assert "Remember me" in asked["messages"][0]["content"]


async def test_an_edited_question_keeps_its_files_unless_others_are_named(alice: Person, upstream: Upstream) -> None:
    made = (await attach(alice, ("old.txt", b"old words"), ("other.txt", b"other words"))).json()
    question = made["messages"][0]
    await alice.answer(made["id"])
    kept = (await alice.post(f"/messages/{question['id']}/edit/", client_id=str(uuid.uuid4()), text="New")).json()
    first, second, said = await sent(alice, upstream, kept)
    assert "old words" in first["text"] and "other words" in second["text"] and said["text"] == "New"
    only = {"client_id": str(uuid.uuid4()), "text": "One", "files": [question["parts"][1]["file"]]}
    fewer = (await alice.post(f"/messages/{question['id']}/edit/", **only)).json()
    one, _ = await sent(alice, upstream, fewer)
    assert "other words" in one["text"]
    none = {"client_id": str(uuid.uuid4()), "text": "None", "files": []}
    bare = (await alice.post(f"/messages/{question['id']}/edit/", **none)).json()
    assert await sent(alice, upstream, bare) == [{"type": "text", "text": "None"}]


async def test_regenerate_and_fork_keep_the_files(alice: Person, upstream: Upstream) -> None:
    made = (await attach(alice, ("kept.txt", b"fork me"))).json()
    await alice.answer(made["id"])
    answer = made["messages"][1]["id"]
    again = (await alice.post(f"/messages/{answer}/regenerate/", client_id=str(uuid.uuid4()))).json()
    assert "fork me" in (await sent(alice, upstream, again))[0]["text"]
    fork = (await alice.post(f"/messages/{answer}/fork/", client_id=str(uuid.uuid4()))).json()
    assert [part["type"] for part in await parts_of(alice, fork["id"])] == ["file", "text"]


async def test_what_was_sent_is_shown_with_notes_in_place_of_data(alice: Person, upstream: Upstream) -> None:
    long = "A line of the file.\n" * 2_000
    made = (await attach(alice, ("teal.png", picture()), ("long.txt", long.encode()), text="Both?")).json()
    seen, text, said = await sent(alice, upstream, made)
    behind = (await alice.get(f"/messages/{made['messages'][1]['id']}/request/")).json()
    shown = behind["runs"][0]["sent"]
    assert shown["exact"] and shown["noted"]
    noted, *rest = shown["body"]["messages"][-1]["content"]
    assert rest == [text, said], "the text that was sent, all of it"
    data = base64.b64decode(seen["image_url"]["url"].partition("base64,")[2])
    assert noted["image_url"]["url"].startswith(f"data:image/png;base64,<{len(data)} bytes, sha256 ")
    assert len(json.dumps(behind)) < 4 * len(long) + 20_000


async def test_texts_alone_are_sent_as_one_for_servers_that_take_no_lists(alice: Person, upstream: Upstream) -> None:
    long = "A line of the file.\n" * 2_000
    made = (await attach(alice, ("long.txt", long.encode()), ("short.txt", b"Short"), text="Both?")).json()
    await alice.answer(made["id"])
    asked = [request.json for request in upstream.requests if "chat" in request.path][-1]
    whole = f'<file name="long.txt">\n{long}</file>\n\n<file name="short.txt">\nShort\n</file>\n\nBoth?'
    assert asked["messages"][-1]["content"] == whole
    behind = (await alice.get(f"/messages/{made['messages'][1]['id']}/request/")).json()
    shown = behind["runs"][0]["sent"]
    assert shown["exact"] and shown["body"]["messages"] == asked["messages"]
    kept = record_size(alice, made["run"]["id"])
    assert kept < 4_000, "the record names the file's text, and does not keep it anew"


async def test_a_model_that_cannot_see_is_told_the_names(alice: Person, upstream: Upstream) -> None:
    made = (await attach(alice, ("teal.png", picture()), model_id="gpt-3.5-any-t3")).json()
    [told, _] = await sent(alice, upstream, made)
    assert told == {"type": "text", "text": "[The picture “teal.png” was not sent: this model cannot see pictures.]"}


async def test_a_page_without_scripts_shows_what_is_attached(alice: Person) -> None:
    made = (await attach(alice, ("teal.png", picture()), ("notes.txt", b"some words"))).json()
    await alice.answer(made["id"])
    page = (await alice.get(made["url"], Accept="text/html")).text
    image, notes = (part["file"] for part in made["messages"][0]["parts"][:2])
    assert f"/files/{image}/thumb/" in page and f"/files/{notes}/" in page and "notes.txt" in page


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("locked.pdf", making.blank_pdf(1, password="x"), "locked with a password"),
        ("broken.pdf", b"%PDF-1.7 nothing", "damaged"),
        ("bomb.docx", making.changed(making.word(), {"word/document.xml": b" " * 30_000_000}), "unpacks to more"),
    ],
    ids=["locked", "broken", "bomb"],
)
async def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(
    alice: Person, name: str, data: bytes, why: str
) -> None:
    response = await attach(alice, (name, data))
    assert response.status_code == 409
    error = response.json()["error"]
    assert error["code"] == "file_unreadable" and error["data"]["name"] == name and why in error["message"]


async def test_a_deleted_file_is_said_to_be_deleted_everywhere_until_it_comes_back(
    alice: Person, upstream: Upstream
) -> None:
    made = (await attach(alice, ("gone.txt", b"soon gone"))).json()
    await alice.answer(made["id"])
    file = made["messages"][0]["parts"][0]["file"]
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.until("conversation.snapshot")
        assert (await alice.post(f"/files/{file}/delete/")).status_code == 200
        told = (await socket.until("message.updated"))["message"]["parts"][0]
        assert told["deleted"] is True and told["name"] == "gone.txt"
        page = (await alice.get(made["url"], Accept="text/html")).text
        assert "File deleted" in page and "gone.txt" in page
        await alice.send(made["id"], "What did it say?")
        await alice.answer(made["id"])
        asked = [request.json for request in upstream.requests if "chat" in request.path][-1]
        assert asked["messages"][0]["content"].startswith("[The file “gone.txt” was deleted.]")
        assert (await alice.post(f"/files/{file}/restore/")).status_code == 200
        assert "deleted" not in (await socket.until("message.updated"))["message"]["parts"][0]


async def test_an_empty_file_is_refused(alice: Person) -> None:
    response = await attach(alice, ("nothing.txt", b""))
    assert response.json()["error"]["code"] == "file_empty"


async def test_a_file_of_somebody_else_looks_as_if_it_were_not_there(alice: Person, charlie: Person) -> None:
    made = (await attach(alice, ("mine.txt", b"secret"))).json()
    file = made["messages"][0]["parts"][0]["file"]
    theirs = await charlie.post("/c/", client_id=str(uuid.uuid4()), text="Read it", files=[file])
    nothing = await charlie.post("/c/", client_id=str(uuid.uuid4()), text="Read it", files=[str(uuid.uuid4())])
    assert theirs.status_code == nothing.status_code == 404 and theirs.json() == nothing.json()


@pytest.mark.parametrize("files", ["x", ["x"], [1], {"id": 1}, [{"id": None}], [{"as": "file"}]])
async def test_files_are_named_by_their_ids(alice: Person, files: Any) -> None:
    response = await alice.post("/c/", client_id=str(uuid.uuid4()), text="x", files=files)
    assert response.status_code == 400 and "files" in response.json()["error"]["data"]["fields"]


async def test_there_is_a_most_of_files(alice: Person) -> None:
    files = [str(uuid.uuid4()) for _ in range(21)]
    response = await alice.post("/c/", client_id=str(uuid.uuid4()), text="x", files=files)
    assert response.json()["error"]["code"] == "too_many_files"
