"""Trying a provider: is it there, does it take the key, does it list models, does it stream; each told as it was."""

import asyncio
import dataclasses
import time
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import openai_client as oc
from live.database import read
from providers import clients, defaults, facts, failures, lists
from providers.lists import Listed
from providers.registry import Provider

State = Literal["passed", "failed", "skipped"]
STEP_SECONDS = 8.0  # for each question; three are asked, so nobody waits longer than three times that
_NOW = oc.Retries(attempts=1)  # whoever tests wants to see the first answer
_ANSWER_TOKENS = 16  # the answer is let go after its first piece; this bounds it where that comes late


@dataclasses.dataclass(frozen=True)
class Step:
    """One line of a test. `milliseconds` is how long it took, None where nothing was asked for it."""

    name: Literal["reached", "key", "models", "stream"]
    state: State
    message: str
    milliseconds: int | None = None
    details: dict[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Trial:
    """Every line, in the order in which it was tried."""

    steps: tuple[Step, ...]

    @property
    def works(self) -> bool:
        """Whether an answer was streamed: what everything else is for."""
        return self.steps[-1].state == "passed"

    def as_json(self) -> dict[str, Any]:
        return {"works": self.works, "steps": [dataclasses.asdict(step) for step in self.steps]}


async def try_out(provider: Provider) -> Trial:
    """Ask the provider three times, as little as can be; nothing is stored."""
    reached, without_key = await _reach(provider)
    if reached.state == "failed":
        return Trial((reached, _skipped("key"), _skipped("models"), _skipped("stream")))
    key, models, found = await _list(provider, without_key)
    if key.state == "failed":
        return Trial((reached, key, _skipped("models"), _skipped("stream")))
    known = found if found is not None else await read(lists.known, provider)
    stream, refused = await _stream(provider, known)
    return Trial((reached, _judged(key, stream, refused, _has_key(provider)), models, stream))


def _judged(key: Step, stream: Step, refused: bool, has_key: bool) -> Step:
    """What the streamed answer says about the key, where the list had not told."""
    if refused:
        message = _("The key is refused.") if has_key else _("It asks for a key, and none is set.")
        return Step("key", "failed", message, stream.milliseconds)
    if key.state == "skipped" and stream.state == "passed":
        message = _("Key accepted when a model was asked.") if has_key else _("No key is set, and none is asked for.")
        return Step("key", "passed", message, stream.milliseconds)
    return key


def _has_key(provider: Provider) -> bool:
    return bool(provider.api_key or provider.headers)


def _patience(provider: Provider) -> float:
    """Seconds for a question: a tester's, or the provider's own where it has less."""
    return min(STEP_SECONDS, provider.timeouts.first_byte or STEP_SECONDS)


def _client(provider: Provider) -> oc.Client:
    seconds = _patience(provider)
    times = oc.Timeouts(seconds, seconds, seconds, seconds)
    return clients.new_client(provider, timeouts=times, retries=_NOW, limits=clients.LIST_LIMITS)


async def _reach(provider: Provider) -> tuple[Step, oc.OpenAIClientError | None]:
    """Whether anything that speaks HTTP answers at the address, asked without the key; and what it said to that."""
    nameless = dataclasses.replace(provider, api_key=oc.Secret(""), headers=())
    began = time.monotonic()
    async with _client(nameless) as client:
        try:
            await client.models()
        except (oc.ConnectionFailed, oc.TimedOut) as error:
            return _failed("reached", error, provider, began), error
        except oc.OpenAIClientError as error:
            if isinstance(error, oc.UnexpectedAnswer) and error.code == "not_an_answer":
                message = _("Something answers there, but with a page instead of JSON.")
                return Step("reached", "passed", message, _since(began), _details(error)), error
            return Step("reached", "passed", _("Address reached."), _since(began)), error
        return Step("reached", "passed", _("Address reached."), _since(began)), None


async def _list(provider: Provider, without_key: oc.OpenAIClientError | None) -> tuple[Step, Step, Listed | None]:
    has_key = _has_key(provider)
    began = time.monotonic()
    async with _client(provider) as client:
        try:
            found = await client.models()
        except (oc.InvalidKey, oc.PermissionDenied) as error:
            return _refused(error, provider, began, has_key), _skipped("models"), None
        except oc.OpenAIClientError as error:
            untold = _("The list of models does not tell whether the key is accepted.")
            unset = _("No key is set: where it wants one, that may be why it gives no list.")
            key = Step("key", "skipped", untold if has_key else unset)
            return key, _unlisted(error, provider, began), None
    took = _since(began)
    if not has_key:
        key = Step("key", "passed", _("No key is set, and none is asked for."), took)
    elif isinstance(without_key, oc.APIError) and not isinstance(without_key, oc.RateLimited):
        key = Step("key", "passed", _("Key accepted."), took)
    else:
        key = Step("key", "skipped", _("Its list is given without a key too, which says nothing of this one."), took)
    rows = tuple(facts.of_server(model) for model in found)
    message = ngettext("%(count)s model listed.", "%(count)s models listed.", len(rows)) % {"count": len(rows)}
    if not rows:
        message = _("It lists no models: type in the ids that it knows.")
    return key, Step("models", "passed", message, took), Listed(rows)


def _unlisted(error: oc.OpenAIClientError, provider: Provider, began: float) -> Step:
    """Many servers have no list and chat all the same (quirk 7.8)."""
    if isinstance(error, oc.NotFound):
        message = _("It has no list of models at this address: check it, or type in the ids that it knows.")
        return Step("models", "failed", message, _since(began), _details(error))
    if isinstance(error, oc.TooLarge):
        message = _("Its list is too long to be read: type in the ids that you want.")
        return Step("models", "failed", message, _since(began), _details(error))
    return _failed("models", error, provider, began)


async def _stream(provider: Provider, listed: Listed) -> tuple[Step, bool]:
    """The first piece of a streamed answer, and whether it was the key that stood in its way."""
    typed = provider.typed_models[0] if provider.typed_models else ""
    model_id = provider.default_model or typed or defaults.first_for_chat(provider, listed)
    if not model_id:
        return Step("stream", "skipped", _("No model for chat is known: name a default model, then test again.")), False
    request = {
        "model": model_id,
        "messages": [{"role": "user", "content": "Say: ok"}],
        "max_completion_tokens": _ANSWER_TOKENS,
    }
    began = time.monotonic()
    async with _client(provider) as client:
        try:
            async with asyncio.timeout(_patience(provider)), client.stream_chat(request) as stream:
                pieces = await stream.batch()
        except TimeoutError:
            message = _("%(model)s had not begun to answer after %(seconds)s seconds. It may still be loading.")
            return Step("stream", "failed", message % {"model": model_id, "seconds": f"{_patience(provider):g}"}), False
        except oc.OpenAIClientError as error:
            refused = isinstance(error, oc.InvalidKey)
            return _failed("stream", error, provider, began, model_id), refused
    return _streamed(pieces, model_id, began), False


def _streamed(pieces: list[oc.Delta], model_id: str, began: float) -> Step:
    if any(
        isinstance(piece, oc.TextDelta | oc.ReasoningDelta | oc.RefusalDelta | oc.ToolCallDelta) for piece in pieces
    ):
        return Step("stream", "passed", _("One token streamed by %(model)s.") % {"model": model_id}, _since(began))
    if pieces:  # a model that thinks in silence uses the few tokens up before its first word
        message = _("%(model)s answered, but without a word in %(tokens)s tokens.")
        return Step("stream", "passed", message % {"model": model_id, "tokens": _ANSWER_TOKENS}, _since(began))
    return Step("stream", "failed", _("%(model)s answered with nothing.") % {"model": model_id}, _since(began))


def _refused(error: oc.APIError, provider: Provider, began: float, has_key: bool) -> Step:
    if has_key:
        return _failed("key", error, provider, began)
    return Step("key", "failed", _("It asks for a key, and none is set."), _since(began), _details(error))


def _failed(name: Any, error: oc.OpenAIClientError, provider: Provider, began: float, model_id: str = "") -> Step:
    found = failures.explain(error, provider=provider.name, model_id=model_id)
    return Step(name, "failed", found.message, _since(began), _details(error))


def _details(error: oc.OpenAIClientError) -> dict[str, Any]:
    """The upstream's own words; the client has masked keys in them."""
    found = {"status": error.status, "upstream_message": error.message[:500], "request_id": error.request_id}
    return {name: value for name, value in found.items() if value not in (None, "")}


def _skipped(name: Any) -> Step:
    return Step(name, "skipped", _("Not tried."))


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
