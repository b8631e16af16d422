"""The database wrapper: one write transaction at a time in this process, begun in turn.

SQLite has one writer. Who finds it busy sleeps and tries again, up to the busy timeout, and nobody queues: with 200
messages sent at once on a busy machine, 83 of them slept past five seconds and failed with "database is locked". A lock
of ours before BEGIN makes them wait without sleeping, for as long as it takes. Other processes (a management command)
still meet SQLite's own lock and timeout.
"""

import threading
from typing import Any

from django.db.backends.sqlite3 import base

PATIENCE_SECONDS = 60.0  # longer than any honest queue; then SQLite's own lock and timeout decide

_writing = threading.Lock()


class DatabaseWrapper(base.DatabaseWrapper):
    """Takes the lock before a transaction begins, and gives it back when the transaction is over, however it ends."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._my_turn = False

    def _start_transaction_under_autocommit(self) -> None:
        self._my_turn = _writing.acquire(timeout=PATIENCE_SECONDS)
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._pass_on()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._pass_on()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._pass_on()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        if self._my_turn:
            self._my_turn = False
            _writing.release()
