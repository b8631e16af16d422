"""axe-core on a page as it stands: in both themes, on a desk and on a phone."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser.conftest import DESK, PHONE

AXE = (Path(__file__).resolve().parent.parent.parent / "node_modules" / "axe-core" / "axe.min.js").read_text
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async ([rules, contrast]) => {
  const only = contrast ? { type: "rule", values: ["color-contrast"] } : { type: "tag", values: rules };
  const { violations } = await axe.run(document, { runOnly: only, resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target} ${node.failureSummary}`));
}"""

# Two frames after a change of size: scripts that look at the size have put everything in its place.
SETTLED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def findings(page: Page, *, contrast: bool = False) -> list[str]:
    """What axe finds now; with `contrast` in colours alone."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE())
    found: list[str] = page.evaluate(RUN, [RULES, contrast])
    return found


def findings_anywhere(page: Page) -> dict[str, list[str]]:
    """What axe finds at each size in each theme; between themes only colours differ, so only they are looked at."""
    devtools: Any = page.context.new_cdp_session(page)
    page.emulate_media(reduced_motion="reduce", color_scheme="light")
    found = {}
    for name, size in (("desk", DESK), ("phone", PHONE)):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        devtools.send("Emulation.setTouchEmulationEnabled", {"enabled": name == "phone"})
        page.evaluate(SETTLED)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme="light" if theme == "light" else "dark")
            found[f"{name} {theme}"] = findings(page, contrast=theme == "dark")
    devtools.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
    page.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})
    page.emulate_media(color_scheme="light")
    devtools.detach()
    return {name: some for name, some in found.items() if some}
