"""What can go wrong with money: one class per code."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing import amounts
from live.errors import Refused


class InsufficientFunds(Refused):
    """`needed`: the most the call could cost; `available`: what is left and not held. Micro-units."""

    code, status = "insufficient_funds", 402

    def __init__(self, *, needed: int, available: int, contact: str) -> None:
        super().__init__(needed=needed, available=available, contact=contact)

    @property
    def message(self) -> str:
        data = {
            "needed": amounts.short(self.data["needed"]),
            "available": amounts.short(self.data["available"]),
            "contact": self.data["contact"],
        }
        words = gettext("Your balance is not enough. This can cost up to %(needed)s, and %(available)s is left.")
        ask = gettext("Ask %(contact)s for more.") % data if data["contact"] else ""
        return f"{words % data} {ask}".strip()


class PriceUnknown(Refused):
    code, status = "price_unknown", 403
    sentence = _("The price of %(model)s is unknown, and this site makes no such calls. Choose another model.")


class PriceTaken(Refused):
    code, status = "price_taken", 409
    sentence = _("A price for this begins at the same moment. Prices are never overwritten: choose another start.")


class CorrectionTooLarge(Refused):
    code, status = "correction_too_large", 409
    sentence = _("That is more than is left: a correction cannot make a balance negative.")
