"""A tab's state as docs/protocol.md says that events make it: written from that page alone. Pure."""

import dataclasses
from typing import Any

from tests.site.person import Json, text_of

LIVE = ("queued", "in_progress")


@dataclasses.dataclass
class State:
    """What one tab knows of one conversation. `gap`: something is missing, a snapshot has to be asked for."""

    conversation: Json = dataclasses.field(default_factory=dict)
    messages: list[Json] = dataclasses.field(default_factory=list)
    beside: set[str] = dataclasses.field(default_factory=set)  # answers that the last one is shown side by side with
    runs: dict[str, Json] = dataclasses.field(default_factory=dict)
    has_older: bool = False
    gap: bool = True

    def find(self, message: str) -> Json | None:
        return next((known for known in self.messages if known["id"] == message), None)

    def shown(self) -> Any:
        """All that can be compared with what another one is shown; of what is being written not how far it is."""
        messages = []
        for message in self.messages:
            live = message["status"] in LIVE
            facts = {name: message[name] for name in ("id", "parent", "role", "siblings", "by_hand", "model_id")}
            ended = {name: message[name] for name in ("run", "status", "finish_reason", "usage", "cost", "error")}
            messages.append({**facts, **({"live": True} if live else {**ended, "text": text_of(message)})})
        return self.conversation.get("leaf"), self.conversation.get("beside"), self.beside, messages, self.has_older

    def apply(self, frame: Json) -> None:
        """What this frame makes of it."""
        kind = frame["type"]
        if kind == "conversation.snapshot":
            self.conversation, self.messages = frame["conversation"], frame["messages"]
            self.runs = {run["id"]: run for run in frame["runs"]}
            self.beside = {message["id"] for message in frame["beside"]}
            self.has_older, self.gap = frame["has_older"], False
        elif kind == "conversation.updated":
            self.conversation = {**self.conversation, **frame["conversation"]}
            last = self.messages[-1]["id"] if self.messages else None
            if not frame["conversation"]["beside"]:
                self.beside = set()
            unknown = frame["conversation"]["beside"] and not self.beside
            self.gap = self.gap or frame["conversation"]["leaf"] != last or unknown
        elif kind.startswith("message.") and kind != "message.delta":
            self._change(kind, frame["message"])
        elif kind == "message.delta":
            self._delta(frame)
        elif kind in ("run.started", "run.updated"):
            self._run(frame["run"])
        elif kind in ("run.finished", "run.failed"):
            self._end(frame)

    def _change(self, kind: str, message: Any) -> None:
        if kind == "message.deleted":
            ids = [one["id"] for one in self.messages]
            if message in ids:
                self._cut(ids.index(message))
            self.beside.discard(message)
            for one in self.messages:
                one["siblings"] = [sibling for sibling in one["siblings"] if sibling != message]
            return
        known = self.find(message["id"])
        if known:
            if kind == "message.updated":
                known.update(message)
            return
        if kind == "message.created":
            self._add(message)

    def _add(self, message: Json) -> None:
        ids = [known["id"] for known in self.messages]
        last = self.messages[-1] if self.messages else None
        if last and message["beside"] and (last["beside"], last["parent"]) == (message["beside"], message["parent"]):
            self.beside.add(message["id"])
            last["siblings"] = message["siblings"]
        elif message["parent"] in ids:
            self._cut(ids.index(message["parent"]) + 1)
        elif message["parent"] is None and not self.has_older:
            self._cut(0)
        else:
            self.gap = True
        if message["id"] not in self.beside and not self.gap:
            self.messages.append(message)

    def _cut(self, count: int) -> None:
        gone = {message["id"] for message in self.messages[count:]}
        self.messages, self.beside = self.messages[:count], set()
        self.runs = {name: run for name, run in self.runs.items() if run["message"] not in gone}

    def _delta(self, frame: Json) -> None:
        message, run = self.find(frame["message"]), self.runs.get(frame["run"])
        if message is None or (message["run"] == frame["run"] and message["status"] not in LIVE):
            return
        if run is None or frame["seq"] > run["seq"] + 1:
            self.gap = True
        elif frame["seq"] == run["seq"] + 1:
            run["seq"] = frame["seq"]
            if not message["parts"] or message["parts"][-1]["type"] != "text":
                message["parts"].append({"type": "text", "text": ""})
            message["parts"][-1]["text"] += frame["text"]

    def _run(self, run: Json) -> None:
        message = self.find(run["message"])
        if message is None or (message["run"] == run["id"] and message["status"] not in LIVE):
            return
        self.runs.setdefault(run["id"], run)
        message.update(run=run["id"], status=run["status"], error=None)

    def _end(self, frame: Json) -> None:
        self.runs.pop(frame["run"], None)
        message = self.find(frame["message"])
        if message is None or (message["run"] == frame["run"] and message["status"] not in LIVE):
            return
        for name in ("status", "error", "cost", "finish_reason", "usage"):
            if name in frame:
                message[name] = frame[name]
        self.gap = self.gap or frame.get("length", len(text_of(message))) != len(text_of(message))
