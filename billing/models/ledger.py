"""A person's account, what was granted, what is held for a running call, and the append-only entries."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.models.prices import MODEL_ID_LENGTH, NAME_LENGTH

MAX_AMOUNT = 10**15  # micro-units in one entry
LABEL_LENGTH = 200
SOURCE_LENGTH = 64


class Account(models.Model):
    """One for each person; its row is the lock. The totals are kept beside the entries, and verify_ledger compares.

    It outlives the person: entries are never removed.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="money_account"
    )
    balance = models.BigIntegerField(default=0, help_text="The sum of the entries. Below zero after an overrun.")
    held = models.BigIntegerField(default=0, help_text="The sum of the open holds.")
    used = models.BigIntegerField(default=0, help_text="What calls and corrections have taken from grants.")
    expired = models.BigIntegerField(default=0, help_text="What grants had left when they ended.")
    due_at = models.DateTimeField(null=True, help_text="When the next grant starts or ends.")
    show_money = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(held__gte=0, used__gte=0, expired__gte=0), name="account_totals_not_negative"
            )
        ]

    def __str__(self) -> str:
        return f"account {self.pk}"

    @property
    def available(self) -> int:
        """What a new call may be held for."""
        return self.balance - self.held


class Grant(models.Model):
    """Money to spend, from `starts_at` until `expires_at`; the one that ends first is spent first."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="grants")
    amount = models.BigIntegerField()
    starts_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True)
    used = models.BigIntegerField(default=0)
    expired = models.BigIntegerField(default=0)
    started = models.BooleanField(default=False, help_text="Its entry is posted.")
    open = models.BooleanField(default=False, help_text="Started, and something is left.")
    label = models.CharField(max_length=LABEL_LENGTH, blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["account", "expires_at"], condition=models.Q(open=True), name="grants_to_spend"),
            models.Index(fields=["account", "-starts_at"], name="grants_of_account"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0, amount__lte=MAX_AMOUNT), name="grant_in_range"),
            models.CheckConstraint(
                condition=models.Q(used__gte=0, expired__gte=0, amount__gte=models.F("used") + models.F("expired")),
                name="grant_not_overspent",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at=None) | models.Q(expires_at__gt=models.F("starts_at")),
                name="grant_ends_after_its_start",
            ),
        ]

    def __str__(self) -> str:
        return f"grant {self.pk}"

    @property
    def remaining(self) -> int:
        """What is left of it."""
        return self.amount - self.used - self.expired


class HoldStatus(models.TextChoices):
    OPEN = "open", _("open")
    SETTLED = "settled", _("settled")
    RELEASED = "released", _("released")


class Hold(models.Model):
    """One call to an upstream, retries included: the most it can cost, and the prices that it began with."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="holds", db_index=False)
    process = models.ForeignKey("live.Process", on_delete=models.SET_NULL, null=True, related_name="+")
    source_kind = models.CharField(max_length=SOURCE_LENGTH)
    source_id = models.CharField(max_length=SOURCE_LENGTH)
    provider = models.CharField(max_length=NAME_LENGTH)
    model_id = models.CharField(max_length=MODEL_ID_LENGTH)
    rates = models.JSONField(default=dict, help_text="Unit -> micro-units per PER; empty: the price is unknown.")
    billed = models.BooleanField(help_text="Prepaid: the balance pays. Metered: recorded, and taken back at once.")
    amount = models.BigIntegerField(default=0, help_text="What is held of the balance; nothing in metered mode.")
    ceiling = models.PositiveIntegerField(null=True, help_text="Completion tokens that the call is limited to.")
    status = models.CharField(max_length=8, choices=HoldStatus, default=HoldStatus.OPEN)
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "process"], condition=models.Q(status="open"), name="open_holds"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["source_kind", "source_id"], name="one_hold_per_call"),
            models.CheckConstraint(condition=models.Q(amount__gte=0, amount__lte=MAX_AMOUNT), name="hold_in_range"),
            models.CheckConstraint(condition=models.Q(status__in=HoldStatus.values), name="hold_status_known"),
            models.CheckConstraint(
                condition=models.Q(status="open", closed_at=None)
                | ~(models.Q(status="open") | models.Q(closed_at=None)),
                name="hold_closed_has_a_time",
            ),
            models.CheckConstraint(condition=models.Q(billed=True) | models.Q(amount=0), name="metered_holds_nothing"),
            models.CheckConstraint(
                condition=~models.Q(source_kind="") & ~models.Q(source_id=""), name="hold_has_a_source"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} hold of {self.source_kind} {self.source_id}"


