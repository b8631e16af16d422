"""What was asked of upstreams: the log of a person's requests, and one of them to be asked again elsewhere."""

import uuid

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from accounts.access import signed_in
from conversations import access, behind, reports
from live.errors import NotFound
from live.replies import wants_json
from providers import registry, snippets


def as_typed(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002 - the address says id
    """What was asked for this answer and what came back: the person's own words are in it, no key."""
    user = signed_in(request)
    message = access.message(user, id)
    attempts = behind.attempts(user, message)
    if not attempts:
        raise NotFound()
    typed = [_typed(request, attempt) for attempt in attempts]
    if wants_json(request):
        runs = [attempt.as_json() for attempt in attempts]
        return JsonResponse({**typed[-1], "body": attempts[-1].body, "runs": runs})
    shown = [
        {"attempt": attempt, "snippets": list(each.items())} for attempt, each in zip(attempts, typed, strict=True)
    ]
    context = {"shown": shown, "message": message, "conversation": message.conversation}
    return render(request, "conversations/request.html", context)


def _typed(request: HttpRequest, attempt: behind.Attempt) -> dict[str, str]:
    """The request for a shell and for Python, to whom it was sent; the sandbox is asked over HTTP."""
    if attempt.run.provider == registry.SANDBOX:
        url = request.build_absolute_uri("/sandbox/v1") + snippets.CHAT
        provider = snippets.asked(url, {"Authorization": ""})
    elif attempt.kept:
        provider = snippets.asked(attempt.sent["url"], attempt.sent["headers"])
    else:
        provider = registry.get(request.user, attempt.run.provider)
    return {
        "curl": snippets.curl(provider, snippets.CHAT, attempt.body),
        "python": snippets.python(provider, snippets.CHAT, attempt.body),
    }


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
