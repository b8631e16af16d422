"""A word chain learnt from the site's documents: which token follows which, and how often."""

import collections
import heapq
import itertools
import math
import random

from sandbox import tokens

START = ""
SHARE = 0.9  # how much a pair counts against the token alone
KEPT = 5000  # tokens whose running sums are kept
FLOOR = 1e-6  # the probability of a token that the documents do not hold


class Chain:
    """Counts of tokens and pairs of tokens over some texts."""

    def __init__(self, texts: list[str]) -> None:
        self._alone: collections.Counter[str] = collections.Counter()
        self._after: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
        for text in texts:
            before = START
            for piece in tokens.split(text):
                self._alone[piece] += 1
                self._after[before][piece] += 1
                before = piece
        self._kept: dict[tuple[str, float], tuple[list[str], list[float]]] = {}
        self._total = sum(self._alone.values())
        self._common = [piece for piece, _ in self._alone.most_common(64)]

    def probability(self, before: str, piece: str) -> float:
        """Return how likely a token is after another, above 0 and at most 1."""
        alone = self._alone[piece] / self._total if self._total else 0.0
        after = self._after.get(before)
        paired = after[piece] / after.total() if after else alone
        return max(FLOOR, SHARE * paired + (1 - SHARE) * alone)

    def logprobs(self, before: str, piece: str, top: int) -> tuple[float, list[tuple[str, float]]]:
        """Return the natural logarithm for a token, and for the top most likely ones in its place, best first."""
        own = math.log(self.probability(before, piece))
        if not top:
            return own, []
        likely = [one for one, _ in self._after[before].most_common(top * 2)] if before in self._after else []
        pool = dict.fromkeys([*likely, *self._common, piece])
        best = heapq.nlargest(top, ((self.probability(before, one), one) for one in pool))
        return own, [(one, math.log(probability)) for probability, one in best]

    def follow(self, before: str, temperature: float, dice: random.Random) -> str | None:
        """Return a token that follows another in the documents; None when the chain ends here.

        Temperature 0 takes the most frequent one, higher ones sharpen or flatten the counts as in real models.
        """
        after = self._after.get(before)
        if not after:
            return None
        if temperature <= 0.01:
            return max(after.items(), key=lambda item: (item[1], item[0]))[0]
        names, sums = self._sums(before, round(temperature, 2))
        return dice.choices(names, cum_weights=sums)[0]

    def _sums(self, before: str, temperature: float) -> tuple[list[str], list[float]]:
        """Return what follows a token and the running sums of its weights, kept for the next time."""
        if (before, temperature) not in self._kept:
            after = self._after[before]
            most = max(after.values())
            weights = ((count / most) ** (1 / temperature) for count in after.values())
            if len(self._kept) >= KEPT:
                self._kept.clear()
            self._kept[before, temperature] = (list(after), list(itertools.accumulate(weights)))
        return self._kept[before, temperature]
