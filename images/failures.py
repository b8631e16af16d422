"""Why pictures did not come, each with its one sentence: what servers and files say, in the words of pictures."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

import openai_client as oc
from live.errors import Refused
from providers import failures
from providers.outbound import FetchFailed

Json = dict[str, Any]

# Reasons whose sentence speaks of answers and texts (providers/failures.py), said of pictures.
_OF_PICTURES = {
    "filtered": gettext_noop(
        "%(provider)s does not make this picture: its filter objects to the description or to a picture that was sent. "
        "Trying the same again will not help: put it another way, or choose another model."
    ),
    "too_long": gettext_noop("The description is too long for %(model)s. Shorten it."),
    "address": gettext_noop(
        "%(provider)s has nothing at this address: it does not do this, or not any more. For a variation, edit the "
        "picture instead; otherwise choose another model or another provider."
    ),
    "unsupported": gettext_noop("%(provider)s cannot do this with %(model)s. Choose another model or provider."),
    "picture": gettext_noop("%(provider)s does not take this picture for %(model)s. Send it in another form or size."),
    "request_too_large": gettext_noop("This is larger than %(provider)s accepts. Send fewer or smaller pictures."),
    "stalled": gettext_noop("%(provider)s stopped in the middle. The pictures that had come are kept."),
    "broken_off": gettext_noop("The connection to %(provider)s broke off. The pictures that had come are kept."),
    "too_large": gettext_noop(
        "The answer of %(provider)s is larger than this site takes. The pictures that had come are kept."
    ),
}
_FETCHING = {
    "bad_url": gettext_noop("%(provider)s named an address for the picture that cannot be used."),
    "forbidden_address": gettext_noop(
        "%(provider)s named an address for the picture that lies in this site's own network. It was not fetched."
    ),
    "refused": gettext_noop(
        "The address that %(provider)s named for the picture has expired, or has nothing (HTTP %(detail)s)."
    ),
    "wrong_type": gettext_noop("What %(provider)s named as the picture is none (%(detail)s). It was not kept."),
    "too_large": gettext_noop("The picture that %(provider)s named is larger than this site takes. It was not kept."),
}
_NOT_FETCHED = gettext_noop("The picture could not be fetched from the address that %(provider)s named.")


def explain(error: oc.OpenAIClientError, *, provider: str, model_id: str) -> Json:
    """Translate a client exception, in the language that is active now."""
    found = failures.explain(error, provider=provider, model_id=model_id)
    sentence = _OF_PICTURES.get(str(found.details.get("reason")))
    told = found.as_json()
    if sentence is not None:
        told["message"] = _(sentence) % {"provider": provider, "model": model_id}
    return told


def not_fetched(error: FetchFailed, *, provider: str) -> Json:
    """An address in an answer that led to no picture."""
    sentence = _FETCHING.get(error.code, _NOT_FETCHED)
    data = {"reason": error.code, "detail": error.detail, "retryable": error.code in ("unreachable", "timed_out")}
    return _failed("picture_not_fetched", _(sentence) % {"provider": provider, "detail": error.detail}, **data)


def not_kept(refusal: Refused, *, provider: str) -> Json:
    """What came was refused by the files: no picture, damaged, too many pixels, a full disk."""
    words = _("A picture from %(provider)s could not be kept.") % {"provider": provider}
    return _failed("picture_not_kept", f"{words} {refusal.message}", reason=refusal.code, retryable=True)


def no_picture(extra: dict[str, Any], *, provider: str) -> Json:
    """A place in the answer without anything in it, perhaps because of a filter."""
    if any(word in str(extra).lower() for word in ("content_filter", "filtered", "content_policy", "safety")):
        sentence = _OF_PICTURES["filtered"]
        return _failed("content_filter", _(sentence) % {"provider": provider}, retryable=False)
    words = _("%(provider)s answered without a picture.") % {"provider": provider}
    return _failed("no_picture", words, retryable=True)


def fewer(given: int, asked: int, *, provider: str) -> Json:
    """Fewer pictures than were asked for, and no word why."""
    data = {"given": given, "asked": asked, "provider": provider}
    words = _("%(provider)s gave %(given)s of the %(asked)s pictures that were asked for.") % data
    return _failed("fewer_pictures", words, given=given, asked=asked, retryable=True)


def source_gone() -> Json:
    """A picture that was to be changed was deleted meanwhile."""
    return _failed("source_gone", _("A picture that was to be changed was deleted meanwhile."), retryable=False)


def interrupted() -> Json:
    """The site itself stopped while pictures were being made."""
    words = _("The site restarted while this was being made. The pictures that had come are kept.")
    return _failed("interrupted", words, retryable=True)


def fault_of_ours() -> Json:
    """A mistake in this site's own code."""
    words = _("Something went wrong on our side. The pictures that had come are kept.")
    return _failed("server_error", words, retryable=True)


def _failed(code: str, message: str, **data: Any) -> Json:
    return {"code": code, "message": message, "data": data}
