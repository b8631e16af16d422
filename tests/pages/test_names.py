"""Scripts, templates and words name the same things: a typing mistake shows here, not on somebody's screen."""

import json
import re
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from files.models import Kind

ROOT = settings.BASE_DIR
SCRIPTS = "\n".join(path.read_text() for path in sorted((ROOT / "static" / "js").rglob("*.js")))
TEMPLATES = "\n".join(path.read_text() for path in sorted((ROOT / "templates").rglob("*.html")))
MAILS = ROOT / "templates" / "account" / "email"  # no page: mail programs know no policy, and want the style inside
# Keys that are not written out where they are used.
INDIRECT = {"today", "yesterday", "previous_7", "previous_30", "preset_mine", "preset_everybody", "preset_example"}
INDIRECT |= {f"upload_{name}" for name in ("pause", "resume", "cancel", "waiting", "offline", "finishing")}
INDIRECT |= {f"kind_{kind}" for kind in Kind.values} | {
    f"chip_{act}" for act in ("earlier", "later", "options", "remove")
}
INDIRECT |= {"too_many_tokens"}
EXPORTED = ROOT / "templates" / "conversations" / "export_file.html"  # a file of its own, which needs no network
PAGES = "\n".join(
    path.read_text()
    for path in sorted((ROOT / "templates").rglob("*.html"))
    if path.parent != MAILS and path != EXPORTED
)
LATER = ("lists", "message", "parameters", "beside", "uploads", "attached")


def words() -> dict[str, Any]:
    """Those of every page, and those that come later."""
    spoken: dict[str, Any] = {}
    for name in ("_words.html", *(f"parts/{name}.html" for name in LATER)):
        found = re.search(r'<script id="words" type="application/json">(.*)</script>', render_to_string(name))
        assert found
        spoken |= json.loads(found[1])
    return spoken


def test_every_word_that_a_script_says_is_there_and_none_is_there_for_nothing() -> None:
    calls = re.findall(r"word\(((?:[^()]|\([^()]*\))*)\)", SCRIPTS)
    said = {key for call in calls for key in re.findall(r'"([a-z_0-9]+)"', call)} | INDIRECT
    assert set(words()) == said - {"text", "reasoning"}


def test_words_are_translated() -> None:
    with translation.override("en"):
        assert words()["undo"] == "Undo"
        assert words()["deleted"] == "“{title}” deleted"


def test_every_template_that_a_script_copies_is_there() -> None:
    copied = set(re.findall(r'clone\("([a-z-]+)"', SCRIPTS)) | {"answer", "question", "not-sent", "waits"}
    copied |= {f"attached-{what}" for what in ("file", "picture", "gone")}
    offered = set(re.findall(r'data-template="([a-z-]+)"', TEMPLATES))
    assert copied <= offered
    assert offered <= copied


def test_every_part_that_a_script_looks_for_is_in_a_template() -> None:
    sought = set(re.findall(r'part\([\w.]+, "\[(data-[a-z-]+)', SCRIPTS))
    assert sought
    for name in sought:
        assert name in TEMPLATES, name


def test_no_template_holds_what_the_policy_refuses() -> None:
    for name, pattern in {
        "an inline style": r"\sstyle=",
        "a style element": r"<style[\s>]",
        "an event attribute": r"\son[a-z]+=[\"']",
        "a script without a nonce": r"<script(?![^>]*nonce=)[^>]*>",
    }.items():
        assert not re.search(pattern, PAGES), name
