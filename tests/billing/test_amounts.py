"""Amounts as they are read and written: no floats, no surprises."""

import pytest

from billing import amounts


@pytest.mark.parametrize(
    ("micro", "short", "exact"),
    [
        (0, "US$0.00", "US$0.000000"),
        (1, "under US$0.0001", "US$0.000001"),
        (1_169, "US$0.0012", "US$0.001169"),
        (-166_400, "\u2212US$0.1664", "\u2212US$0.166400"),
        (8_420_000, "US$8.42", "US$8.420000"),
        (1_234_567_890_000, "US$1,234,567.89", "US$1,234,567.890000"),
        (-2_500_000, "\u2212US$2.50", "\u2212US$2.500000"),
    ],
)
def test_how_an_amount_is_written(micro: int, short: str, exact: str) -> None:
    assert (amounts.short(micro), amounts.exact(micro)) == (short, exact)


def test_a_currency_without_a_sign_shows_its_code(settings) -> None:
    settings.CURRENCY = "SEK"
    assert amounts.exact(1) == "SEK\u00a00.000001"


@pytest.mark.parametrize(
    ("text", "micro"), [("1", 1_000_000), ("0.000001", 1), (" 2.50 ", 2_500_000), ("-3", -3_000_000)]
)
def test_what_people_write_is_read(text: str, micro: int) -> None:
    assert amounts.parse(text, low=-(10**15), high=10**15) == micro


@pytest.mark.parametrize(
    "text",
    ["", "x", "1e3", "NaN", "Infinity", "1,5", "0.0000001", "٣", "1_000", "99999999999999999999", None, 5, "--1", "1."],
)
def test_what_is_no_amount_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        amounts.parse(text, low=0, high=10**15)


@pytest.mark.parametrize("text", ["-1", "1000000001"])
def test_what_is_out_of_range_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="range"):
        amounts.parse(text, low=0, high=10**15)
