"""The verbs, one transaction each: `actions.send_message(...)`. They announce what they did after commit."""

from conversations.actions.by_hand import edit_by_hand, fork, insert_turn
from conversations.actions.calls import client_ids
from conversations.actions.conversations import (
    archive,
    begin_title,
    create,
    delete,
    expire,
    pin,
    purge,
    rename,
    restore,
    see,
    set_model_title,
)
from conversations.actions.deleting import Deleted, delete_message, restore_message, wipe_deleted
from conversations.actions.leaving import forget
from conversations.actions.messages import (
    Exchange,
    Target,
    answer_message,
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
from conversations.actions.uses import files_moved

__all__ = [
    "Deleted",
    "Ended",
    "Exchange",
    "State",
    "Target",
    "Work",
    "alone",
    "answer_message",
    "archive",
    "begin_run",
    "begin_title",
    "checkpoint",
    "client_ids",
    "continue_message",
    "create",
    "delete",
    "delete_message",
    "delete_preset",
    "edit_by_hand",
    "edit_message",
    "expire",
    "files_moved",
    "finish_run",
    "forget",
    "fork",
    "insert_turn",
    "interrupt",
    "pin",
    "purge",
    "regenerate",
    "rename",
    "request_stop",
    "restore",
    "restore_message",
    "save_preset",
    "see",
    "send_message",
    "set_model_title",
    "set_parameters",
    "set_standing",
    "show_message",
    "turn",
    "wipe_deleted",
]
