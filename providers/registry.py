"""Which providers there are: the environment's, when a key or an address is set, and the sandbox."""

import dataclasses

from django.conf import settings
from django.utils.translation import gettext as _

from providers.errors import UnknownProvider

ENVIRONMENT = "environment"
SANDBOX = "sandbox"
OPENAI_BASE_URL = "https://api.openai.com/v1"


@dataclasses.dataclass(frozen=True)
class Provider:
    """A connection to an upstream. The key is kept out of repr."""

    id: str
    name: str
    base_url: str
    api_key: str = dataclasses.field(default="", repr=False)
    organization: str = ""
    project: str = ""
    default_model: str = ""


def available() -> list[Provider]:
    """Every provider, in the order in which they are asked who lists a model."""
    return [*([_environment()] if _configured() else []), _sandbox()]


def get(provider_id: str) -> Provider:
    """The provider with this id, or UnknownProvider."""
    for provider in available():
        if provider.id == provider_id:
            return provider
    raise UnknownProvider(provider=provider_id[:64])


def default() -> Provider:
    """The environment's, else the sandbox."""
    return available()[0]


def _configured() -> bool:
    return bool(settings.OPENAI_API_KEY or settings.OPENAI_BASE_URL)


def _environment() -> Provider:
    base_url = settings.OPENAI_BASE_URL or OPENAI_BASE_URL
    return Provider(
        id=ENVIRONMENT,
        name="OpenAI" if base_url.rstrip("/") == OPENAI_BASE_URL else base_url.split("://")[-1].split("/")[0],
        base_url=base_url,
        api_key=settings.OPENAI_API_KEY,
        organization=settings.OPENAI_ORG_ID,
        project=settings.OPENAI_PROJECT_ID,
        default_model=settings.OPENAI_MODEL,
    )


def _sandbox() -> Provider:
    return Provider(id=SANDBOX, name=_("Sandbox"), base_url="http://sandbox/v1")
