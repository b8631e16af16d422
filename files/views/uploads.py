"""The doors of an upload in parts. Its bytes come as they are; everything else is JSON."""

import uuid
from typing import Any, BinaryIO, cast

from django.http import HttpRequest, HttpResponse, JsonResponse

from accounts.access import signed_in
from files import access, actions, forms
from files.models import Upload
from live.replies import fields


def listed(request: HttpRequest) -> HttpResponse:
    """A person's uploads that are under way: what a page that was closed can go on with."""
    found = access.unfinished(signed_in(request))
    return JsonResponse({"uploads": [_upload_json(upload) for upload in found]})


def begin(request: HttpRequest) -> HttpResponse:
    """Promise a file: refused here, before any of its bytes come, when it would not be taken."""
    user = signed_in(request)
    upload, is_new = actions.begin_upload(user.pk, **forms.new_upload(fields(request)))
    return JsonResponse({"upload": _upload_json(upload)}, status=201 if is_new else 200)


def show(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002 - the address says id
    """Which parts have come."""
    return JsonResponse({"upload": _upload_json(access.upload_of(signed_in(request), id))})


def put_part(request: HttpRequest, id: uuid.UUID, number: int) -> HttpResponse:  # noqa: A002
    """A part, whole, as the body."""
    upload = access.upload_of(signed_in(request), id)
    length = request.headers.get("Content-Length", "")
    actions.check_part(upload, number, int(length) if length.isdecimal() else None)
    actions.put_part(upload, number, cast(BinaryIO, request))
    return JsonResponse({"upload": _upload_json(upload)})


def finish(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """Make a file of the parts."""
    file, is_new = actions.finish_upload(access.upload_of(signed_in(request), id))
    return JsonResponse({"file": access.file_json(file)}, status=201 if is_new else 200)


def cancel(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """Take back what was promised."""
    upload = access.upload_of(signed_in(request), id)
    actions.cancel_upload(upload)
    return JsonResponse({"cancelled": str(upload.pk)})


def _upload_json(upload: Upload) -> dict[str, Any]:
    return {
        "id": str(upload.pk),
        "client_id": str(upload.client_id),
        "name": upload.name,
        "size": upload.size,
        "part_size": upload.part_size,
        "parts": upload.parts_needed,
        "received": sorted(part.number for part in upload.parts.all()),
        "status": upload.status,
        "file": str(upload.file_id) if upload.file_id else None,
    }
