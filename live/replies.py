"""JSON or form, in and out: what a command was given, and its answer in the shape that was asked for."""

import functools
import json
from collections.abc import Callable, Mapping
from typing import Any

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render, resolve_url

from live.errors import BadJson, MethodNotAllowed, NotSignedIn, Refused, TooLarge, UnsupportedMediaType

RETRY_AFTER_SECONDS = 5
_JSON, _HTML = "application/json", "text/html"
_JSONS = (_JSON, f"{_JSON}; charset=utf-8", f"{_JSON}; charset=UTF-8")  # some programs name what goes without saying
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def wants_json(request: HttpRequest) -> bool:
    """Whether the answer is for a program: JSON was sent, or is asked for before HTML, or with the higher `q`."""
    if is_json(request):
        return True
    return request.get_preferred_type([_HTML, *_JSONS]) in _JSONS


def is_json(request: HttpRequest) -> bool:
    """Whether the command's fields came as JSON."""
    return request.content_type == _JSON


def fields(request: HttpRequest) -> Mapping[str, Any]:
    """The command's fields, from JSON or a form; an empty body is a command without fields."""
    try:
        if is_json(request):
            return _json_object(request.body)
        if request.content_type in _FORMS or not request.body:
            return request.POST.dict()
    except RequestDataTooBig as error:
        raise TooLarge(limit=settings.DATA_UPLOAD_MAX_MEMORY_SIZE) from error
    raise UnsupportedMediaType()


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:
        raise BadJson() from error
    if not isinstance(found, dict):
        raise BadJson()
    return found


def reply(request: HttpRequest, data: dict[str, Any], *, location: str, status: int = 200) -> HttpResponse:
    """`data` as JSON; a form goes on to the page that shows the result."""
    if wants_json(request):
        return JsonResponse(data, status=status)
    return HttpResponseRedirect(location, status=303)


def refuse(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The one error shape as JSON, the sign-in page for who is not signed in, or an error page."""
    if wants_json(request):
        response: HttpResponse = JsonResponse({"error": refusal.as_dict()}, status=refusal.status)
    elif isinstance(refusal, NotSignedIn):
        next_page = request.get_full_path() if request.method == "GET" else "/"
        response = redirect_to_login(next_page, resolve_url(settings.LOGIN_URL))
    else:
        context = {"status": refusal.status, "error": refusal.as_dict()}
        response = render(request, "errors/error.html", context, status=refusal.status)
    if isinstance(refusal, MethodNotAllowed):
        response["Allow"] = refusal.data["allowed"]
    if refusal.status == 503:
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def methods(**doors: Callable[..., Any]) -> Callable[..., Any]:
    """One address, a door for each method: `methods(GET=older_messages, POST=send_message)`.

    Beside an async door, a sync one runs in a thread.
    """
    allowed = ", ".join(sorted(doors))

    def pick(request: HttpRequest) -> Callable[..., Any]:
        door = doors.get("GET" if request.method == "HEAD" else str(request.method))
        if door is None:
            raise MethodNotAllowed(method=request.method, allowed=allowed)
        return door

    if any(iscoroutinefunction(door) for door in doors.values()):
        doors = {name: door if iscoroutinefunction(door) else sync_to_async(door) for name, door in doors.items()}

        @functools.wraps(next(iter(doors.values())))
        async def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return await pick(request)(request, *args, **kwargs)
    else:

        @functools.wraps(next(iter(doors.values())))
        def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return pick(request)(request, *args, **kwargs)

    return view
