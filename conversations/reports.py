"""The requests that were made upstream for a person: facts of each, never its text (requirement P5)."""

import dataclasses
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.db import models
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations import addresses
from conversations.models import Run, RunStatus, TitleCall, TitleSource
from live.errors import NotFound
from providers import registry

PAGE = 50  # requests on a page
ANSWER, TITLE = "answer", "title"  # in this order where two were made at the same moment
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
T = TypeVar("T", bound=models.Model)

OUTCOMES: Mapping[str, Promise] = {
    "running": _("running"),
    "completed": _("completed"),
    "cut": _("cut short"),
    "stopped": _("stopped"),
    "failed": _("failed"),
    "interrupted": _("interrupted"),
    "unknown": _("not known"),
}
# The codes of docs/protocol.md, in words: a stored sentence may name what was written, these cannot.
CODES: Mapping[str, Promise] = {
    "rate_limited": _("Too many requests"),
    "quota_exhausted": _("No credit left there"),
    "context_length_exceeded": _("Too long for the model"),
    "content_filter": _("Left out by a filter"),
    "invalid_key": _("The key was not accepted"),
    "model_not_found": _("No such model there"),
    "upstream_unreachable": _("Nothing answered"),
    "upstream_broken_off": _("Broken off in the middle"),
    "upstream_refused": _("The request was refused"),
    "unknown_provider": _("The provider was gone"),
    "answer_too_long": _("As long as an answer can be here"),
    "interrupted": _("The site restarted"),
    "server_error": _("A fault of this site"),
}
_BY_STATUS: Mapping[str, str] = {
    RunStatus.QUEUED: "running",
    RunStatus.IN_PROGRESS: "running",
    RunStatus.COMPLETED: "completed",
    RunStatus.INCOMPLETE: "cut",
    RunStatus.CANCELLED: "stopped",
    RunStatus.FAILED: "failed",
    RunStatus.INTERRUPTED: "interrupted",
}


@dataclasses.dataclass(frozen=True)
class Place:
    """Where a request stands in the list: all of them differ, whatever their time."""

    moment: datetime
    purpose: str
    id: uuid.UUID | int

    def __str__(self) -> str:
        return f"{(self.moment - _EPOCH) // timedelta(microseconds=1)}.{self.purpose}.{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Place":
        """What `str` gave; anything else is nowhere (NotFound)."""
        try:
            moment, purpose, own = text.split(".")
            made = {ANSWER: uuid.UUID, TITLE: int}[purpose]
            return cls(_EPOCH + timedelta(microseconds=int(moment)), purpose, made(own))
        except (ValueError, KeyError, OverflowError) as error:
            raise NotFound() from error


@dataclasses.dataclass(frozen=True)
class Call:
    """One request. Seconds are those between being sent and the first text, and the end; None: not known."""

    place: Place
    provider: str
    provider_name: str | None
    model_id: str
    outcome: str  # one of OUTCOMES
    code: str | None  # one of CODES
    attempts: int | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    first_text_seconds: float | None = None
    seconds: float | None = None
    status: int | None = None
    request_id: str | None = None
    url: str | None = None
    request_url: str | None = None

    @property
    def outcome_words(self) -> Promise:
        return OUTCOMES[self.outcome]

    @property
    def code_words(self) -> Promise | None:
        return CODES[self.code] if self.code else None

    def as_json(self) -> dict[str, Any]:
        """The same for a program (docs/protocol.md)."""
        facts = {field.name: getattr(self, field.name) for field in dataclasses.fields(self) if field.name != "place"}
        return {"at": self.place.moment.isoformat(), "for": self.place.purpose, **facts}


@dataclasses.dataclass(frozen=True)
class Page:
    """Some of the requests, the latest first; `older` is where the next page begins."""

    calls: list[Call]
    older: Place | None

    def as_json(self) -> dict[str, Any]:
        return {"requests": [call.as_json() for call in self.calls], "older": str(self.older) if self.older else None}


