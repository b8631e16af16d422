"""The engine: starts, carries out, stops and shows runs. The only caller of an upstream in this app."""

from conversations.runs.attaching import parts_of as attached_parts
from conversations.runs.commands import answer_message, continue_message, edit_message, regenerate, stop, submit
from conversations.runs.engine import drain, execute, recover
from conversations.runs.remote import note_answer, start_sending, stop_locally
from conversations.runs.watching import follow, is_at, is_written_here, snapshot, whole

__all__ = [
    "answer_message",
    "attached_parts",
    "continue_message",
    "drain",
    "edit_message",
    "execute",
    "follow",
    "is_at",
    "is_written_here",
    "note_answer",
    "recover",
    "regenerate",
    "snapshot",
    "start_sending",
    "stop",
    "stop_locally",
    "submit",
    "whole",
]
