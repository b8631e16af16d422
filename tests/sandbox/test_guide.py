"""The guide: questions answered with the section named, the tour, small talk, and plain ignorance."""

import pathlib

import pytest

import sandbox
from sandbox import guide, phrases, search
from tests.sandbox.calling import Door


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("How do I start it?", "README.md › Start"),
        ("where does my secret key go?", "README.md › Keys"),
        ("Are keys encrypted?", "README.md › Keys"),
        ("What is the balance?", "docs/money.md › Balance"),
        ("what happens with an unknown price", "docs/money.md › Prices"),
        ("我的余额是怎么算的？", "docs/money.md › Balance"),
        ("密钥放在哪里？", "README.md › Keys"),
        ("密鑰放在哪裡？", "README.md › Keys"),
    ],
)
async def test_a_question_is_answered_from_the_section_that_it_names(door: Door, question: str, section: str) -> None:
    answer = (await door.chat(question)).text
    assert section in answer.split("\n")[0]
    assert "sandbox" in answer.split("\n")[0]


async def test_code_in_a_section_is_quoted_whole_and_its_comments_are_no_headings(door: Door) -> None:
    answer = (await door.chat("which commands start it?")).text
    assert "```sh\nmake install\n# this is a comment, not a heading\nmake run\n```" in answer


@pytest.mark.parametrize(
    "question", ["Who won the cup in 1966?", "Tell me about submarines", "量子力学是什么？", "xyzzy", "what is it?"]
)
async def test_what_the_documents_do_not_say_is_said_not_to_be_found(door: Door, question: str) -> None:
    answer = (await door.chat(question)).text
    assert answer == phrases.say("nothing", phrases.language(question))


async def test_more_goes_on_with_the_next_section_until_there_is_no_more(door: Door) -> None:
    messages = [{"role": "user", "content": "balance, prices, keys"}]
    seen = []
    for _ in range(6):
        text = (await door.chat(messages)).text
        if text == phrases.say("no_more", "en"):
            break
        seen.append(text.split("**")[1])
        messages += [{"role": "assistant", "content": text}, {"role": "user", "content": "Tell me more."}]
    assert len(seen) == len(set(seen)) >= 1
    assert text == phrases.say("no_more", "en")


async def test_the_documents_are_read_again_when_they_change(tmp_path: pathlib.Path) -> None:
    documents = {"a.md": "# A\n\n## Zebras\n\nZebras are striped."}
    door = Door(sandbox.create_app(data_dir=tmp_path, documents=lambda: documents, pace=0))
    assert "Zebras are striped." in (await door.chat("zebras?")).text
    documents["a.md"] = "# A\n\n## Zebras\n\nZebras are spotted."
    assert "Zebras are spotted." in (await door.chat("zebras?")).text


async def test_without_documents_it_still_answers(tmp_path: pathlib.Path) -> None:
    door = Door(sandbox.create_app(data_dir=tmp_path, documents=dict, pace=0))
    assert (await door.chat("what is a key?")).text == phrases.say("nothing", "en")
    assert (await door.post("/v1/completions", {"model": "sandbox-complete", "prompt": "x"})).status == 200


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Hello!", "hello"),
        ("hi there", "hello"),
        ("你好", "hello"),
        ("Thank you very much!", "thanks"),
        ("thanks", "thanks"),
        ("谢谢！", "thanks"),
        ("How are you?", "how"),
        ("再见", "bye"),
        ("   ", "empty"),
    ],
)
async def test_small_talk_is_answered_in_its_language(door: Door, text: str, sentence: str) -> None:
    assert (await door.chat(text)).text == phrases.say(sentence, phrases.language(text))


async def test_it_says_what_it_is(door: Door) -> None:
    assert "`sandbox-slow`" in (await door.chat("Who are you?", "sandbox-slow")).text
    assert "沙盒（sandbox）" in (await door.chat("你是谁？")).text


@pytest.mark.parametrize("question", ["Show me what this site can do", "give me a tour", "演示一下这个网站能做什么"])
async def test_the_tour_shows_text_code_tables_maths_and_diagrams(door: Door, question: str) -> None:
    tour = (await door.chat(question)).text
    for sign in ("**bold**", "```python", "| :--- |", "$$", "```mermaid", "简体中文", "sandbox"):
        assert sign in tour


async def test_one_part_of_the_tour_can_be_asked_for(door: Door) -> None:
    table = (await door.chat("Show me a table")).text
    assert "| :--- |" in table
    assert "```python" not in table
    assert "```python" in (await door.chat("来一段代码")).text


async def test_a_question_about_a_part_of_the_tour_is_a_question(door: Door) -> None:
    assert "| :--- |" not in (await door.chat("How are tables of prices shown?")).text


