"""The doors of what is there: the gallery's helpings, favourites, deleting with a way back, archives, a job's card."""

import functools
import uuid
from collections.abc import AsyncIterator, Iterator
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access import signed_in
from files import storage
from files.errors import FileGone
from images import access, actions, chosen, listing, transcript, zips
from images.models import Picture
from live.database import read
from live.errors import NotFound
from live.replies import is_json, reply, wants_json

Json = dict[str, Any]


def context(request: HttpRequest, user: Any) -> Json:
    """What templates/images/_gallery.html needs: for the page with the form as well."""
    wanted, before = chosen.wanted(request.GET), chosen.before(request.GET)
    jobs = transcript.jobs_json(listing.shown_jobs(user)) if not before else []
    return {
        "wanted": wanted,
        "before": before,
        "helping": listing.page(user, wanted, before),
        "jobs": [transcript.card_json(job) for job in jobs],
        "undo": listing.deleted_at(user, chosen.undo(request.GET)),
    }


def pictures(request: HttpRequest) -> HttpResponse:
    """The pictures below `?before=`, found by `?q=` and `?favourites=1`: as JSON, or as what a page puts in."""
    user = signed_in(request)
    wanted, before = chosen.wanted(request.GET), chosen.before(request.GET)
    helping = listing.page(user, wanted, before)
    if not wants_json(request):
        return render(request, "images/cells.html", {"wanted": wanted, "before": before, "helping": helping})
    found = [{**transcript.picture_json(picture), "prompt": picture.job.prompt} for picture in helping.pictures]
    return JsonResponse({"pictures": found, "has_older": helping.has_older})


def picture(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002 - the address says id
    """One picture with everything that is known of it."""
    user = signed_in(request)
    found, wanted = access.picture(user, id), chosen.wanted(request.GET)
    if wants_json(request):
        return JsonResponse({"picture": transcript.picture_json(found), "job": transcript.job_json(found.job)})
    newer, older = listing.neighbours(user, found, wanted)
    sources = listing.sources(found.job)
    before = next((source.file for source in sources if not source.is_mask and source.file.is_there), None)
    shown = {
        "bar_title": gettext("Images"),
        "picture": found,
        "wanted": wanted,
        "newer": newer,
        "older": older,
        "sources": sources,
        "before": before,
    }
    return render(request, "images/picture.html", shown)


def favour(request: HttpRequest) -> HttpResponse:
    """Make pictures favourites, or none any more."""
    found = actions.favour(signed_in(request), chosen.ids(request), favourite=chosen.favourite(request))
    return _done(request, found)


def favour_one(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """The same with the one picture that the address names."""
    found = actions.favour(signed_in(request), [id], favourite=chosen.favourite(request))
    return _done(request, found)


def delete(request: HttpRequest) -> HttpResponse:
    """Take pictures out of sight; `moment` brings them back."""
    found, moment = actions.delete(signed_in(request), chosen.ids(request))
    if not found:
        raise NotFound()
    body = {"pictures": [str(picture.pk) for picture in found], "moment": moment.isoformat()}
    return reply(request, body, location=f"{reverse('images')}?undo={moment:%Y-%m-%dT%H:%M:%S.%fZ}")


def restore(request: HttpRequest) -> HttpResponse:
    """Bring back what was deleted at one moment."""
    return _done(request, actions.restore(signed_in(request), chosen.moment(request)))


async def archive(request: HttpRequest) -> StreamingHttpResponse:
    """The chosen pictures as one ZIP, made while it is sent."""
    entries = await read(_entries, request)
    name = f"pictures-{timezone.now():%Y-%m-%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    sent = _sent(zips.pieces(entries, (FileGone,)))
    return StreamingHttpResponse(sent, content_type="application/zip", headers=headers)


def card(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """A job as it stands above the gallery: what a page puts in when there is news of it."""
    job = access.job(signed_in(request), id)
    return render(request, "images/card.html", {"job": transcript.card_json(transcript.job_json(job))})


def forget(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """Put away a job that made nothing."""
    actions.forget(access.job(signed_in(request), id))
    return reply(request, {}, location=reverse("images"))


def _done(request: HttpRequest, found: list[Picture]) -> HttpResponse:
    if not found:
        raise NotFound()
    body = {"pictures": [transcript.picture_json(picture) for picture in found]}
    return reply(request, body, location=_back(request))


def _back(request: HttpRequest) -> str:
    """The page that a form stands on, as the form says it: one of these pages, and no other."""
    page = "" if is_json(request) else str(request.POST.get("next", ""))
    return page if page.startswith(reverse("images")) and "\\" not in page else reverse("images")


def _entries(request: HttpRequest) -> list[zips.Entry]:
    found = listing.chosen(signed_in(request), chosen.ids(request))
    if not found:
        raise NotFound()
    return [
        zips.Entry(
            picture.file.name, picture.file.size, picture.created_at, functools.partial(storage.open_file, picture.file)
        )
        for picture in found
    ]


async def _sent(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Disks are slow, and the loop is everybody's."""
    while piece := await sync_to_async(_following, thread_sensitive=False)(pieces):
        yield piece


def _following(pieces: Iterator[bytes]) -> bytes:
    return next(pieces, b"")
