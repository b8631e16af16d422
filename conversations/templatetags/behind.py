"""How pages tell what really happened for an answer: its facts in words, and JSON to be read."""

import itertools
import json
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from conversations import probabilities
from conversations.accumulator import ending
from conversations.behind import Attempt

register = template.Library()
Fact = tuple[str, str]  # label, value; a value of several lines is one

_ENDINGS = {
    "stop": gettext_lazy("The model came to its end"),
    "length": gettext_lazy("Cut at the longest length that it may have"),
    "content_filter": gettext_lazy("Stopped by the provider's filter"),
    "tool_calls": gettext_lazy("The model asked for a tool"),
}
_STATUSES = {
    "queued": gettext_lazy("Waits to be asked"),
    "in_progress": gettext_lazy("Being written"),
    "cancelled": gettext_lazy("Stopped here"),
    "failed": gettext_lazy("Broke off, or was refused"),
    "interrupted": gettext_lazy("The site restarted"),
}


@register.filter
def facts(attempt: Attempt) -> list[Fact]:
    """What is known of one request, in the order in which it is read; what is not known is left out."""
    found = [*_who(attempt), *_how(attempt), *_what_it_took(attempt), *_on_the_wire(attempt)]
    return [(label, value) for label, value in found if value]


@register.filter
def pretty(value: Any) -> str:
    """JSON for reading."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def _who(attempt: Attempt) -> list[Fact]:
    received = attempt.received or {}
    asked, told = attempt.run.model_id, received.get("model") or ""
    return [
        (_("Provider"), attempt.provider_name or attempt.run.provider),
        (_("Model asked for"), asked),
        (_("Model that answered"), told if told != asked else ""),
        (_("System fingerprint"), _text(received.get("system_fingerprint"))),
        (_("Service tier"), _text(received.get("service_tier"))),
        (_("Answered by"), _text(received.get("provider"))),
    ]


def _how(attempt: Attempt) -> list[Fact]:
    reason = attempt.run.finish_reason
    words = str(_ENDINGS.get(ending(reason), "")) if reason else str(_STATUSES.get(attempt.run.status, ""))
    end = " · ".join(filter(None, [words, f"finish_reason: {reason}" if reason else ""]))
    changed = attempt.kept.get("changed") or {}
    renamed = [f"{name} → {other}" for name, other in changed.items() if other]
    return [
        (_("End"), end),
        (
            _("Left out"),
            ", ".join(name for name, other in changed.items() if not other),
        ),
        (_("Renamed"), ", ".join(renamed)),
        (_("Times asked"), _attempts(attempt)),
    ]


def _attempts(attempt: Attempt) -> str:
    count, retries = attempt.kept.get("attempts") or attempt.run.attempt, attempt.kept.get("retries") or []
    if count < 2:
        return ""
    lines = [ngettext("%(count)s time", "%(count)s times", count) % {"count": count}]
    for retry in retries:
        why = " ".join(str(part) for part in (retry["status"], retry["code"]) if part)
        lines.append(_("%(why)s, then waited %(seconds)s s") % {"why": why, "seconds": f"{retry['waited']:g}"})
    return "\n".join(lines)


def _what_it_took(attempt: Attempt) -> list[Fact]:
    usage, seconds = attempt.usage, attempt.seconds
    lines = []
    if usage:
        lines.append(_("%(count)s in") % {"count": usage.get("prompt_tokens")})
        if usage.get("cached_tokens"):
            lines[-1] += " " + _("(%(count)s of them from the cache)") % {"count": usage["cached_tokens"]}
        lines.append(_("%(count)s out") % {"count": usage.get("completion_tokens")})
        if usage.get("reasoning_tokens"):
            lines[-1] += " " + _("(%(count)s of them for thinking)") % {"count": usage["reasoning_tokens"]}
    tokens, characters = attempt.speed
    speed = [_("%(count)s tokens/s") % {"count": f"{tokens:g}"}] if tokens else []
    speed += [_("%(count)s characters/s") % {"count": f"{characters:g}"}] if characters else []
    first, end = seconds.get("first_delta"), seconds.get("end")
    return [
        (_("Tokens"), " · ".join(lines)),
        (_("First word after"), f"{first:.2f} s" if first is not None else ""),
        (_("In all"), f"{end:.2f} s" if end is not None else ""),
        (_("Speed"), " · ".join(speed)),
    ]


def _on_the_wire(attempt: Attempt) -> list[Fact]:
    kept = attempt.kept
    headers, limits = kept.get("headers") or {}, kept.get("rate_limits") or {}
    return [
        (_("HTTP status"), _text(kept.get("status"))),
        (_("Request id"), _text(kept.get("request_id"))),
        (_("Answer id"), _text((attempt.received or {}).get("id"))),
        (_("Rate limits"), "\n".join(f"{name}: {value}" for name, value in limits.items())),
        (_("Headers"), "\n".join(f"{name}: {value}" for name, value in headers.items() if name != "x-request-id")),
    ]


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, (dict, list)) else str(value)


@register.filter
def percent(value: float | None) -> str:
    """A probability for reading: "87.3 %"."""
    if value is None:
        return _("not known")
    if value < 0.1:
        return _("under 0.1 %")
    return f"{value:.1f} %" if value < 99.95 else "100 %"


@register.filter
def others(cell: probabilities.Cell) -> str:
    """What might have stood there, each with how likely it was."""
    return " · ".join(f"{visible(text)} {percent(value)}" for text, value in cell.others)


@register.filter
def visible(text: str) -> str:
    """A token's text with signs for blanks at its ends and for line ends, so that it can be told from another."""
    shown = text.replace("\n", "↵").replace("\t", "⇥")
    middle = shown.strip(" ")
    if not middle:
        return "␣" * len(shown)
    before, after = len(shown) - len(shown.lstrip(" ")), len(shown) - len(shown.rstrip(" "))
    return "␣" * before + middle + "␣" * after


@register.simple_tag
def levels() -> list[tuple[int, str]]:
    """(level, what it stands for) of the heat-map's legend, from nearly sure to hardly to be expected."""
    limits = (100, *probabilities.LIMITS, 0)
    return [(level, f"{low}–{high} %") for level, (high, low) in enumerate(itertools.pairwise(limits))]