def requests(person: Any, *, before: Place | None, only_failed: bool) -> Page:
    """The latest PAGE requests of a person, or those before a place: four queries, however many there are."""
    mine = Run.objects.first_of_their_calls().filter(owner=person)
    runs = mine.select_related("conversation", "message").defer("message__parts")
    titles = TitleCall.objects.filter(conversation__owner=person).select_related("conversation")
    if only_failed:
        runs = runs.filter(status__in=[RunStatus.FAILED, RunStatus.INTERRUPTED])
        titles = titles.exclude(error_code="")
    names = registry.names(person)
    answers = list(_newest(runs, ANSWER, before))
    shared = _usage_of_calls(answers)
    found = [
        *(_answer(run, names, shared.get(run.call, run.usage)) for run in answers),
        *(_title(call, names) for call in _newest(titles, TITLE, before)),
    ]
    found.sort(key=lambda call: (call.place.moment, call.place.purpose, call.place.id), reverse=True)
    shown = found[:PAGE]
    return Page(shown, shown[-1].place if len(found) > PAGE else None)


def _newest(rows: "models.QuerySet[T]", purpose: str, before: Place | None) -> "models.QuerySet[T]":
    """Enough of one kind to fill a page and to see whether more follow."""
    if before is not None and purpose > before.purpose:
        rows = rows.filter(created_at__lt=before.moment)
    elif before is not None:
        # The first condition alone says where the index begins to be read.
        rows = rows.filter(created_at__lte=before.moment)
        if purpose == before.purpose:
            rows = rows.exclude(created_at=before.moment, id__gte=before.id)
    return rows.order_by("-created_at", "-id")[: PAGE + 1]


def _usage_of_calls(runs: list[Run]) -> dict[uuid.UUID | None, dict[str, int]]:
    """Call -> what all of its answers have used, for those that share one request with others."""
    totals: dict[uuid.UUID | None, dict[str, int]] = {}
    keys = [run.call for run in runs if run.call]
    for run in Run.objects.filter(call__in=keys).exclude(usage=None) if keys else ():
        total = totals.setdefault(run.call, {})
        for name, count in _tokens(run.usage).items():
            total[name] = total.get(name, 0) + (count or 0)
    return totals


def _answer(run: Run, names: Mapping[str, str], usage: Mapping[str, Any] | None) -> Call:
    said = (run.error or {}).get("data") or {}
    there = run.conversation.deleted_at is None and run.message.deleted_at is None
    return Call(
        Place(run.created_at, ANSWER, run.pk),
        run.provider,
        names.get(run.provider),
        run.model_id,
        _BY_STATUS[run.status],
        _code(run),
        attempts=said.get("attempts") or run.attempt,
        **_tokens(usage),
        first_text_seconds=_between(run.started_at, run.first_text_at),
        seconds=_between(run.started_at, run.ended_at),
        status=said.get("status"),
        request_id=said.get("request_id"),
        url=addresses.message(run.conversation_id, run.message_id) if there else None,
        request_url=reverse("request_as_typed", args=[run.message_id]) if there and run.provider in names else None,
    )


def _title(call: TitleCall, names: Mapping[str, str]) -> Call:
    """A title's call; its end is known by what it brought."""
    brought = call.usage is not None or call.cost is not None or call.conversation.title_source == TitleSource.MODEL
    outcome = "failed" if call.error_code else "completed" if brought else "unknown"
    return Call(
        Place(call.created_at, TITLE, call.pk),
        call.provider,
        names.get(call.provider),
        call.model_id,
        outcome,
        call.error_code if call.error_code in CODES else None,
        **_tokens(call.usage),
        url=addresses.conversation(call.conversation_id) if call.conversation.deleted_at is None else None,
    )


def _code(run: Run) -> str | None:
    """Why it ended as it did, where that is one of ours to say."""
    code = (run.error or {}).get("code")
    if run.status == RunStatus.INCOMPLETE and not code:
        code = run.finish_reason
    return code if code in CODES else None


def _tokens(usage: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: (usage or {}).get(name) for name in ("prompt_tokens", "completion_tokens")}


def _between(start: datetime | None, end: datetime | None) -> float | None:
    """Seconds, to the millisecond."""
    return round((end - start).total_seconds(), 3) if start and end else None
