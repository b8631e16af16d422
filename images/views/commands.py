"""The commands: generate, edit, vary, stop, retry. Each checks, calls the engine and answers."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.access import signed_in
from files import actions as files
from files.errors import FileGone
from images import access, forms, offers, runs, sources, transcript
from images.actions import Draft
from images.errors import ImageModelMissing, NothingToRetry
from images.forms import Command
from images.models import Job, Kind, Source
from live.database import query, query_apart, read
from live.replies import fields, is_json, reply
from providers.choosing import choose, find


async def generate(request: HttpRequest) -> HttpResponse:
    """Pictures from words."""
    return await _begin(request, Kind.GENERATE)


async def edit(request: HttpRequest) -> HttpResponse:
    """Pictures from pictures and words; `image` and `mask` may come as files with a form."""
    return await _begin(request, Kind.EDIT)


async def vary(request: HttpRequest) -> HttpResponse:
    """Variations of one picture, where its model has them."""
    return await _begin(request, Kind.VARY)


async def stop(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002 - the address says id
    """End a job. 202 while it is ending, 200 when it had ended before."""
    job, was_live = await query(_stop, request, id)
    return await _answer(request, job, 202 if was_live else 200)


async def retry(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """The same again, as a new job."""
    user, client_id, draft = await read(_again, request, id)
    job, new = await query(runs.submit, user, client_id, draft)
    return await _answer(request, job, 201 if new else 200)


async def _begin(request: HttpRequest, kind: str) -> HttpResponse:
    user = await read(signed_in, request)
    uploaded = await query_apart(_kept, request, user) if request.FILES else {}
    given = {**fields(request), **({"mask": uploaded["mask"][0]} if "mask" in uploaded else {})}
    named = request.POST.getlist("sources") if not is_json(request) else []
    command = forms.command(given, kind, [*uploaded.get("image", []), *named] if uploaded or len(named) > 1 else None)
    draft = await _draft(user, command)
    job, new = await query(runs.submit, user, command.client_id, draft)
    return await _answer(request, job, 201 if new else 200)


async def _draft(user: Any, command: Command) -> Draft:
    provider_id, model_id = await _chosen(user, command)
    provider = await find(user.pk, provider_id)
    takes = await read(offers.takes_of, provider, model_id)
    params, left_out = forms.settled(command, takes, model_id)
    found = await query_apart(sources.check, user, command.kind, takes, model_id, command.sources, command.mask)
    return Draft(
        kind=command.kind,
        prompt=command.prompt,
        provider=provider_id,
        model_id=model_id,
        asked=command.asked,
        params=params,
        left_out=left_out,
        sources=found.files,
        mask=found.mask,
        confirmed=command.confirmed,
    )


async def _chosen(user: Any, command: Command) -> tuple[str, str]:
    if command.model_id:
        return await choose(user, command.provider or None, command.model_id, None)
    if command.provider:
        await find(user.pk, command.provider)
    chosen = await read(offers.default, user, command.provider)
    if chosen is None:
        raise ImageModelMissing()
    return chosen


# What follows runs in a database thread.


def _kept(request: HttpRequest, user: Any) -> dict[str, list[str]]:
    """The pictures that came with a form, each a file of the person's from now on."""
    found: dict[str, list[str]] = {}
    for name in ("image", "mask"):
        for upload in request.FILES.getlist(name):
            kept = files.keep(user.pk, upload.name or name, upload.file)  # type: ignore[arg-type]
            found.setdefault(name, []).append(str(kept.pk))
    return found


def _stop(request: HttpRequest, id: uuid.UUID) -> tuple[Job, bool]:  # noqa: A002
    return runs.stop(access.job(signed_in(request), id))


def _again(request: HttpRequest, id: uuid.UUID) -> tuple[Any, uuid.UUID, Draft]:  # noqa: A002
    user = signed_in(request)
    job = access.job(user, id)
    if job.is_live:
        raise NothingToRetry()
    its = list(Source.objects.filter(job=job).select_related("file"))
    if not all(source.file.is_there for source in its):
        raise FileGone()
    draft = Draft(
        kind=job.kind,
        prompt=job.prompt,
        provider=job.provider,
        model_id=job.model_id,
        asked=job.asked,
        params=job.params,
        left_out=job.left_out,
        sources=tuple(source.file for source in its if not source.is_mask),
        mask=next((source.file for source in its if source.is_mask), None),
        confirmed=True,  # whoever wants the same again has said so when it was begun
    )
    return user, forms.client_id(fields(request)), draft


async def _answer(request: HttpRequest, job: Job, status: int) -> HttpResponse:
    told = await read(transcript.job_json, job)
    return reply(request, {"job": told}, location=reverse("images"), status=status)
