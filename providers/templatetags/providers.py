"""What the settings page shows of connections; keys are never part of it."""

from typing import Any

from django import template
from django.conf import settings

from providers import defaults, registry
from providers.sandbox import http_key

register = template.Library()


@register.simple_tag(takes_context=True)
def connection(context: dict[str, Any]) -> dict[str, Any]:
    """The provider that answers by default, where it comes from, and how programs reach the sandbox (owner only)."""
    request = context["request"]
    provider, likely = registry.default(request.user), defaults.likely(request.user)
    return {
        "name": provider.name,
        "in_sandbox": provider.id == registry.SANDBOX,
        "base_url": provider.base_url,
        "key_is_set": bool(provider.api_key),
        "key_variable": "OPENAI_API_KEY",
        "model_id": likely[1] if likely else "",
        "sandbox_url": (settings.SITE_URL or request.build_absolute_uri("/").rstrip("/")) + "/sandbox/v1",
        "sandbox_key": http_key() if getattr(request.user, "is_owner", False) else "",
    }
