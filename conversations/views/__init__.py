"""The HTTP doors: pages, and the commands that a page or a program sends."""

from conversations.views.attachments import attachments
from conversations.views.commands import (
    answer_message,
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
from conversations.views.exporting import export, export_file
from conversations.views.history import archive, archived, history, pin, see, unarchive, unpin
from conversations.views.pages import conversation, older_messages, start
from conversations.views.probabilities import probabilities
from conversations.views.requests import as_typed, request_log
from conversations.views.search import search
from conversations.views.tree import delete_message, fork, insert_turn, message, restore_message, turns

__all__ = [
    "answer_message",
    "archive",
    "archived",
    "as_typed",
    "attachments",
    "continue_message",
    "conversation",
    "create",
    "delete",
    "delete_message",
    "edit_message",
    "export",
    "export_file",
    "fork",
    "history",
    "insert_turn",
    "message",
    "older_messages",
    "pin",
    "probabilities",
    "regenerate",
    "rename",
    "request_log",
    "restore",
    "restore_message",
    "search",
    "see",
    "send_message",
    "show_message",
    "start",
    "stop",
    "turns",
    "unarchive",
    "unpin",
]
