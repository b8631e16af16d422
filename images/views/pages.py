"""The pages with a form: generate, edit, vary; and the form once more, with the reason, when it was refused."""

import functools
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from accounts.access import signed_in
from files import access as files
from images import access, faces, listing
from images.models import Kind
from images.views import gallery
from live.database import read
from live.errors import NotFound, NotSignedIn, Refused
from live.replies import wants_json

Door = Callable[..., Awaitable[HttpResponse]]
_OFFERED = 24  # pictures of the gallery to choose a source from
_DOORS = {Kind.GENERATE: "images", Kind.EDIT: "edit_images", Kind.VARY: "vary_images"}
_KINDS = {name: kind for kind, name in _DOORS.items()}


async def generate(request: HttpRequest) -> HttpResponse:
    """The form, what is being made, and the newest pictures; `?again=` has the form filled in as for a job."""
    return await read(gallery.pictures if wants_json(request) else _asked, request)


async def edit(request: HttpRequest) -> HttpResponse:
    """A picture, or several, to be changed: `?file=` names each; without one they are chosen first."""
    return await read(_asked, request)


async def vary(request: HttpRequest) -> HttpResponse:
    """A picture to be varied, where a server still does that."""
    return await read(_asked, request)


def keeping_words(door: Door) -> Door:
    """The same command, whose form comes back with the reason and with what was typed when it is refused."""

    @functools.wraps(door)
    async def kept(request: HttpRequest) -> HttpResponse:
        try:
            return await door(request)
        except Refused as refusal:
            if wants_json(request) or isinstance(refusal, NotSignedIn | NotFound):
                raise
            return await read(_refused, request, refusal)

    return kept


def _asked(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    return _page(request, user, _given(request, user), _sources(request.GET, "file"))


def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    given, ids = request.POST.dict(), _sources(request.POST, "sources")
    page = _page(request, signed_in(request), given, ids, refusal=refusal.as_dict())
    page.status_code = refusal.status
    return page


def _page(request: HttpRequest, user: Any, given: Mapping[str, Any], ids: list[str], **more: Any) -> HttpResponse:
    door = str(request.resolver_match and request.resolver_match.url_name)
    kind = _KINDS[door]
    sources = files.files_of(user, ids[:1] if kind == Kind.VARY else ids)
    face = faces.face(user, kind, given, sources)
    context = {
        "bar_title": gettext("Images"),
        "face": face,
        "sources": sources,
        "action": reverse(door),
        "client_id": uuid.uuid4(),
        **more,
    }
    if kind == Kind.GENERATE:
        return render(request, "images/images.html", {**context, **gallery.context(request, user)})
    adding = bool(sources) and "more" in request.GET
    if adding or not sources:
        context |= {"adding": adding, "add": _add(sources), "offered": listing.newest(user, _OFFERED)}
    return render(request, "images/edit.html", context)


def _given(request: HttpRequest, user: Any) -> Mapping[str, Any]:
    """What the address says, over what a job had that is to be used again."""
    again = request.GET.get("again", "")
    try:
        before = faces.of_job(access.job(user, uuid.UUID(again))) if again else {}
    except ValueError as error:
        raise NotFound() from error
    return {**before, **request.GET.dict()}


def _sources(query: QueryDict, name: str) -> list[str]:
    """The files that are named, each once."""
    return list(dict.fromkeys(one for one in query.getlist(name) if one))


def _add(sources: list[Any]) -> str:
    """The query string to which one more file is added."""
    return "?" + "".join(f"file={source.pk}&" for source in sources)
