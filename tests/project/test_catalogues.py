"""Translations compiled without the GNU tools read as gettext reads theirs."""

import gettext
from pathlib import Path

import pytest
from django.utils.translation import to_locale

from chatsite import settings
from tools import catalogues, messages
from tools.steps import StepError

SOURCE = r"""
# A translator's note.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

#: chatsite/views.py
msgid "Send"
msgstr "发送"

msgctxt "noun"
msgid "Stop"
msgstr "Halt \"\\ \t"

msgid "%(count)s message"
msgid_plural "%(count)s messages"
msgstr[0] "%(count)s Nachricht"
msgstr[1] "%(count)s Nachrichten"
msgid "long"
msgstr ""
"first line\n"
"second line"

#, fuzzy, python-format
#| msgid "old"
msgid "guessed"
msgstr "falsch"

msgid "untranslated"
msgstr ""

#~ msgid "gone"
#~ msgstr "weg"
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A catalogue with every kind of entry."""
    folder = tmp_path / "xx" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    path = folder / "django.po"
    path.write_text(SOURCE, encoding="utf-8")
    return path


def test_a_compiled_catalogue_reads_as_it_was_written(tmp_path: Path, source: Path) -> None:
    assert catalogues.compile_all(tmp_path) == [source.with_suffix(".mo")]
    with source.with_suffix(".mo").open("rb") as compiled:
        read = gettext.GNUTranslations(compiled)

    assert read.gettext("Send") == "发送"
    assert read.pgettext("noun", "Stop") == 'Halt "\\ \t'
    assert read.gettext("Stop") == "Stop"
    assert [read.ngettext("%(count)s message", "%(count)s messages", count) for count in (1, 2)] == [
        "%(count)s Nachricht",
        "%(count)s Nachrichten",
    ]
    assert read.gettext("long") == "first line\nsecond line"


def test_guesses_gaps_and_old_entries_stay_in_english(tmp_path: Path, source: Path) -> None:
    catalogues.compile_all(tmp_path)
    with source.with_suffix(".mo").open("rb") as compiled:
        read = gettext.GNUTranslations(compiled)

    assert [read.gettext(text) for text in ("guessed", "untranslated", "gone")] == ["guessed", "untranslated", "gone"]


def test_an_unchanged_catalogue_is_not_written_again(tmp_path: Path, source: Path) -> None:
    catalogues.compile_all(tmp_path)

    assert catalogues.compile_all(tmp_path) == []
    source.write_text(SOURCE.replace("发送", "寄出"), encoding="utf-8")
    assert catalogues.compile_all(tmp_path) == [source.with_suffix(".mo")]


def test_a_broken_line_is_named(tmp_path: Path, source: Path) -> None:
    source.write_text('msgid "a"\nmsgstr b\n', encoding="utf-8")

    with pytest.raises(StepError, match=r"django\.po, line 2"):
        catalogues.compile_all(tmp_path)


def test_every_language_of_the_site_has_a_catalogue() -> None:
    offered = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]

    assert [to_locale(code) for code in offered] == list(messages.LANGUAGES)
