"""The message tree and the runs that grow it: facts about one object, querysets, constraints."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations import statements
from live import rows

TITLE_LENGTH = 200
MODEL_ID_LENGTH = 256
TEXT, REFUSAL = "text", "refusal"
SAID = (TEXT, REFUSAL)  # parts that are what a message says
MAX_ANSWER = 4 * 1024 * 1024  # characters of an answer, reasoning included: ten times what any model writes at once
TEXT_LENGTH = 1_000_000  # characters of one message; about four times the largest context window sold today


class TitleSource(models.TextChoices):
    """Who wrote a conversation's title; a person's is never replaced."""

    WORDS = "words", _("first words")
    MODEL = "model", _("a model")
    PERSON = "person", _("a person")


class Role(models.TextChoices):
    SYSTEM = "system", _("system")
    USER = "user", _("user")
    ASSISTANT = "assistant", _("assistant")


class RunStatus(models.TextChoices):
    """The states of a run, in the field's own words."""

    QUEUED = "queued", _("queued")
    IN_PROGRESS = "in_progress", _("in progress")
    COMPLETED = "completed", _("completed")
    INCOMPLETE = "incomplete", _("incomplete")
    CANCELLED = "cancelled", _("stopped")
    FAILED = "failed", _("failed")
    INTERRUPTED = "interrupted", _("interrupted")


LIVE = (RunStatus.QUEUED, RunStatus.IN_PROGRESS)


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def of(self, owner: models.Model) -> "ConversationQuerySet":
        """A person's conversations, the latest first, without those that were archived."""
        return self.filter(owner=owner, deleted_at=None, archived_at=None).order_by("-updated_at", "-id")

    def archived(self, owner: models.Model) -> "ConversationQuerySet":
        """Those that were put away, the latest first."""
        return self.filter(owner=owner, deleted_at=None).exclude(archived_at=None).order_by("-updated_at", "-id")

    def pinned(self, owner: models.Model) -> "ConversationQuerySet":
        """Those that stand above all others, the last one that was pinned first."""
        there = self.filter(owner=owner, deleted_at=None, archived_at=None)
        return there.filter(pinned_at__isnull=False).order_by("-pinned_at")

    def after(self, conversation: "Conversation") -> "ConversationQuerySet":
        """Those that stand below `conversation` in a list with the latest first."""
        moment = conversation.updated_at
        # The first condition alone says where the index begins to be read.
        return self.filter(updated_at__lte=moment).exclude(updated_at=moment, id__gte=conversation.pk)

    def cost(self, id: uuid.UUID) -> int | None:  # noqa: A002 - as in access
        """What all of a conversation's calls have cost, branches that are not shown and the title included.

        None: nothing is known.
        """
        total = rows.ask(statements.COST, id, id)[0][0]
        return None if total is None else int(total)

    def is_running(self, id: uuid.UUID) -> bool:  # noqa: A002
        """Whether an answer is being written in a conversation."""
        return bool(rows.ask(statements.IS_RUNNING, id, *LIVE))


