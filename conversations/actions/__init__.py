"""The verbs, one transaction each: `actions.send_message(...)`. They announce what they did after commit."""

from conversations.actions.calls import client_ids
from conversations.actions.conversations import (
    begin_title,
    create,
    delete,
    purge,
    rename,
    restore,
    see,
    set_model_title,
)
from conversations.actions.messages import (
    Exchange,
    Target,
    continue_message,
    edit_message,
    regenerate,
    send_message,
    show_message,
)
from conversations.actions.parameters import delete_preset, save_preset, set_parameters, set_standing
from conversations.actions.runs import (
    Ended,
    State,
    Work,
    begin_run,
    checkpoint,
    finish_run,
    interrupt,
    request_stop,
)
from conversations.actions.turns import alone, turn

__all__ = [
    "Ended",
    "Exchange",
    "State",
    "Target",
    "Work",
    "alone",
    "begin_run",
    "begin_title",
    "checkpoint",
    "client_ids",
    "continue_message",
    "create",
    "delete",
    "delete_preset",
    "edit_message",
    "finish_run",
    "interrupt",
    "purge",
    "regenerate",
    "rename",
    "request_stop",
    "restore",
    "save_preset",
    "see",
    "send_message",
    "set_model_title",
    "set_parameters",
    "set_standing",
    "show_message",
    "turn",
]
