"""All rounds of one seed, on one site whose data goes on from kill to kill."""

import os
import random
from collections.abc import Callable

from tests.site import PEOPLE, Site
from tests.torture.rounds import Figures, play
from tests.upstream import Upstream

MARK_SECONDS = 5.0  # until a run is marked once the server is back
MARK_SECONDS_BESIDE_OTHERS = 15.0  # where its heartbeat must go stale first


async def run(seed: int, rounds: int, say: Callable[[str], None] = lambda line: None) -> Figures:
    """Play them, and tell how far it is."""
    dice, figures = random.Random(seed), Figures()
    patience = MARK_SECONDS_BESIDE_OTHERS if os.environ.get("REDIS_URL") else MARK_SECONDS
    with Upstream() as upstream, Site(OPENAI_BASE_URL=upstream.url, OPENAI_API_KEY="sk-test") as site:
        for number in range(1, rounds + 1):
            await play(site, PEOPLE, dice, figures, patience)
            upstream.clear()
            say(f"round {number}: {figures.answers} answers, {len(figures.wrong)} wrong")
    return figures
