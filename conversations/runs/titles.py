"""A title that a model writes, when the person has switched that on: a call of its own, counted as such."""

import uuid
from typing import Any

import structlog

import openai_client as oc
from conversations import actions, prompts
from conversations.accumulator import usage_json
from conversations.models import Conversation, Message, Run, TitleCall, TitleSource
from live.database import query
from live.errors import Refused
from providers import choosing, clients, failures

log = structlog.get_logger(__name__)


async def improve(run_id: uuid.UUID) -> None:
    """Ask the model that has just answered for a title, after the first answer only."""
    found = await query(_begin, run_id)
    if found is None:
        return
    call, request = found
    usage, title, error_code = None, "", ""
    try:
        client = clients.client_for(await choosing.find(call.conversation.owner_id, call.provider))
        completion = await client.chat(request)
        usage = usage_json(completion.usage)
        title = completion.choices[0].text if completion.choices else ""
    except Refused as refusal:  # the provider is gone
        error_code = refusal.code
    except oc.OpenAIClientError as error:  # the first words stay; nobody is waiting for this
        error_code = failures.explain(error, provider=call.provider, model_id=call.model_id).code
        log.info("title_failed", error=error_code)
    await query(
        actions.set_model_title,
        call,
        title,
        usage=usage,
        prompt_tokens=lambda: prompts.tokens(request),
        error_code=error_code[:64],
    )


def _begin(run_id: uuid.UUID) -> tuple[TitleCall, dict[str, Any]] | None:
    """The call to make, if one is wanted and can be paid for."""
    found = _wanting(run_id)
    if found is None:
        return None
    run, branch = found
    request = prompts.title_request(run.model_id, branch)
    try:
        begun = actions.begin_title(run, request)
    except Refused as refusal:
        log.info("title_not_asked_for", code=refusal.code)
        return None
    if begun is None:
        return None
    call, ceiling = begun
    return call, {**request, **prompts.limit({}, ceiling)}


def _wanting(run_id: uuid.UUID) -> tuple[Run, list[Message]] | None:
    run = Run.objects.select_related("conversation__owner", "owner").filter(pk=run_id).first()
    if run is None or not run.owner.title_by_model or run.conversation.title_source != TitleSource.WORDS:
        return None
    conversation: Conversation = run.conversation
    branch = Message.objects.branch(run.message_id)
    if len(branch) != 2 or conversation.title_calls.exists():
        return None
    return run, branch
