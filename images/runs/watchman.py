"""Reading back, for all live jobs at once, whether they are still ours and whether they are to stop."""

import asyncio

import structlog
from django.db import Error as DatabaseError

from images import actions
from images.runs import live_job
from live import process, tasks
from live.database import read

log = structlog.get_logger(__name__)
EVERY_SECONDS = 0.5

_running = False


def keep_going() -> None:
    """Make sure that somebody looks for as long as there is a live job."""
    global _running
    if not _running:
        _running = True
        tasks.start(_look_while_live)


async def _look_while_live() -> None:
    global _running
    try:
        while live_job.all_live():
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await look()
            except DatabaseError as error:  # the jobs go on; the next round asks again
                log.warning("jobs_not_looked_after", error=type(error).__name__)
    finally:
        _running = False


async def look() -> None:
    """Stop what is to stop, and let go of what is no longer ours."""
    begun = [live for live in live_job.all_live() if live.begun and not live.ending]
    if not begun:
        return
    still = await read(actions.look_after, process.current_id(), [live.id for live in begun])
    for live in begun:
        stop_requested = still.get(live.id)
        if live_job.find(live.id) is None or live.ending:
            continue  # it ended meanwhile, and is stored as ended
        if stop_requested is None:
            live.lose()
            continue
        live.confirm()
        if stop_requested:
            live.stop()
