"""A run while it is being written: gathers deltas into numbered frames and hands them to whoever watches."""

import asyncio
import time
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from conversations import events, topics, transcript
from conversations.accumulator import Accumulator, storable
from conversations.actions import State
from conversations.joining import Joiner
from conversations.models import MAX_ANSWER, Run
from conversations.records import Record
from conversations.runs.trail import Trail
from live import bus
from live.events import Event, Frame
from live.models import STALE_SECONDS
from live.publish import publish_elsewhere, publish_here

ASKED_FOR_SECONDS = 5.0  # after its beginning: who watches elsewhere has asked for the frames by then, even if busy
ELSEWHERE_SECONDS = 0.1  # frames for other processes are wider: the layer carries far fewer messages than a socket

Call = Sequence["LiveRun"]  # the runs that share one request and one task, in the order of their answers

_live: dict[uuid.UUID, "LiveRun"] = {}


class LiveRun:
    """One run of this process. Lives on the loop."""

    def __init__(self, run_id: uuid.UUID) -> None:
        self.id = run_id
        self.message_id: uuid.UUID | None = None  # known once the run has been taken up
        self.message: dict[str, Any] = {}  # as watchers knew it then
        self.run: dict[str, Any] = {}  # the same
        self.conversation_id: uuid.UUID | None = None
        self.accumulator = Accumulator()
        self.joiner = Joiner("")
        self.seq = self.reasoning_seq = 0
        self.attempt, self.retry_at = 1, None  # type: int, datetime | None
        self.call: Call = (self,)
        self.stopping = self.lost = self.ending = self.closed = self.heard = False
        self.given = False  # the upstream has begun this answer
        self.finish_reason = ""  # the upstream's word for its end, once there is one
        self.room = MAX_ANSWER  # characters that the message may still grow by
        self.full = False  # more came than there was room for
        self.dirty = False
        self.owned_at = time.monotonic()  # when the database last said that the run is ours
        self.first_text_at: datetime | None = None
        self.watched_elsewhere = False
        self.task = asyncio.current_task()
        self.trail: Trail | None = None  # once the upstream is asked
        self._text: list[str] = []
        self._reasoning: list[str] = []
        self._topic = ""
        self._elsewhere: list[Frame] = []
        self._elsewhere_timer: asyncio.TimerHandle | None = None
        self._began_at = time.monotonic()
        self._thinking_since: float | None = None
        _live[run_id] = self

    def begin(self, run: Run, message: dict[str, Any]) -> None:
        """The run has been taken up: what is it to extend?"""
        self.message_id, self.conversation_id, self.message = run.message_id, run.conversation_id, message
        self.run = transcript.run_json(run)
        self._topic = topics.conversation(run.conversation_id)
        self.accumulator = Accumulator(message["parts"])
        self.joiner = Joiner(self.accumulator.text_before)
        self.room = MAX_ANSWER - sum(len(part.get("text", "")) for part in message["parts"])
        self._began_at = time.monotonic()
        self.confirm()

    def wait_for_retry(self, attempt: int, at: datetime) -> None:
        """The upstream will be asked again."""
        self.attempt, self.retry_at, self.heard = attempt, at, False
        self._tell()

    def hear(self) -> None:
        """The upstream has begun to answer."""
        if not self.heard:
            self.heard, self.retry_at = True, None
            self._tell()

    def _tell(self) -> None:
        self.dirty = True
        if not self.lost:
            self._send(events.RunUpdated({**self.run, **self.facts()}))

    def facts(self) -> dict[str, Any]:
        """What of the run's JSON changes while it is written."""
        retry_at = self.retry_at.isoformat() if self.retry_at else None
        return {"seq": self.seq, "reasoning_seq": self.reasoning_seq, "attempt": self.attempt, "retry_at": retry_at}

    def _fitting(self, text: str) -> str:
        """As much as there is room for: a hostile upstream never ends."""
        self.full = self.full or len(text) > self.room
        fitting = text[: self.room] if self.full else text
        self.room -= len(fitting)
        return fitting

    def add_text(self, text: str) -> None:
        """A piece of the answer."""
        if self.first_text_at is None:
            self.first_text_at = timezone.now()
        self._add_new_text(self.joiner.feed(text))

    def add_refusal(self, text: str) -> None:
        """A piece of a refusal; with the first, the watchers get the message whole."""
        self.flush()
        news = self.accumulator.refuse()
        self.add_text(text)
        if news:
            self.flush()
            self._send(events.MessageUpdated(self.overlay(self.message)))

    def _add_new_text(self, text: str) -> None:
        if not text:
            return  # it may repeat what is being continued
        text = self._fitting(text)
        if self._reasoning:
            self.flush()
        if self._thinking_since and self.seq == 0 and not self._text:
            self.accumulator.seconds = round(time.monotonic() - self._thinking_since)
        self._text.append(text)

    def add_reasoning(self, text: str) -> None:
        """A piece of reasoning."""
        text = self._fitting(text)
        if self._text:
            self.flush()
        self._thinking_since = self._thinking_since or time.monotonic()
        self.accumulator.seconds = round(time.monotonic() - self._thinking_since)
        self._reasoning.append(text)

    def move_text_to_reasoning(self) -> None:
        """What was shown as text was reasoning: the watchers get the message whole."""
        if self.closed:
            return
        self.release()
        self.flush()
        self.accumulator.move_text_to_reasoning()
        self.joiner = Joiner(self.accumulator.text_before)
        self.dirty = True
        self._send(events.MessageUpdated(self.overlay(self.message)))

    def flush(self) -> None:
        """Send what has been gathered. Nothing leaves while it is in doubt whether the run is still ours."""
        if self.lost or self.closed or not (self._text or self._reasoning):
            return
        if not bus.alone() and time.monotonic() - self.owned_at > STALE_SECONDS / 2:
            return  # this process stood still: the next checkpoint asks whose the run is, then flushes or gives up
        run, message = self.run["id"], self.run["message"]
        if text := self._take(self._reasoning):
            self.reasoning_seq += 1
            self.accumulator.add_reasoning(text)
            self._send(events.ReasoningDelta(run, message, self.reasoning_seq, text))
        if text := self._take(self._text):
            self.seq += 1
            self.accumulator.add_text(text)
            self._send(events.MessageDelta(run, message, self.seq, text))
        self.dirty = True

    @staticmethod
    def _take(pieces: list[str]) -> str:
        text = storable("".join(pieces))
        pieces.clear()
        return text

    def _send(self, event: Event) -> None:
        frame = Frame(event.as_dict())
        publish_here(self._topic, [frame])
        if not self.watched_elsewhere:
            self._keep(frame)
            return
        self._elsewhere.append(frame)
        if self._elsewhere_timer is None:
            later = asyncio.get_running_loop().call_later
            self._elsewhere_timer = later(ELSEWHERE_SECONDS, self._flush_elsewhere)

    def _keep(self, frame: Frame) -> None:
        """Others who watch say so when they hear that the run has begun: until then, its first frames wait for them."""
        if not bus.alone() and time.monotonic() - self._began_at < ASKED_FOR_SECONDS:
            self._elsewhere.append(frame)
        else:
            self._elsewhere.clear()

    def _flush_elsewhere(self) -> None:
        self._elsewhere_timer = None
        if self._elsewhere and not self.lost:
            publish_elsewhere(self._topic, self._elsewhere)
        self._elsewhere = []

    def release(self) -> None:
        """Let go of what may have been a repetition: nothing more comes that could make it one."""
        self._add_new_text(self.joiner.end())

    def flush_all(self) -> None:
        """Send everything, to other processes too: what follows is the end, and must not overtake it."""
        self.flush()
        if self._elsewhere_timer is not None:
            self._elsewhere_timer.cancel()
        self._flush_elsewhere()

    def close(self) -> None:
        """What has been sent is all that will be: it is about to be stored, and not by its task, which still runs."""
        self.release()
        self.flush_all()
        self.closed = True

    def confirm(self) -> None:
        """The database says that the run is still ours."""
        self.owned_at = time.monotonic()

    def state(self) -> State:
        """How far the run is, for the database."""
        assert self.message_id is not None and self.conversation_id is not None
        counters = self.seq, self.reasoning_seq, self.attempt, self.retry_at
        return State(self.id, self.message_id, self.conversation_id, self.accumulator.parts, *counters)

    def record(self) -> Record:
        """What was sent and received so far."""
        index = self.call.index(self) if len(self.call) > 1 else None
        return self.trail.record(index, self.accumulator.added) if self.trail else Record()

    def overlay(self, message: dict[str, Any]) -> dict[str, Any]:
        """A message's JSON with what is in memory laid over what is stored."""
        counters = {"seq": self.seq, "reasoning_seq": self.reasoning_seq}
        return {**message, "parts": self.accumulator.parts, "run": str(self.id), "status": "in_progress", **counters}

    def stop(self) -> None:
        """End its call now; closing the upstream connection follows from cancelling the task."""
        if not (self.stopping or self.ending) and self.task is not None:
            for run in self.call:
                run.stopping = True
            self.task.cancel()

    def lose(self) -> None:
        """It belongs to somebody else, or to nobody, now: end its call without a word."""
        if not (self.lost or self.ending) and self.task is not None:
            for run in self.call:
                run.lost = True
            self.task.cancel()

    def leave(self) -> None:
        """It has ended and is stored."""
        _live.pop(self.id, None)


def find(run_id: uuid.UUID) -> LiveRun | None:
    """A run of this process, if it is live."""
    return _live.get(run_id)


def all_live() -> list[LiveRun]:
    """Every live run of this process."""
    return list(_live.values())


def tasks() -> "list[asyncio.Task[None]]":
    """The tasks of the live runs."""
    return [run.task for run in _live.values() if run.task is not None]
