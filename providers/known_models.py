"""The table that comes with the site: what is publicly known of common models, as of a date; the owner can overrule it.

Servers say little about their models; this fills in. A row holds for ids that match its pattern (`*`: any text), whole
or after the last slash; a longer pattern overrules a shorter one. Dates of shutdown hold at one host only: the same
model may live on elsewhere.
"""

import fnmatch
import functools
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

AS_OF = "2026-11-21"
Facts = dict[str, Any]
_OPENAI = "api.openai.com"
_OPENAI_PRICES = "https://platform.openai.com/docs/pricing"
_DEEPSEEK_PRICES = "https://api-docs.deepseek.com/quick_start/pricing"


def _row(family: str, can: str = "", cannot: str = "", **facts: Any) -> Facts:
    capabilities = {**dict.fromkeys(can.split(), True), **dict.fromkeys(cannot.split(), False)}
    return {"family": family, "capabilities": capabilities, **facts}


_ONLY = "chat vision tools json reasoning"  # what models made for one other thing cannot do
Row = tuple[str, str, Mapping[str, Any]]
ROWS: tuple[Row, ...] = (  # pattern, host ("" any), facts
    ("gpt-3.5*", "", _row("GPT-3.5", "chat tools json", "vision", context_length=16_385, longest_answer=4_096)),
    ("gpt-3.5*", _OPENAI, {"shutdown_date": "2026-10-23", "successor": "gpt-5-mini"}),
    ("gpt-3.5-turbo-instruct*", "", _row("GPT-3.5", "completion", _ONLY, context_length=4_096)),
    ("gpt-4*", "", _row("GPT-4", "chat tools", "reasoning", context_length=8_192)),
    ("gpt-4*", _OPENAI, {"shutdown_date": "2026-10-23", "successor": "gpt-5"}),
    ("gpt-4-turbo*", "", _row("GPT-4", "vision tools json", context_length=128_000, longest_answer=4_096)),
    ("gpt-4o*", "", _row("GPT-4o", "chat vision tools json", context_length=128_000, longest_answer=16_384)),
    ("gpt-4o*", _OPENAI, {"shutdown_date": "2027-01-14", "successor": "gpt-5"}),
    ("gpt-4o*transcribe*", "", _row("GPT-4o", "audio", _ONLY, context_length=16_000, longest_answer=2_000)),
    ("gpt-4o-transcribe*", _OPENAI, {"shutdown_date": "2027-02-26"}),
    ("gpt-4o*tts*", "", _row("GPT-4o", "audio", _ONLY, context_length=2_000)),
    ("gpt-4o*audio*", "", _row("GPT-4o", "audio chat")),
    ("gpt-4.1*", "", _row("GPT-4.1", "chat vision tools json", context_length=1_047_576, longest_answer=32_768)),
    ("gpt-4.1*", _OPENAI, {"shutdown_date": "2027-01-14", "successor": "gpt-5"}),
    ("gpt-4.1-nano*", _OPENAI, {"shutdown_date": "2026-10-23", "successor": "gpt-5-nano"}),
    ("gpt-5*", "", _row("GPT-5", "chat vision tools json reasoning", context_length=400_000, longest_answer=128_000)),
    ("gpt-5*", _OPENAI, {"shutdown_date": "2026-12-11"}),
    ("gpt-6*", "", _row("GPT-6", "chat vision tools json reasoning")),
    ("gpt-oss*", "", _row("GPT-OSS", "chat tools json reasoning", "vision", context_length=131_072)),
    ("gpt-image*", "", _row("GPT Image", "images", _ONLY)),
    ("gpt-image-1", _OPENAI, {"shutdown_date": "2026-10-23"}),
    ("dall-e*", "", _row("DALL·E", "images", _ONLY)),
    ("dall-e*", _OPENAI, {"shutdown_date": "2026-05-12"}),
    ("chatgpt-image*", "", _row("GPT Image", "images", _ONLY)),
    ("flux*", "", _row("FLUX", "images", _ONLY)),
    ("stable-diffusion*", "", _row("Stable Diffusion", "images", _ONLY)),
    ("sd3*", "", _row("Stable Diffusion", "images", _ONLY)),
    ("sdxl*", "", _row("Stable Diffusion", "images", _ONLY)),
    ("imagen*", "", _row("Imagen", "images", _ONLY)),
    ("qwen-image*", "", _row("Qwen Image", "images", _ONLY)),
    ("cogview*", "", _row("CogView", "images", _ONLY)),
    ("kolors*", "", _row("Kolors", "images", _ONLY)),
    ("*seedream*", "", _row("Seedream", "images", _ONLY)),
    ("grok-*-image*", "", _row("Grok", "images", _ONLY)),
    ("o1*", "", _row("o1", "chat vision tools json reasoning", context_length=200_000, longest_answer=100_000)),
    ("o1*", _OPENAI, {"shutdown_date": "2026-10-23", "successor": "gpt-5"}),
    ("o3*", "", _row("o3", "chat vision tools json reasoning", context_length=200_000, longest_answer=100_000)),
    ("o3*", _OPENAI, {"shutdown_date": "2026-12-11"}),
    ("o3-mini*", "", _row("o3", cannot="vision")),
    ("o3-mini*", _OPENAI, {"shutdown_date": "2026-10-23", "successor": "gpt-5-mini"}),
    ("o4-mini*", "", _row("o4", "chat vision tools json reasoning", context_length=200_000, longest_answer=100_000)),
    ("o4-mini*", _OPENAI, {"shutdown_date": "2026-10-23", "successor": "gpt-5-mini"}),
    ("whisper*", "", _row("Whisper", "audio", _ONLY)),
    ("whisper-1", _OPENAI, {"shutdown_date": "2027-02-26"}),
    ("tts-*", "", _row("TTS", "audio", _ONLY)),
    ("tts-*", _OPENAI, {"shutdown_date": "2027-01-06"}),
    ("*embedding*", "", _row("", "embeddings", _ONLY)),
    ("text-embedding-*", "", _row("Text embedding", context_length=8_191)),
    ("*moderation*", "", _row("Moderation", "moderation", _ONLY)),
    ("davinci*", "", _row("GPT-3", "completion", _ONLY)),
    ("babbage*", "", _row("GPT-3", "completion", _ONLY)),
    ("*", _OPENAI, {"price_url": _OPENAI_PRICES}),
    ("*", "api.deepseek.com", {"price_url": _DEEPSEEK_PRICES}),
    ("*", "openrouter.ai", {"price_url": "https://openrouter.ai/models"}),
    ("deepseek*", "", _row("DeepSeek", "chat", "vision")),
    ("deepseek-chat*", "", _row("DeepSeek", "tools json", context_length=128_000, longest_answer=8_192)),
    ("deepseek-reasoner*", "", _row("DeepSeek", "reasoning json", context_length=128_000, longest_answer=64_000)),
    ("deepseek-r1*", "", _row("DeepSeek", "reasoning")),
    ("claude*", "", _row("Claude", "chat vision tools", context_length=200_000)),
    ("gemini*", "", _row("Gemini", "chat vision tools json")),
    ("gemma*", "", _row("Gemma", "chat")),
    ("grok*", "", _row("Grok", "chat tools")),
    ("llama*", "", _row("Llama", "chat")),
    ("llama3.1*", "", _row("Llama 3", "chat tools", context_length=131_072)),
    ("llama3.2*", "", _row("Llama 3", "chat tools", context_length=131_072)),
    ("llama3.3*", "", _row("Llama 3", "chat tools", context_length=131_072)),
    ("llava*", "", _row("LLaVA", "chat vision")),
    ("mistral*", "", _row("Mistral", "chat tools")),
    ("mixtral*", "", _row("Mistral", "chat")),
    ("qwen*", "", _row("Qwen", "chat")),
    ("qwen3*", "", _row("Qwen 3", "chat tools reasoning")),
    ("qwen*vl*", "", _row("Qwen", "chat vision")),
    ("qwq*", "", _row("Qwen", "chat reasoning")),
    ("glm*", "", _row("GLM", "chat tools")),
    ("kimi*", "", _row("Kimi", "chat tools")),
    ("nomic-embed*", "", _row("Nomic", "embeddings", _ONLY)),
    ("bge-*", "", _row("BGE", "embeddings", _ONLY)),
    ("sandbox-*", "sandbox", _row("Sandbox", "chat vision tools json", "reasoning images audio embeddings")),
    ("sandbox-thinks", "sandbox", _row("Sandbox", "reasoning")),
    ("sandbox-image*", "sandbox", _row("Sandbox", "images", _ONLY)),
    ("sandbox-complete", "sandbox", _row("Sandbox", "completion", _ONLY)),
    ("sandbox-embed", "sandbox", _row("Sandbox", "embeddings", f"{_ONLY} images")),
)  # fmt: skip

