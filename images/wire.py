"""A job as the request that its server gets. Pure."""

from collections.abc import Mapping
from typing import Any

from images.models import Job, Kind


def request(job: Job) -> dict[str, Any]:
    """The fields to send; partial pictures come only with a stream."""
    body: dict[str, Any] = {"model": job.model_id}
    if job.kind != Kind.VARY:
        body["prompt"] = job.prompt
    if job.asked > 1:
        body["n"] = job.asked
    body |= _params(job.params)
    return body


def _params(params: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(params)
    if found.get("partial_images"):
        found["stream"] = True
    else:
        found.pop("partial_images", None)
    return found
