"""The test button at servers that answer as those of the presets do (quirks, sections 6 and 7)."""

from typing import Any

import pytest

from providers.presets import BY_ID
from tests.providers.entering import asked_with, enter
from tests.site import Person
from tests.upstream import Step, Upstream, done, json_answer, stream_answer, text_chunk

Script = list[tuple[str, list[Step]]]
NO_KEY: dict[str, Any] = {"error": {"message": "You didn't provide an API key.", "type": "invalid_request_error"}}
SPOKEN = stream_answer(text_chunk("ok"), text_chunk(None, finish="stop"), done())
OPEN = "passed No key is set, and none is asked for."
MODELS, CHAT = "/models", "/chat/completions"
BAD_NAME = {"error": {"message": "Unsupported parameter: 'max_completion_tokens'", "param": "max_completion_tokens"}}


def listing(*rows: dict[str, Any], **more: Any) -> list[Step]:
    return json_answer({"object": "list", "data": list(rows), **more})


SHAPES: dict[str, tuple[dict[str, Any], Script, str]] = {
    "openai": (
        {"key": "sk-proj-0123456789ab"},
        [
            (MODELS, json_answer(NO_KEY, 401)),
            (MODELS, listing({"id": "gpt-5-mini", "owned_by": "system"})),
            (CHAT, SPOKEN),
        ],
        "passed Key accepted. | passed 1 model listed. | passed One token streamed by gpt-5-mini.",
    ),
    "azure": (
        {"key": "0123456789abcdef", "typed_models": ["my-deployment"]},
        [
            (MODELS, json_answer({"statusCode": 401, "message": "Access denied"}, 401)),
            (MODELS, listing({"id": "gpt-4o-2024-08-06", "capabilities": {"chat_completion": True}})),
            (CHAT, SPOKEN),
        ],
        "passed Key accepted. | passed 1 model listed. | passed One token streamed by my-deployment.",
    ),
    "azure-classic": (
        {"key": "0123456789abcdef", "typed_models": ["my-deployment"], "path": "/openai?api-version=2024-10-21"},
        [
            ("/openai/models", json_answer({"statusCode": 401, "message": "Access denied"}, 401)),
            ("/openai/models", listing({"id": "gpt-4o-2024-08-06"})),
            ("/openai/deployments/my-deployment/chat/completions", SPOKEN),
        ],
        "passed Key accepted. | passed 1 model listed. | passed One token streamed by my-deployment.",
    ),
    "openrouter": (  # lists for everybody, and asks for the key only when something is to be said
        {"key": "sk-or-0123456789ab"},
        [
            (MODELS, listing({"id": "maker/m", "supported_parameters": ["tools"]})),
            (MODELS, listing({"id": "maker/m"})),
            (CHAT, json_answer({"error": {"message": "User not found.", "code": 401}}, 401)),
        ],
        "failed The key is refused. | passed 1 model listed. | failed",
    ),
    "deepseek": (
        {"key": "sk-0123456789abcdef"},
        [
            (MODELS, json_answer({"error": {"message": "Authentication Fails", "code": "invalid_request_error"}}, 401)),
            (MODELS, listing({"id": "deepseek-chat"}, {"id": "deepseek-reasoner"})),
            (CHAT, json_answer({"error": {"message": "Insufficient Balance", "code": "invalid_request_error"}}, 402)),
        ],
        "passed Key accepted. | passed 2 models listed. | failed",
    ),
    "ollama": (
        {},
        [
            (MODELS, json_answer({"object": "list", "data": None})),
            (MODELS, json_answer({"object": "list", "data": None})),
        ],
        f"{OPEN} | passed It lists no models: type in the ids that it knows. | skipped",
    ),
    "llamacpp": (
        {},
        [
            (
                MODELS,
                listing(
                    {"id": "/models/tiny.gguf", "meta": {"n_ctx_train": 512}}, models=[{"name": "/models/tiny.gguf"}]
                ),
            ),
            (MODELS, listing({"id": "/models/tiny.gguf"})),
            (CHAT, SPOKEN),
        ],
        f"{OPEN} | passed 1 model listed. | passed One token streamed by /models/tiny.gguf.",
    ),
    "vllm": (  # of an older version, which knows only the old name of the limit
        {},
        [
            (MODELS, listing({"id": "org/m", "max_model_len": 4096})),
            (MODELS, listing({"id": "org/m"})),
            (CHAT, json_answer(BAD_NAME, 400)),
            (CHAT, SPOKEN),
        ],
        f"{OPEN} | passed 1 model listed. | passed One token streamed by org/m.",
    ),
    "lmstudio": (
        {},
        [
            (MODELS, listing({"id": "qwen3-8b"}, {"id": "text-embedding-nomic-embed-text-v1.5"})),
            (MODELS, listing({"id": "qwen3-8b"}, {"id": "text-embedding-nomic-embed-text-v1.5"})),
            (CHAT, json_answer({"error": "Model is not loaded"}, 400)),
        ],
        f"{OPEN} | passed 2 models listed. | failed",
    ),
}