# Families of models that reason, and what those of them refuse that are asked to reason (quirk 8.3, B4, B9, B11, B12).
REASONING = ("o1*", "o3*", "o4*", "gpt-5*", "gpt-6*")
_REFUSED = (
    *("temperature", "top_p", "presence_penalty", "frequency_penalty"),
    *("stop", "logit_bias", "logprobs", "top_logprobs"),
)


def refused_parameters(model_id: str) -> tuple[str, ...]:
    """The fields that models of this name's family refuse while they reason; those made for chat alone do not."""
    rows: list[Row] = [(pattern, "", {}) for pattern in REASONING]
    return _REFUSED if _matching(rows, model_id) and "chat" not in model_id.lower() else ()


def longest_match(patterns: Iterable[str], model_id: str) -> str:
    """Which of these patterns says most of a model's name; empty: none fits."""
    rows: list[Row] = [(pattern, "", {}) for pattern in patterns]
    found = _matching(rows, model_id)
    return found[-1][0] if found else ""


def of_table(model_id: str, base_url: str, own: Iterable[Row] = ()) -> Facts:
    """What the table says of a model at this address; `own` are the owner's rows, which come last."""
    host = urlsplit(base_url).hostname or ""
    found = _overlaid({"capabilities": {}}, _shipped(model_id, host))
    for _pattern, _host, facts in _matching([row for row in own if row[1] in ("", host)], model_id):
        found = _overlaid(found, facts)
    return found


@functools.lru_cache(maxsize=20_000)  # lists are long, and are looked through for every page that shows one
def _shipped(model_id: str, host: str) -> Facts:
    found: Facts = {"capabilities": {}}
    for _pattern, _host, facts in _matching([row for row in ROWS if row[1] in ("", host)], model_id):
        found = _overlaid(found, facts)
    return found


def _overlaid(under: Facts, over: Mapping[str, Any]) -> Facts:
    said = {name: value for name, value in over.items() if value not in ("", None)}
    return {**under, **said, "capabilities": {**under["capabilities"], **over.get("capabilities", {})}}


def _matching(rows: Iterable[Row], model_id: str) -> list[Row]:
    """Those whose pattern fits, from the shortest pattern to the longest."""
    whole = model_id.lower().removeprefix("models/").removeprefix("ft:")
    names = (whole, whole.rsplit("/", 1)[-1])
    found = [row for row in rows if any(fnmatch.fnmatchcase(name, _globbed(row[0])) for name in names)]
    return sorted(found, key=lambda row: len(row[0].replace("*", "")))


def _globbed(pattern: str) -> str:
    """Only `*` has a meaning: model ids may hold brackets and question marks."""
    return pattern.lower().replace("[", "[[]").replace("?", "[?]")
