"""Storing how far all live runs are: one transaction for the whole process, every half second at most."""

import asyncio
import time

import structlog
from django.db import Error as DatabaseError

from conversations import actions
from conversations.runs import live_run
from live import process, tasks
from live.database import query_ahead

log = structlog.get_logger(__name__)
# From one beginning to the next: a crash loses what is younger, and what a browser showed a second ago must be stored.
CHECKPOINT_SECONDS = 0.4
PAUSE_SECONDS = 0.1  # when the database takes longer than that

_running = False
_turn = asyncio.Lock()


def keep_going() -> None:
    """Make sure that checkpoints are being made for as long as there is a live run."""
    global _running
    if not _running:
        _running = True
        tasks.start(_checkpoint_while_live)


async def _checkpoint_while_live() -> None:
    global _running
    try:
        while live_run.all_live():
            began = time.monotonic()
            try:
                await checkpoint()
            except DatabaseError as error:  # the runs go on in memory; the next turn stores them
                log.warning("checkpoint_failed", error=type(error).__name__)
            took = time.monotonic() - began
            await asyncio.sleep(max(CHECKPOINT_SECONDS - took, PAUSE_SECONDS))
    finally:
        _running = False


async def checkpoint() -> None:
    """Store every run that has grown, read back which are to stop, and let go of those that are no longer ours."""
    async with _turn:
        runs = [run for run in live_run.all_live() if run.message_id is not None]
        if not runs:
            return
        grown = [run for run in runs if run.dirty]
        for run in grown:
            run.dirty = False
        try:
            still = await query_ahead(
                actions.checkpoint, process.current_id(), [run.id for run in runs], [run.state() for run in grown]
            )
        except DatabaseError:
            for run in grown:
                run.dirty = True
            raise
        for run in runs:
            _settle(run, still.get(run.id))


def _settle(run: live_run.LiveRun, stop_requested: bool | None) -> None:
    if live_run.find(run.id) is None:
        return  # it ended meanwhile, and is stored as ended
    if stop_requested is None:
        run.lose()
    elif stop_requested:
        run.confirm()
        run.stop()
    else:
        run.confirm()
        run.flush()
