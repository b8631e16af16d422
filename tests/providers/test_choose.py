"""Whom to ask: what the request names, what the conversation used last, and what the site has by default."""

from collections.abc import Iterator

import pytest

from providers.defaults import first_for_chat
from providers.lists import Listed
from providers.registry import Provider
from tests.providers.entering import asked_with, enter
from tests.site import Person, Site
from tests.upstream import Upstream


@pytest.fixture(scope="module")
def listing() -> Iterator[Upstream]:
    with Upstream(models=["text-embedding-3-small", "dall-e-9", "first-chat", "org/second:chat"]) as upstream:
        yield upstream


@pytest.fixture(scope="module")
def unnamed(listing: Upstream) -> Iterator[Site]:
    """A site whose environment names an address and no model."""
    with Site(OPENAI_BASE_URL=listing.url) as site:
        yield site


@pytest.fixture
def configured(unnamed: Site) -> Person:
    return unnamed.person("alice")


async def asked(person: Person, **fields: object) -> tuple[str, str]:
    made = await person.begin("Hello", **fields)
    return made["run"]["provider"], made["run"]["model_id"]


async def test_without_a_key_or_an_address_the_sandbox_answers() -> None:
    with Site() as site:
        alice = site.person("alice")
        assert await asked(alice) == ("sandbox", "sandbox-guide")
        assert await asked(alice, model_id="sandbox-echo") == ("sandbox", "sandbox-echo")
        assert (await alice.answer((await alice.begin("Hi", model_id="sandbox-echo"))["id"]))["status"] == "completed"


async def test_without_a_default_model_the_first_one_for_chat_is_asked(configured: Person) -> None:
    assert await asked(configured) == ("environment", "first-chat")


async def test_a_model_id_goes_to_the_provider_that_lists_it(configured: Person) -> None:
    assert await asked(configured, model_id="org/second:chat") == ("environment", "org/second:chat")
    assert await asked(configured, model_id="sandbox-echo") == ("sandbox", "sandbox-echo")


async def test_a_model_id_that_nobody_lists_is_sent_as_it_is(configured: Person) -> None:
    made = await configured.begin("Hello", model_id="any-t3-r0")
    assert (made["run"]["provider"], made["run"]["model_id"]) == ("environment", "any-t3-r0")
    assert (await configured.answer(made["id"]))["status"] == "completed"


async def test_a_named_provider_is_asked_whatever_it_lists(configured: Person) -> None:
    assert (await asked(configured, provider="sandbox"))[0] == "sandbox"
    assert await asked(configured, provider="environment", model_id="sandbox-echo") == ("environment", "sandbox-echo")


async def test_the_next_message_goes_where_the_last_one_went(configured: Person) -> None:
    made = await configured.begin("Hello", model_id="sandbox-echo")
    await configured.answer(made["id"])
    sent = await configured.send(made["id"], "Again")
    assert (sent["run"]["provider"], sent["run"]["model_id"]) == ("sandbox", "sandbox-echo")
    await configured.answer(made["id"])


async def test_where_no_model_is_for_chat_the_person_is_asked(owner: Person, relay: Upstream) -> None:
    relay.models = ["text-embedding-3-small"]
    made = await enter(owner, base_url=relay.url)
    response = await owner.post("/c/", client_id="2" * 32, text="Hello", provider=made["id"])
    assert (response.status_code, response.json()["error"]["code"]) == (400, "model_missing")


async def test_an_upstream_that_is_away_is_said_to_be_away(owner: Person) -> None:
    away = await enter(owner, base_url="http://127.0.0.1:9/v1", default_model="m", attempts=1)
    answer = await asked_with(owner, away["id"], model_id="m")
    assert (answer["status"], answer["error"]["code"]) == ("failed", "upstream_unreachable")


@pytest.mark.parametrize(
    ("models", "first"),
    [
        ((), ""),
        (("gpt-image-2", "gpt-6-luna"), "gpt-6-luna"),
        (("whisper-1", "tts-1", "omni-moderation-latest", "text-embedding-3-large"), ""),
        (("llama3.2:latest",), "llama3.2:latest"),
        (("nomic-embed-text:latest", "qwen3:8b"), "qwen3:8b"),
    ],
)
def test_the_first_model_for_chat_by_its_name(models: tuple[str, ...], first: str) -> None:
    provider = Provider(id="x", name="X", base_url="http://upstream.example/v1")
    assert first_for_chat(provider, Listed(tuple({"id": model} for model in models))) == first
