"""What a text is written in is found as soon as it is there, whatever it is; what is no text is not taken for one."""

import pytest

from files.sniffing import HEAD, charset_of, guess

TEXTS = {
    "utf-8": ("utf-8", "héllo 你好"),
    "utf-16": ("utf-16", "marked, 你好世界"),
    "utf-16-le": ("utf-16le", "Hello world, 你好"),
    "utf-16-be": ("utf-16be", "Hello world"),
    "gb18030": ("gb18030", "今天天气很好，我们去公园散步吧。"),
    "big5": ("big5-hkscs", "今天天氣很好，我們去公園散步吧。"),
    "cp932": ("ms932", "今日は天気がいいので、公園を散歩しましょう。"),
    "euc_jp": ("euc-jp", "今日は天気がいいので、公園を散歩しましょう。"),
    "cp949": ("euc-kr", "오늘은 날씨가 좋으니 공원을 산책합시다."),
    "cp1251": ("cp1251", "Сегодня хорошая погода, пойдём гулять в парк."),
    "cp1252": ("cp1252", "Où est le café ? Ça coûte 5 €, à Zürich."),
}


@pytest.mark.parametrize("encoding", TEXTS)
def test_a_text_is_a_text_in_any_encoding(encoding: str) -> None:
    label, text = TEXTS[encoding]
    found = guess(text.encode(encoding), "letter.txt")
    assert (found.kind, found.charset) == ("text", label)
    assert text.encode(encoding).decode(label) == text


def test_a_character_that_the_first_look_cuts_in_two_does_no_harm() -> None:
    assert charset_of(("a" + "你" * HEAD).encode()[:HEAD]) == "utf-8"


@pytest.mark.parametrize(
    "data", [bytes(range(256)), b"\x00\x01\x02", b"\x89SOME\x1a\x00\x00", bytes(one * 37 % 251 for one in range(4096))]
)
def test_bytes_are_no_text(data: bytes) -> None:
    assert charset_of(data) is None
