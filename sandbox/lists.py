"""The lists of models, and of engines as they were called (wire.md sections 3 and 13; H1 to H4)."""

from sandbox import asgi, errors, house, models


async def models_list(here: house.House, request: asgi.Request) -> asgi.Reply:
    """GET /v1/models."""
    return asgi.whole({"object": "list", "data": [model.card() for model in models.ALL]})


async def model(here: house.House, request: asgi.Request, model_id: str) -> asgi.Reply:
    """GET /v1/models/{id}; 404 model_not_found."""
    return asgi.whole(models.find(model_id).card())


async def delete_model(here: house.House, request: asgi.Request, model_id: str) -> asgi.Reply:
    """DELETE /v1/models/{id}: only fine-tuned models can be deleted (H3), and the sandbox has none."""
    models.find(model_id)
    message = "You have insufficient permissions for this operation: the sandbox's own models cannot be deleted."
    raise errors.ApiError(403, message, code="insufficient_permissions")


async def engines_list(here: house.House, request: asgi.Request) -> asgi.Reply:
    """GET /v1/engines."""
    return asgi.whole({"object": "list", "data": [one.engine() for one in models.ALL]})


async def engine(here: house.House, request: asgi.Request, engine_id: str) -> asgi.Reply:
    """GET /v1/engines/{id}; 404 model_not_found."""
    return asgi.whole(models.find(engine_id).engine())
