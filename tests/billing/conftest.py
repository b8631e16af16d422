"""Money without a running site: one person, prices, a process that calls belong to."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from billing import access, actions
from billing.models import Account
from live.models import Process

DOLLAR = 1_000_000


class Purse:
    """Alice's money, and the calls that she makes."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self.process = Process.objects.create(host="here", pid=1)

    @property
    def account(self) -> Account:
        return access.account(self.user.pk)

    def call(self, **facts: Any) -> str:
        """Hold for a call; its id."""
        call_id = str(uuid.uuid4())
        self.hold(call_id, **facts)
        return call_id

    def hold(
        self,
        call_id: str,
        prompt: int | Callable[[], int] = 100,
        model_id: str = "luna",
        provider: str = "openai",
        **facts: Any,
    ) -> actions.Held | None:
        return actions.hold(
            actions.Call(
                user_id=self.user.pk,
                process_id=self.process.pk,
                source_kind="run",
                source_id=call_id,
                provider=provider,
                model_id=model_id,
                prompt_tokens=prompt if callable(prompt) else lambda: prompt,
                **facts,
            )
        )

    def settle(self, call_id: str, estimate: tuple[int, int] = (0, 0), **usage: Any) -> actions.Cost | None:
        return actions.settle("run", call_id, usage=usage or None, estimate=lambda: estimate, label="About")

    def agrees(self) -> bool:
        """Whether balance, entries, grants and holds tell one story."""
        found = self.account
        entries = sum(found.entries.values_list("amount", flat=True))
        left = sum(grant.remaining for grant in found.grants.filter(open=True))
        held = sum(found.holds.filter(status="open").values_list("amount", flat=True))
        return found.balance == entries and max(0, found.balance) == left and found.held == held


@pytest.fixture
def purse(db: None) -> Purse:
    return Purse(get_user_model().objects.create_user("alice@example.org"))


@pytest.fixture
def luna(db: None) -> None:
    """gpt-6-luna's prices: 0.10 in, 0.01 cached, 0.50 out, for a million tokens."""
    for unit, amount in (("prompt", 100_000), ("cached", 10_000), ("completion", 500_000)):
        actions.set_price(provider="openai", model_id="luna", unit=unit, amount=amount)


@pytest.fixture
def per_request(db: None) -> None:
    """A call of `luna` costs exactly a cent."""
    for unit, amount in (("prompt", 0), ("completion", 0), ("request", 10_000_000)):
        actions.set_price(provider="openai", model_id="luna", unit=unit, amount=amount)


@pytest.fixture
def mode(db: None) -> Callable[..., None]:
    def set_mode(name: str, unknown_price: str = "allow", ceiling: int = 4_096) -> None:
        actions.set_policy(mode=name, unknown_price=unknown_price, ceiling=ceiling)

    return set_mode


@pytest.fixture
def prepaid(mode: Callable[..., None]) -> None:
    mode("prepaid")
