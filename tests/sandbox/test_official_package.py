"""The official openai package, over HTTP, for everything that the sandbox answers."""

import base64
import collections.abc
import json
import pathlib
import time
import urllib.request
from typing import Any

import openai
import pytest

import sandbox
from tests.sandbox import drawing
from tests.sandbox.conftest import DOCUMENTS
from tests.sandbox.serving import Served

KEY = "sk-sandbox-official-0001"
WEATHER = {
    "name": "get_weather",
    "description": "The weather at a place",
    "strict": True,
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}, "days": {"type": "integer", "minimum": 1}},
        "required": ["city", "days"],
        "additionalProperties": False,
    },
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> collections.abc.Iterator[Served]:
    """A sandbox that wants a key, at a port of its own."""
    folder = tmp_path_factory.mktemp("sandbox")
    with Served(sandbox.create_app(data_dir=folder, documents=lambda: DOCUMENTS, key=KEY, pace=0)) as served:
        yield served


@pytest.fixture
def client(served: Served) -> collections.abc.Iterator[openai.OpenAI]:
    """The official client, which retries nothing."""
    with openai.OpenAI(api_key=KEY, base_url=f"{served.url}/v1", max_retries=0, timeout=30) as client:
        yield client


def ask(client: openai.OpenAI, text: Any, model: str = "sandbox-guide", **fields: Any) -> Any:
    """Ask one question."""
    return client.chat.completions.create(model=model, messages=[{"role": "user", "content": text}], **fields)


