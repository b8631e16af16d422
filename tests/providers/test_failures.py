"""Every failure of the client has a code of ours, a sentence, and the upstream's own words."""

import pytest

import openai_client as oc
from providers.failures import explain, fault_of_ours, interrupted

CODES = {
    "rate_limited", "quota_exhausted", "context_length_exceeded", "content_filter", "invalid_key", "model_not_found",
    "upstream_unreachable", "upstream_broken_off", "upstream_refused", "interrupted", "server_error",
}  # fmt: skip


def every_kind(cls: type[oc.OpenAIClientError] = oc.OpenAIClientError) -> list[type[oc.OpenAIClientError]]:
    return [cls, *(found for child in cls.__subclasses__() for found in every_kind(child))]


@pytest.mark.parametrize("kind", every_kind(), ids=lambda kind: kind.__name__)
def test_every_exception_of_the_client_is_explained(kind: type[oc.OpenAIClientError]) -> None:
    found = explain(kind("the upstream's own words"), provider="Relay", model_id="m")
    assert found.code in CODES
    assert found.message.endswith((".", "?")) and "%(" not in found.message
    assert found.as_json()["data"]["upstream_message"] == "the upstream's own words"
    assert found.as_json()["data"]["retryable"] is found.retryable


def test_money_is_never_called_a_limit_that_passes() -> None:
    assert explain(oc.OutOfMoney("x"), provider="p", model_id="m").retryable is False


def test_our_own_ends_are_explained_too() -> None:
    for found in (interrupted(), fault_of_ours()):
        assert found.code in CODES and found.message.endswith(".")
