"""What a call costs, from when on, and the site's rules about money."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MAX_PRICE = 10**12  # micro-units per PER: a whole unit of currency for one token
EVERY_MODEL = "*"
NAME_LENGTH = 64  # of a provider's id
MODEL_ID_LENGTH = 256


class Unit(models.TextChoices):
    """What is counted. Cached tokens are part of the prompt, reasoning tokens of the completion."""

    PROMPT = "prompt", _("prompt")
    CACHED = "cached", _("cached prompt")
    COMPLETION = "completion", _("completion")
    REASONING = "reasoning", _("reasoning")
    IMAGE = "image", _("picture")
    MINUTE = "minute", _("minute")
    CHARACTER = "character", _("1,000 characters")
    REQUEST = "request", _("request")


_TOKENS = (Unit.PROMPT, Unit.CACHED, Unit.COMPLETION, Unit.REASONING)
PER = {unit.value: 1_000_000 if unit in _TOKENS else 1_000 for unit in Unit}  # a price is for this many


class PriceSource(models.TextChoices):
    """Who says so. What the owner says wins over what a server publishes."""

    OWNER = "owner", _("owner")
    SERVER = "server", _("published by the server")


class Price(models.Model):
    """From `starts_at` on, until a later row for the same thing: each ends where the next begins, so none overlap.

    Rows are added by actions/prices alone, which tells every process through Policy.prices.
    """

    provider = models.CharField(max_length=NAME_LENGTH, help_text="A provider's id.")
    model_id = models.CharField(max_length=MODEL_ID_LENGTH, help_text="* for every model that has no row of its own.")
    unit = models.CharField(max_length=10, choices=Unit)
    variant = models.CharField(max_length=64, blank=True, help_text="Size and quality of a picture.")
    amount = models.BigIntegerField(
        null=True, help_text="Micro-units for a million tokens, or for 1,000 of another unit; null: unknown."
    )
    source = models.CharField(max_length=6, choices=PriceSource, default=PriceSource.OWNER)
    starts_at = models.DateTimeField(default=timezone.now)
    # A list in another currency: what it said, and the rate of that day. `amount` is what became of it.
    list_currency = models.CharField(max_length=3, blank=True)
    list_price = models.DecimalField(max_digits=24, decimal_places=12, null=True)
    rate = models.DecimalField(max_digits=20, decimal_places=10, null=True, help_text="Ours for one of theirs.")
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "model_id", "unit", "variant", "source", "starts_at"], name="one_price_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(amount=None) | models.Q(amount__gte=0, amount__lte=MAX_PRICE), name="price_in_range"
            ),
            models.CheckConstraint(condition=models.Q(unit__in=Unit.values), name="unit_known"),
            models.CheckConstraint(condition=models.Q(source__in=PriceSource.values), name="price_source_known"),
            models.CheckConstraint(condition=~models.Q(provider="") & ~models.Q(model_id=""), name="price_of_a_model"),
            models.CheckConstraint(condition=models.Q(rate=None) | models.Q(rate__gt=0), name="rate_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} of {self.model_id} at {self.provider}"


class Mode(models.TextChoices):
    """What the site does about money."""

    OFF = "off", _("Off: nothing is recorded")
    METERED = "metered", _("Metered: everything is recorded, nothing is blocked")
    PREPAID = "prepaid", _("Prepaid: without enough balance there is no call")


class UnknownPrice(models.TextChoices):
    """What happens to a call whose price nobody has set."""

    ALLOW = "allow", _("Allow it; the price is shown as unknown")
    REFUSE = "refuse", _("Refuse it")


class Policy(models.Model):
    """The owner's rules: one row, read before every call.

    `prices` tells whether what a process remembers of prices is still all there is: see access.rates.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    mode = models.CharField(max_length=7, choices=Mode, default=Mode.METERED)
    unknown_price = models.CharField(max_length=6, choices=UnknownPrice, default=UnknownPrice.ALLOW)
    ceiling = models.PositiveIntegerField(default=4_096, help_text="Tokens that a prepaid answer may have by default.")
    prices = models.CharField(
        max_length=32, blank=True, default="", db_default="", help_text="Another text whenever prices were added."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_policy"),
            models.CheckConstraint(condition=models.Q(mode__in=Mode.values), name="mode_known"),
            models.CheckConstraint(condition=models.Q(unknown_price__in=UnknownPrice.values), name="unknown_known"),
            models.CheckConstraint(condition=models.Q(ceiling__gte=1), name="ceiling_above_zero"),
        ]

    def __str__(self) -> str:
        return self.mode
