"""How the runs of a call have ended, from what came of it. Pure."""

from typing import Any

import openai_client as oc
from conversations.accumulator import usage_json
from conversations.actions import Ended
from conversations.errors import AnswerTooLong, FewerAnswers
from conversations.models import MAX_ANSWER, RunStatus
from conversations.prompts import RESERVED
from conversations.runs.live_run import Call

Json = dict[str, Any]
_INCOMPLETE = {"length": RunStatus.INCOMPLETE, "content_filter": RunStatus.INCOMPLETE}

NOTHING = oc.ChatCompletion()


def of(call: Call, completion: oc.ChatCompletion, *, too_long: bool = False) -> list[Ended]:
    """The upstream came to an end, or was cut off because one of the answers became `too_long`."""
    full = too_long or any(live.full for live in call)
    given = [live for live in call if live.given]
    fewer = FewerAnswers(given=len(given), asked=len(call)).as_dict() if 0 < len(given) < len(call) else None
    usage, left_out = usage_json(completion.usage, completion.meta), _left_out(completion)
    ends = []
    for live, choice in zip(call, _choices(call, completion), strict=True):
        cut = full and (live.full or not live.finish_reason or len(call) == 1)
        error = fewer if [live] == given[:1] else None
        ends.append(
            Ended(
                RunStatus.INCOMPLETE if cut else _status(choice),
                finish_reason=choice.finish_reason or "",
                usage=usage,
                error=AnswerTooLong(limit=MAX_ANSWER).as_dict() if cut else error,
                first_text_at=live.first_text_at,
                given=live.given,
                left_out=left_out,
            )
        )
    return ends


def broken(
    call: Call, status: RunStatus, *, error: Json | None = None, completion: oc.ChatCompletion = NOTHING
) -> list[Ended]:
    """A stop or a failure, with what had come by then; an answer that had ended before its companions stays so."""
    usage, left_out = usage_json(completion.usage, completion.meta), _left_out(completion)
    ends = []
    for live, choice in zip(call, _choices(call, completion), strict=True):
        whole = len(call) > 1 and live.finish_reason
        reason = live.finish_reason if whole else choice.finish_reason or ""
        ends.append(
            Ended(
                _status(oc.Choice(finish_reason=reason)) if whole else status,
                finish_reason=reason,
                usage=usage,
                error=None if whole else error,
                first_text_at=live.first_text_at,
                given=live.given,
                left_out=left_out,
            )
        )
    return ends


def _left_out(completion: oc.ChatCompletion) -> list[str]:
    """What of the person's parameters the server does not take; what the site itself adds is no news."""
    return [name for name in completion.meta.dropped if name not in RESERVED]


def _choices(call: Call, completion: oc.ChatCompletion) -> list[oc.Choice]:
    """What came for each run; for one that is alone, whatever came first."""
    if len(call) == 1:
        return [*completion.choices[:1], oc.Choice()][:1]
    came = {choice.index: choice for choice in completion.choices}
    return [came.get(place, oc.Choice()) for place in range(len(call))]


def _status(choice: oc.Choice) -> RunStatus:
    return _INCOMPLETE.get(choice.ending or "", RunStatus.COMPLETED)
