"""An embedded OpenAI-compatible upstream, so that a machine without a key can try everything. Standard library only."""

from sandbox.app import create_app
from sandbox.models import MODELS

__all__ = ["MODELS", "create_app"]
