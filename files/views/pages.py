"""The pages of files: the list, and one of them; both as JSON for programs."""

import uuid

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext

from accounts.access import signed_in
from files import access, forms, previews, reports
from live.replies import wants_json

VIEWS = ("list", "grid")
_COOKIE = "files_view"


def page(request: HttpRequest) -> HttpResponse:
    """A person's files: searched, filtered, in order, as a list or as a grid."""
    user = signed_in(request)
    wanted = forms.wanted(request.GET)
    found, space = reports.page(user, wanted), reports.storage(user)
    if wants_json(request):
        files = [row.as_json() for row in found.rows]
        return JsonResponse({"files": files, "total": found.total, "page": found.number, "pages": found.pages, **space})
    asked = request.GET.get("view", "")
    view = next((one for one in (asked, request.COOKIES.get(_COOKIE, "")) if one in VIEWS), VIEWS[0])
    context = {
        "bar_title": gettext("Files"),
        "found": found,
        "wanted": wanted,
        "view": view,
        "space": space,
        "limit": settings.MAX_FILE_BYTES,
        "kinds": reports.kinds(user),
        "unfinished": access.unfinished(user),
        "gone": reports.just_deleted(user, request.GET.get("deleted", "")),
    }
    answer = render(request, "files/files.html", context)
    if asked in VIEWS:
        answer.set_cookie(_COOKIE, asked, max_age=31_536_000, samesite="Lax")
    return answer


def file_page(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002 - the address says id
    """One file: what it is, who uses it, a look into it, and what can be done with it."""
    user = signed_in(request)
    file = access.file_of(user, id)
    [row] = reports.rows(user, [file])
    if wants_json(request):
        return JsonResponse({"file": row.as_json()})
    context = {"bar_title": file.name, "row": row, "file": file, "preview": previews.of(file, row.facts)}
    return render(request, "files/file.html", context)


def upload_parts(request: HttpRequest) -> HttpResponse:
    """Templates and words of uploads, for scripts; about nobody in particular."""
    return render(request, "parts/uploads.html")
