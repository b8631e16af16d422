"""Pictures in a browser: made, found, starred, deleted and brought back; painted on; and all of it without scripts."""

import re
import zipfile

from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import findings_anywhere
from tests.browser.conftest import PHONE, Tabs
from tests.site import Site

MODEL = "sandbox-image"


def images(tabs: Tabs, site: Site, name: str) -> Page:
    """The page of somebody who has no pictures yet: each test has its own person."""
    page = tabs.person(site, name, reduced_motion="reduce").new_page()
    page.goto("/images/")
    return page


def choose(page: Page, model: str) -> None:
    page.locator("[data-model]").select_option(label=model)
    expect(page.locator("[data-options][aria-busy]")).to_have_count(0)


def draw(page: Page, prompt: str, count: int = 1) -> None:
    """Ask for pictures, and wait for the last of them."""
    cells = page.locator(".cell")
    before = cells.count()
    page.get_by_label("Prompt", exact=True).fill(prompt)
    page.get_by_label("How many").fill(str(count))
    page.get_by_role("button", name=re.compile("^Generate")).click()
    expect(cells).to_have_count(before + count)
    expect(page.locator("[data-job]")).to_have_count(0)


def test_pictures_are_made_found_starred_and_deleted_with_a_way_back(tabs: Tabs, site: Site) -> None:
    page = images(tabs, site, "alice")
    choose(page, MODEL)
    draw(page, "A lighthouse of folded paper", 2)
    draw(page, "A quiet harbour")
    cells, search = page.locator(".cell"), page.get_by_label("Search in prompts")
    search.fill("lighthouse paper")
    expect(cells).to_have_count(2)
    search.fill("nothing of this kind")
    expect(page.get_by_text("Nothing for “nothing of this kind”.")).to_be_visible()
    search.fill("")
    expect(cells).to_have_count(3)
    # By keys alone: from picture to picture, a star, two chosen.
    cells.first.locator("a").focus()
    page.keyboard.press("s")
    expect(cells.first.get_by_role("button", name="Favourite")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("x")
    page.keyboard.press("ArrowRight")
    expect(cells.nth(1).locator("a")).to_be_focused()
    page.keyboard.press("x")
    expect(page.get_by_text("2 chosen")).to_be_visible()
    assert findings_anywhere(page) == {}
    with page.expect_download() as download:
        page.get_by_role("button", name="Download", exact=True).click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert len(archive.namelist()) == 2 and archive.testzip() is None
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(cells).to_have_count(1)
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(cells).to_have_count(3)
    page.get_by_role("link", name="Favourites", exact=True).click()
    expect(cells).to_have_count(1)
    # One of them, with everything that is known of it, and its neighbours by keys.
    page.goto("/images/")
    cells.first.locator("a").click()
    expect(page.get_by_role("heading", name="Prompt")).to_be_visible()
    expect(page.locator(".detail-facts")).to_contain_text(MODEL)
    first = page.url
    page.keyboard.press("ArrowRight")
    expect(page).not_to_have_url(first)
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(first)
    assert findings_anywhere(page) == {}
    page.get_by_role("link", name="Use again").click()
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("A quiet harbour")


def painted(page: Page) -> Locator:
    return page.locator("[data-painted]")


def test_a_picture_is_painted_on_and_changed(tabs: Tabs, site: Site) -> None:
    page = images(tabs, site, "bob")
    choose(page, MODEL)
    draw(page, "A house by the sea")
    page.locator(".cell a").first.click()
    page.get_by_role("link", name="Edit", exact=True).click()
    expect(painted(page)).to_contain_text("Paint what may change")
    surface = page.locator("[data-surface]")
    box = surface.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x - 60, y)
    page.mouse.down()
    page.mouse.move(x + 60, y, steps=4)
    page.mouse.up()
    expect(painted(page)).to_have_text(re.compile(r"Painted: \d+ % of the picture"))
    page.keyboard.press("Control+z")
    expect(painted(page)).to_contain_text("Paint what may change")
    # The same without a pointer.
    page.get_by_text("A rectangle by numbers").click()
    for label, value in (("From the left, %", "0"), ("From the top, %", "0"), ("Width, %", "50"), ("Height, %", "50")):
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Paint it").click()
    expect(painted(page)).to_have_text("Painted: 25 % of the picture. Only the painted part changes.")
    assert findings_anywhere(page) == {}
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_label("What should change").fill("Put a boat there")
    page.get_by_role("button", name="Make 1 edit").click()
    expect(page).to_have_url(re.compile(r"/images/$"))
    expect(page.locator(".cell")).to_have_count(2)
    page.locator(".cell a").first.click()
    expect(page.get_by_role("heading", name="Made from")).to_be_visible()
    expect(page.get_by_alt_text("Mask")).to_be_visible()
    page.get_by_label("Before and after").fill("80")


def test_without_scripts_a_form_and_its_gallery_do_the_same(tabs: Tabs, site: Site) -> None:
    page = tabs.person(site, "charlie", java_script_enabled=False).new_page()
    page.goto("/images/")
    page.get_by_label("Prompt", exact=True).fill("A mill on a hill")
    page.get_by_label("Model", exact=True).select_option(label="sandbox-image-classic")
    page.get_by_role("button", name="Show its settings").click()
    expect(page.get_by_label("Style")).to_be_attached()  # what the other one has not
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("A mill on a hill")
    page.get_by_role("button", name="Generate 1 image").click()
    cells = page.locator(".cell")
    for _ in range(100):
        page.goto("/images/?q=mill")
        if cells.count():
            break
    expect(cells).to_have_count(1)
    cells.get_by_role("checkbox").check()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("1 picture deleted.")).to_be_visible()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(cells).to_have_count(1)
    cells.get_by_role("button", name="Favourite").click()
    expect(cells.get_by_role("button", name="Favourite")).to_have_attribute("aria-pressed", "true")
    cells.locator("a").click()
    page.get_by_role("link", name="Vary").click()
    page.get_by_role("button", name="Make 1 variation").click()
    expect(page).to_have_url(re.compile(r"/images/$"))
