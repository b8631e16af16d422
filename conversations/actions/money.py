"""Around every call of this app: what it may cost at most before it, and what it did cost after it."""

from collections.abc import Callable
from typing import Any

from billing import actions as billing
from billing import tokens
from conversations import prompts
from conversations.models import Message, Run, RunStatus, TitleCall

RUN, TITLE = "run", "title"
COST = ("cost", "cost_marks")  # the fields of a run, and of a message, that `settle` changes
_ANSWERED = (RunStatus.COMPLETED, RunStatus.INCOMPLETE)


def hold(run: Run, branch: list[Message]) -> None:
    """Hold for a run that is about to be stored, and give it the ceiling that its request must have.

    `branch` ends with the run's own message. Raises the refusals of billing.
    """
    held = billing.hold(
        billing.Call(
            user_id=run.owner_id,
            process_id=run.process_id,
            source_kind=RUN,
            source_id=str(run.pk),
            provider=run.provider,
            model_id=run.model_id,
            prompt_tokens=lambda: prompts.tokens(_body(run, branch)),
            wanted=prompts.wanted_ceiling(run.params),
        )
    )
    if held is not None:
        run.ceiling = held.ceiling


def settle(run: Run) -> None:
    """Charge an ended run for what its call used. Sets COST of the run and of its message; the caller stores them.

    What brought nothing is not charged, unless the model had answered, or was told to stop while it was being asked.
    """
    message = run.message
    text, reasoning = message.text[run.text_before :], message.reasoning[run.reasoning_before :]
    stopped = run.status == RunStatus.CANCELLED and run.started_at is not None and run.attempt == 1
    if not (run.usage or text or reasoning or stopped or run.status in _ANSWERED):
        billing.release(RUN, str(run.pk))
        return
    cost = billing.settle(
        RUN,
        str(run.pk),
        usage=run.usage,
        estimate=lambda: (prompts.tokens(_request(run)), tokens.estimate(text) + tokens.estimate(reasoning)),
        label=run.conversation.title,
    )
    if cost is not None:
        run.cost, run.cost_marks = cost.amount, list(cost.marks)
        _add(message, cost)


def _add(message: Message, cost: billing.Cost) -> None:
    """A continued message costs what all of its runs cost."""
    if cost.amount is not None:
        message.cost = (message.cost or 0) + cost.amount
    message.cost_marks = sorted({*message.cost_marks, *cost.marks})


def _request(run: Run) -> dict[str, Any]:
    """What the run has asked: its own message as it was before."""
    branch = Message.objects.branch(run.message_id)
    own = branch[-1]
    own.parts = [{"type": "text", "text": own.text[: run.text_before]}]
    return _body(run, branch)


def _body(run: Run, branch: list[Message]) -> dict[str, Any]:
    return prompts.request(run.model_id, branch, run.params, go_on=bool(run.text_before))


def hold_title(call: TitleCall, request: dict[str, Any], run: Run) -> int | None:
    """Hold for a title; the ceiling that its request must have, if any. Raises the refusals of billing."""
    held = billing.hold(
        billing.Call(
            user_id=run.owner_id,
            process_id=run.process_id,
            source_kind=TITLE,
            source_id=str(call.pk),
            provider=call.provider,
            model_id=call.model_id,
            prompt_tokens=lambda: prompts.tokens(request),
        )
    )
    return held.ceiling if held else None


def settle_title(call: TitleCall, title: str, prompt_tokens: Callable[[], int]) -> int | None:
    """Charge a title's call, and return what it cost; one that failed without a word is not charged."""
    if not (call.usage or title):
        billing.release(TITLE, str(call.pk))
        return None
    cost = billing.settle(
        TITLE,
        str(call.pk),
        usage=call.usage,
        estimate=lambda: (prompt_tokens(), tokens.estimate(title)),
        label=call.conversation.title,
    )
    return cost.amount if cost else None
