"""Log probabilities of an answer's tokens (B15): compact as they are stored, joined as they are shown. Pure."""

import codecs
import dataclasses
import json
import math
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

Json = dict[str, Any]
MOST = 20_000  # tokens of one run that are kept
MOST_OTHERS = 20  # alternatives of one token (wire.md: top_logprobs)
LONGEST = 200  # characters of one token
KINDS = ("content", "refusal")
LIMITS = (90, 70, 40, 15)  # percent, between the levels that are shown
LEVELS = len(LIMITS)


@dataclasses.dataclass(frozen=True)
class Token:
    """One token of the wire. `logprob` is the natural logarithm of its probability; None where the server gave none."""

    text: str
    logprob: float | None
    raw: bytes
    others: tuple["Token", ...] = ()

    @property
    def percent(self) -> float | None:
        """Its probability, 0 to 100."""
        return None if self.logprob is None else 100 * math.exp(min(self.logprob, 0.0))


def pack(logprobs: Mapping[str, Any]) -> bytes:
    """The `logprobs` of a choice, in chat or legacy shape (wire.md 1.2, 2), compressed; nothing where it has none."""
    rows = _chat_rows(logprobs) or _legacy_rows(logprobs)
    if not rows:
        return b""
    return zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"), 6)


def unpack(packed: bytes | memoryview | None) -> list[Token]:
    """The tokens that `pack` was given."""
    rows = json.loads(zlib.decompress(bytes(packed))) if packed else []
    return [_token(*row) for row in rows]


def _chat_rows(logprobs: Mapping[str, Any]) -> list[Any]:
    """[token, logprob, bytes where they are not its text's own, [the same of each alternative]]"""
    rows: list[Any] = []
    for kind in KINDS:
        entries = logprobs.get(kind)
        for entry in entries if isinstance(entries, list) else []:
            if len(rows) < MOST and isinstance(entry, dict):
                others = entry.get("top_logprobs")
                some = [one for one in others if isinstance(one, dict)] if isinstance(others, list) else []
                rows.append([*_row(entry), [_row(one) for one in some[:MOST_OTHERS]]])
    return rows


def _row(entry: Mapping[str, Any]) -> list[Any]:
    text = entry.get("token")
    text = text[:LONGEST] if isinstance(text, str) else ""
    raw = _bytes(entry.get("bytes"))
    return [text, _number(entry.get("logprob")), None if raw is None or raw == text.encode() else raw.hex()]


def _legacy_rows(logprobs: Mapping[str, Any]) -> list[Any]:
    tokens, values = logprobs.get("tokens"), logprobs.get("token_logprobs")
    tops = logprobs.get("top_logprobs")
    if not isinstance(tokens, list) or not isinstance(values, list):
        return []
    rows = []
    for index, token in enumerate(tokens[:MOST]):
        value = values[index] if index < len(values) else None
        top = tops[index] if isinstance(tops, list) and index < len(tops) and isinstance(tops[index], dict) else {}
        others = [[str(text)[:LONGEST], _number(one), None] for text, one in list(top.items())[:MOST_OTHERS]]
        rows.append([str(token)[:LONGEST], _number(value), None, others])
    return rows


def _token(text: str, logprob: float | None, raw: str | None, others: Iterable[list[Any]] = ()) -> Token:
    own = text.encode("utf-8", "replace") if raw is None else bytes.fromhex(raw)
    return Token(text, logprob, own, tuple(_token(*one) for one in others))


def _number(value: object) -> float | None:
    """To four decimals; OpenAI writes -9999 for "none at all"."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return None
    return round(float(value), 4)


def _bytes(value: object) -> bytes | None:
    if not isinstance(value, list) or len(value) > 4 * LONGEST:
        return None
    return bytes(value) if all(type(one) is int and 0 <= one < 256 for one in value) else None


@dataclasses.dataclass(frozen=True)
class Cell:
    """What is shown as one: a token, or several that make one character between them (wire.md: `bytes`)."""

    text: str
    tokens: tuple[Token, ...]

    @property
    def percent(self) -> float | None:
        """How likely all of its tokens were, one after the other; None where that is not known."""
        values = [token.logprob for token in self.tokens]
        known = [value for value in values if value is not None]
        return 100 * math.exp(min(sum(known), 0.0)) if len(known) == len(values) else None

    @property
    def level(self) -> int:
        """0: nearly sure, to LEVELS: hardly to be expected; -1: not known."""
        percent = self.percent
        return -1 if percent is None else sum(percent < limit for limit in LIMITS)

    @property
    def others(self) -> list[tuple[str, float | None]]:
        """(text, percent) of what might have stood in its first token's place, the token itself left out."""
        first = self.tokens[0]
        return [(readable(other), other.percent) for other in first.others if other.raw != first.raw]


def readable(token: Token) -> str:
    """A token's text; bytes that are no whole character are written as numbers."""
    try:
        return token.raw.decode()
    except UnicodeDecodeError:
        return "".join(f"\\x{byte:02x}" for byte in token.raw)


def cells(tokens: Iterable[Token]) -> list[Cell]:
    """Tokens in their order, those of one character together: together their bytes are those of all tokens."""
    found: list[Cell] = []
    waiting: list[Token] = []
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    text = ""
    for token in tokens:
        waiting.append(token)
        text += decoder.decode(token.raw)
        if not decoder.getstate()[0]:
            found.append(Cell(text, tuple(waiting)))
            waiting, text = [], ""
    if waiting:
        found.append(Cell(text + decoder.decode(b"", final=True), tuple(waiting)))
    return found


def as_json(token: Token) -> Json:
    """docs/protocol.md, "how likely each token was"."""
    percent = token.percent
    found = {"text": readable(token), "bytes": list(token.raw), "logprob": token.logprob}
    found["percent"] = None if percent is None else round(percent, 2)
    return {**found, "top": [as_json(other) for other in token.others]} if token.others else found
