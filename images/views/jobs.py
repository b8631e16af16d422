"""A job as it is now, and what its pictures look like so far."""

import uuid

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from accounts.access import signed_in
from images import access, transcript
from live.replies import wants_json


def job(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002 - the address says id
    """One job, with its pictures: what can be asked for at any time, whatever a socket has missed."""
    found = transcript.job_json(access.job(signed_in(request), id))
    if wants_json(request):
        return JsonResponse({"job": found})
    return render(request, "images/job.html", {"job": transcript.card_json(found)})


def partial(request: HttpRequest, id: uuid.UUID, index: int, seq: int) -> HttpResponse:  # noqa: A002
    """A partial picture, drawn anew from what its server sent."""
    found = access.partial(signed_in(request), id, index, seq)
    response = HttpResponse(bytes(found.content), content_type=found.mime)
    response["Cache-Control"] = "private, max-age=600, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
