"""What is said of files before they are sent, a picture by its address, and who uses a file."""

import uuid
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from conversations import access
from conversations.models import Conversation, Message, MessageFile, Role
from files import actions as files
from tests.conversations.test_attach import attach, picture
from tests.files import making
from tests.site import Person


async def told(person: Person, *ids: str, **query: str) -> Any:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return await person.get(f"/attachments/?files={','.join(ids)}&{asked}")


async def test_what_sending_would_mean_is_said_before(alice: Person) -> None:
    pdf = making.pdf(["one page " * 10, "another"])
    made = (await attach(alice, ("a.png", picture()), ("b.pdf", pdf), ("c.txt", b"words"))).json()
    parts = made["messages"][0]["parts"][:3]
    answer = (await told(alice, *(part["file"] for part in parts), provider="sandbox", model_id="sandbox-guide")).json()
    image, report, text = answer["files"]
    assert (image["as"], image["ways"], image["text"], image["warning"]) == ("image", ["image"], None, None)
    assert (report["as"], report["ways"], report["text"]["pages"]) == ("text", ["text", "file"], 2)
    assert report["tokens"] == sum(report["page_tokens"]) > 20 and len(report["page_tokens"]) == 2
    assert text["text"]["status"] == "completed" and text["problem"] is None
    assert answer["model"]["sees"] is True and answer["model"]["hears"] is True


async def test_a_model_that_cannot_see_is_named_before_sending(alice: Person) -> None:
    made = (await attach(alice, ("a.png", picture()))).json()
    file = made["messages"][0]["parts"][0]["file"]
    answer = (await told(alice, file, provider="environment", model_id="gpt-3.5-turbo")).json()
    assert answer["model"]["sees"] is False and answer["model"]["context_length"] == 16_385
    assert "gpt-3.5-turbo cannot see" in answer["files"][0]["warning"]


async def test_a_file_without_a_text_says_why(alice: Person) -> None:
    async with alice.watch("/ws/me/") as socket:
        await socket.until("me.snapshot")
        refused = await attach(alice, ("locked.pdf", making.blank_pdf(1, password="x")))
        assert refused.status_code == 409
        kept, read = [(await socket.until("file.ready"))["file"] for _ in range(2)]
    assert kept["name"] == read["name"] == "locked.pdf" and "text" not in kept
    assert read["text"]["status"] == "failed" and read["text"]["error"]["code"] == "encrypted"
    [locked] = (await told(alice, kept["id"])).json()["files"]
    assert "locked with a password" in locked["problem"] and locked["tokens"] is None


async def test_nothing_is_said_of_somebody_elses_file(alice: Person, charlie: Person) -> None:
    made = (await attach(alice, ("mine.txt", b"mine"))).json()
    file = made["messages"][0]["parts"][0]["file"]
    assert (await told(charlie, file)).status_code == 404
    assert (await told(alice, "nonsense")).status_code == 404


@pytest.mark.parametrize(
    ("url", "code", "why"),
    [
        ("http://127.0.0.1:1/picture.png", "not_fetched", "not on the public internet"),
        ("ftp://example.org/a.png", "not_fetched", "no address of the web"),
        ("", "invalid", "no address of the web"),
    ],
)
async def test_an_address_that_leads_nowhere_is_refused(alice: Person, url: str, code: str, why: str) -> None:
    response = await alice.post("/files/link/", url=url)
    error = response.json()["error"]
    assert error["code"] == code and why in error["message"]


@pytest.mark.django_db(transaction=True)
def test_conversations_say_which_files_they_use(tmp_path: Any, settings: Any) -> None:
    backend = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "files": backend}
    alice = get_user_model().objects.create_user("alice@example.org")
    used, unused = (files.keep(alice.pk, name, name.encode()) for name in ("used.txt", "unused.txt"))
    conversation = Conversation.objects.create(owner=alice, title="About it")
    message = Message.objects.create(conversation=conversation, role=Role.USER)
    MessageFile.objects.create(message=message, file=used)

    found = access.conversations_with(alice, [used.pk, unused.pk, uuid.uuid4()])

    assert {key: [use.title for use in uses] for key, uses in found.items()} == {used.pk: ["About it"]}
    assert found[used.pk][0].url == f"/c/{conversation.pk}/"
