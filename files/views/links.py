"""The door to pictures that are named by their address."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from accounts.access import signed_in
from files import access, linking
from live.database import read
from live.errors import Invalid
from live.replies import fields, reply

LONGEST = 4_096


async def keep(request: HttpRequest) -> HttpResponse:
    """`{"url"}` → 201 `{"file"}`."""
    user: Any = await read(signed_in, request)
    url = fields(request).get("url")
    if not isinstance(url, str) or not 0 < len(url.strip()) <= LONGEST:
        raise Invalid(fields={"url": str(linking.NO_ADDRESS)})
    file = await linking.keep(user.pk, url.strip())
    return reply(request, {"file": access.file_json(file)}, location=f"/?file={file.pk}", status=201)
