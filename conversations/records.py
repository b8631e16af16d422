"""What happened behind an answer, as it is kept with its run: small, packed, without secrets. Pure.

The messages of a request are nearly always those of the branch, which are stored already: they are kept as references,
so that a long conversation does not store itself anew with each answer. A digest of what was sent tells later whether
what is put together again is the same to the byte.
"""

import dataclasses
import json
import uuid
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import openai_client as oc
from conversations.attached import wire

Json = dict[str, Any]
Source = tuple[uuid.UUID, str, str]  # a message of the branch: its id, role and text at the time

LONGEST = 16 * 1024  # characters of one text that is kept; what is longer is shortened, and says so
ROOM = 128 * 1024  # characters of a record; beyond it texts are kept to a line
LINE = 200
LEFT_OUT = "… {count} characters are not kept …"


@dataclasses.dataclass(frozen=True)
class Record:
    """What is stored with a run, each packed; empty where there is nothing."""

    packed: bytes = b""
    probabilities: bytes = b""


def pack(facts: Json) -> bytes:
    """A record's facts, compressed; texts that are too long are shortened."""
    text = _dumps(facts)
    if len(text) > LONGEST:
        text = _dumps(_bounded(facts, LONGEST))
    if len(text) > ROOM:
        text = _dumps(_bounded(facts, LINE))
    return zlib.compress(text.encode("utf-8", "replace"), 1)


def unpack(packed: bytes | memoryview | None) -> Json:
    """What `pack` was given; nothing where nothing is stored."""
    if not packed:
        return {}
    found: Json = json.loads(zlib.decompress(bytes(packed)))
    return found


def changes(meta: oc.ResponseMeta) -> dict[str, str | None]:
    """Setting -> the name that it was sent under, None: left out, because the server had refused it as it was."""
    return {**dict.fromkeys(meta.dropped), **meta.renamed}


def refer(
    messages: Sequence[Any],
    branch: Sequence[Source],
    texts: Mapping[str, Json] | None = None,
    joined: Mapping[str, list[Json]] | None = None,
) -> list[Any]:
    """A request's messages with references in place of the branch's: `[id of the first, how many, characters of the
    last]` stands for messages that follow each other in the branch (empty ones, which are not sent, left aside), and
    `[id, 1, characters, {...}]` for one that was sent with further fields. Of a message with files, `{"words of": id}`
    and `{"text of": part}` stand for a message's text and for a file's, which `texts` knows by what it is; `joined` has
    the parts of what was sent as one text."""
    there = [source for source in branch if source[2]]
    places = _places(there)
    found: list[Any] = []
    at = 0
    for message in messages:
        text = message.get("content")
        parts = text if isinstance(text, list) else (joined or {}).get(str(text))
        if parts is not None:
            referred = [_referred(part, there, texts or {}) for part in parts]
            found.append({**message, "content": referred, **({} if parts is text else {"joined": True})})
            continue
        alike = places.get((message["role"], len(text)), []) if isinstance(text, str) else []
        place = next((one for one in alike if one >= at and there[one][2] == text), None)
        if place is None:
            found.append(message)
            continue
        more = {name: value for name, value in message.items() if name not in ("role", "content")}
        if found and isinstance(found[-1], list) and place == at and not more and len(found[-1]) == 3:
            found[-1][1:] = [found[-1][1] + 1, len(text)]
        else:
            found.append([str(there[place][0]), 1, len(text), *([more] if more else [])])
        at = place + 1
    return found


def _referred(part: Json, there: Sequence[Source], texts: Mapping[str, Json]) -> Json:
    text = part.get("text")
    if not isinstance(text, str) or len(text) < LINE:
        return part
    if text in texts:
        return {"text of": {name: texts[text].get(name) for name in ("type", "file", "name", "pages")}}
    source = next((str(ident) for ident, _role, words in there if words == text), None)
    return {"words of": source} if source else part


def files_in(kept: Sequence[Any]) -> list[Json]:
    """The parts whose files' texts `resolve` asks for."""
    contents = [one["content"] for one in kept if isinstance(one, dict) and isinstance(one.get("content"), list)]
    return [part["text of"] for content in contents for part in content if "text of" in part]


def resolve(kept: Sequence[Any], branch: Sequence[Source], text_of: Callable[[Json], Json] = dict) -> list[Any]:
    """The messages that `refer` was given, as far as the branch still has them; `text_of` has the files' texts."""
    there = [source for source in branch if source[2]]
    places = {str(source[0]): index for index, source in enumerate(there)}
    found: list[Any] = []
    for one in kept:
        if isinstance(one, dict) and isinstance(one.get("content"), list):
            content = [_resolved(part, there, text_of) for part in one["content"]]
            whole = {name: value for name, value in one.items() if name != "joined"}
            found.append({**whole, "content": wire.joined(content) if "joined" in one else content})
            continue
        if not isinstance(one, list):
            found.append(one)
            continue
        ident, count, length, *more = one
        at = places.get(ident)
        some = there[at : at + count] if at is not None else []
        found += [{"role": role, "content": text} for _id, role, text in some]
        if len(some) == count:
            found[-1] = {**found[-1], "content": found[-1]["content"][:length], **(more[0] if more else {})}
    return found


def _resolved(part: Json, there: Sequence[Source], text_of: Callable[[Json], Json]) -> Json:
    if "text of" in part:
        return text_of(part["text of"])
    if "words of" in part:
        words = next((text for ident, _role, text in there if str(ident) == part["words of"]), "")
        return {"type": "text", "text": words}
    return part


def is_exact(sent: Json) -> bool:
    """Whether a request that was put together again is what was sent, to the byte."""
    return bool(sent["digest"] == oc.digest_of(sent["body"]))


def _places(branch: Sequence[Source]) -> dict[tuple[str, int], list[int]]:
    """(role, length) -> where in the branch such messages stand: few enough to compare their texts."""
    found: dict[tuple[str, int], list[int]] = {}
    for index, (_id, role, text) in enumerate(branch):
        found.setdefault((role, len(text)), []).append(index)
    return found


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _bounded(value: Any, longest: int) -> Any:
    if isinstance(value, str):
        if len(value) <= longest:
            return value
        half = longest // 2
        return value[:half] + LEFT_OUT.format(count=len(value) - 2 * half) + value[-half:]
    if isinstance(value, Mapping):
        return {name: _bounded(one, longest) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_bounded(one, longest) for one in value]
    return value
