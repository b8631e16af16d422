"""The sandbox's models: what each is called and does, how fast it is, and how much it can hold."""

import dataclasses
from typing import Any

from sandbox import errors

SINCE = 1_767_225_600  # 2026-01-01T00:00:00Z, in seconds: the day that all of them were "created"


@dataclasses.dataclass(frozen=True)
class Model:
    """One model: id, sort, pace in tokens per second, seconds before the first token, context in tokens."""

    id: str
    kind: str  # chat, completion, image, embedding, moderation
    description: str
    pace: float = 60.0
    first_after: float = 0.25
    context: int = 32_768
    reasons: bool = False
    classic: bool = False  # pictures as the models of 2023 made them: other sizes, links, no streams

    def card(self) -> dict[str, Any]:
        """Return the model object (wire.md section 3), with two fields more that other servers have too (quirk 7.6)."""
        return {
            "id": self.id,
            "object": "model",
            "created": SINCE,
            "owned_by": "sandbox",
            "shutdown_date": None,
            "description": self.description,
            "context_length": self.context,
        }

    def engine(self) -> dict[str, Any]:
        """Return the older engine object (wire.md section 13)."""
        return {"id": self.id, "object": "engine", "created": None, "owner": "sandbox", "ready": True}


ALL = (
    Model(
        "sandbox-guide", "chat", "Answers questions about this site by searching its own documents, and shows a tour."
    ),
    Model(
        "sandbox-thinks",
        "chat",
        "The guide, reasoning aloud first; refuses what reasoning models refuse.",
        reasons=True,
    ),
    Model("sandbox-echo", "chat", "Says what you said."),
    Model("sandbox-slow", "chat", "The guide, at four tokens a second after three seconds.", pace=4.0, first_after=3.0),
    Model(
        "sandbox-small",
        "chat",
        "The guide with a context of 1024 tokens, to see what happens when it is full.",
        context=1024,
    ),
    Model("sandbox-breaks-off", "chat", "The guide, whose connection ends in the middle of the answer."),
    Model("sandbox-error", "chat", "Answers with the error that you name: 401, 429, quota, context, 500 and more."),
    Model("sandbox-image", "image", "Draws a simple picture of what the prompt names; edits pictures."),
    Model(
        "sandbox-image-classic",
        "image",
        "The same with the parameters of 2023: links, fixed sizes, variations.",
        classic=True,
    ),
    Model(
        "sandbox-complete",
        "completion",
        "Goes on with a text as this site's documents would, word by word.",
        context=4096,
    ),
    Model("sandbox-embed", "embedding", "Vectors from the words of a text: the same words lie near.", context=8192),
)
BY_ID = {model.id: model for model in ALL}
MODELS = tuple(BY_ID)
DEFAULT = MODELS[0]


def find(model_id: str) -> Model:
    """Return a model; ApiError 404 model_not_found for an id that is not in the list."""
    try:
        return BY_ID[model_id]
    except KeyError:
        raise errors.model_not_found(model_id) from None


def for_kind(model_id: str, kind: str, path: str) -> Model:
    """Return a model of one kind; ApiError 404 as OpenAI answers when a model is asked at another model's address."""
    model = find(model_id)
    if model.kind != kind:
        message = f"This is not a {kind} model and thus not supported in the {path} endpoint."
        raise errors.ApiError(404, message, param="model")
    return model