def test_models_are_listed_and_retrieved(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == list(sandbox.MODELS)
    assert client.models.retrieve("sandbox-guide").owned_by == "sandbox"
    with pytest.raises(openai.NotFoundError) as caught:
        client.models.retrieve("gpt-4")
    assert caught.value.code == "model_not_found"
    with pytest.raises(openai.PermissionDeniedError):
        client.models.delete("sandbox-guide")


def test_engines_are_listed(client: openai.OpenAI) -> None:
    listed: Any = client.get("/engines", cast_to=object)
    assert listed["data"][0]["object"] == "engine"


def test_a_wrong_key_is_an_authentication_error(served: Served) -> None:
    wrong = openai.OpenAI(api_key="sk-wrong-key-of-nobody", base_url=f"{served.url}/v1", max_retries=0)
    with wrong as client, pytest.raises(openai.AuthenticationError) as caught:
        client.models.list()
    assert caught.value.code == "invalid_api_key"
    assert "sk-wrong-key-of-nobody" not in str(caught.value)


def test_a_chat_answer_whole(client: openai.OpenAI) -> None:
    answer = ask(client, "Where does my secret key go?", n=2, seed=1, user="me")
    assert "README.md › Keys" in answer.choices[0].message.content
    assert [choice.index for choice in answer.choices] == [0, 1]
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    assert answer._request_id.startswith("req_sandbox_")


def test_a_chat_answer_streamed_with_usage(client: openai.OpenAI) -> None:
    chunks = list(ask(client, "show me a tour", stream=True, stream_options={"include_usage": True}))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == ask(client, "show me a tour").choices[0].message.content
    assert chunks[-1].usage.completion_tokens > 100


def test_the_streaming_helper_agrees(client: openai.OpenAI) -> None:
    messages: Any = [{"role": "user", "content": "hello"}]
    with client.chat.completions.stream(model="sandbox-guide", messages=messages) as stream:
        kinds = {event.type for event in stream}
        final: Any = stream.get_final_completion()
    assert {"chunk", "content.delta", "content.done"} <= kinds
    assert "**sandbox**" in final.choices[0].message.content


def test_reasoning_is_an_extra_field(client: openai.OpenAI) -> None:
    answer = ask(client, "hello", "sandbox-thinks", reasoning_effort="high", max_completion_tokens=500)
    assert answer.choices[0].message.reasoning_content
    assert answer.usage.completion_tokens_details.reasoning_tokens > 0
    with pytest.raises(openai.BadRequestError) as caught:
        ask(client, "hello", "sandbox-thinks", max_tokens=5)
    assert (caught.value.code, caught.value.param) == ("unsupported_parameter", "max_tokens")


def test_stop_words_and_limits(client: openai.OpenAI) -> None:
    assert ask(client, "one two three", "sandbox-echo", stop=" three").choices[0].message.content == "one two"
    assert ask(client, "one two three", "sandbox-echo", max_tokens=1).choices[0].finish_reason == "length"


def test_log_probabilities(client: openai.OpenAI) -> None:
    rows = ask(client, "The balance", "sandbox-echo", logprobs=True, top_logprobs=2).choices[0].logprobs.content
    assert [row.token for row in rows] == ["The", " balance"]
    assert all(len(row.top_logprobs) == 2 for row in rows)


def test_json_mode_and_schemas(client: openai.OpenAI) -> None:
    json.loads(ask(client, "as JSON", response_format={"type": "json_object"}).choices[0].message.content)
    with pytest.raises(openai.BadRequestError, match="must contain the word 'json'"):
        ask(client, "hello", response_format={"type": "json_object"})
    wanted = {"name": "trip", "strict": True, "schema": WEATHER["parameters"]}
    answer = ask(client, "A trip to Oslo for 3 days", response_format={"type": "json_schema", "json_schema": wanted})
    assert json.loads(answer.choices[0].message.content) == {"city": "Oslo", "days": 3}


@pytest.mark.parametrize("streamed", [False, True])
def test_a_whole_round_of_tools(client: openai.OpenAI, streamed: bool) -> None:
    messages: list[Any] = [{"role": "user", "content": "Weather in Oslo and Rome for 3 days?"}]
    tools: list[Any] = [{"type": "function", "function": WEATHER}]
    if streamed:
        with client.chat.completions.stream(model="sandbox-guide", messages=messages, tools=tools) as stream:
            choice: Any = stream.get_final_completion().choices[0]
    else:
        choice = client.chat.completions.create(model="sandbox-guide", messages=messages, tools=tools).choices[0]
    assert choice.finish_reason == "tool_calls"
    arguments = [json.loads(call.function.arguments) for call in choice.message.tool_calls]
    assert arguments == [{"city": "Oslo", "days": 3}, {"city": "Rome", "days": 3}]
    messages.append(choice.message.to_dict())
    with pytest.raises(openai.BadRequestError, match="did not have response messages"):
        client.chat.completions.create(model="sandbox-guide", messages=messages, tools=tools)
    for call in choice.message.tool_calls:
        messages.append({"role": "tool", "tool_call_id": call.id, "content": '{"sky": "clear"}'})
    final = client.chat.completions.create(model="sandbox-guide", messages=messages, tools=tools)
    assert "sky: **clear**" in str(final.choices[0].message.content)


def test_the_old_function_form(client: openai.OpenAI) -> None:
    old = {key: value for key, value in WEATHER.items() if key != "strict"}
    choice = ask(client, "Weather in Oslo?", functions=[old], function_call={"name": "get_weather"}).choices[0]
    assert json.loads(choice.message.function_call.arguments)["city"] == "Oslo"


def test_vision(client: openai.OpenAI) -> None:
    picture = base64.b64encode(drawing.png(12, [b"\x10\x90\x20\xff" * 12] * 8)).decode()
    parts = [
        {"type": "text", "text": "What do you see?"},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{picture}", "detail": "low"}},
    ]
    text = ask(client, parts).choices[0].message.content
    assert "12 × 8 pixels" in text
    assert "green (100%)" in text


@pytest.mark.parametrize(
    ("words", "kind", "code"),
    [
        ("400", openai.BadRequestError, None),
        ("401", openai.AuthenticationError, "invalid_api_key"),
        ("403", openai.PermissionDeniedError, "unsupported_country_region_territory"),
        ("404", openai.NotFoundError, "model_not_found"),
        ("409", openai.ConflictError, None),
        ("422", openai.UnprocessableEntityError, None),
        ("429", openai.RateLimitError, "rate_limit_exceeded"),
        ("quota", openai.RateLimitError, "insufficient_quota"),
        ("500", openai.InternalServerError, None),
        ("502", openai.InternalServerError, None),
        ("context", openai.BadRequestError, "context_length_exceeded"),
    ],
)
def test_every_error_becomes_its_exception(client: openai.OpenAI, words: str, kind: Any, code: str | None) -> None:
    with pytest.raises(kind) as caught:
        ask(client, words, "sandbox-error", stream=True)
    assert caught.value.code == code


def test_an_error_in_the_middle_and_a_broken_stream_are_noticed(client: openai.OpenAI) -> None:
    with pytest.raises(openai.APIError, match="sandbox"):
        list(ask(client, "middle", "sandbox-error", stream=True))
    chunks = list(ask(client, "hello", "sandbox-breaks-off", stream=True))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks).startswith("Hello")
    assert {choice.finish_reason for chunk in chunks for choice in chunk.choices} == {None}


