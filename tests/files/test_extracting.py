"""The text of a file: found in every kind that has one, in its own encoding, and never at any price."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from files.extracting import htmls, pdfs, plain, words
from files.extracting.decoding import decode
from files.extracting.pages import Facts, Limits, Unreadable, bounded, by_length
from tests.files import making

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENT = "word/document.xml"
BODY = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>%s</w:body></w:document>'
SAID = {
    "utf-8": "héllo 你好",
    "utf-8-sig": "marked",
    "utf-16": "marked, 你好世界",
    "utf-16-le": "Hello world, 你好",
    "utf-16-be": "Hello world",
    "utf-32-le": "Hello world",
    "gb18030": "姓名,年龄\n张三,30\n李四,25\n",
    "big5": "今天天氣很好，我們去公園散步吧。",
    "cp932": "名前,年齢\n山田太郎,30\nこれはテストです。",
    "euc_jp": "今日は天気がいいので、公園を散歩しましょう。",
    "iso2022_jp": "今日は天気がいい",
    "cp949": "오늘은 날씨가 좋으니 공원을 산책합시다.",
    "cp1251": "Сегодня хорошая погода, пойдём гулять в парк.",
    "koi8_r": "Сегодня хорошая погода, пойдём гулять в парк.",
    "cp1252": "Où est le café ? Ça coûte 5 €, déjà vu à Zürich — naïve.",
}


def read(reader, data: bytes, limits: Limits | None = None) -> tuple[list[str], Facts]:  # type: ignore[no-untyped-def]
    facts, limits = Facts(), limits or Limits()
    return list(bounded(reader.read(io.BytesIO(data), limits, facts), limits, facts)), facts


def child(kind: str, data: bytes, folder: Path, **limits: int) -> tuple[int, list[list]]:
    source = folder / "source"
    source.write_bytes(data)
    command = [sys.executable, "-m", "files.extracting", kind, json.dumps(limits)]
    with source.open("rb") as stdin:
        done = subprocess.run(command, stdin=stdin, capture_output=True, cwd=ROOT, timeout=100)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("encoding", SAID)
def test_the_encoding_is_found(encoding: str) -> None:
    assert decode(SAID[encoding].encode(encoding))[0] == SAID[encoding]


@given(st.binary(max_size=400))
@example(b"\x88\x62\xc3")  # one code of Big5 that stands for two characters
@example(bytes(range(128, 256)) * 40)
def test_whatever_the_bytes_are_there_is_an_encoding_to_read_them_in(data: bytes) -> None:
    text, name = decode(data)
    assert data.decode(name, "replace") == text or name == "utf-8"  # a mark at its beginning is no text


def test_a_damaged_text_stays_readable() -> None:
    text, name = decode("schöne Grüße an alle, 你好".encode() + b"\xff\xfe and on")
    assert name == "utf-8" and text.startswith("schöne Grüße an alle, 你好") and text.endswith(" and on")


def test_line_ends_are_one_kind_and_nothing_steers_a_terminal() -> None:
    assert "".join(read(plain, b"a\r\nb\rc\x1b[31m\x00d")[0]) == "a\nb\nc[31md"


def test_an_empty_file_has_no_pages() -> None:
    assert read(plain, b"") == ([], Facts(encoding="utf-8", total=0))


def test_bytes_are_no_text() -> None:
    with pytest.raises(Unreadable) as why:
        read(plain, bytes(range(32)) * 100)
    assert why.value.code == "not_text"


def test_pages_of_a_text_are_the_text() -> None:
    text = "".join(f"line {number}\n" for number in range(2_000))
    pages = list(by_length(text))
    assert "".join(pages) == text and len(pages) > 3 and all(page.endswith("\n") for page in pages)


def test_a_text_without_end_is_cut_and_says_so() -> None:
    pages, facts = read(plain, b"a" * 1_000, Limits(characters=100))
    assert sum(map(len, pages)) == 100 and facts.cut == "characters"


def test_each_page_of_a_pdf_is_found() -> None:
    pages, facts = read(pdfs, making.pdf(["The first page", "", "The third"]))
    assert [page.strip() for page in pages] == ["The first page", "", "The third"]
    assert facts.paged and facts.total == 3 and not facts.cut


def test_a_pdf_of_too_many_pages_is_read_as_far_as_the_limit() -> None:
    pages, facts = read(pdfs, making.pdf([f"page {number}" for number in range(9)]), Limits(pages=4))
    assert len(pages) == 4 and facts.total == 9 and facts.cut == "pages"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (making.blank_pdf(2, password="secret"), "encrypted"),
        (making.blank_pdf(2), "no_text"),
        (b"%PDF-1.7\nnothing of it", "damaged"),
        (making.pdf(["one"])[:200], "damaged"),
    ],
    ids=["encrypted", "pictures", "garbage", "cut-short"],
)
def test_a_pdf_without_text_says_why(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as why:
        read(pdfs, data)
    assert why.value.code == code


def test_a_word_file_gives_headings_pages_and_tables() -> None:
    made = making.word(pages=["One", "Two"], table=[["Name", "Age"], ["Ann", "30"]])
    pages, facts = read(words, made)
    assert pages == ["# A heading\nOne\n", "Two\nName | Age\nAnn | 30\n"]
    assert facts.paged and facts.total == 2


def test_a_word_file_fetches_and_expands_nothing() -> None:
    external = b'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b "boom">]>'
    text = BODY % b"<w:p><w:r><w:t>begin &a;&b; end</w:t></w:r></w:p>"
    pages, _ = read(words, making.changed(making.word(), {DOCUMENT: external + text}))
    assert "root:" not in "".join(pages) and "boom" not in "".join(pages)


def test_what_was_deleted_in_a_word_file_is_not_there() -> None:
    text = BODY % b"<w:p><w:r><w:t>kept</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"
    assert read(words, making.changed(making.word(), {DOCUMENT: text}))[0] == ["kept\n"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04 and no more", "damaged"),
        (making.changed(making.word(), {DOCUMENT: b" " * 30_000_000}), "too_large"),
        (making.changed(making.word(), {DOCUMENT: BODY % b""}), "no_text"),
        (making.changed(making.word(), {DOCUMENT: b"<w:document"}), "damaged"),
    ],
    ids=["cut-short", "bomb", "empty", "broken"],
)
def test_a_word_file_without_text_says_why(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as why:
        read(words, data)
    assert why.value.code == code


def test_html_gives_what_a_reader_sees() -> None:
    page = (
        "<title>T</title><style>p{}</style><h1>Hi</h1><p>a  b<br>c</p><ul><li>x<li>y</ul>"
        "<table><tr><td>1<td>2</tr></table><pre>  in\n    dented</pre><script>evil()</script>"
    )
    [text] = read(htmls, page.encode())[0]
    assert text == "T\n\n# Hi\n\na b\nc\n\n- x\n- y\n\n1 | 2\n\n  in\n    dented\n"


def test_html_in_the_encoding_that_it_names() -> None:
    page = '<meta charset="gb2312"><p>你好，世界</p>'
    assert read(htmls, page.encode("gb18030"))[0] == ["你好，世界\n"]


def test_a_child_writes_pages_as_lines(tmp_path: Path) -> None:
    code, lines = child("pdf", making.pdf(["one", "two"]), tmp_path)
    assert code == 0
    assert lines[:3] == [["total", 2], ["page", "one\n", True], ["page", "two\n", True]]
    assert lines[3][0] == "end" and lines[3][1]["paged"] is True


def test_a_child_that_needs_too_much_memory_ends_without_a_text(tmp_path: Path) -> None:
    _, lines = child("text", b"a" * 20_000_000, tmp_path, memory=45_000_000)
    assert lines in ([], [["failed", "too_much_memory"]])


def test_a_child_that_takes_too_long_is_ended_by_the_kernel(tmp_path: Path) -> None:
    code, lines = child("html", b"<" * 4_000_000, tmp_path, seconds=1)
    assert code != 0 and all(line[0] != "end" for line in lines)
