"""Calls and tokens by hour and by day: what pages add up, so that none of them reads a million entries."""

from django.db import models

from billing.models.ledger import SOURCE_LENGTH, Account
from billing.models.prices import MODEL_ID_LENGTH, NAME_LENGTH


class Span(models.TextChoices):
    """How long a tally counts. A text, since SQLite looks no truth value up in an index."""

    HOUR = "hour"
    DAY = "day"


class Tally(models.Model):
    """One person's calls of one kind to one model in one hour, or in one day (UTC).

    Both rows are grown by the transaction that posts the charge.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="tallies", db_index=False)
    span = models.CharField(max_length=4, choices=Span, default=Span.HOUR)
    hour = models.DateTimeField(help_text="A day's is its first.")
    provider = models.CharField(max_length=NAME_LENGTH)
    model_id = models.CharField(max_length=MODEL_ID_LENGTH)
    kind = models.CharField(max_length=SOURCE_LENGTH)
    calls = models.BigIntegerField(default=0)
    prompt_tokens = models.BigIntegerField(default=0)
    cached_tokens = models.BigIntegerField(default=0)
    completion_tokens = models.BigIntegerField(default=0)
    reasoning_tokens = models.BigIntegerField(default=0)
    cost = models.BigIntegerField(default=0, help_text="Micro-units, of calls whose price is known.")
    unpriced = models.BigIntegerField(default=0, help_text="Calls whose price is unknown.")
    estimated = models.BigIntegerField(default=0, help_text="Calls whose tokens are our estimate.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(span__in=Span.values), name="span_known"),
            models.UniqueConstraint(
                fields=["account", "span", "hour", "provider", "model_id", "kind"],
                name="one_tally_per_time_and_model",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.calls} calls to {self.model_id}"
