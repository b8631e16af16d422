"""The verbs of files: `actions.keep(...)`. Each is one transaction; what looks at bytes does so before it begins."""

from files.actions.files import delete, rename, restore
from files.actions.keeping import keep
from files.actions.reading import Read, adopt, finish, take
from files.actions.reading import want as want_text
from files.actions.sweeping import delete_bytes, drop_orphans, drop_unowned, purge
from files.actions.uploads import begin as begin_upload
from files.actions.uploads import cancel as cancel_upload
from files.actions.uploads import check_part, drop_forgotten, put_part
from files.actions.uploads import finish as finish_upload

__all__ = [
    "Read",
    "adopt",
    "begin_upload",
    "cancel_upload",
    "check_part",
    "delete",
    "delete_bytes",
    "drop_forgotten",
    "drop_orphans",
    "drop_unowned",
    "finish",
    "finish_upload",
    "keep",
    "purge",
    "put_part",
    "rename",
    "restore",
    "take",
    "want_text",
]
