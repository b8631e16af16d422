"""An answer before it is sent: what is said, thought and called, cut by stop words and by the token limit."""

import dataclasses

from sandbox import asgi, tokens


@dataclasses.dataclass(frozen=True)
class Call:
    """One tool call; arguments is JSON text, or plain text for a custom tool."""

    name: str
    arguments: str
    kind: str = "function"
    id: str = dataclasses.field(default_factory=lambda: asgi.new_id("call_sandbox_"))


@dataclasses.dataclass(frozen=True)
class Answer:
    """What a model has to say; ending is "", or what happens half-way: "breaks" (hangs up), "fails" or "stalls"."""

    text: str = ""
    reasoning: str = ""
    calls: tuple[Call, ...] = ()
    finish: str = "stop"
    ending: str = ""


@dataclasses.dataclass(frozen=True)
class Choice:
    """An answer in tokens, within its limits; arguments holds the tokens of each call that was begun."""

    reasoning: list[str]
    content: list[str]
    calls: list[Call]
    arguments: list[list[str]]
    finish: str

    @property
    def size(self) -> int:
        """Return the tokens of everything, reasoning included (wire.md section 1.2)."""
        return len(self.reasoning) + len(self.content) + sum(map(len, self.arguments))


def cut_at_stop(text: str, stops: list[str]) -> str:
    """Return the text before the first of the stop sequences, which are not part of it (B9)."""
    ends = [place for stop in stops if stop and (place := text.find(stop)) >= 0]
    return text[: min(ends)] if ends else text


def choose(answer: Answer, stops: list[str], limit: int) -> Choice:
    """Return the answer as a choice of at most limit tokens; cut there, it finishes with "length" (E3)."""
    left = limit
    finish = answer.finish
    reasoning = tokens.split(answer.reasoning)
    content = tokens.split(cut_at_stop(answer.text, stops))
    arguments = [tokens.split(call.arguments) for call in answer.calls]
    kept: list[list[str]] = []
    for piece in (reasoning, content, *arguments):
        if left <= 0 and piece:
            finish = "length"
            break
        kept.append(piece[:left])
        if len(piece) > left:
            finish = "length"
        left -= len(piece)
    kept += [[]] * (2 - len(kept))
    begun = kept[2:]
    return Choice(kept[0], kept[1], list(answer.calls[: len(begun)]), begun, finish)
