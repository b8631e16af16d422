"""/ws/c/<uuid>/: one conversation, from a snapshot on."""

import asyncio
import uuid
from typing import Any

from conversations import access, runs, topics
from conversations.events import ConversationSnapshot
from live.consumers import UnknownFrame
from live.database import query
from live.errors import NotFound
from live.events import ErrorEvent, Event, Frame, Pong
from live.outbox import Outbox
from live.sockets import Socket, refuse_late

MAX_UNSEEN_BYTES = 1024 * 1024
CATCH_UP_SECONDS = 1.0  # how long a reader that is behind may still have frames on their way to it

Counters = tuple[int, int]


class ConversationSocket(Socket):
    """Forwards one conversation's events; hears `seen` and `resync`."""

    id: uuid.UUID

    def make_outbox(self) -> Outbox:
        self._sent: dict[str, Counters] = {}  # run -> the highest numbers that went out
        self._over: set[str] = set()  # runs whose end went out
        self._behind: asyncio.TimerHandle | None = None
        return Outbox(max_bytes=MAX_UNSEEN_BYTES, overdue=lambda: refuse_late(self))

    async def topics(self) -> list[str]:
        self.id = self.scope["url_route"]["kwargs"]["id"]
        await query(access.conversation, self.user, self.id)
        return [topics.conversation(self.id)]

    async def snapshot(self) -> Event:
        found = await runs.snapshot(self.user, self.id)
        self._sent = {run["id"]: (run["seq"], run["reasoning_seq"]) for run in found["runs"]}
        return ConversationSnapshot(**found)

    def wanted(self, frame: Frame) -> bool:
        """Drop what the snapshot contains; note what goes out."""
        data = frame.data
        match data["type"]:
            case "message.delta":
                seq, reasoning_seq = self._sent.get(data["run"], (0, 0))
                if data["seq"] <= seq:
                    return False
                self._sent[data["run"]] = (data["seq"], reasoning_seq)
            case "reasoning.delta":
                seq, reasoning_seq = self._sent.get(data["run"], (0, 0))
                if data["reasoning_seq"] <= reasoning_seq:
                    return False
                self._sent[data["run"]] = (seq, data["reasoning_seq"])
            case "message.updated" if "seq" in data["message"]:
                message = data["message"]
                return bool((message["seq"], message["reasoning_seq"]) >= self._sent.get(message["run"], (0, 0)))
            case "run.started" | "run.updated":  # queued while the snapshot was read: its counters are older
                run = data["run"]
                return bool((run["seq"], run["reasoning_seq"]) >= self._sent.get(run["id"], (0, 0)))
            case "run.finished" | "run.failed":
                self._over.add(data["run"])
        return True

    async def sent(self, frame: Frame) -> None:
        """A deleted conversation has nothing more to say."""
        if frame.data["type"] == "conversation.deleted":
            raise NotFound()

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
        self._cancel_catch_up()
        was_full = self.outbox.acknowledge()
        if was_full:
            return  # the snapshot that is due now is the answer
        run, said = frame.get("run"), _counters(frame)
        sent = self._sent.get(str(run))
        if run is None or (said == sent and not await self._missed(str(run), said)):
            self.tell(Pong())
        elif sent is not None and said[0] <= sent[0] and said[1] <= sent[1] and said != sent:
            self._behind = asyncio.get_running_loop().call_later(CATCH_UP_SECONDS, self._ask_for_snapshot)
        elif sent is None and not await self._missed(str(run), said):
            self.tell(Pong())
        else:
            self._ask_for_snapshot()

    async def _missed(self, run: str, said: Counters) -> bool:
        """Whether something about this run never reached this socket: the layer may lose a last frame."""
        if run in self._over or runs.is_written_here(run):
            return False
        return not await query(runs.is_at, self.user, self.id, run, said)

    def _ask_for_snapshot(self) -> None:
        self._cancel_catch_up()
        self.outbox.ask_for_snapshot()

    def _cancel_catch_up(self) -> None:
        if self._behind is not None:
            self._behind.cancel()
            self._behind = None


def _counters(frame: dict[str, Any]) -> Counters:
    """The numbers that a `seen` names; what is not a number counts as nothing."""
    found = [frame.get(name) for name in ("seq", "reasoning_seq")]
    seq, reasoning_seq = (value if isinstance(value, int) else 0 for value in found)
    return seq, reasoning_seq
