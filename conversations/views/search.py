"""Looking through all that was said: a page, and the same as JSON for the palette."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from accounts.access import signed_in
from conversations.search import results
from live.database import read
from live.replies import wants_json


async def search(request: HttpRequest) -> HttpResponse:
    """What `?q=` finds, from `?place=` on."""
    user = await read(signed_in, request)
    found = await read(results.search, user, request.GET.get("q", ""), request.GET.get("place", ""))
    if wants_json(request):
        return JsonResponse(found)
    for hit in found["hits"]:
        hit["moment"] = datetime.fromisoformat(hit["at"])
    return await read(render, request, "conversations/search.html", {"found": found})
