"""What an upstream's failure means to us: a code, whether trying again helps, and one sentence for the person."""

import dataclasses
import math
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

import openai_client as oc
from providers.reasons import reason_of


@dataclasses.dataclass(frozen=True)
class RunFailed:
    """Why a run failed. `details` is what the upstream itself said, for who wants to know."""

    code: str
    retryable: bool
    message: str
    details: dict[str, Any] = dataclasses.field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The error shape that runs and messages carry."""
        return {"code": self.code, "message": self.message, "data": {"retryable": self.retryable, **self.details}}


# reason -> its code, whether the same again may succeed, and what happened, what to do, whether waiting helps.
MEANINGS: dict[str, tuple[str, bool, str]] = {
    "rate": ("rate_limited", True, gettext_noop(
        "%(provider)s is limiting requests. Waiting helps: try again in a moment, or choose another model.")),
    "slow_down": ("rate_limited", True, gettext_noop(
        "%(provider)s gets too many requests at once. Waiting helps: try again in a minute, or choose another model.")),
    "money": ("quota_exhausted", False, gettext_noop(
        "%(provider)s has no credit left on this key. Waiting will not help: top up there, or choose another model.")),
    "too_long": ("context_length_exceeded", False, gettext_noop(
        "The conversation is too long for %(model)s. Begin a new one, or choose a model with a larger window.")),
    "filtered": ("content_filter", False, gettext_noop(
        "Left out by the filter of %(provider)s. Waiting will not help: put it another way, or choose another model.")),
    "key": ("invalid_key", False, gettext_noop(
        "%(provider)s does not know this key. Waiting will not help: whoever entered the key can set another.")),
    "permission": ("upstream_refused", False, gettext_noop(
        "%(provider)s does not allow this key to do that. Waiting will not help: whoever entered the key can check its "
        "rights, its organisation and its project there.")),
    "region": ("upstream_refused", False, gettext_noop(
        "%(provider)s does not serve the region that this site asks from. Waiting will not help: an outbound proxy or "
        "another provider does.")),
    "model": ("model_not_found", False, gettext_noop(
        "%(provider)s has no model “%(model)s”, or this key may not use it. Choose another.")),
    "address": ("upstream_refused", False, gettext_noop(
        "%(provider)s has nothing at this address. Waiting will not help: the address may lack its /v1, or this "
        "function is gone there.")),
    "parameter": ("upstream_refused", False, gettext_noop(
        "%(provider)s refuses the setting “%(param)s” as it was sent. Change it or leave it out, then try again.")),
    "json_word": ("upstream_refused", False, gettext_noop(
        "%(provider)s writes JSON only when it is asked to. Put the word JSON into your message, then try again.")),
    "tool_result": ("upstream_refused", False, gettext_noop(
        "%(provider)s misses the result of a tool in this conversation. Write that answer anew, or begin another "
        "conversation.")),
    "tool_failed": ("upstream_refused", True, gettext_noop(
        "The model called a tool in a way that %(provider)s could not read. Trying again often helps.")),
    "no_tools": ("upstream_refused", False, gettext_noop(
        "%(model)s cannot use tools. Switch them off for this conversation, or choose another model.")),
    "picture": ("upstream_refused", False, gettext_noop(
        "%(provider)s does not take this picture for %(model)s. Choose a model that sees pictures, or send it in "
        "another form.")),
    "request_too_large": ("upstream_refused", False, gettext_noop(
        "This request is larger than %(provider)s accepts. Send fewer or smaller files, or begin a new conversation.")),
    "unsupported": ("upstream_refused", False, gettext_noop(
        "%(provider)s cannot do this. Waiting will not help: choose another model or another provider.")),
    "refused": ("upstream_refused", False, gettext_noop(
        "%(provider)s refused this request. The details say what it objects to.")),
    "slow": ("upstream_refused", True, gettext_noop(
        "%(provider)s took too long and gave up. Trying again often helps.")),
    "busy": ("upstream_refused", True, gettext_noop(
        "%(provider)s was busy with the same thing. Waiting helps: try again in a moment.")),
    "fault": ("upstream_refused", True, gettext_noop(
        "%(provider)s has a fault of its own at the moment. Trying again often helps.")),
    "overloaded": ("upstream_refused", True, gettext_noop(
        "%(provider)s is overloaded at the moment. Waiting helps: try again in a minute, or choose another model.")),
    "loading": ("upstream_refused", True, gettext_noop(
        "%(provider)s is still loading %(model)s. Waiting helps: try again in a minute.")),
    "redirect": ("upstream_refused", False, gettext_noop(
        "%(provider)s points to another address. Waiting will not help: whoever entered its address can correct it.")),
    "empty": ("upstream_refused", True, gettext_noop(
        "%(provider)s answered nothing at all. Trying again often helps.")),
    "no_answer": ("upstream_refused", False, gettext_noop(
        "%(provider)s sent something that is not an answer, such as a web page. Its address may be wrong, or something "
        "stands in between.")),
    "unreachable": ("upstream_unreachable", True, gettext_noop(
        "Nothing answers at %(provider)s. Is the server running?")),
    "nobody": ("upstream_unreachable", True, gettext_noop(
        "Nothing answers at %(provider)s. Is the server running, and is its port right?")),
    "dns": ("upstream_unreachable", True, gettext_noop(
        "The name of %(provider)s is not known. Is its address spelt right, and is this machine online?")),
    "tls": ("upstream_unreachable", False, gettext_noop(
        "No secure connection to %(provider)s. Waiting will not help: its certificate is not one that this machine "
        "trusts, or it does not speak https.")),
    "bad_url": ("upstream_unreachable", False, gettext_noop(
        "The address of %(provider)s cannot be used. Whoever entered it can correct it.")),
    "forbidden": ("upstream_unreachable", False, gettext_noop(
        "The address of %(provider)s lies in this site's own network. Waiting will not help: the owner of the site can "
        "allow it.")),
    "proxy": ("upstream_unreachable", True, gettext_noop(
        "The outbound proxy to %(provider)s does not let us through. Is it running, and is its address right?")),
    "silent": ("upstream_unreachable", True, gettext_noop(
        "%(provider)s did not begin to answer in time. It may still be loading the model: trying again often helps.")),
    "stalled": ("upstream_broken_off", True, gettext_noop(
        "%(provider)s stopped in the middle. The text so far is kept.")),
    "broken_off": ("upstream_broken_off", True, gettext_noop(
        "The connection to %(provider)s broke off. The text so far is kept.")),
    "answer_too_long": ("answer_too_long", False, gettext_noop(
        "%(provider)s wrote more than an answer can hold here. The text so far is kept.")),
    "too_large": ("upstream_broken_off", False, gettext_noop(
        "The answer of %(provider)s is larger than this site takes. The text so far is kept.")),
}  # fmt: skip


def explain(error: oc.OpenAIClientError, *, provider: str, model_id: str) -> RunFailed:
    """Translate a client exception, in the language that is active now."""
    reason = reason_of(error)
    code, retryable, sentence = MEANINGS[reason]
    message = _(sentence) % {"provider": provider, "model": model_id, "param": error.param or ""}
    if retryable and error.retry_after:
        message = f"{message} {_wait(error.retry_after)}"
    if error.attempts > 1:
        message = f"{message} {_times(error.attempts)}"
    return RunFailed(code, retryable, message, {"reason": reason, **_details(error)})


def _times(count: int) -> str:
    return ngettext("It was asked %(count)s time.", "It was asked %(count)s times.", count) % {"count": count}


def _wait(seconds: float) -> str:
    """How long the upstream asks us to wait, in the largest unit that fits."""
    if seconds < 100:
        count = math.ceil(seconds)
        sentence = ngettext("It asks us to wait %(count)s second.", "It asks us to wait %(count)s seconds.", count)
    elif seconds < 100 * 60:
        count = math.ceil(seconds / 60)
        sentence = ngettext("It asks us to wait %(count)s minute.", "It asks us to wait %(count)s minutes.", count)
    else:
        count = math.ceil(seconds / 3600)
        sentence = ngettext("It asks us to wait %(count)s hour.", "It asks us to wait %(count)s hours.", count)
    return sentence % {"count": count}


def _details(error: oc.OpenAIClientError) -> dict[str, Any]:
    """What the upstream itself said; what it left out is absent."""
    details = {
        "status": error.status,
        "upstream_code": error.code,
        "upstream_message": error.message,
        "param": error.param,
        "request_id": error.request_id,
        "retry_after": error.retry_after,
        "attempts": error.attempts,
        "rate_limits": dict(error.rate_limits.raw),
        "failed_generation": error.details.get("failed_generation"),
    }
    return {name: value for name, value in details.items() if value not in (None, "", {})}


def interrupted() -> RunFailed:
    """The site itself stopped while this was being written."""
    return RunFailed(
        "interrupted", True, _("The site restarted while this was being written. Everything that had arrived is kept.")
    )


def fault_of_ours() -> RunFailed:
    """A mistake in this site's own code."""
    return RunFailed("server_error", True, _("Something went wrong on our side. The text so far is kept."))
