"""What a caller may set about time, repetition and size. Frozen values with defaults that suit a chat."""

from __future__ import annotations

from dataclasses import dataclass, replace

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Limits in seconds; None means no limit (requirements B18, P2; quirks section 10).

    `connect`: TCP and TLS. `first_byte`: from then to the first byte of the answer's body (a model may have to be
    loaded, a queue waited for). `idle`: between two bytes, comments count as life. `total`: the whole call, every
    attempt and wait included.
    """

    connect: float | None = 10.0
    first_byte: float | None = 600.0
    idle: float | None = 120.0
    total: float | None = 3600.0

    def within(self, total: float) -> Timeouts:
        """The same for a call that may take so many seconds in all, or fewer where there were fewer."""
        return replace(self, total=total if self.total is None else min(total, self.total))


@dataclass(frozen=True, slots=True)
class Retries:
    """How often and how patiently a failed request is sent again (wire.md section 0, requirement P1).

    `attempts` counts the first one. Without a word from the server the wait is `base * 2**k` seconds, at most
    `maximum`, less up to a quarter at random. A server that asks for more than `honour` seconds is not waited for.
    """

    attempts: int = 3
    base: float = 0.5
    maximum: float = 8.0
    honour: float = 120.0


@dataclass(frozen=True, slots=True)
class SizeLimits:
    """What an answer may be at most; beyond it TooLarge is raised and the connection closed.

    `answer`: bytes of a whole answer; `text`: characters that a model may write in one answer, all choices and their
    reasoning together (judged after each message, so the last one may go past it by a `line`); `line`: bytes of one
    line or of one JSON document of a chat (quirk 1.18: base64 pictures make long ones); `download`: bytes of a file;
    `picture`: bytes of one picture that an answer carries, `pictures`: how many of them, partial ones included;
    `choices` and `tool_calls`: how many are kept track of; `items`: rows of a list.
    """

    answer: int = 64 * MIB
    text: int = 8 * MIB
    line: int = 16 * MIB
    download: int = 512 * MIB
    picture: int = 64 * MIB
    pictures: int = 64
    choices: int = 128
    tool_calls: int = 128
    items: int = 50_000