class Conversation(models.Model):
    """The owned tree of messages. `leaf` is the end of the branch that is shown."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="conversations")
    title = models.CharField(max_length=TITLE_LENGTH, blank=True)
    title_source = models.CharField(max_length=6, choices=TitleSource, default=TitleSource.WORDS)
    leaf = models.ForeignKey("Message", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    unread = models.BooleanField(default=False, help_text="An answer ended that no tab of the owner's has shown.")
    deleted_at = models.DateTimeField(null=True, blank=True, help_text="Out of sight; removed for good an hour later.")
    parameters = models.JSONField(default=dict, help_text="What is set for this conversation; null: not sent.")
    beside = models.BooleanField(default=False, help_text="The last answer is shown beside its companions.")
    pinned_at = models.DateTimeField(null=True, blank=True, help_text="Stands above all others in the history.")
    archived_at = models.DateTimeField(null=True, blank=True, help_text="Not in the history; found by searching.")

    objects = ConversationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-updated_at", "-id"], name="newest_of_owner"),
            models.Index(fields=["owner"], condition=models.Q(pinned_at__isnull=False), name="pinned_of_owner"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(title_source__in=TitleSource.values), name="title_source_known")
        ]

    def __str__(self) -> str:
        return self.title or str(self.id)


class MessageQuerySet(models.QuerySet["Message"]):
    def branch(self, leaf_id: uuid.UUID, limit: int = 1_000_000) -> list["Message"]:
        """Up to `limit` messages that end at the leaf, in reading order."""
        return rows.read(self.model, statements.BRANCH.format(rows.names(self.model, "m")), leaf_id, limit)

    def newest_below(self, message_id: uuid.UUID) -> "Message":
        """The end of the branch through a message that was added to last; the message itself when nothing follows."""
        return rows.read(self.model, statements.NEWEST_BELOW.format(rows.names(self.model, "m")), message_id)[0]

    def count_below(self, message_id: uuid.UUID) -> int:
        """How many messages go when this one is deleted, itself included."""
        return int(rows.ask(statements.COUNT_BELOW, message_id)[0][0])

    def branch_ids(self, leaf_id: uuid.UUID) -> list[uuid.UUID]:
        """The ids of the whole branch that ends at the leaf, in reading order."""
        return [uuid.UUID(str(found)) for (found,) in rows.ask(statements.BRANCH_IDS, leaf_id, 1_000_000)]


class Message(models.Model):
    """One node: a role and ordered parts. Nothing is overwritten: edit and regenerate make siblings."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="children")
    role = models.CharField(max_length=9, choices=Role)
    parts = models.JSONField(default=list)
    client_id = models.UUIDField(null=True, blank=True)
    model_id = models.CharField(max_length=MODEL_ID_LENGTH, blank=True)
    finish_reason = models.CharField(max_length=64, blank=True)
    usage = models.JSONField(null=True, blank=True)
    cost = models.BigIntegerField(null=True, blank=True, help_text="Micro-units; null: nothing known.")
    cost_marks = models.JSONField(default=list, help_text="Any of estimate, overrun, unbilled, unknown.")
    beside = models.UUIDField(null=True, blank=True, help_text="Shared by the answers that are to be compared.")
    created_at = models.DateTimeField(default=timezone.now)
    by_hand = models.BooleanField(default=False, help_text="A person wrote it as it is: an example, an edited answer.")
    deleted_at = models.DateTimeField(null=True, blank=True, help_text="Out of sight, with all that is below it.")

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["parent", "created_at"], name="siblings_in_order"),
            models.Index(fields=["deleted_at"], condition=models.Q(deleted_at__isnull=False), name="deleted_messages"),
        ]
        constraints = [models.CheckConstraint(condition=models.Q(role__in=Role.values), name="role_known")]

    def __str__(self) -> str:
        return f"{self.role} {self.id}"

    @property
    def text(self) -> str:
        """The text parts and the refusal, joined: what is sent upstream and shown first."""
        return "".join(part["text"] for part in self.parts if part["type"] in SAID)

    @property
    def reasoning(self) -> str:
        """The reasoning parts, joined."""
        return "".join(part["text"] for part in self.parts if part["type"] == "reasoning")


class RunQuerySet(models.QuerySet["Run"]):
    def live(self) -> "RunQuerySet":
        """Those that have not ended."""
        return self.filter(status__in=LIVE)

    def with_its_call(self, run: "Run") -> "RunQuerySet":
        """A run, and those that share its request, in the order of their answers."""
        return (self.filter(call=run.call) if run.call else self.filter(pk=run.pk)).order_by("choice")

    def first_of_their_calls(self) -> "RunQuerySet":
        """One for each request, however many answers it has brought."""
        before = Run.objects.filter(call=models.OuterRef("call"), choice__lt=models.OuterRef("choice"))
        return self.exclude(models.Exists(before))

    def last_used(self) -> tuple[str, str] | None:
        """The provider and the model id of the latest; None where there is none."""
        return self.order_by("-created_at").values_list("provider", "model_id").first()


