"""The request behind an answer, for curl and for Python (requirement A13): the person's own words are in it, no key."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from accounts.access import signed_in
from conversations import access, prompts
from conversations.models import Message
from live.errors import NotFound
from live.replies import wants_json
from providers import registry, snippets

PATH = "/chat/completions"


def as_typed(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002 - the address says id
    """What was asked for this answer, to be asked again elsewhere."""
    user = signed_in(request)
    message = access.message(user, id)
    run = access.last_run(message)
    if run is None or message.parent_id is None:
        raise NotFound()
    provider = registry.get(user, run.provider)
    branch = Message.objects.branch(message.parent_id)
    body = prompts.request(run.model_id, branch, run.params, go_on=False, ceiling=run.ceiling)
    whole = {name: value for name, value in body.items() if name != "stream_options"}
    shown: dict[str, Any] = {
        "curl": snippets.curl(provider, PATH, {**body, "stream": True}),
        "python": snippets.python(provider, PATH, whole),
    }
    if wants_json(request):
        return JsonResponse({**shown, "body": body})
    context = {"snippets": list(shown.items()), "message": message, "conversation": message.conversation}
    return render(request, "conversations/request.html", context)
