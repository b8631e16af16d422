"""Around every call of this app: what it may cost at most before it, and what it did cost after it."""

import functools
from collections.abc import Callable, Sequence
from typing import Any

from billing import actions as billing
from billing import sharing as shared
from billing import tokens
from conversations import prompts, sharing
from conversations.models import Message, Run, RunStatus, TitleCall

RUN, TITLE = "run", "title"
COST = ("cost", "cost_marks")  # the fields of a run, and of a message, that `settle` changes
_ANSWERED = (RunStatus.COMPLETED, RunStatus.INCOMPLETE)


def hold(runs: Sequence[Run], branch: list[Message]) -> None:
    """Hold for the runs of one call before they are stored, and give them the ceiling that its request must have.

    `branch` leads to their messages and ends with the first of them. Raises the refusals of billing.
    """
    run = runs[0]
    held = billing.hold(
        billing.Call(
            user_id=run.owner_id,
            process_id=run.process_id,
            source_kind=RUN,
            source_id=_source(run),
            provider=run.provider,
            model_id=run.model_id,
            prompt_tokens=lambda: prompts.tokens(prompts.asked(run, branch)),
            wanted=prompts.wanted_ceiling(run.params),
            answers=len(runs),
        )
    )
    if held is not None:
        for run in runs:
            run.ceiling = held.ceiling


def _source(run: Run) -> str:
    """What a call is known by in the ledger: the first of its runs."""
    return str(run.call or run.pk)


def settle(runs: Sequence[Run]) -> None:
    """Charge the ended runs of one call for what it used. Sets COST of each and of its message; the caller stores them.

    What brought nothing is not charged, unless the model had answered, or was told to stop while it was being asked.
    """
    run = runs[0]
    written = [_written(one) for one in runs]
    stopped = run.status == RunStatus.CANCELLED and run.started_at is not None and run.attempt == 1
    answered = any(one.status in _ANSWERED or one.usage for one in runs) or any(map(any, written))
    if not (answered or stopped):
        billing.release(RUN, _source(run))
        return
    prompt_tokens = functools.cache(lambda: prompts.tokens(prompts.asked(run, Message.objects.branch(run.message_id))))
    cost = billing.settle(
        RUN,
        _source(run),
        usage=run.usage,
        estimate=lambda: (prompt_tokens(), sum(tokens.estimate(text) for texts in written for text in texts)),
        label=run.conversation.title,
    )
    if len(runs) > 1:
        _share(runs, written, cost, prompt_tokens)
    elif cost is not None:
        _charge(run, cost.amount, cost)


def _written(run: Run) -> sharing.Written:
    """What a run has added to its message."""
    return run.message.text[run.text_before :], run.message.reasoning[run.reasoning_before :]


def _share(
    runs: Sequence[Run], written: list[sharing.Written], cost: billing.Cost | None, prompt_tokens: Callable[[], int]
) -> None:
    """One charge, and each answer has its part of it and of the usage; those that brought nothing have none."""
    brought = [(run, texts) for run, texts in zip(runs, written, strict=True) if any(texts)]
    brought = brought or list(zip(runs, written, strict=True))
    texts = [each for _, each in brought]
    told = runs[0].usage
    used = sharing.usage(told, texts)
    for run in runs:
        run.usage = None
    for (run, _), usage in zip(brought, used, strict=True):
        run.usage = run.message.usage = usage
    if cost is None:
        return
    parts = sharing.counts(used, texts, 0 if told else prompt_tokens())
    amounts: list[int | None] = [None] * len(parts)
    if cost.amount is not None:
        amounts = list(shared.cost(cost.amount, cost.rates, parts))
    for (run, _), amount in zip(brought, amounts, strict=True):
        _charge(run, amount, cost)


def _charge(run: Run, amount: int | None, cost: billing.Cost) -> None:
    """A continued message costs what all of its runs cost."""
    run.cost, run.cost_marks = amount, list(cost.marks)
    message = run.message
    if amount is not None:
        message.cost = (message.cost or 0) + amount
    message.cost_marks = sorted({*message.cost_marks, *cost.marks})


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


def settle_title(call: TitleCall, title: str, prompt_tokens: Callable[[], int], label: str) -> int | None:
    """Charge a title's call, and return what it cost; one that failed without a word is not charged."""
    if not (call.usage or title):
        billing.release(TITLE, str(call.pk))
        return None
    cost = billing.settle(
        TITLE,
        str(call.pk),
        usage=call.usage,
        estimate=lambda: (prompt_tokens(), tokens.estimate(title)),
        label=label,
    )
    return cost.amount if cost else None
