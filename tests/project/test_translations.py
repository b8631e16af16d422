"""The site's own texts in Chinese: complete, with the source's placeholders, set as Chinese is set, and on the page."""

import ast
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.project.tree import ROOT, text, tracked
from tools import catalogues, messages

Entry = catalogues.Entry
LOCALE = ROOT / "locale"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w+\}|</?\w+>")
HAN = r"[\u4e00-\u9fff]"
TERMS = {  # one word per thing, for words that mean one thing only
    "conversation": {"zh_Hans": "对话", "zh_Hant": "對話"},
    "message": {"zh_Hans": "消息", "zh_Hant": "訊息"},
    "model": {"zh_Hans": "模型", "zh_Hant": "模型"},
    "provider": {"zh_Hans": "提供方", "zh_Hant": "提供者"},
    "sandbox": {"zh_Hans": "沙盒", "zh_Hant": "沙盒"},
    "session": {"zh_Hans": "登录会话", "zh_Hant": "登入工作階段"},
    "sign in": {"zh_Hans": "登录", "zh_Hant": "登入"},
    "sign out": {"zh_Hans": "退出登录", "zh_Hant": "登出"},
    "owner": {"zh_Hans": "站点所有者", "zh_Hant": "站台擁有者"},
    "account": {"zh_Hans": "账号", "zh_Hant": "帳號"},
    "password": {"zh_Hans": "密码", "zh_Hant": "密碼"},
}


def source(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def entries(language: str) -> list[Entry]:
    """Every entry but the header."""
    return [entry for entry in catalogues.entries(source(language)) if entry["msgid"]]


def forms(entry: Entry) -> list[str]:
    return [words for key, words in entry.items() if key.startswith("msgstr")]


@pytest.fixture
def translated(settings: LazySettings, tmp_path: Path) -> None:
    """The site with its catalogues as they are now, compiled or not."""
    shutil.copytree(LOCALE, tmp_path / "locale", ignore=shutil.ignore_patterns("*.mo"))
    catalogues.compile_all(tmp_path / "locale")
    settings.LOCALE_PATHS = [tmp_path / "locale"]


def unseen(path: Path) -> list[str]:
    """Where a text is marked so that xgettext does not see it: under another name, or inside an f-string."""
    nodes = list(ast.walk(ast.parse(text(path))))
    names = [
        name
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if "gettext" in name.name
    ]
    marks = {name.asname or name.name for name in names}
    inside = [node for outer in nodes if isinstance(outer, ast.JoinedStr) for node in ast.walk(outer)]
    calls = [node for node in inside if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    return [
        *(f"{path}: {name.name} as {name.asname}" for name in names if name.asname not in (None, "_")),
        *(f"{path}, line {call.lineno}" for call in calls if isinstance(call.func, ast.Name) and call.func.id in marks),
    ]


def test_every_text_of_the_sources_reaches_the_catalogues() -> None:
    sources = [path for path in tracked() if path.suffix == ".py" and path.parts[0] not in ("tests", "tools")]

    assert [place for path in sources for place in unseen(path)] == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_nothing_is_left_untranslated_or_only_guessed(language: str) -> None:
    content = text(source(language))

    assert len(entries(language)) == len(re.findall(r'^msgid "', content, re.MULTILINE)) - 1 > 0
    assert [entry["msgid"] for entry in entries(language) if not all(forms(entry)) or not forms(entry)] == []
    assert re.findall(r"^#, .*fuzzy", content, re.MULTILINE) == []


def test_the_catalogues_hold_the_same_texts() -> None:
    first, *others = [{(e.get("msgctxt"), e["msgid"]) for e in entries(language)} for language in messages.LANGUAGES]

    assert all(other == first for other in others)


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_translation_has_the_placeholders_and_tags_of_its_source(language: str) -> None:
    wrong = [
        (words, entry["msgid"])
        for entry in entries(language)
        for words in forms(entry)
        if Counter(PLACEHOLDER.findall(words))
        != Counter(PLACEHOLDER.findall(entry.get("msgid_plural", entry["msgid"])))
    ]

    assert wrong == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_chinese_is_set_with_full_width_marks_and_a_space_beside_latin_words(language: str) -> None:
    wrong = [
        words
        for entry in entries(language)
        for words in forms(entry)
        if re.search(rf"{HAN}[A-Za-z0-9%{{<]|[A-Za-z0-9)}}>]{HAN}|{HAN} ?[,.;:?!]|[!！]|{HAN} {HAN}", words)
    ]

    assert wrong == []


@pytest.mark.parametrize(("language", "foreign"), [("zh_Hans", "gb2312"), ("zh_Hant", "big5")])
def test_the_characters_are_those_of_the_script(language: str, foreign: str) -> None:
    characters = set(re.findall(HAN, "".join(words for entry in entries(language) for words in forms(entry))))

    assert {character for character in characters if not character.encode(foreign, "ignore")} == set()


@pytest.mark.parametrize("language", messages.LANGUAGES)
@pytest.mark.parametrize("term", TERMS)
def test_a_thing_has_one_name(term: str, language: str) -> None:
    named = [
        (entry["msgid"], words)
        for entry in entries(language)
        for words in forms(entry)
        if re.search(rf"\b{term}s?\b", PLACEHOLDER.sub("", entry["msgid"]), re.IGNORECASE)
    ]

    assert named
    assert [pair for pair in named if TERMS[term][language] not in pair[1]] == []


@pytest.mark.parametrize(
    ("accepted", "code", "title", "password"),
    [
        ("zh-hans", "zh-hans", "登录", "密码"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-hans", "登录", "密码"),
        ("zh-hant", "zh-hant", "登入", "密碼"),
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-hant", "登入", "密碼"),
    ],
)
def test_the_sign_in_page_is_in_the_language_that_a_browser_asks_for(
    accepted: str, code: str, title: str, password: str, translated: None, db: None
) -> None:
    page = Client(headers={"accept-language": accepted}).get("/accounts/login/").content.decode()

    assert f'<html lang="{code}"' in page
    assert f"<title>{title} · Chatsite</title>" in page
    assert password in page
    assert "Sign in" not in page


def test_a_refusal_is_in_the_language_of_the_page(translated: None, db: None) -> None:
    client = Client(headers={"accept-language": "zh-hant"})
    form = {"login": "nobody@example.org", "password": "not the password"}
    page = client.post("/accounts/login/", form).content.decode()

    assert "電子郵件地址與密碼不相符。" in page
