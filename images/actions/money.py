"""Around every job: what it will probably cost before it, and what it did cost after it."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from billing import access as money
from billing import actions as billing
from billing.pricing import Rates
from images import costs
from images.costs import Wanted
from images.errors import ConfirmationNeeded
from images.models import Job, JobStatus

JOB = "image"
COST = ("cost", "cost_marks")  # the fields of a job that `settle` changes
LABEL = 80  # characters of the prompt
MANY = 4  # pictures; more of unknown price are confirmed


def estimate(provider: str, model_id: str, wanted: Wanted) -> int | None:
    """Micro-units; None where a price is unknown, or where no money is counted."""
    return costs.estimate(money.rates(provider, model_id), wanted) if money.counts_money() else None


def needs_word(found: int | None, asked: int) -> bool:
    """Whether the person has to say once more that they want it."""
    if not money.counts_money():
        return False
    return asked > MANY if found is None else found > settings.IMAGES_CONFIRM_ABOVE


def check_word(found: int | None, job: Job) -> None:
    """Raise ConfirmationNeeded for what is dear, or for many of which nobody knows the price."""
    if needs_word(found, job.asked):
        raise ConfirmationNeeded(estimate=found, pictures=job.asked, model=job.model_id)


def hold(job: Job, wanted: Wanted) -> None:
    """Hold for a job before it is stored. Raises the refusals of billing."""
    billing.hold(
        billing.Call(
            user_id=job.owner_id,
            process_id=job.process_id,
            source_kind=JOB,
            source_id=str(job.pk),
            provider=job.provider,
            model_id=job.model_id,
            prompt_tokens=lambda: costs.prompt_tokens(wanted),
            wanted=costs.completion_tokens(wanted),
            pieces=_pieces(job.params, job.asked),
        )
    )


def settle(job: Job, wanted: Wanted) -> None:
    """Charge an ended job for what it used. Sets COST; the caller stores them.

    What brought nothing is not charged, unless the model said what it used, or was told to stop while it was asked.
    """
    stopped = job.status == JobStatus.CANCELLED and job.started_at is not None and job.attempt == 1
    if not (job.received or job.usage or stopped):
        billing.release(JOB, str(job.pk))
        return
    cost = billing.settle(
        JOB,
        str(job.pk),
        usage=job.usage,
        estimate=lambda: (costs.prompt_tokens(wanted), costs.completion_tokens(wanted, job.received)),
        label=" ".join(job.prompt.split())[:LABEL],
        pieces=_pieces(job.params, job.received),
    )
    if cost is not None:
        job.cost, job.cost_marks = cost.amount, list(cost.marks)


def _pieces(params: Mapping[str, Any], pictures: int) -> Any:
    def found(rates: Rates) -> dict[str, int]:
        return costs.pieces(rates, params, pictures)

    return found
