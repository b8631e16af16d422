"""Between processes: who watches a run that is written elsewhere, and who writes a run that is watched here."""

import asyncio
import uuid
from typing import Any

from conversations.models import Run
from conversations.runs import checkpoints, live_run
from live import bus, tasks

WATCH_SECONDS = 1.0  # how long a snapshot waits for the writer to store what it has

_waiting: dict[str, asyncio.Event] = {}


async def ask_to_send(run: Run) -> None:
    """Ask the process that writes `run` to send its frames here too, and to store what it has first.

    Call it after joining the conversation's group. When nobody answers, what is stored must do: the writer may be dead.
    """
    if run.process is None or not run.process.channel:
        return
    token = uuid.uuid4().hex
    answered = _waiting[token] = asyncio.Event()
    bus.send_to(run.process.channel, "runs.watch", run=str(run.pk), back=bus.channel, token=token)
    try:
        async with asyncio.timeout(WATCH_SECONDS):
            await answered.wait()
    except TimeoutError:
        pass
    finally:
        del _waiting[token]


def start_sending(data: dict[str, Any]) -> None:
    """Somebody elsewhere watches a run of ours."""
    tasks.start(_start_sending, data)


async def _start_sending(data: dict[str, Any]) -> None:
    live = live_run.find(uuid.UUID(data["run"]))
    if live is not None:
        live.watched_elsewhere = True
        live.flush_all()
        await checkpoints.checkpoint()
    bus.send_to(data["back"], "runs.watching", token=data["token"])


def note_answer(data: dict[str, Any]) -> None:
    """The writer has answered: the snapshot can be read."""
    answered = _waiting.get(data["token"])
    if answered is not None:
        answered.set()


def stop_locally(data: dict[str, Any]) -> None:
    """A stop that was asked for in another process."""
    live = live_run.find(uuid.UUID(data["run"]))
    if live is not None:
        live.stop()
