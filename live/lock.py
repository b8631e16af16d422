"""The proof of being the only process: a lock that the kernel, or PostgreSQL, lets go when its holder dies."""

import fcntl
from typing import Any, TextIO

from django.conf import settings
from django.db import connections, transaction
from django.utils.translation import gettext as _

_ADVISORY_KEY = 0x63686174  # "chat"
_held: list[Any] = []


class NotAlone(Exception):
    """Another process serves this data."""


def take() -> None:
    """Hold the lock for as long as this process lives, or raise NotAlone. Without Redis only."""
    connection = connections["default"]
    free = _take_advisory_lock() if connection.vendor == "postgresql" else _take_file_lock()
    if not free:
        raise NotAlone(
            _("Another Chatsite serves this data already. Stop it first, or set REDIS_URL to run several together.")
        )


def is_held() -> bool:
    """Whether some process holds it. A server that starts in this very millisecond finds it taken."""
    connection = connections["default"]
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_ADVISORY_KEY])  # given back with the transaction
            return not cursor.fetchone()[0]
    with (settings.DATA_DIR / "serve.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def _take_file_lock() -> bool:
    file: TextIO = (settings.DATA_DIR / "serve.lock").open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return False
    _held.append(file)
    return True


def _take_advisory_lock() -> bool:
    """On a connection outside the pool, which lives as long as the process and dies with it."""
    connection = connections.create_connection("default")
    connection.settings_dict = {**connection.settings_dict, "OPTIONS": dict(connection.settings_dict["OPTIONS"])}
    connection.settings_dict["OPTIONS"].pop("pool", None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ADVISORY_KEY])
        free: bool = cursor.fetchone()[0]
    if free:
        _held.append(connection)
    else:
        connection.close()
    return free
