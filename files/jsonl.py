"""JSON Lines for a provider, looked at line by line before they are sent: pure, and bounded whatever the lines are.

What the lines of each purpose look like: wire.md sections 9 and 10, and the provider's own pages about evals.
"""

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterator
from typing import IO, Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

MIB = 1024 * 1024
PURPOSES = ("fine-tune", "batch", "evals")
LINE_LIMIT = 8 * MIB  # bytes of one line: a whole one is in memory while it is looked at
MARKS_LIMIT = 200_000  # braces, brackets, commas and colons of one line: each may cost a hundred bytes once it is read
MOST_FAULTS = 50  # then nobody reads on, and we do not either
BATCH_BYTES, BATCH_LINES = 200 * MIB, 50_000
FEWEST_EXAMPLES = 10
ROLES = ("system", "developer", "user", "assistant", "tool", "function")
_CLIP = 60
_PIECE = 64 * 1024

SENTENCES = {
    "not_named": gettext_noop("The name of the file has to end in .jsonl."),
    "empty": gettext_noop("There is nothing in it."),
    "batch_too_large": gettext_noop("It is larger than the 200 MB that a batch may have."),
    "too_many_lines": gettext_noop("It has more than the 50,000 lines that a batch may have."),
    "line_too_long": gettext_noop("It is %(megabytes)s MB long; a line may have 8 MB here."),
    "too_many_parts": gettext_noop("It has more parts than one line can be checked for."),
    "not_utf8": gettext_noop("It is not text in UTF-8."),
    "not_json": gettext_noop("It is not JSON: look at character %(column)s."),
    "not_object": gettext_noop("It is JSON, but not an object in braces."),
    "no_form": gettext_noop("It has neither “messages” nor “prompt” and “completion”."),
    "other_form": gettext_noop("It has another form than the first line, which has “%(first)s”."),
    "not_text": gettext_noop("Its “%(name)s” is not a text."),
    "no_messages": gettext_noop("Its “%(name)s” is not a list of messages."),
    "message_not_object": gettext_noop("Message %(number)s of “%(name)s” is not an object in braces."),
    "unknown_role": gettext_noop("The role of message %(number)s is %(role)s; it has to be one of %(roles)s."),
    "no_content": gettext_noop("Message %(number)s of “%(name)s” has no content."),
    "nothing_to_learn": gettext_noop("No message has the role “assistant”, so there is nothing to learn from it."),
    "bad_weight": gettext_noop("The weight of message %(number)s has to be 0 or 1."),
    "no_custom_id": gettext_noop("It has no “custom_id”, which has to be a text."),
    "custom_id_again": gettext_noop("Its custom_id “%(custom_id)s” stands on an earlier line as well."),
    "wrong_method": gettext_noop("Its “method” has to be POST."),
    "wrong_url": gettext_noop("Its “url” has to be an address such as /v1/chat/completions."),
    "other_url": gettext_noop("Its “url” is another than that of the first line, which is %(first)s."),
    "no_body": gettext_noop("Its “body” has to be an object in braces."),
    "no_item": gettext_noop("Its “item” has to be an object in braces."),
    "few_examples": gettext_noop("OpenAI asks for at least 10 examples to learn from; here are %(count)s."),
    "several_models": gettext_noop("The lines name more than one model; OpenAI takes one for a batch."),
}  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Fault:
    """What is wrong with a line, counted from 1; line 0 is the file as a whole."""

    line: int
    code: str
    data: dict[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def message(self) -> str:
        """In plain words, in the language that is active now."""
        return _(SENTENCES[self.code]) % self.data

    def as_json(self) -> dict[str, Any]:
        return {"line": self.line, "code": self.code, "message": self.message}


@dataclasses.dataclass(frozen=True)
class Report:
    """What was found. `lines` that are not blank were looked at; `cut`: there may be further faults.

    `notes` are no faults: what some servers ask for.
    """

    lines: int
    faults: tuple[Fault, ...]
    cut: bool = False
    notes: tuple[Fault, ...] = ()


class _WrongError(Exception):
    """A line that is not as it should be."""

    def __init__(self, code: str, **data: Any) -> None:
        super().__init__(code)
        self.code, self.data = code, data


def check(source: IO[bytes], purpose: str, name: str = "x.jsonl") -> Report:
    """Look at every line from where `source` stands. At most one fault a line, and MOST_FAULTS in all.

    Memory stays within a few times LINE_LIMIT, and 16 bytes for each line of a batch.
    """
    kinds: dict[str, type[_Kind]] = {"fine-tune": _FineTune, "batch": _Batch, "evals": _Evals}
    kind = kinds[purpose]()
    faults = [] if name.lower().endswith(".jsonl") else [Fault(0, "not_named")]
    seen = size = 0
    for number, line, length in _lines(source):
        size += length
        if line is not None and not line.strip():
            continue
        seen += 1
        try:
            kind.look(_record(line, length))
        except _WrongError as wrong:
            faults.append(Fault(number, wrong.code, wrong.data))
        if len(faults) >= MOST_FAULTS or (purpose == "batch" and seen > BATCH_LINES):
            break
    cut = len(faults) >= MOST_FAULTS
    return Report(seen, (*faults, *_whole(purpose, seen, size)), cut, () if cut else tuple(kind.notes(seen)))


def _whole(purpose: str, seen: int, size: int) -> Iterator[Fault]:
    if not seen:
        yield Fault(0, "empty")
    if purpose == "batch" and seen > BATCH_LINES:
        yield Fault(0, "too_many_lines")
    if purpose == "batch" and size > BATCH_BYTES:
        yield Fault(0, "batch_too_large")


def _lines(source: IO[bytes]) -> Iterator[tuple[int, bytes | None, int]]:
    """(number, line, its length in bytes); None for a line that is too long, which is stepped over in pieces."""
    number = 0
    while line := source.readline(LINE_LIMIT + 1):
        number, length = number + 1, len(line)
        if length <= LINE_LIMIT:
            yield number, line, length
            continue
        while line and not line.endswith(b"\n"):
            line = source.readline(_PIECE)
            length += len(line)
        yield number, None, length


def _record(line: bytes | None, length: int) -> dict[str, Any]:
    """The object that a line holds."""
    if line is None:
        raise _WrongError("line_too_long", megabytes=-(-length // MIB))
    if sum(map(line.count, (b"{", b"[", b",", b":"))) > MARKS_LIMIT:
        raise _WrongError("too_many_parts")
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _WrongError("not_utf8") from error
    try:
        found = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise _WrongError("not_json", column=error.colno) from None
    except (ValueError, RecursionError):  # NaN, numbers of thousands of digits, thousands of brackets
        raise _WrongError("not_json", column=1) from None
    if not isinstance(found, dict):
        raise _WrongError("not_object")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)


class _Kind(Protocol):
    """Looks at record after record, and says at the end what else is worth knowing."""

    def look(self, record: dict[str, Any]) -> None: ...

    def notes(self, seen: int) -> Iterator[Fault]: ...


class _FineTune:
    """Examples to learn from: chats, prompts with completions, or preferences, all of one form."""

    def __init__(self) -> None:
        self._form = ""
        self._looks: dict[str, Callable[[dict[str, Any]], None]] = {
            "messages": _chat, "prompt": _pair, "preferred_output": _preference,
        }  # fmt: skip

    def look(self, record: dict[str, Any]) -> None:
        form = next((form for form in self._looks if form in record), "")
        if not form:
            raise _WrongError("no_form")
        self._form = self._form or form
        if form != self._form:
            raise _WrongError("other_form", first=self._form)
        self._looks[form](record)

    def notes(self, seen: int) -> Iterator[Fault]:
        if 0 < seen < FEWEST_EXAMPLES:
            yield Fault(0, "few_examples", {"count": seen})


def _chat(record: dict[str, Any]) -> None:
    roles = _messages(record["messages"], "messages")
    # A line with fields of its own is one for reinforcement: there a grader says what is good, not an answer.
    if "assistant" not in roles and record.keys() <= {"messages", "tools", "functions", "parallel_tool_calls"}:
        raise _WrongError("nothing_to_learn")


def _messages(found: object, name: str) -> list[str]:
    """The roles of a list of messages that is as it should be."""
    if not isinstance(found, list) or not found:
        raise _WrongError("no_messages", name=name)
    for number, message in enumerate(found, 1):
        if not isinstance(message, dict):
            raise _WrongError("message_not_object", name=name, number=number)
        role, content = message.get("role"), message.get("content")
        if role not in ROLES:
            raise _WrongError("unknown_role", number=number, role=_clipped(role), roles=", ".join(ROLES))
        calls = role == "assistant" and (message.get("tool_calls") or message.get("function_call"))
        if not (isinstance(content, str) or (isinstance(content, list) and content) or calls):
            raise _WrongError("no_content", name=name, number=number)
        if message.get("weight", 1) not in (0, 1):
            raise _WrongError("bad_weight", number=number)
    return [message["role"] for message in found]


def _pair(record: dict[str, Any]) -> None:
    for name in ("prompt", "completion"):
        if not isinstance(record.get(name), str):
            raise _WrongError("not_text", name=name)


def _preference(record: dict[str, Any]) -> None:
    given = record.get("input")
    _messages(given.get("messages") if isinstance(given, dict) else None, "input")
    for name in ("preferred_output", "non_preferred_output"):
        _messages(record.get(name), name)


class _Batch:
    """Requests to be answered within a day."""

    def __init__(self) -> None:
        self._ids: set[bytes] = set()
        self._url = ""
        self._models: set[str] = set()

    def look(self, record: dict[str, Any]) -> None:
        self._custom_id(record.get("custom_id"))
        if record.get("method") != "POST":
            raise _WrongError("wrong_method")
        url, body = record.get("url"), record.get("body")
        if not isinstance(url, str) or not url.startswith("/") or len(url) > 200:
            raise _WrongError("wrong_url")
        self._url = self._url or url
        if url != self._url:
            raise _WrongError("other_url", first=_clipped(self._url))
        if not isinstance(body, dict):
            raise _WrongError("no_body")
        if len(self._models) < 2 and isinstance(body.get("model"), str):
            self._models.add(body["model"][:200])

    def _custom_id(self, found: object) -> None:
        if not isinstance(found, str) or not found:
            raise _WrongError("no_custom_id")
        digest = hashlib.blake2b(found.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        if digest in self._ids:
            raise _WrongError("custom_id_again", custom_id=_clipped(found))
        self._ids.add(digest)

    def notes(self, seen: int) -> Iterator[Fault]:
        if len(self._models) > 1:
            yield Fault(0, "several_models")


class _Evals:
    """Items to be judged."""

    def look(self, record: dict[str, Any]) -> None:
        if not isinstance(record.get("item"), dict):
            raise _WrongError("no_item")

    def notes(self, seen: int) -> Iterator[Fault]:
        return iter(())


def _clipped(value: object) -> str:
    """A value as it can be shown: short, and without what no page can hold."""
    text = value if isinstance(value, str) else "null" if value is None else "…"
    text = "".join(char if char.isprintable() else "�" for char in text[: _CLIP + 1])
    return text[:_CLIP] + "…" if len(text) > _CLIP else text
