"""A picture by its address: fetched once through the guarded way out, and kept as a file like any other."""

import contextlib
import tempfile
from urllib.parse import unquote, urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from files import runs
from files.errors import DiskFull, NotFetched
from files.models import File, Source
from providers import outbound

NO_ADDRESS = _("This is no address of the web.")
_REASONS: dict[str, Promise] = {
    "bad_url": NO_ADDRESS,
    "forbidden_address": _("It is not on the public internet."),
    "unreachable": _("Nothing answers there."),
    "timed_out": _("It took too long to answer."),
    "refused": _("Its server refused."),
    "too_many_redirects": _("It was passed on from place to place."),
    "wrong_type": _("There is no picture there."),
    "too_large": _("It is too large."),
}


async def keep(owner_id: int, url: str) -> File:
    """Fetch the picture at an address, as a file of this person's. Raises NotFetched, and what `runs.keep` raises."""
    with contextlib.closing(tempfile.TemporaryFile()) as content:  # on the disk: many may be fetched at once
        try:
            _content_type, reached = await outbound.fetch_into(content, url, outbound.Limits())
        except outbound.FetchFailed as failure:
            raise NotFetched(reason=str(_REASONS[failure.code]), why=failure.code) from failure
        except OSError as error:
            raise DiskFull() from error
        name = unquote(urlsplit(reached).path.rsplit("/", 1)[-1]) or "picture"
        return await runs.keep(owner_id, name, content, source=Source.LINK)
