"""The engine: starts, carries out, stops and recovers jobs. The only caller of an upstream in this app."""

from images.runs.commands import stop, submit
from images.runs.engine import drain, execute, recover, stop_locally

__all__ = ["drain", "execute", "recover", "stop", "stop_locally", "submit"]
