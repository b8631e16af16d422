"""Health, and the answers that Django gives by itself, in the one error shape."""

import sys
from typing import Any

from asgiref.sync import sync_to_async
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from chatsite.errors import CsrfFailed, Forbidden
from live import bus, drain
from live.errors import Fault, NotFound, Refused, TooLarge, Unavailable
from live.middleware import AWAY
from live.replies import refuse
from live.server import MAX_BODY


async def healthz(request: HttpRequest) -> HttpResponse:
    """The process is up."""
    return JsonResponse({"status": "ok"})


async def readyz(request: HttpRequest) -> HttpResponse:
    """Database and layer answer, and the process takes new work."""
    found = {
        "database": await sync_to_async(_database_answers)(),
        "layer": await bus.answers(),
        "accepting": not drain.draining(),
    }
    return JsonResponse(found, status=200 if all(found.values()) else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def lists(request: HttpRequest) -> HttpResponse:
    """Templates and words of lists to choose from, for scripts; about nobody in particular."""
    return render(request, "parts/lists.html")


def answers(request: HttpRequest) -> HttpResponse:
    """Templates of answers, for a start page whose first question was asked."""
    return render(request, "parts/answers.html")


def message(request: HttpRequest) -> HttpResponse:
    """Templates and words of what only some people do with a message."""
    return render(request, "parts/message.html")


def parameters(request: HttpRequest) -> HttpResponse:
    """The form of parameters with nothing in it, and its words."""
    return render(request, "parts/parameters.html")


def attached(request: HttpRequest) -> HttpResponse:
    """Templates and words of files in questions."""
    return render(request, "parts/attached.html")


def beside(request: HttpRequest) -> HttpResponse:
    """Templates and words of answers side by side."""
    return render(request, "parts/beside.html")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django found the request itself wrong: a bad host, too many fields, a body too large."""
    if isinstance(exception, RequestDataTooBig):
        return refuse(request, TooLarge(limit=MAX_BODY))
    return refuse(request, Refused())


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A permission is missing."""
    return refuse(request, Forbidden())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such address, or nothing behind it for this person."""
    return refuse(request, NotFound())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The CSRF token is missing or wrong."""
    return refuse(request, CsrfFailed())


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours; the request id finds it in the log. Below the views, the database may be what is away."""
    if isinstance(sys.exc_info()[1], AWAY):
        return refuse(request, Unavailable())
    return refuse(request, Fault(request_id=_id_of(request)))


def _id_of(request: Any) -> str:
    return getattr(request, "id", "")
