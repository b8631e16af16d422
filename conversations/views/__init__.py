"""The HTTP doors: pages, and the commands that a page or a program sends."""

from conversations.views.commands import (
    continue_message,
    create,
    delete,
    edit_message,
    regenerate,
    rename,
    restore,
    send_message,
    show_message,
    stop,
)
from conversations.views.history import history, see
from conversations.views.pages import conversation, older_messages, start
from conversations.views.requests import as_typed, request_log

__all__ = [
    "as_typed",
    "continue_message",
    "conversation",
    "create",
    "delete",
    "edit_message",
    "history",
    "older_messages",
    "regenerate",
    "rename",
    "request_log",
    "restore",
    "see",
    "send_message",
    "show_message",
    "start",
    "stop",
]
