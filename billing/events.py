"""What the browser can be told about money: a closed list, as in docs/protocol.md."""

import dataclasses
from typing import Any

from live.events import Event


@dataclasses.dataclass(frozen=True)
class BalanceUpdated(Event):
    """A person's balance changed, or a call was recorded. Micro-units."""

    type = "balance.updated"
    balance: dict[str, Any]
