"""A title that a model writes, when the person has switched that on: a call of its own, counted as such."""

import uuid

import structlog

import openai_client as oc
from conversations import actions, prompts
from conversations.accumulator import usage_json
from conversations.models import Conversation, Message, Run, TitleSource
from live.database import query, read
from live.errors import Refused
from providers import clients, registry

log = structlog.get_logger(__name__)


async def improve(run_id: uuid.UUID) -> None:
    """Ask the model that has just answered for a title, after the first answer only."""
    found = await read(_wanting, run_id)
    if found is None:
        return
    run, branch = found
    usage, title, error_code = None, "", ""
    try:
        client = clients.client_for(await query(registry.get, run.owner, run.provider))
        completion = await client.chat(prompts.title_request(run.model_id, branch))
        usage = usage_json(completion.usage)
        title = completion.choices[0].text if completion.choices else ""
    except Refused:  # the provider is gone
        return
    except oc.OpenAIClientError as error:  # the first words stay; nobody is waiting for this
        error_code = error.code or type(error).__name__
        log.info("title_failed", error=error_code)
    await query(
        actions.set_model_title,
        run.conversation,
        title,
        provider=run.provider,
        model_id=run.model_id,
        usage=usage,
        error_code=error_code[:64],
    )


def _wanting(run_id: uuid.UUID) -> tuple[Run, list[Message]] | None:
    run = Run.objects.select_related("conversation", "owner").filter(pk=run_id).first()
    if run is None or not run.owner.title_by_model or run.conversation.title_source != TitleSource.WORDS:
        return None
    conversation: Conversation = run.conversation
    branch = Message.objects.branch(run.message_id)
    if len(branch) != 2 or conversation.title_calls.exists():
        return None
    return run, branch
