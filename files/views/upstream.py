"""The doors to a provider's own files: for who has its key, since what is kept there belongs to the key."""

import datetime
import functools
from collections.abc import Awaitable, Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

import openai_client as oc
from accounts.access import signed_in
from files import jsonl, upstream, upstream_form
from files.errors import BadLines
from files.upstream import Unhelpful
from files.upstream_form import SendForm, Sending
from live.database import query_apart, read
from live.errors import NotFound
from live.replies import fields, reply, wants_json
from providers import access as keys
from providers.registry import Provider

LONGEST_ID = 200
LONGEST_PURPOSE = 64
Door = Callable[..., Awaitable[HttpResponseBase]]


def told(door: Door) -> Door:
    """What the provider did not do, as JSON or as a page that leads back to its files."""

    @functools.wraps(door)
    async def view(request: HttpRequest, provider: str) -> HttpResponseBase:
        mine = await read(_askable, request, provider)
        try:
            return await door(request, mine)
        except Unhelpful as error:
            if wants_json(request):
                return JsonResponse({"error": error.failed.as_json()}, status=error.status)
            context = {"provider": mine, "failed": error.failed}
            return await read(render, request, "files/upstream_failed.html", context, None, error.status)

    return view


def _askable(request: HttpRequest, provider_id: str) -> Provider:
    return keys.askable(signed_in(request), provider_id[:64])


def choose(request: HttpRequest) -> HttpResponse:
    """Whose files: every provider whose key is this person's."""
    user = signed_in(request)
    mine = keys.askables(user)
    if wants_json(request):
        return JsonResponse({"providers": [{"id": one.id, "name": one.name, "url": _list(one)} for one in mine]})
    context = {"providers": mine, "may_have_own": keys.may_have_own(user)}
    return render(request, "files/upstream.html", context)