def test_closing_a_stream_ends_it_on_the_server(served: Served, client: openai.OpenAI) -> None:
    stream = ask(client, "stall", "sandbox-error", stream=True)
    next(iter(stream))
    during = served.open_requests  # those of other tests that are still ending included
    assert during >= 1
    stream.close()
    ends = time.monotonic() + 10
    while served.open_requests >= during and time.monotonic() < ends:
        time.sleep(0.01)
    assert served.open_requests < during


def test_legacy_completions(client: openai.OpenAI) -> None:
    fields: dict[str, Any] = {"model": "sandbox-complete", "prompt": "The balance", "temperature": 0, "echo": True}
    whole = client.completions.create(**fields, logprobs=2, best_of=2, n=2, max_tokens=5, suffix=None)
    assert whole.choices[0].text.startswith("The balance is")
    assert whole.choices[0].logprobs is not None
    streamed = client.completions.create(**fields, max_tokens=5, stream=True)
    assert "".join(chunk.choices[0].text for chunk in streamed) == whole.choices[0].text


def test_embeddings_in_the_packages_own_coding(client: openai.OpenAI) -> None:
    data = client.embeddings.create(model="sandbox-embed", input=["one", "two"], dimensions=32).data
    assert [len(item.embedding) for item in data] == [32, 32]


def test_pictures_drawn_streamed_edited_and_varied(client: openai.OpenAI) -> None:
    drawn: Any = client.images.generate(model="sandbox-image", prompt="a house", size="1024x1024")
    data = base64.b64decode(drawn.data[0].b64_json)
    assert drawing.opened(data).width == 1024
    events = list(
        client.images.generate(model="sandbox-image", prompt="a house", stream=True, partial_images=1, size="256x256")
    )
    assert [event.type for event in events] == ["image_generation.partial_image", "image_generation.completed"]
    small = client.images.generate(
        model="sandbox-image-classic", prompt="a house", size="256x256", response_format="b64_json"
    )
    picture = ("a.png", base64.b64decode(small.data[0].b64_json))  # type: ignore[index, arg-type]
    edited: Any = client.images.edit(model="sandbox-image", image=[picture, picture], mask=picture, prompt="a cat")
    assert drawing.opened(base64.b64decode(edited.data[0].b64_json)).width == 256
    with pytest.warns(DeprecationWarning):
        varied: Any = client.images.create_variation(image=picture, n=2, size="512x512")
    with urllib.request.urlopen(varied.data[1].url, timeout=10) as shown:
        assert drawing.opened(shown.read()).height == 512
    with pytest.raises(openai.BadRequestError) as caught:
        client.images.generate(model="sandbox-image", prompt="x", n=11)
    assert caught.value.param == "n"


def test_files_kept_listed_given_back_and_deleted(client: openai.OpenAI, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "train.jsonl"
    path.write_text('{"prompt": "a", "completion": "b"}\n')
    expiry: Any = {"anchor": "created_at", "seconds": 3600}
    kept = client.files.create(file=path, purpose="fine-tune", expires_after=expiry)
    others = [client.files.create(file=("x.txt", b"x"), purpose="user_data") for _ in range(4)]
    assert client.files.retrieve(kept.id).filename == "train.jsonl"
    assert client.files.content(kept.id).read() == path.read_bytes()
    assert {one.id for one in client.files.list(limit=2)} == {kept.id, *(one.id for one in others)}
    assert [one.id for one in client.files.list(purpose="fine-tune")] == [kept.id]
    for one in (kept, *others):
        assert client.files.delete(one.id).deleted
    assert list(client.files.list()) == []
    with pytest.raises(openai.NotFoundError):
        client.files.retrieve(kept.id)


def test_what_it_does_not_have_is_a_404(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError):
        client.responses.create(model="sandbox-guide", input="x")
    with pytest.raises(openai.NotFoundError):
        client.fine_tuning.jobs.list()


async def test_the_asynchronous_client_streams_too(served: Served) -> None:
    async with openai.AsyncOpenAI(api_key=KEY, base_url=f"{served.url}/v1", max_retries=0) as client:
        stream = await client.chat.completions.create(
            model="sandbox-echo", messages=[{"role": "user", "content": "a b c"}], stream=True
        )
        assert "".join([chunk.choices[0].delta.content or "" async for chunk in stream]) == "a b c"
