"""A model's request for curl and for Python: what is shown works as it stands, and no secret is in it."""

import ast
import shlex

import pytest

import openai_client as oc
from providers import snippets
from providers.offers import Offer
from providers.registry import Provider
from tests.providers.entering import enter, page
from tests.site import Person
from tests.upstream import Upstream

KEY = "sk-never-shown-0123456789"


def offer(model_id: str = "m", base_url: str = "https://api.example.org/v1", **fields: object) -> Offer:
    made = Provider(id="x", name="X", base_url=base_url, api_key=oc.Secret(KEY), organization="org-7", **fields)  # type: ignore[arg-type]
    return Offer(made, {"id": model_id})


@pytest.mark.parametrize(
    ("model_id", "base_url", "path"),
    [
        ("m", "https://api.example.org/v1", "/chat/completions"),
        ('it\'s a "model" $(rm)', "https://api.example.org/v1", "/chat/completions"),
        ("text-embedding-3-small", "https://api.example.org/v1", "/embeddings"),
        ("gpt-image-1", "https://api.example.org/v1", "/images/generations"),
        ("omni-moderation-latest", "https://api.example.org/v1", "/moderations"),
        ("davinci-002", "https://api.example.org/v1", "/completions"),
        ("dep", "https://r.openai.azure.com/openai?api-version=1", "/deployments/dep/chat/completions?api-version=1"),
    ],
)
def test_a_shell_and_python_understand_it(model_id: str, base_url: str, path: str) -> None:
    shown = dict(snippets.of_model(offer(model_id, base_url, headers=(("X-Relay", oc.Secret(KEY)),))))
    command = shlex.split(shown["curl"])
    assert (command[0], command[1]) == ("curl", base_url.partition("?")[0] + path)
    assert '"model": ' in command[-1]
    assert {"Authorization: Bearer $OPENAI_API_KEY", "OpenAI-Organization: $OPENAI_ORG_ID", "X-Relay: $X_RELAY"} < set(
        command
    )
    program = ast.parse(shown["python"])
    assert repr(model_id) in {repr(node.value) for node in ast.walk(program) if isinstance(node, ast.Constant)}
    assert not [text for text in shown.values() if KEY in text or "org-7" in text]


def test_a_server_without_a_key_is_asked_without_one() -> None:
    made = Offer(Provider(id="x", name="X", base_url="http://127.0.0.1:11434/v1"), {"id": "m"})
    shown = dict(snippets.of_model(made))
    assert "Authorization" not in shown["curl"]
    assert 'api_key="none"' in shown["python"]


def test_a_setting_with_an_odd_name_breaks_no_program() -> None:
    body = {"model": "m", "messages": [], "class": 1, "x)\nimport os": 2}
    shown = snippets.python(offer().provider, "/chat/completions", body)
    calls = [node for node in ast.walk(ast.parse(shown)) if isinstance(node, ast.Call)]
    (call,) = [one for one in calls if isinstance(one.func, ast.Attribute) and one.func.attr == "create"]
    assert ast.literal_eval(call.keywords[-1].value) == {"class": 1, "x)\nimport os": 2}


async def test_it_stands_on_the_models_page(owner: Person, relay: Upstream) -> None:
    made = await enter(owner, base_url=relay.url, key=KEY)
    shown = await page(owner, f"/models/one/?provider={made['id']}&id=any")
    assert f"curl {relay.url}/chat/completions" in shown
    assert "from openai import OpenAI" in shown
    assert "$OPENAI_API_KEY" in shown
    assert KEY not in shown
