"""Doors to the models that a person can choose from."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from accounts.access import signed_in
from live.database import query
from providers import catalogue, offers, registry


async def models(request: HttpRequest) -> HttpResponse:
    """Every model that this person can choose, from the lists as they were last seen."""
    user = await query(signed_in, request)
    await catalogue.listed_by(await query(registry.available, user))
    return JsonResponse(await query(offers.as_json, user))