@told
async def page(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Its files, page by page, all or those of one purpose."""
    return await _page(request, provider, await read(_blank, request))


@told
async def send(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Send a file; lines of JSON are looked at before anything leaves."""
    sending = await read(_sent, request)
    if isinstance(sending, SendForm):
        if wants_json(request):
            raise upstream_form.refusal(sending)
        return await _page(request, provider, sending, status=400)
    with sending.stream:
        report = await _looked_at(sending)
        if report and report.faults and not sending.unchecked:
            if wants_json(request):
                faults = [fault.as_json() for fault in report.faults]
                raise BadLines(faults=faults, cut=report.cut, lines=report.lines)
            return await _page(request, provider, await read(_again, request), status=400, report=report)
        kept = await upstream.upload(
            provider, sending.stream, sending.name, sending.mime, sending.purpose, sending.expires_after
        )
    if not wants_json(request):
        messages.success(request, gettext("“%(name)s” is kept at %(provider)s now.") % _names(sending.name, provider))
        for note in report.notes if report else ():
            messages.info(request, note.message)
    return reply(request, {"file": as_json(kept)}, location=_at("upstream_file", provider, kept.id), status=201)


@told
async def detail(request: HttpRequest, provider: Provider) -> HttpResponse:
    """What is known about one file, and how it begins."""
    file_id = named(request.GET)
    found = await upstream.detail(provider, file_id)
    if wants_json(request):
        return JsonResponse({"file": as_json(found)})
    context = {
        "provider": provider,
        "file": _row(found),
        "preview": await upstream.beginning(provider, file_id),
        "extra": {name: value for name, value in list(found.extra.items())[:30] if _is_small(value)},
    }
    return await read(render, request, "files/upstream_file.html", context)


@told
async def confirm_delete(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Ask first: the provider deletes for good, and whatever uses the file there goes without it."""
    found = await upstream.detail(provider, named(request.GET))
    return await read(render, request, "files/upstream_delete.html", {"provider": provider, "file": _row(found)})


@told
async def delete(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Have the provider delete a file."""
    given = fields(request)
    file_id = named(given)
    await upstream.delete(provider, file_id)
    if not wants_json(request):
        name = str(given.get("name") or file_id)[:200]
        messages.success(request, gettext("“%(name)s” is deleted at %(provider)s.") % _names(name, provider))
    return reply(request, {"deleted": file_id}, location=_list(provider))


def named(given: Any) -> str:
    """The id of a file there, as a request names it."""
    file_id = given.get("id")
    if not isinstance(file_id, str) or not 0 < len(file_id) <= LONGEST_ID or not file_id.isprintable():
        raise NotFound()
    if file_id in (".", ".."):  # an address would be read as another one
        raise NotFound()
    return file_id


def as_json(file: oc.File) -> dict[str, Any]:
    """A file as programs have it: `bytes`, and times in Unix seconds; null and empty where its server says nothing."""
    known = ("id", "filename", "bytes", "purpose", "created_at", "expires_at", "status")
    return {name: getattr(file, name) for name in known}


def _blank(request: HttpRequest) -> SendForm:
    """The empty form; `?file=` chooses one of the person's own."""
    return upstream_form.blank(signed_in(request), own=request.GET.get("file", ""))


def _again(request: HttpRequest) -> SendForm:
    """The form with what was chosen."""
    return upstream_form.blank(signed_in(request), **fields(request))


def _sent(request: HttpRequest) -> Sending | SendForm:
    return upstream_form.read(request, signed_in(request))


async def _looked_at(sending: Sending) -> jsonl.Report | None:
    """What is wrong with its lines; None for a purpose that does not want lines."""
    if sending.purpose not in jsonl.PURPOSES:
        return None
    sending.stream.seek(0)
    return await query_apart(jsonl.check, sending.stream, sending.purpose, sending.name)


async def _page(
    request: HttpRequest, provider: Provider, form: SendForm, status: int = 200, **context: Any
) -> HttpResponse:
    asked = {name: request.GET.get(name, "") for name in ("purpose", "order", "after")}
    order = "asc" if asked["order"] == "asc" else "desc"
    purpose, after = asked["purpose"][:LONGEST_PURPOSE], asked["after"][:LONGEST_ID]
    try:
        found, failed = await upstream.listing(provider, purpose=purpose, order=order, after=after), None
    except Unhelpful as error:
        if wants_json(request):
            raise
        found, failed = upstream.Page((), None), error.failed
    if wants_json(request):
        return JsonResponse({"files": [as_json(file) for file in found.files], "after": found.after})
    shown = {
        "provider": provider,
        "providers": await read(_others, request),
        "files": [_row(file) for file in found.files],
        "failed": failed,
        "has_files": not failed or failed.code != "no_files",
        "purposes": [*upstream_form.PURPOSES, *upstream_form.RESULTS],
        "purpose": purpose,
        "order": order,
        "after": after,
        "next": found.after and urlencode({"purpose": purpose, "order": order, "after": found.after}),
        "form": form,
        **context,
    }
    return await read(render, request, "files/upstream_list.html", shown, None, status)


def _others(request: HttpRequest) -> list[Provider]:
    return keys.askables(signed_in(request))


def _row(file: oc.File) -> dict[str, Any]:
    """The same with its times as such, and a name in any case."""
    times = {
        name: value and datetime.datetime.fromtimestamp(value, datetime.UTC)
        for name, value in (("created_at", file.created_at), ("expires_at", file.expires_at))
    }
    return {**as_json(file), **times, "name": file.filename or file.id, "query": urlencode({"id": file.id})}


def _is_small(value: object) -> bool:
    return isinstance(value, str | int | float | bool) and len(str(value)) <= 400


def _names(name: str, provider: Provider) -> dict[str, str]:
    return {"name": name, "provider": provider.name}


def _list(provider: Provider) -> str:
    return reverse("upstream_files", args=[provider.id])


def _at(door: str, provider: Provider, file_id: str) -> str:
    return f"{reverse(door, args=[provider.id])}?{urlencode({'id': file_id})}"
