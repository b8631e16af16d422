"""The verbs of money: `actions.hold(...)`. Each is one transaction, or part of its caller's."""

from billing.actions.calls import Call, Held, hold
from billing.actions.grants import correct, grant, grant_all, post_due, up_to_date
from billing.actions.leaving import forget
from billing.actions.prices import set_price, set_prices, take_published
from billing.actions.rules import set_policy, show_money
from billing.actions.settling import Cost, release, release_orphans, settle

__all__ = [
    "Call",
    "Cost",
    "Held",
    "correct",
    "forget",
    "grant",
    "grant_all",
    "hold",
    "post_due",
    "release",
    "release_orphans",
    "set_policy",
    "set_price",
    "set_prices",
    "settle",
    "show_money",
    "take_published",
    "up_to_date",
]