class Run(models.Model):
    """One attempt to produce one assistant message, made by one process incarnation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="runs")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="runs")
    client_id = models.UUIDField()
    call = models.UUIDField(null=True, help_text="The first of the runs that share one request; null: it has its own.")
    choice = models.PositiveSmallIntegerField(default=0, help_text="Which of the request's answers.")
    process = models.ForeignKey("live.Process", on_delete=models.SET_NULL, null=True, related_name="+")
    status = models.CharField(max_length=11, choices=RunStatus, default=RunStatus.QUEUED)
    provider = models.CharField(max_length=64)
    model_id = models.CharField(max_length=MODEL_ID_LENGTH)
    params = models.JSONField(default=dict, help_text="All that held for this run, wherever it was set.")
    left_out = models.JSONField(default=list, help_text="Parameters that the server does not take: not sent.")
    seq = models.PositiveIntegerField(default=0, help_text="Text deltas stored so far.")
    reasoning_seq = models.PositiveIntegerField(default=0, help_text="Reasoning deltas stored so far.")
    attempt = models.PositiveSmallIntegerField(default=1)
    retry_at = models.DateTimeField(null=True, blank=True)
    stop_requested = models.BooleanField(default=False)
    finish_reason = models.CharField(max_length=64, blank=True)
    usage = models.JSONField(null=True, blank=True)
    ceiling = models.PositiveIntegerField(null=True, help_text="Tokens that the request is limited to (prepaid).")
    text_before = models.PositiveIntegerField(default=0, help_text="Characters that it continues.")
    reasoning_before = models.PositiveIntegerField(default=0)
    cost = models.BigIntegerField(null=True, blank=True, help_text="Micro-units; null: nothing known.")
    cost_marks = models.JSONField(default=list)
    record = models.BinaryField(default=b"", help_text="What was sent and received (records.py), without secrets.")
    error = models.JSONField(null=True, blank=True, help_text="{code, message, data} once failed or interrupted.")
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    first_text_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["message", "created_at"], name="runs_of_message"),
            models.Index(fields=["owner", "-created_at", "-id"], name="newest_runs_of_owner"),
            models.Index(
                fields=["process"], condition=models.Q(status__in=["queued", "in_progress"]), name="live_runs"
            ),
            models.Index(fields=["call"], condition=models.Q(call__isnull=False), name="runs_of_call"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["owner", "client_id"], name="one_run_per_client_id"),
            # An answer has one writer at a time.
            models.UniqueConstraint(
                fields=["message"],
                condition=models.Q(status__in=["queued", "in_progress"]),
                name="one_live_run_per_message",
            ),
            models.CheckConstraint(condition=models.Q(status__in=RunStatus.values), name="run_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.id}"

    @property
    def is_live(self) -> bool:
        """Whether it has not ended."""
        return self.status in LIVE


class Probabilities(models.Model):
    """How likely each token of a run's answer was, where that was asked for: large, so beside the run."""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, primary_key=True, related_name="probabilities")
    packed = models.BinaryField(help_text="As probabilities.py packs it.")

    class Meta:
        verbose_name_plural = "probabilities"

    def __str__(self) -> str:
        return f"probabilities of {self.run_id}"


class TitleCall(models.Model):
    """One upstream request for a title: counted by itself, so that no call is hidden in another."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="title_calls")
    provider = models.CharField(max_length=64)
    model_id = models.CharField(max_length=MODEL_ID_LENGTH)
    usage = models.JSONField(null=True, blank=True)
    cost = models.BigIntegerField(null=True, blank=True, help_text="Micro-units; null: nothing known.")
    error_code = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"title of {self.conversation_id}"
