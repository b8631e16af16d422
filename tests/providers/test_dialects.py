"""What is known of servers and of families of models before anything was refused."""

import pytest

from providers import clients, known_models
from providers.registry import Provider


@pytest.mark.parametrize(
    ("base_url", "name"),
    [
        ("https://api.openai.com/v1", "safety_identifier"),
        ("https://eu.api.openai.com/v1", "safety_identifier"),
        ("http://127.0.0.1:8000/v1", "user"),
    ],
)
def test_openai_gets_the_users_id_under_its_new_name_and_others_under_the_old_one(base_url: str, name: str) -> None:
    dialect = clients._dialect(Provider(id="p", name="p", base_url=base_url), {})
    body, dropped, renamed = dialect.apply({"model": "m", "user": "x"})
    assert (body, dropped) == ({"model": "m", name: "x"}, ())
    assert renamed == ({} if name == "user" else {"user": name})


@pytest.mark.parametrize(
    "model_id", ["o3", "o4-mini", "gpt-5", "gpt-5-mini-2025-08-07", "openai/gpt-6-nano", "GPT-5.1"]
)
def test_models_that_reason_are_known_to_refuse_what_shapes_the_sampling(model_id: str) -> None:
    refused = known_models.refused_parameters(model_id)
    assert {"temperature", "top_p", "presence_penalty", "frequency_penalty", "stop", "logit_bias"} <= set(refused)


@pytest.mark.parametrize("model_id", ["gpt-4o", "gpt-5-chat-latest", "llama3.1", "qwen3", "deepseek-reasoner", ""])
def test_of_others_nothing_is_known(model_id: str) -> None:
    assert known_models.refused_parameters(model_id) == ()
