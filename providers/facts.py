"""What is known of a model: what its server says, then what the table says, each marked as what it is; pure."""

import datetime
import re
from collections.abc import Mapping
from typing import Any

import openai_client as oc

Facts = dict[str, Any]
CAPABILITIES = (
    *("chat", "vision", "tools", "json", "reasoning"),
    *("images", "audio", "embeddings", "moderation", "completion"),
)
# Every fact that a model may have, beside its capabilities; each is "server"'s or "table"'s.
NUMBERS = ("context_length", "longest_answer")
TEXTS = ("family", "shutdown_date", "price_url", "successor", "note")
_OUTPUT = ("max_output_tokens", "max_completion_tokens", "max_tokens")
_PARAMETERS = {"tools": "tools", "response_format": "json", "structured_outputs": "json", "reasoning": "reasoning"}
# What servers call an ability (Ollama, LM Studio, Mistral, LiteLLM) and what it is here.
_ABILITIES = {
    "vision": "vision", "image": "vision", "supports_vision": "vision", "tools": "tools", "tool_use": "tools",
    "function_calling": "tools", "supports_function_calling": "tools", "thinking": "reasoning",
    "reasoning": "reasoning", "supports_reasoning": "reasoning", "completion_chat": "chat", "embedding": "embeddings",
    "embeddings": "embeddings", "supports_response_schema": "json", "json_mode": "json", "audio": "audio",
}  # fmt: skip
_TYPES = {
    "embeddings": "embeddings",
    "embedding": "embeddings",
    "vlm": "vision",
    "image": "images",
    "moderation": "moderation",
}
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_SNAPSHOT = re.compile(r"[-@](20\d\d-?[01]\d-?[0-3]\d|[01]\d[0-3]\d)$")


def of_server(model: oc.Model) -> Facts:
    """A row of a model list as it is stored: small, and every field of the right type."""
    extra = model.extra
    found: Facts = {"id": model.id, "owned_by": model.owned_by[:100], "created": model.created}
    found["context_length"] = model.context_length
    found["longest_answer"] = _first_number(extra, _OUTPUT)
    found["shutdown_date"] = date(extra.get("shutdown_date") or extra.get("expiration_date"))
    found["label"] = text(extra.get("name") or extra.get("title"), 120)
    found["note"] = text(extra.get("description"), 400)
    found["parent"] = text(extra.get("parent") or extra.get("root"), 256)
    found["pricing"] = _pricing(extra.get("pricing"))
    found["capabilities"] = _server_capabilities(extra)
    return {name: value for name, value in found.items() if value not in (None, "", {}) or name == "id"}


def merged(server: Mapping[str, Any], table: Mapping[str, Any]) -> Facts:
    """Both as one, with `sources`: fact -> "server" or "table". What the server says wins."""
    sources: dict[str, str] = {}
    found: Facts = {"capabilities": {}}
    for source, facts in (("table", table), ("server", server)):
        for name in (*NUMBERS, *TEXTS):
            if facts.get(name) not in (None, ""):
                found[name], sources[name] = facts[name], source
        for name, value in facts.get("capabilities", {}).items():
            found["capabilities"][name], sources[name] = value, source
    return {**dict.fromkeys(NUMBERS), **dict.fromkeys(TEXTS, ""), **found, "sources": sources}


def is_for_chat(capabilities: Mapping[str, bool], model_id: str) -> bool:
    """Whether it can be the default of a chat: not known, nor by its name, to be made for something else only."""
    if "chat" in capabilities:
        return bool(capabilities["chat"])
    return not _OTHER_PURPOSES.search(model_id)


# Not for chat, by the names that such models have carried so far; asked only where nothing else is known.
_OTHER_PURPOSES = re.compile(
    r"(^|[-/_.:])(dall-e|image|images|tts|whisper|transcribe|audio|realtime|embed\w*|moderation|rerank\w*|sora|bge|"
    r"stable-diffusion|flux|babbage|davinci|instruct)(?=$|[-/_.:\d])",
    re.IGNORECASE,
)


