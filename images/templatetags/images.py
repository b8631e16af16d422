"""What the pages about pictures show: days, addresses of thumbnails, a picture's facts in words."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from billing import amounts
from images import labels
from images.listing import Wanted
from images.models import Kind, Picture, Source

register = template.Library()
_OURS = ("response_format", "partial_images")  # how it is fetched, not what it shows
_SAID = 160  # characters of a prompt that stand for the whole, where a picture is named


@register.simple_tag
def by_day(pictures: Iterable[Picture]) -> list[dict[str, Any]]:
    """Groups in the order given, each `{"key", "name", "pictures"}`; days are the server's."""
    today = timezone.localdate()
    grouped = groupby(pictures, key=lambda picture: timezone.localdate(picture.created_at))
    return [{"key": day.isoformat(), "name": _name(day, today), "pictures": list(rows)} for day, rows in grouped]


def _name(day: date, today: date) -> str:
    if day >= today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    return formats.date_format(day, "MONTH_DAY_FORMAT" if day.year == today.year else "DATE_FORMAT")


@register.simple_tag
def thumb(shown: Picture | Source, side: int) -> str:
    """The address of a picture's small square."""
    return reverse("file_thumb", args=[shown.file_id, side])


@register.simple_tag
def query_of(wanted: Wanted | None, before: uuid.UUID | None = None) -> str:
    """The query string that says what is looked for; empty for everything."""
    return _query(wanted.text, wanted.favourites, before) if wanted else ""


@register.simple_tag
def query_of_other(wanted: Wanted) -> str:
    """The same search, among favourites if it is not, among all if it is."""
    return _query(wanted.text, not wanted.favourites, None)


def _query(text: str, favourites: bool, before: uuid.UUID | None) -> str:
    asked = {"q": text, "favourites": "1" if favourites else "", "before": before or ""}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"?{query}" if query else ""


@register.filter
def said(picture: Picture) -> str:
    """What names a picture: the beginning of its prompt, or what it is."""
    words = " ".join((picture.job.prompt or picture.revised_prompt).split())
    return Truncator(words).chars(_SAID) or (_("A variation") if picture.job.kind == Kind.VARY else _("A picture"))


@register.filter
def said_of_job(job: dict[str, Any]) -> str:
    """What names a job (images.transcript)."""
    words = Truncator(" ".join(job["prompt"].split())).chars(_SAID)
    return words or (_("Variations") if job["kind"] == Kind.VARY else _("Pictures"))


@register.filter
def places(job: dict[str, Any]) -> list[dict[str, Any]]:
    """A place for each picture that was asked for: what is there of it. Of a job that has ended, only what came."""
    pictures = {picture["index"]: picture for picture in job["pictures"]}
    partials = {partial["index"]: partial for partial in job["partials"]}
    indices = range(job["asked"]) if job["live"] else sorted(pictures)
    return [{"index": at, "picture": pictures.get(at), "partial": partials.get(at)} for at in indices]


@register.filter
def facts(picture: Picture) -> list[tuple[str, str]]:
    """Everything else about a picture, as (name, value), in the order in which people look for it."""
    job, file = picture.job, picture.file
    made = formats.date_format(timezone.localtime(picture.created_at), "DATETIME_FORMAT")
    size = f"{file.width} × {file.height}, {file.mime.partition('/')[2].upper()}, {filesizeformat(file.size)}"
    asked = [labels.named(name, value) for name, value in sorted(job.params.items()) if name not in _OURS]
    found = [
        (_("Model"), job.model_id),
        (_("Size"), size),
        (_("Made"), made),
        *asked,
        (_("Usage"), _usage(job.usage)),
        (_("Cost"), _cost(job.cost, job.cost_marks, job.asked)),
        (_("Provider"), job.provider),
        (_("Request id"), job.request_id),
    ]
    return [(name, value) for name, value in found if value]


def _usage(usage: dict[str, Any] | None) -> str:
    """Tokens in and out, as upstream counted them."""
    found = usage or {}
    given = found.get("input_tokens", found.get("prompt_tokens"))
    taken = found.get("output_tokens", found.get("completion_tokens"))
    if given is None and taken is None:
        return ""
    return _("%(given)s in · %(taken)s out") % {"given": f"{given or 0:,}", "taken": f"{taken or 0:,}"}


def _cost(cost: int | None, marks: list[str], asked: int) -> str:
    if cost is None:
        return _("price unknown") if "unknown" in marks else ""
    shown = amounts.short(cost)
    words = _("about %(amount)s") % {"amount": shown} if "estimate" in marks else shown
    return words if asked == 1 else _("%(amount)s for %(count)s pictures") % {"amount": words, "count": asked}


@register.filter
def side_of(given: Mapping[str, Any], index: int) -> str:
    """Width (0) or height (1) of a free size that was given before."""
    sides = str(given.get("size") or "").split("x")
    usual = str(given.get(("width", "height")[index]) or 1024)
    return sides[index] if len(sides) == 2 and all(side.isdecimal() for side in sides) else usual
