"""This process's incarnation: its row, its heartbeat, and which others are dead."""

import os
import socket
import threading
import uuid

import structlog
from django.db import Error as DatabaseError
from django.db import close_old_connections
from django.db.models import Q, QuerySet
from django.utils import timezone

from live import bus, lock
from live.models import HEARTBEAT_SECONDS, Process

log = structlog.get_logger(__name__)
_current: Process | None = None
_ending = threading.Event()


def current_id() -> uuid.UUID:
    """The incarnation that new runs belong to."""
    if _current is None:
        raise RuntimeError("only a serving process can own runs: start one with `manage.py serve`")
    return _current.id


def begin() -> None:
    """Write the row; with others about, keep it warm from a thread of its own."""
    global _current
    _current = Process.objects.create(host=socket.gethostname()[:255], pid=os.getpid())
    _ending.clear()
    if not bus.alone():
        threading.Thread(target=_beat, name="heartbeat", daemon=True).start()


def announce() -> None:
    """Write down where the layer reaches this process, once it has an address."""
    Process.objects.filter(pk=current_id()).update(channel=bus.channel)


def _beat() -> None:
    while not _ending.wait(HEARTBEAT_SECONDS):
        try:
            close_old_connections()
            Process.objects.filter(pk=current_id(), ended_at=None).update(heartbeat_at=timezone.now())
        except DatabaseError as error:
            log.warning("heartbeat_failed", error=type(error).__name__)
        finally:
            close_old_connections()


def end() -> None:
    """Mark the row ended, so that others need not wait for the heartbeat to go stale."""
    _ending.set()
    Process.objects.filter(pk=current_id()).update(ended_at=timezone.now())


def dead() -> QuerySet[Process]:
    """Every incarnation whose runs nobody works on any more.

    Who is alone by proof treats every other one as dead at once, so that a restart right after `kill -9` is clean.
    """
    if bus.alone():
        return Process.objects.exclude(pk=current_id())
    return Process.objects.exclude(pk=current_id()).exclude(pk__in=Process.objects.living().values("pk"))


def seen_alive() -> QuerySet[Process]:
    """The incarnations that live, as seen by who is none: a management command."""
    if not bus.alone():
        return Process.objects.living()
    latest = Process.objects.filter(ended_at=None).order_by("-started_at")[:1] if lock.is_held() else ()
    return Process.objects.filter(pk__in=[found.pk for found in latest])


def is_dead(process_id: uuid.UUID | None) -> bool:
    """Whether runs of this incarnation have no engine any more."""
    if process_id is None:
        return True
    return process_id != current_id() and dead().filter(Q(pk=process_id)).exists()
