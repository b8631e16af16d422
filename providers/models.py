"""Providers that people have entered, who may use them, what they list, and what people chose from it."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from providers.fields import EncryptedTextField

MODEL_ID_LENGTH = 256
PROVIDER_ID_LENGTH = 64


class Group(models.Model):
    """People who share what others do not: the owner names them, and limits a provider to them."""

    name = models.CharField(max_length=80, unique=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Rules(models.Model):
    """What the owner allows; one row, or none while nothing was ever changed."""

    own_providers = models.BooleanField(default=True, help_text="People may enter providers with keys of their own.")
    private_addresses = models.BooleanField(
        default=False, help_text="Providers that people enter may be on this machine or in its private network."
    )

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(pk=1), name="providers_one_row_of_rules")
        ]

    def __str__(self) -> str:
        return "rules"

    @classmethod
    def now(cls) -> "Rules":
        """The rules as they are."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class KeyHeader(models.TextChoices):
    """Where a server wants its key."""

    BEARER = "bearer", "Authorization: Bearer"
    API_KEY = "api-key", "api-key"


class TokenLimitName(models.TextChoices):
    """Which name a server has for the most tokens that an answer may have (quirk 8.2)."""

    LEARN = "", _("learned from its answers")
    NEW = "max_completion_tokens", "max_completion_tokens"
    OLD = "max_tokens", "max_tokens"


class StoredProviderQuerySet(models.QuerySet["StoredProvider"]):
    def visible_to(self, person: Any) -> "StoredProviderQuerySet":
        """A person's own, and the site's shared ones: those of their groups, or all of them for the site's owner."""
        shared = Q(owner=None)
        if not person.is_owner:
            shared &= Q(groups=None) | Q(groups__members=person.pk)
        return self.filter(shared | Q(owner=person.pk)).distinct()


class StoredProvider(models.Model):
    """A connection that somebody entered. Without an owner it is the site's, shared with everyone or with groups."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    groups = models.ManyToManyField(Group, blank=True, related_name="providers", help_text="None: everyone.")
    name = models.CharField(max_length=80)
    preset = models.CharField(max_length=20, blank=True, help_text="Which preset its form began with.")
    base_url = models.CharField(max_length=500, help_text="As openai_client.normalize_base_url gives it.")
    key = EncryptedTextField(blank=True, default="")
    key_variable = models.CharField(max_length=100, blank=True, help_text="Instead of a key: the variable that has it.")
    key_header = models.CharField(max_length=10, choices=KeyHeader.choices, default=KeyHeader.BEARER)
    organization = models.CharField(max_length=100, blank=True)
    project = models.CharField(max_length=100, blank=True)
    headers = EncryptedTextField(
        blank=True, default="", help_text="`Name: value` lines; secret, as keys may be in them."
    )
    proxy_on = models.BooleanField(default=False)
    proxy = EncryptedTextField(
        blank=True, default="", help_text="Its address, with name and password where it has them."
    )
    connect_seconds = models.FloatField(default=10)
    first_byte_seconds = models.FloatField(default=600)
    idle_seconds = models.FloatField(default=120)
    total_seconds = models.FloatField(default=3600)
    attempts = models.PositiveSmallIntegerField(default=3, help_text="How often a request is sent at most; 1: once.")
    retry_seconds = models.FloatField(default=0.5, help_text="The first wait; it doubles each time.")
    token_limit_name = models.CharField(max_length=24, choices=TokenLimitName.choices, blank=True, default="")
    think_tags = models.BooleanField(default=True, help_text="<think> at an answer's start is reasoning (quirk 4.5).")
    cumulative_text = models.BooleanField(default=False, help_text="Each piece repeats the text so far (quirk 2.7).")
    picture_addresses = models.BooleanField(
        default=False, help_text="Pictures go as addresses that it fetches from this site, not as data."
    )
    default_model = models.CharField(max_length=MODEL_ID_LENGTH, blank=True)
    typed_models = models.TextField(blank=True, help_text="Model ids that its list lacks, one on each line.")
    enabled = models.BooleanField(default=True)
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    objects = StoredProviderQuerySet.as_manager()

    class Meta:
        ordering = (F("owner").asc(nulls_first=True), "position", "created_at")

    def __str__(self) -> str:
        return f"provider {self.pk}"


class ModelList(models.Model):
    """What a provider said it has when it was last asked; a restart, and other processes, know it from here."""

    provider = models.CharField(max_length=PROVIDER_ID_LENGTH, primary_key=True, help_text="A provider's id.")
    rows = models.JSONField(default=list, help_text="Facts of each model, as providers.facts.of_server gives them.")
    left_out = models.PositiveIntegerField(default=0, help_text="How many it listed beyond what is kept.")
    asked_at = models.DateTimeField(default=timezone.now)
    failure = models.CharField(max_length=40, blank=True, help_text="Why the last asking gave no list; empty: it did.")
    base_url = models.CharField(max_length=500, help_text="Where it was asked: another address, another list.")

    def __str__(self) -> str:
        return f"models of {self.provider}"


class LearnedSetting(models.Model):
    """A setting that a server refused for a model, and what is done about it since (quirks section 8)."""

    provider = models.CharField(max_length=PROVIDER_ID_LENGTH, help_text="A provider's id.")
    base_url = models.CharField(max_length=500, help_text="Where it was refused.")
    model_id = models.CharField(max_length=MODEL_ID_LENGTH)
    setting = models.CharField(max_length=100, help_text="As openai_client.Dialect names it.")
    wanted = models.CharField(max_length=100, blank=True, help_text="The name it is sent under; empty: it is left out.")
    learned_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["provider", "model_id", "setting"], name="learned_once")
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.model_id} {self.setting}"


class _Choice(models.Model):
    """What a person, or without one the site, has said about a model."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    provider = models.CharField(max_length=PROVIDER_ID_LENGTH)
    model_id = models.CharField(max_length=MODEL_ID_LENGTH)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.provider} {self.model_id}"


class HiddenModel(_Choice):
    """Not offered to this person, or to nobody; still works where it is named."""

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(Coalesce("person", Value(0)), "provider", "model_id", name="hidden_once"),
        ]


class DefaultModel(_Choice):
    """Asked when this person, or anybody who chose none, names no model."""

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(Coalesce("person", Value(0)), name="one_default_each"),
        ]


class KnownModel(models.Model):
    """A line of the owner's table of models: overrules the one that comes with the site, not what a server says."""

    pattern = models.CharField(max_length=MODEL_ID_LENGTH, help_text="A model id; * stands for any text.")
    host = models.CharField(max_length=253, blank=True, help_text="Holds there only; empty: everywhere.")
    family = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict, help_text="As providers.facts.of_table gives them.")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("pattern", "host")
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["pattern", "host"], name="known_once")]

    def __str__(self) -> str:
        return self.pattern
