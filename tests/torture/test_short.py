"""Two kills of `make torture`, for the gate."""

import pytest

from tests.torture.run import run


@pytest.mark.timeout(400)  # three starts of the site, on a machine that may be busy
async def test_what_was_shown_survives_kills_at_random_moments() -> None:
    figures = await run(seed=20261121, rounds=2)
    assert figures.wrong == []
    assert figures.kills == 2 and figures.answers >= 12 and figures.shown > 0