async def test_a_cut_answer_goes_on_where_it_ended(door: Door) -> None:
    question = {"role": "user", "content": "Show me a tour"}
    whole = (await door.chat([question])).text
    cut = (await door.chat([question], max_tokens=40)).text
    said = {"role": "assistant", "content": cut}
    on_request = (await door.chat([question, said, {"role": "user", "content": "Continue where you stopped."}])).text
    by_prefix = (await door.chat([question, said])).text
    assert cut + on_request == cut + by_prefix == whole


async def test_titles_and_summaries_are_cut_out_of_the_conversation(door: Door) -> None:
    messages = [
        {"role": "user", "content": "Where does my secret key go? I lost it."},
        {"role": "assistant", "content": "Into the settings. They are safe there."},
        {"role": "user", "content": "Write a short title for this conversation. Answer with the title only."},
    ]
    assert (await door.chat(messages)).text == "Where does my secret key go? I"
    messages[-1]["content"] = "Summarize the conversation so far."
    summary = (await door.chat(messages)).text
    assert summary.startswith("Sandbox summary")
    assert summary.endswith("- Where does my secret key go?\n- Into the settings.")


async def test_a_title_asked_for_by_the_system_message_is_given(door: Door) -> None:
    messages = [
        {"role": "system", "content": "Write a title of at most six words for the conversation."},
        {"role": "user", "content": "balance and prices"},
    ]
    assert (await door.chat(messages)).text == "balance and prices"


async def test_it_counts_as_long_as_one_likes(door: Door) -> None:
    assert (await door.chat("Count to 5")).text == "Sandbox, counting: 1, 2, 3, 4, 5."
    assert "9999" in (await door.chat("please count from 9990 to 9999")).text


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("What is 2+2?", "2+2 = 4"),
        ("3 * (4 + 5) =", "3 * (4 + 5) = 27"),
        ("7/2", "7/2 = 3.5"),
        ("计算 6×7", "6×7 = 42"),
        ("-5 + 1", "-5 + 1 = -4"),
    ],
)
async def test_plain_sums_are_done(door: Door, question: str, told: str) -> None:
    assert (await door.chat(question)).text == f"Sandbox arithmetic: {told}"


@pytest.mark.parametrize(
    "question", ["1/0", "9**9**9**9", "2 + ", "(((((1+2", "5", "2024-01-01 what happened?", "1..2 + 3"]
)
async def test_other_sums_are_not(door: Door, question: str) -> None:
    assert "arithmetic" not in (await door.chat(question)).text


async def test_what_is_too_little_for_an_answer_is_named_as_a_hint(door: Door) -> None:
    answer = (await door.chat("expire, elephants, submarines, violins")).text
    assert answer.startswith(phrases.say("nothing", "en"))
    assert answer.endswith("The nearest by its words is **docs/money.md › Balance**.")


def test_of_a_long_section_whole_blocks_are_quoted_from_the_best_one_on() -> None:
    filler = "Nothing of interest stands here. " * 12
    code = "```py\nprint('zebra')\n\nprint('stripes')\n```"
    text = "\n\n".join(
        [filler.strip(), filler.strip(), "About zebras:", code, filler.strip(), filler.strip(), filler.strip()]
    )
    quoted = guide.excerpt(text, search.question_words("zebra stripes"))
    assert quoted.startswith(f"…\n\n{code}\n\n{filler.strip()}")
    assert quoted.endswith("\n\n…")
    assert len(quoted) <= guide.EXCERPT + 10
    assert guide.blocks(text)[3] == code


def test_an_endless_block_is_quoted_from_its_beginning_with_its_fence_closed() -> None:
    rows = [f"| zebra {number} | x |" for number in range(300)]
    quoted = guide.excerpt("\n".join(["| a | b |", "| - | - |", *rows]), ["zebra"]).split("\n")
    assert quoted[2:-2] == rows[: len(quoted) - 4]
    assert quoted[-1] == "…"
    listing = guide.excerpt("~~~~\n" + "zebra\n" * 1000 + "~~~~", ["zebra"])
    assert listing.endswith("zebra\n~~~~\n\n…")


def test_sections_keep_their_headings_above_and_code_in_tildes_apart() -> None:
    text = "intro\n# A\none\n### B\n~~~\n# not a heading\n~~~\n## C #\nthree\n# D\n"
    found = search.sections("x", text)
    assert [(section.path, section.text.splitlines()[0]) for section in found] == [
        ((), "intro"),
        (("A",), "one"),
        (("A", "B"), "~~~"),
        (("A", "C"), "three"),
    ]


def test_words_are_compared_without_their_endings_and_chinese_in_pairs() -> None:
    assert set(search.words("keys encrypted expiring")) == set(search.words("key encrypts expired"))
    assert {"余额", "余", "额"} <= set(search.words("余额"))
