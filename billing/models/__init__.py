"""What is stored about money, in integer micro-units of the site's one currency. Constraints live in the database."""

from billing.models.ledger import Account, Entry, EntryKind, Grant, Hold, HoldStatus
from billing.models.prices import EVERY_MODEL, MAX_PRICE, PER, Mode, Policy, Price, PriceSource, Unit, UnknownPrice
from billing.models.usage import Span, Tally

__all__ = [
    "EVERY_MODEL",
    "MAX_PRICE",
    "PER",
    "Account",
    "Entry",
    "EntryKind",
    "Grant",
    "Hold",
    "HoldStatus",
    "Mode",
    "Policy",
    "Price",
    "PriceSource",
    "Span",
    "Tally",
    "Unit",
    "UnknownPrice",
]
