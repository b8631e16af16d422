"""What a form for a new provider begins with: where common servers are, and what is particular about each."""

import dataclasses
from typing import Any

from django.utils.translation import gettext_lazy as _

from providers.models import KeyHeader, TokenLimitName


@dataclasses.dataclass(frozen=True)
class Preset:
    """`initial` fills the form; `hint` says what this server needs. `port`: where it listens on its own machine."""

    id: str
    name: Any
    initial: dict[str, Any]
    hint: Any = ""
    key_url: str = ""
    port: int = 0


OPENAI = "https://api.openai.com/v1"
ALL = (
    Preset("openai", "OpenAI", {"base_url": OPENAI}, _("Needs a key."), "https://platform.openai.com/api-keys"),
    Preset(
        "azure",
        "Azure OpenAI",
        {"base_url": "https://YOUR-RESOURCE.openai.azure.com/openai/v1", "key_header": KeyHeader.API_KEY},
        _("Put your resource's name into the address. A model id is the name of a deployment: type yours in below."),
        "https://portal.azure.com/",
    ),
    Preset(
        "azure-classic",
        _("Azure OpenAI, older addresses"),
        {
            "base_url": "https://YOUR-RESOURCE.openai.azure.com/openai?api-version=2024-10-21",
            "key_header": KeyHeader.API_KEY,
        },
        _("With deployments and an api-version. The whole address that Azure shows for a deployment can be pasted."),
        "https://portal.azure.com/",
    ),
    Preset(
        "openrouter",
        "OpenRouter",
        {"base_url": "https://openrouter.ai/api/v1"},
        _("One key for the models of many makers; its list says what each can do and costs."),
        "https://openrouter.ai/keys",
    ),
    Preset(
        "deepseek",
        "DeepSeek",
        {"base_url": "https://api.deepseek.com/v1", "token_limit_name": TokenLimitName.OLD},
        _("Needs a key. It may hold a request for minutes before the first word comes."),
        "https://platform.deepseek.com/api_keys",
    ),
    Preset(
        "ollama",
        "Ollama",
        {"base_url": "http://127.0.0.1:11434/v1", "token_limit_name": TokenLimitName.OLD},
        _("Needs no key. The first answer of a model waits until it is loaded."),
        port=11434,
    ),
    Preset(
        "llamacpp",
        "llama.cpp",
        {"base_url": "http://127.0.0.1:8080/v1", "token_limit_name": TokenLimitName.OLD},
        _("Needs a key only when it was started with one."),
        port=8080,
    ),
    Preset(
        "vllm",
        "vLLM",
        {"base_url": "http://127.0.0.1:8000/v1"},
        _("Needs a key only when it was started with one."),
        port=8000,
    ),
    Preset(
        "lmstudio",
        "LM Studio",
        {"base_url": "http://127.0.0.1:1234/v1", "token_limit_name": TokenLimitName.OLD},
        _("Needs no key. Switch its local server on first."),
        port=1234,
    ),
    Preset("other", _("Another server"), {}, _("Any address that speaks the OpenAI API.")),
)
BY_ID = {preset.id: preset for preset in ALL}
# Beside the presets' own: LiteLLM's proxy, text-generation-webui, Jan, SGLang.
OTHER_PORTS = (4000, 5000, 1337, 30000)
PORTS = {**{preset.port: preset for preset in ALL if preset.port}, **dict.fromkeys(OTHER_PORTS, BY_ID["other"])}


def named(name: str) -> Preset:
    """The preset that a word such as a file's section means; "other" when it means none."""
    word = "".join(letter for letter in name.lower() if letter.isalnum())
    meant = (preset for preset in ALL if word.startswith(preset.id.replace("-", "")))
    return next(meant, BY_ID["other"])