def at(relay: Upstream, fields: dict[str, Any]) -> dict[str, Any]:
    """The same fields, with the address below this server that a path in them names."""
    rest = {name: value for name, value in fields.items() if name != "path"}
    return {**rest, "base_url": relay.url.replace("/v1", fields["path"])} if "path" in fields else rest


@pytest.mark.parametrize("preset", SHAPES)
async def test_each_shape_is_told_as_it_is(owner: Person, relay: Upstream, preset: str) -> None:
    fields, script, said = SHAPES[preset]
    made = await enter(owner, preset=preset, **{"base_url": relay.url, **at(relay, fields)})
    relay.clear()
    for path, steps in script:
        relay.script(steps, path)
    found = (await owner.post(f"/settings/providers/{made['id']}/test/")).json()
    shown = " | ".join(
        f"{step['state']} {step['message']}" if step["state"] == "passed" or step["name"] == "key" else step["state"]
        for step in found["steps"][1:]
    )
    assert found["steps"][0]["state"] == "passed"
    assert shown == said


async def test_every_preset_is_tried(owner: Person) -> None:
    assert set(SHAPES) == set(BY_ID) - {"other"}


async def test_an_azure_key_goes_where_azure_wants_it_and_names_are_as_the_preset_says(
    owner: Person, relay: Upstream
) -> None:
    azure = await enter(owner, preset="azure", base_url=relay.url, key="0123456789abcdef", default_model="any-t2-r0")
    ollama = await enter(owner, preset="ollama", base_url=relay.url, default_model="any-t2-r0")
    relay.clear()
    for made in (azure, ollama):
        await owner.post(f"/settings/providers/{made['id']}/test/")
    asked = [request for request in relay.requests if request.path.endswith(CHAT)]
    assert asked[0].headers["api-key"] == "0123456789abcdef"
    assert "authorization" not in asked[0].headers
    assert asked[0].json["max_completion_tokens"] == 16
    assert asked[1].json["max_tokens"] == 16


async def test_azures_older_addresses_name_the_deployment_and_the_version(owner: Person, relay: Upstream) -> None:
    pasted = relay.url.replace("/v1", "/openai/deployments/my-d/chat/completions?api-version=2024-06-01")
    made = await enter(owner, preset="azure-classic", base_url=pasted, key="0123456789abcdef")
    assert made["base_url"] == relay.url.replace("/v1", "/openai?api-version=2024-06-01")
    assert (made["typed_models"], made["default_model"]) == (["my-d"], "my-d")
    relay.clear()
    relay.script(SPOKEN, CHAT)
    assert (await asked_with(owner, made["id"], model_id="other/d"))["status"] == "completed"
    asked = relay.requests[-1]
    assert (asked.path, asked.query) == ("/openai/deployments/other%2Fd/chat/completions", "api-version=2024-06-01")
    assert asked.headers["api-key"] == "0123456789abcdef"
