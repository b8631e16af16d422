"""A person's pictures: the page of all of them, and one with everything that is known of it."""

import uuid

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from accounts.access import signed_in
from images import access, transcript
from images.models import Picture
from live.replies import wants_json

PAGE = 60


def page(request: HttpRequest) -> HttpResponse:
    """The newest pictures, and what is being made."""
    user = signed_in(request)
    pictures = [transcript.picture_json(one) for one in Picture.objects.of(user).select_related("file")[:PAGE]]
    jobs = transcript.section(user)
    if wants_json(request):
        return JsonResponse({"pictures": pictures, "jobs": jobs})
    return render(request, "images/images.html", {"pictures": pictures, "jobs": jobs})


def picture(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002 - the address says id
    """One picture, and the job that made it."""
    found = access.picture(signed_in(request), id)
    shown = {"picture": transcript.picture_json(found), "job": transcript.job_json(found.job)}
    if wants_json(request):
        return JsonResponse(shown)
    return render(request, "images/picture.html", shown)