def family_of(model_id: str) -> str:
    """The family that an id names, where no table does: its first word with the digits that belong to it."""
    name = model_id.rsplit("/", 1)[-1].removeprefix("ft:").lower()
    found = re.match(r"[a-z]+(?:[-_ ]?\d+(?:\.\d+)?)?(?=[^a-z]|$)|[a-z]+", name)
    return found[0] if found else name[:20]


def is_snapshot(model_id: str) -> bool:
    """Whether the id names one frozen version by its date, rather than whatever is newest (requirement H7)."""
    return bool(_SNAPSHOT.search(model_id))


def is_fine_tuned(model_id: str, owned_by: str = "") -> bool:
    """Whether it may be deleted: a model that somebody made from another one."""
    return model_id.startswith("ft:") or ":ft-" in model_id or owned_by.startswith(("user-", "org-"))


def number(value: object, most: int = 10**9) -> int | None:
    """A positive whole number, from what servers and people write for one."""
    if isinstance(value, str) and value.strip().isdecimal():
        value = int(value.strip()[:12])
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return None
    return int(value) if 0 < value <= most else None


def text(value: object, most: int) -> str:
    """A short text in one line, or nothing."""
    return " ".join(value.split())[:most] if isinstance(value, str) else ""


def date(value: object) -> str:
    """A day as YYYY-MM-DD, or nothing."""
    found = _DATE.match(value) if isinstance(value, str) else None
    try:
        return datetime.date.fromisoformat(found[0]).isoformat() if found else ""
    except ValueError:
        return ""


def _first_number(extra: Mapping[str, Any], names: tuple[str, ...]) -> int | None:
    provider = extra.get("top_provider")
    for place in (extra, provider if isinstance(provider, dict) else {}):
        for name in names:
            if (found := number(place.get(name))) is not None:
                return found
    return None


def _pricing(value: object) -> dict[str, str]:
    """OpenRouter's price strings, in dollars for one token, as they came (quirk 7.6)."""
    if not isinstance(value, dict):
        return {}
    kept = {str(name)[:40]: text(str(price), 40) for name, price in list(value.items())[:20]}
    return {name: price for name, price in kept.items() if re.fullmatch(r"-?\d*\.?\d+(?:[eE]-?\d+)?", price)}


def _server_capabilities(extra: Mapping[str, Any]) -> dict[str, bool]:
    """From supported_parameters and modalities (OpenRouter), capabilities (Ollama, LM Studio, Mistral), type."""
    found: dict[str, bool] = {}
    parameters = extra.get("supported_parameters")
    if isinstance(parameters, list):
        for ours in _PARAMETERS.values():
            found[ours] = any(_PARAMETERS.get(str(name)) == ours for name in parameters)
    found |= _modalities(extra)
    abilities = extra.get("capabilities")
    if isinstance(abilities, list):
        found |= {_ABILITIES[str(name)]: True for name in abilities if str(name) in _ABILITIES}
    elif isinstance(abilities, dict):
        found |= {
            _ABILITIES[name]: value
            for name, value in abilities.items()
            if name in _ABILITIES and value in (True, False)
        }
    if (kind := _TYPES.get(str(extra.get("type")))) is not None:
        found[kind] = True
        if kind != "vision":
            found["chat"] = False
    return found


def _modalities(extra: Mapping[str, Any]) -> dict[str, bool]:
    shape = extra.get("architecture")
    shape = shape if isinstance(shape, dict) else {}
    taken, given = shape.get("input_modalities"), shape.get("output_modalities")
    found: dict[str, bool] = {}
    if isinstance(taken, list):
        found["vision"] = "image" in taken
    if isinstance(given, list):
        found |= {"images": "image" in given, "audio": "audio" in given, "chat": "text" in given}
    return found
