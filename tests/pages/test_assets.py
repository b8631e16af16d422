"""Front-end files: found without being committed, hashed without being rewritten, missed without a crash."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.template import Context, Template

from chatsite import icons, scripts, storage, styles, vendor
from chatsite.templatetags import assets

ROOT = settings.BASE_DIR
NODE_MODULES = pytest.mark.skipif(not (ROOT / "node_modules").exists(), reason="needs npm ci")


def render(source: str, **context: Any) -> str:
    return Template(source).render(Context(context))


@NODE_MODULES
def test_every_library_is_found_under_its_own_name() -> None:
    for name in vendor.FILES:
        found = finders.find(name)
        assert found, name
        assert Path(found).stat().st_size > 100
    assert vendor.NodeModulesFinder().check() == []


def test_nothing_else_of_node_modules_is_served() -> None:
    for name in ("vendor/../package.json", "package.json", "katex/package.json", "vendor/katex.css", ""):
        assert not vendor.NodeModulesFinder().find(name)
    listed = {name for name, _ in vendor.NodeModulesFinder().list(None)}
    assert listed <= {*vendor.FILES, *vendor.BUILT}


def test_without_node_modules_there_is_a_warning_and_pages_still_come(settings: Any, tmp_path: Path) -> None:
    settings.NODE_MODULES = tmp_path / "nothing"
    finder = vendor.NodeModulesFinder()
    assert [warning.id for warning in finder.check()] == ["chatsite.W001"]
    assert [name for name, _ in finder.list(None)] == list(vendor.BUILT)
    assert not finder.find("vendor/katex.js")
    assert "<symbol" not in icons.sprite()
    assert "icons.svg#copy" in render("{% load assets %}{% icon 'copy' %}")
    assert json.loads(render("{% load assets %}{% import_map %}"))["imports"]


def test_before_files_are_collected_names_are_plain() -> None:
    imports = json.loads(render("{% load assets %}{% import_map %}"))["imports"]
    assert imports["markdown-it"] == "/static/vendor/markdown-it.js"
    assert not any(name.startswith("/") for name in imports)


@NODE_MODULES
def test_once_collected_every_module_is_led_to_its_hashed_name(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "chatsite.storage.Storage"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    collected = storage.Storage(location=str(tmp_path), base_url="/static/")
    monkeypatch.setattr(assets, "staticfiles_storage", collected)
    monkeypatch.setattr(assets, "static", collected.url)
    imports = json.loads(render("{% load assets %}{% import_map %}"))["imports"]
    for path in sorted((ROOT / "static" / "js").rglob("*.js")):
        plain = f"/static/js/{path.relative_to(ROOT / 'static' / 'js').as_posix()}"
        hashed = imports[plain]
        assert re.fullmatch(re.escape(plain[:-3]) + r"\.[0-9a-f]{12}\.js", hashed)
        copied = tmp_path / hashed.removeprefix("/static/")
        assert copied.read_text() == scripts.without_comments(path.read_text())
        assert copied.with_name(copied.name + ".br").exists()
    assert re.fullmatch(r"/static/vendor/katex\.[0-9a-f]{12}\.js", imports["katex"])
    sheet = render("{% load assets %}{% icon 'copy' %}")
    assert re.search(r"/static/icons\.[0-9a-f]{12}\.svg#copy", sheet)


def test_preload_names_a_module_and_all_that_it_imports_once() -> None:
    links = render("{% load assets %}{% preload 'js/components/rich.js' 'js/components/code.js' %}")
    hrefs = re.findall(r'href="([^"]+)"', links)
    assert len(hrefs) == len(set(hrefs))
    assert {"/static/js/components/rich.js", "/static/js/lib/math.js", "/static/vendor/markdown-it.js"} <= set(hrefs)
    assert "/static/vendor/katex.js" not in hrefs, "what is imported later is fetched later"


def test_every_component_stands_in_one_style_sheet() -> None:
    listed = [part for parts in styles.SHEETS.values() for part in parts]
    assert {path.stem for path in (ROOT / "static" / "css").glob("*.css")} == set(listed)
    assert len(listed) == len(set(listed))
    for name in styles.SHEETS:
        assert "/*" not in styles.sheet(name)
    assert "--ground:" in styles.sheet("css/site.css")


def test_the_icon_of_the_site_comes_with_the_page() -> None:
    link = render("{% load assets %}{% favicon %}")
    assert link.startswith("data:image/svg+xml,%3Csvg ")
    assert not set(link) & set('"<>#')


def test_an_icon_that_is_not_in_the_sprite_is_a_mistake_of_ours() -> None:
    with pytest.raises(AssertionError, match="dragon"):
        render("{% load assets %}{% icon 'dragon' %}")


def test_every_icon_in_a_template_is_in_the_sprite_and_none_is_there_for_nothing() -> None:
    used = set()
    for path in (ROOT / "templates").rglob("*.html"):
        used |= set(re.findall(r'{% icon ["\']([a-z0-9-]+)', path.read_text()))
        used |= set(re.findall(r'icon_name="([a-z0-9-]+)"', path.read_text()))
    assert used <= set(icons.NAMES)
    assert set(icons.NAMES) - used == set()
