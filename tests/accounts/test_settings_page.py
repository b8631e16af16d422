"""The settings page and its forms; all of it works without JavaScript."""

import re

import pytest
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from accounts.views import settings as doors


def test_it_shows_whose_it_is_and_every_section(bob):
    page = bob.get("/settings/").text
    assert "You sign in as bob@example.org." in page
    for section in ("account", "appearance", "answers"):
        assert f'id="{section}"' in page


def test_whoever_is_not_signed_in_is_led_to_the_sign_in_page(db, charlie):
    assert charlie.get("/settings/")["Location"] == "/accounts/login/?next=/settings/"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_theme_is_kept_in_this_browser_and_written_into_the_page(bob, theme):
    assert bob.post("/settings/appearance/", {"theme": theme})["Location"] == "/settings/#appearance"
    cookie = bob.cookies["theme"]
    assert (cookie.value, cookie["samesite"], cookie["max-age"]) == (theme, "Lax", 365 * 24 * 3600)
    page = bob.get("/settings/").text
    assert f'data-theme="{theme}"' in page
    assert re.findall(r'value="(\w+)"[^>]* checked', page) == [theme]


def test_as_the_device_forgets_it(bob):
    bob.post("/settings/appearance/", {"theme": "dark"})
    bob.post("/settings/appearance/", {"theme": "system"})
    assert bob.cookies["theme"].value == ""
    assert "data-theme" not in bob.get("/settings/").text


def test_a_theme_that_does_not_exist_is_refused(bob):
    response = bob.post("/settings/appearance/", {"theme": "neon"})
    assert response.status_code == 400
    assert 'id="id_theme_error"' in response.text
    assert "theme" not in bob.cookies


def test_a_made_up_cookie_is_not_written_into_the_page(bob):
    bob.cookies["theme"] = '"><b>'
    assert "<b>" not in bob.get("/settings/").text.split("<body")[0]


@pytest.mark.parametrize(("code", "tag"), [("zh-hans", "zh-hans"), ("zh-hant", "zh-hant"), ("en", "en")])
def test_a_language_is_kept_in_this_browser(bob, code, tag):
    response = bob.post("/settings/language/", {"language": code, "next": "/settings/"})
    assert response["Location"] == "/settings/"
    assert f'<html lang="{tag}"' in bob.get("/settings/").text


def test_the_language_can_be_chosen_before_signing_in(db, charlie):
    page = charlie.get("/accounts/login/?next=/settings/").text
    assert "简体中文" in page
    assert "繁體中文" in page
    assert 'name="next" value="/accounts/login/?next=/settings/"' in page
    charlie.post("/settings/language/", {"language": "zh-hant", "next": "/accounts/login/"})
    assert '<html lang="zh-hant"' in charlie.get("/accounts/login/").text


def test_an_unknown_language_changes_nothing(bob):
    bob.post("/settings/language/", {"language": "tlh", "next": "/settings/"})
    assert '<html lang="en"' in bob.get("/settings/").text


def test_choosing_a_language_never_leads_to_another_site(bob):
    response = bob.post("/settings/language/", {"language": "en", "next": "https://evil.example/"})
    assert "evil.example" not in response["Location"]


def test_titles_by_a_model_are_off_until_one_wants_them(bob, person):
    assert not person("bob").title_by_model
    assert bob.post("/settings/answers/", {"title_by_model": "on"})["Location"] == "/settings/#answers"
    assert person("bob").title_by_model
    assert not person("alice").title_by_model
    assert re.search(r'name="title_by_model"[^>]* checked', bob.get("/settings/").text)
    bob.post("/settings/answers/", {})
    assert not person("bob").title_by_model


def test_the_next_page_confirms_what_was_saved(bob):
    bob.post("/settings/answers/", {"title_by_model": "on"})
    assert "Saved." in bob.get("/settings/").text


@pytest.mark.parametrize("address", ["/settings/appearance/", "/settings/answers/"])
def test_the_forms_are_for_people_who_are_signed_in(db, charlie, address):
    assert charlie.post(address, {"theme": "dark"})["Location"] == "/accounts/login/?next=/"


@pytest.mark.parametrize("address", ["/settings/appearance/", "/settings/answers/"])
def test_the_forms_take_posts_only(bob, address):
    assert bob.get(address, headers={"accept": "application/json"}).status_code == 405


def test_the_connection_is_shown_when_the_providers_have_something_to_say(bob, monkeypatch):
    def stored(name):
        assert name == "providers/_connection.html"
        return get_template("accounts/_languages.html")

    monkeypatch.setattr(doors, "get_template", stored)
    assert bob.get("/settings/").text.count("/settings/language/") == 2


def test_without_their_template_the_page_works(bob, monkeypatch):
    def missing(name):
        raise TemplateDoesNotExist(name)

    monkeypatch.setattr(doors, "get_template", missing)
    assert bob.get("/settings/").status_code == 200
