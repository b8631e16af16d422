"""Numbers of bytes as people write them."""

import pytest

from files import sizes


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1023 bytes"),
        (1024, "1 KB"),
        (3_000_000, "2.9 MB"),
        (256 * 1024**2, "256 MB"),
        (2 * 1024**3, "2 GB"),
        (5000 * 1024**3, "5000 GB"),
    ],
)
def test_sizes_are_short(count: int, said: str) -> None:
    assert sizes.words(count).replace("\xa0", " ") == said
