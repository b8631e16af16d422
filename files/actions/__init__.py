"""The verbs of files: `actions.keep(...)`. Each is one transaction; what looks at bytes does so before it begins."""

from files.actions.files import delete, rename, restore
from files.actions.keeping import keep
from files.actions.reading import Read, adopt, finish, take
from files.actions.reading import want as want_text
from files.actions.sweeping import delete_bytes, drop_orphans, drop_unowned, purge

__all__ = [
    "Read",
    "adopt",
    "delete",
    "delete_bytes",
    "drop_orphans",
    "drop_unowned",
    "finish",
    "keep",
    "purge",
    "rename",
    "restore",
    "take",
    "want_text",
]
