"""/ws/c/<uuid>/: one conversation, from a snapshot on."""

import asyncio
import uuid
from typing import Any

from conversations import runs, topics
from conversations.events import ConversationSnapshot
from conversations.models import LIVE
from live import tasks
from live.consumers import UnknownFrame
from live.database import read
from live.errors import NotFound
from live.events import ErrorEvent, Event, Frame, Pong
from live.outbox import Outbox
from live.sockets import Socket, refuse_late

MAX_UNSEEN_BYTES = 1024 * 1024
CATCH_UP_SECONDS = 1.0  # how long a reader that is behind may still have frames on their way to it

Counters = tuple[int, int]
NOTHING: Counters = (0, 0)


class ConversationSocket(Socket):
    """Forwards one conversation's events; hears `seen` and `resync`."""

    id: uuid.UUID

    def make_outbox(self) -> Outbox:
        self._sent: dict[str, Counters] = {}  # run -> the highest numbers that went out
        self._over: set[str] = set()  # runs whose end went out
        self._asked_after_end: set[str] = set()
        self._shown: set[str] = set()  # messages of the last snapshot
        self._shown_over: set[str] = set()  # runs whose end the last snapshot shows
        # run -> what its reader lacked, and when it has had time enough to catch up
        self._behind: dict[str, tuple[Counters, asyncio.TimerHandle]] = {}
        return Outbox(max_bytes=MAX_UNSEEN_BYTES, overdue=lambda: refuse_late(self))

    async def topics(self) -> list[str]:
        """Whether it may be watched is found out by the snapshot, before which nothing goes out."""
        self.id = self.scope["url_route"]["kwargs"]["id"]
        return [topics.conversation(self.id)]

    async def snapshot(self) -> Event:
        found = await runs.snapshot(self.user, self.id)
        self._sent = {run["id"]: (run["seq"], run["reasoning_seq"]) for run in found["runs"]}
        shown = [*found["messages"], *found["beside"]]
        self._shown = {message["id"] for message in shown}
        self._shown_over = {message["run"] for message in shown if message["status"] not in LIVE}
        return ConversationSnapshot(**found)

    def wanted(self, frame: Frame) -> bool:
        """Drop what the snapshot contains: frames queue up while it is read. Note what goes out."""
        data = frame.data
        match data["type"]:
            case "message.created":
                return data["message"]["id"] not in self._shown
            case "message.updated":
                return self._is_news(data["message"])
            case "run.started" | "run.updated":
                run = data["run"]
                return run["id"] not in self._shown_over and _counters(run) >= self._sent.get(run["id"], NOTHING)
            case "message.delta" | "reasoning.delta":
                return data["run"] not in self._shown_over and self._advances(data)
            case "run.finished" | "run.failed":
                self._over.add(data["run"])
                return data["run"] not in self._shown_over
        return True

    def _advances(self, delta: dict[str, Any]) -> bool:
        seq, reasoning_seq = before = self._sent.get(delta["run"], NOTHING)
        after = (delta.get("seq", seq), delta.get("reasoning_seq", reasoning_seq))
        if after <= before:
            return False
        self._sent[delta["run"]] = after
        return True

    def _is_news(self, message: dict[str, Any]) -> bool:
        """One without counters says that a run extends the message: old news once the snapshot knows that run."""
        run = message["run"]
        if run in self._shown_over and message["status"] in LIVE:
            return False
        if "seq" in message:
            return _counters(message) >= self._sent.get(run, NOTHING)
        return run not in self._sent or message["status"] not in LIVE

    async def sent(self, frame: Frame) -> None:
        """A deleted conversation has nothing more to say; a run that begins may be written elsewhere."""
        if frame.data["type"] == "conversation.deleted":
            raise NotFound()
        if frame.data["type"] == "run.started":
            tasks.start(runs.follow, frame.data["run"]["id"])

    async def hear(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "resync":
            self._ask_for_snapshot()
        elif frame["type"] == "seen":
            await self._seen(frame)
        else:
            self.tell(ErrorEvent(UnknownFrame().as_dict()))

    async def _seen(self, frame: dict[str, Any]) -> None:
        """Count anew, and answer: all seen, or a snapshot for who lost something or claims too much.

        Frames may still be on their way to a reader that is behind: it gets a moment to say that they arrived.
        """
        was_full = self.outbox.acknowledge()
        if was_full:
            return  # the snapshot that is due now is the answer
        if frame.get("run") is None:
            self.tell(Pong())
            return
        run, said = str(frame["run"]), _counters(frame)
        sent = self._sent.get(run)
        self._caught_up(run, said)
        if said == (sent or NOTHING) and not await self._missed(run, said):
            self.tell(Pong())
        elif sent is not None and said[0] <= sent[0] and said[1] <= sent[1] and said != sent:
            self._wait_for(run, sent)
        else:
            self._ask_for_snapshot()

    async def _missed(self, run: str, said: Counters) -> bool:
        """Whether something about this run never reached this socket: the layer may lose a last frame."""
        if run in self._over:  # its end was sent: it may have crossed this, but who asks twice has not heard it
            asked_before = run in self._asked_after_end
            self._asked_after_end.add(run)
            return asked_before
        if runs.is_written_here(run):
            return False
        return not await read(runs.is_at, self.user, self.id, run, said)

    def _ask_for_snapshot(self) -> None:
        for _, waiting in self._behind.values():
            waiting.cancel()
        self._behind.clear()
        self.outbox.ask_for_snapshot()

    def _wait_for(self, run: str, sent: Counters) -> None:
        """Saying the same again and again wins no time."""
        if run not in self._behind:
            later = asyncio.get_running_loop().call_later(CATCH_UP_SECONDS, self._ask_for_snapshot)
            self._behind[run] = (sent, later)

    def _caught_up(self, run: str, said: Counters) -> None:
        lacked, waiting = self._behind.get(run, (None, None))
        if lacked is not None and waiting is not None and said[0] >= lacked[0] and said[1] >= lacked[1]:
            waiting.cancel()
            del self._behind[run]


def _counters(frame: dict[str, Any]) -> Counters:
    """The numbers that a `seen` names; what is not a number counts as nothing."""
    found = [frame.get(name) for name in ("seq", "reasoning_seq")]
    seq, reasoning_seq = (value if isinstance(value, int) else 0 for value in found)
    return seq, reasoning_seq
