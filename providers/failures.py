"""What an upstream's failure means to us: a code, whether trying again helps, and one sentence for the person."""

import dataclasses
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import openai_client as oc


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


def explain(error: oc.OpenAIClientError, *, provider: str, model_id: str) -> RunFailed:
    """Translate a client exception. The order matters only where a class is another's child."""
    code, retryable, message = _meaning(error, provider, model_id)
    details = {
        name: value
        for name, value in {
            "status": error.status,
            "upstream_code": error.code,
            "upstream_message": error.message,
            "request_id": error.request_id,
            "retry_after": error.retry_after,
        }.items()
        if value not in (None, "")
    }
    return RunFailed(code, retryable, message, details)


def _meaning(error: oc.OpenAIClientError, provider: str, model_id: str) -> tuple[str, bool, str]:
    names: dict[str, Any] = {"provider": provider, "model": model_id, "wait": round(error.retry_after or 0)}
    match error:
        case oc.OutOfMoney():
            sentence = _(
                "%(provider)s has no credit left on this key. Waiting will not help: "
                "top up there, or choose another model."
            )
            return "quota_exhausted", False, sentence % names
        case oc.RateLimited():
            sentence = _("%(provider)s is limiting requests. Try again in a moment, or choose another model.")
            if names["wait"]:
                sentence = ngettext(
                    "%(provider)s is limiting requests. It asks us to wait %(wait)s second.",
                    "%(provider)s is limiting requests. It asks us to wait %(wait)s seconds.",
                    names["wait"],
                )
            return "rate_limited", True, sentence % names
        case oc.ContextTooLong():
            sentence = _(
                "The conversation is too long for %(model)s. Begin a new one, or choose a model with a larger window."
            )
            return "context_length_exceeded", False, sentence % names
        case oc.ContentFiltered():
            return "content_filter", False, _("Left out by the filter of %(provider)s.") % names
        case oc.InvalidKey():
            sentence = _("%(provider)s does not know this key. The owner of the site can set another.")
            return "invalid_key", False, sentence % names
        case oc.ModelNotFound():
            sentence = _("%(provider)s has no model “%(model)s”, or this key may not use it. Choose another.")
            return "model_not_found", False, sentence % names
    return _fault(error, names)


def _fault(error: oc.OpenAIClientError, names: dict[str, Any]) -> tuple[str, bool, str]:
    match error:
        case oc.ConnectionFailed():
            return "upstream_unreachable", True, _("Nothing answers at %(provider)s. Is the server running?") % names
        case oc.TimedOut(phase="connect" | "first_byte"):
            return "upstream_unreachable", True, _("%(provider)s did not begin to answer in time.") % names
        case oc.TimedOut() | oc.BrokenOff():
            sentence = _("The connection to %(provider)s broke off. The text so far is kept.")
            return "upstream_broken_off", True, sentence % names
        case oc.ServerFault():
            sentence = _("%(provider)s has a fault of its own at the moment. Trying again often helps.")
            return "upstream_refused", True, sentence % names
        case oc.APIError():
            return "upstream_refused", False, _("%(provider)s refused this request.") % names
    return "upstream_refused", True, _("%(provider)s sent something that is not an answer.") % names


def interrupted() -> RunFailed:
    """The site itself stopped while this was being written."""
    return RunFailed(
        "interrupted", True, _("The site restarted while this was being written. Everything that had arrived is kept.")
    )


def fault_of_ours() -> RunFailed:
    """A mistake in this site's own code."""
    return RunFailed("server_error", True, _("Something went wrong on our side. The text so far is kept."))
