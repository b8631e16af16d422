"""A picture by its address: fetched once through the guarded way out, and kept as a file like any other."""

from urllib.parse import unquote, urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from files import runs
from files.errors import NotFetched
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
    try:
        found = await outbound.fetch(url)
    except outbound.FetchFailed as failure:
        raise NotFetched(reason=str(_REASONS[failure.code]), why=failure.code) from failure
    name = unquote(urlsplit(found.url).path.rsplit("/", 1)[-1]) or "picture"
    return await runs.keep(owner_id, name, found.content, source=Source.LINK)