class EntryKind(models.TextChoices):
    GRANT = "grant", _("grant")
    CHARGE = "charge", _("charge")
    UNBILLED = "unbilled", _("not billed")
    EXPIRY = "expiry", _("expired")
    CORRECTION = "correction", _("correction")


class Entry(models.Model):
    """One line of the ledger: written once, never changed, never removed. A trigger in the database sees to that."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries", db_index=False)
    kind = models.CharField(max_length=10, choices=EntryKind)
    amount = models.BigIntegerField(help_text="Micro-units; charges and expiries are below zero.")
    source_kind = models.CharField(max_length=SOURCE_LENGTH)
    source_id = models.CharField(max_length=SOURCE_LENGTH)
    label = models.CharField(max_length=LABEL_LENGTH, blank=True)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, null=True, related_name="entries", db_index=False)
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, null=True, related_name="entries", db_index=False)
    provider = models.CharField(max_length=NAME_LENGTH, blank=True)
    model_id = models.CharField(max_length=MODEL_ID_LENGTH, blank=True)
    prompt_tokens = models.BigIntegerField(default=0)
    cached_tokens = models.BigIntegerField(default=0)
    completion_tokens = models.BigIntegerField(default=0)
    reasoning_tokens = models.BigIntegerField(default=0)
    others = models.JSONField(default=dict, help_text="Other units that were counted: {'image': 4}.")
    billed = models.BooleanField(default=True, help_text="False: metered, an entry of opposite sign stands beside it.")
    priced = models.BooleanField(default=True, help_text="False: the price is unknown; nothing was charged.")
    estimated = models.BooleanField(default=False, help_text="The upstream did not count; the tokens are our estimate.")
    overrun = models.BooleanField(default=False, help_text="More than was held.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["account", "-id"], name="entries_of_account"),
            models.Index(fields=["account", "kind", "-id"], name="entries_by_kind"),
            models.Index(fields=["account", "model_id", "kind", "-id"], name="entries_of_model"),
            models.Index(fields=["grant"], condition=models.Q(grant__isnull=False), name="entries_of_grant"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=EntryKind.values), name="entry_kind_known"),
            models.CheckConstraint(
                condition=models.Q(amount__gte=-MAX_AMOUNT, amount__lte=MAX_AMOUNT), name="entry_in_range"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="grant", amount__gt=0)
                | models.Q(kind="charge", amount__lte=0)
                | models.Q(kind="unbilled", amount__gt=0)
                | models.Q(kind="expiry", amount__lt=0)
                | models.Q(kind="correction") & ~models.Q(amount=0),
                name="entry_sign_fits_its_kind",
            ),
            models.CheckConstraint(
                condition=~models.Q(source_kind="") & ~models.Q(source_id=""), name="entry_has_a_source"
            ),
            models.CheckConstraint(condition=models.Q(priced=True) | models.Q(amount=0), name="unknown_costs_nothing"),
            models.CheckConstraint(
                condition=~models.Q(kind__in=["charge", "unbilled"]) | ~models.Q(hold=None), name="charge_has_a_hold"
            ),
            models.UniqueConstraint(fields=["hold", "kind"], name="one_charge_per_call"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
