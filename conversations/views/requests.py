"""What was asked of upstreams: the log of a person's requests, and one of them to be asked again elsewhere."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from accounts.access import signed_in
from conversations import access, prompts, reports
from conversations.models import Message
from live.errors import NotFound
from live.replies import wants_json
from providers import registry, snippets

PATH = "/chat/completions"


def as_typed(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002 - the address says id
    """What was asked for this answer, for curl and for Python: the person's own words are in it, no key."""
    user = signed_in(request)
    message = access.message(user, id)
    run = access.last_run(message)
    if run is None or message.parent_id is None:
        raise NotFound()
    provider = registry.get(user, run.provider)
    branch = Message.objects.branch(message.parent_id)
    body = prompts.request(run.model_id, branch, run.params, go_on=False, ceiling=run.ceiling)
    whole = {name: value for name, value in body.items() if name != "stream_options"}
    streamed = {"stream": True} if "stream_options" in body else {}
    shown: dict[str, Any] = {
        "curl": snippets.curl(provider, PATH, {**body, **streamed}),
        "python": snippets.python(provider, PATH, whole),
    }
    if wants_json(request):
        return JsonResponse({**shown, "body": body})
    context = {"snippets": list(shown.items()), "message": message, "conversation": message.conversation}
    return render(request, "conversations/request.html", context)


def request_log(request: HttpRequest) -> HttpResponse:
    """A person's own requests, the latest first; `?outcome=failed` those that failed, `?before=` older ones."""
    user = signed_in(request)
    only_failed = request.GET.get("outcome") == "failed"
    before = request.GET.get("before", "")
    page = reports.requests(user, before=reports.Place.parse(before) if before else None, only_failed=only_failed)
    if wants_json(request):
        return JsonResponse(page.as_json())
    context = {"page": page, "only_failed": only_failed, "is_newest": not before}
    return render(request, "conversations/requests.html", context)
