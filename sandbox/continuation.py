"""How a text goes on, token by token, as the site's documents would: chance, stop words, limits, best of several."""

import collections.abc
import dataclasses
import itertools
import random
from typing import Any

from sandbox import answers, chain, scene, tokens

LENGTH = 16  # tokens, when the request does not say (G2)


@dataclasses.dataclass(frozen=True)
class Text:
    """One completion: the tokens before it (the prompt's, when echoed), its own, and why it ended."""

    echoed: list[str]
    made: list[str]
    finish: str
    before: str  # the token that stands before the first one shown
    score: float = 0.0

    @property
    def shown(self) -> list[str]:
        """Return all tokens that are sent."""
        return self.echoed + self.made


def texts(learnt: chain.Chain, prompts: list[str], values: dict[str, Any]) -> list[Text]:
    """Return n completions of each prompt: of best_of tries those with the likeliest tokens."""
    n = values.get("n", 1)
    tries = values.get("best_of") or n
    found = []
    for prompt in prompts:
        dice = scene.dice_for(prompt, values["seed"]) if "seed" in values else random.Random()  # noqa: S311
        made = [_text(learnt, prompt, values, dice) for _ in range(tries)]
        best = sorted(range(tries), key=lambda place: -made[place].score)[:n] if tries > n else range(n)
        found += [made[place] for place in sorted(best)]
    return found


def _text(learnt: chain.Chain, prompt: str, values: dict[str, Any], dice: random.Random) -> Text:
    limit = values.get("max_tokens", LENGTH)
    ending = tokens.split(values.get("suffix", ""))[:1]
    pieces: list[str] = []
    before = (tokens.split(prompt) or [chain.START])[-1]
    last, score, finish = before, 0.0, "stop"
    for piece in itertools.islice(_following(learnt, last, values.get("temperature", 1.0), dice), limit + 1):
        if [piece] == ending:  # what is to follow has been reached
            break
        if len(pieces) == limit:
            finish = "length"
            break
        pieces.append(piece)
        score += learnt.logprobs(last, piece, 0)[0]
        last = piece
    text = "".join(pieces)
    cut = answers.cut_at_stop(text, values.get("stop", []))
    if len(cut) < len(text):
        pieces, finish = tokens.split(cut), "stop"
    echoed = tokens.split(prompt) if values.get("echo") else []
    return Text(echoed, pieces, finish, chain.START if echoed else before, score / max(1, len(pieces)))


def _following(
    learnt: chain.Chain, last: str, temperature: float, dice: random.Random
) -> collections.abc.Iterator[str]:
    """Yield tokens one after another; where the chain knows nothing it starts as a document starts."""
    piece = learnt.follow(last, temperature, dice) or learnt.follow(chain.START, temperature, dice)
    while piece is not None:
        yield piece
        piece = learnt.follow(piece, temperature, dice)
