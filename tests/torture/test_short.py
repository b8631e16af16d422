"""A kill of `make torture`, for the gate."""

import pytest

from tests.torture.run import run


@pytest.mark.timeout(400)  # two starts of the site, on a machine that may be busy
async def test_what_was_shown_survives_a_kill_at_a_random_moment() -> None:
    figures = await run(seed=20261121, rounds=1)
    assert figures.wrong == []
    assert figures.kills == 1 and figures.answers >= 6 and figures.shown > 0
