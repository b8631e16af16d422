"""The commands: add by a plain form, rename, delete, restore."""

import uuid
from typing import BinaryIO, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from accounts.access import signed_in
from files import access, actions, forms, reports
from files.models import File
from live.errors import Refused
from live.replies import fields, reply, wants_json


def add(request: HttpRequest) -> HttpResponse:
    """Files as fields of a form: all that one request can hold, each kept or refused by itself."""
    user = signed_in(request)
    kept: list[File] = []
    refused: list[tuple[str, Refused]] = []
    for sent in forms.sent_files(request):
        try:
            kept.append(actions.keep(user.pk, sent.name or "", cast(BinaryIO, sent.file)))
        except Refused as error:
            refused.append((sent.name or "", error))
    if wants_json(request):
        if not kept:
            raise refused[0][1]
        said = [{"name": name, "error": refusal.as_dict()} for name, refusal in refused]
        return JsonResponse({"files": access.listing(kept), "refused": said}, status=201)
    for name, refusal in refused:
        messages.error(request, f"{name}: {refusal.message}")
    if kept:
        words = ngettext("%(count)s file added.", "%(count)s files added.", len(kept))
        messages.success(request, words % {"count": len(kept)})
    return HttpResponseRedirect(reverse("files"), status=303)


def rename(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002 - the address says id
    """Another name for a file."""
    file = actions.rename(access.file_of(signed_in(request), id), forms.name(fields(request)))
    return reply(request, {"file": access.file_json(file)}, location=reverse("file", args=[file.pk]))


def delete(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """Out of sight, with an hour to undo it; the answer says who uses it."""
    user = signed_in(request)
    file = access.file_of(user, id)
    [row] = reports.rows(user, [file])
    actions.delete([file])
    uses = [use.as_json() for use in row.uses]
    body = {"file": access.file_json(file), "uses": uses}
    return reply(request, body, location=f"{reverse('files')}?deleted={file.pk}")


def restore(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """Undo a delete."""
    file = access.file_of(signed_in(request), id, deleted=True)
    actions.restore([file])
    if not wants_json(request):
        messages.success(request, gettext("“%(name)s” is back.") % {"name": file.name})
    return reply(request, {"file": access.file_json(file)}, location=reverse("files"))
