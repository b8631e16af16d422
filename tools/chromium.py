"""The browser for the browser tests: the one on this machine, else Debian's package, else Playwright's own."""

import os
import shutil

from tools import debian
from tools.install import PYTHON
from tools.steps import StepError, quietly, run

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLAYWRIGHT = "from playwright.sync_api import sync_playwright as p\nwith p() as it: print(it.chromium.executable_path)"
NONE = (
    "The browser tests need Chromium, and none could be installed.\n"
    "Install it (Debian: apt install chromium), or name it: CHROMIUM=/path/to/chromium make test"
)


def find() -> str:
    """The path of a Chromium that starts; installs one where there is none. StepError says what to do."""
    named = os.environ.get("CHROMIUM")
    if named:
        if not works(named):
            raise StepError(f"CHROMIUM={named} does not start.")
        return named
    found = present()
    if not found and debian.install("chromium"):
        found = present()
    if not found:
        with_libraries = ["--with-deps"] if os.geteuid() == 0 and shutil.which("apt-get") else []
        try:
            run("Playwright's Chromium", [PYTHON, "-m", "playwright", "install", *with_libraries, "chromium"])
        except StepError as failure:
            raise StepError(f"{failure}\n{NONE}") from failure
        found = present()
    if not found:
        raise StepError(NONE)
    return found


def present() -> str | None:
    """A Chromium that starts: on the PATH, or the one that Playwright installed earlier."""
    for path in filter(None, map(shutil.which, NAMES)):
        if works(path):
            return path
    code, path = quietly([PYTHON, "-c", PLAYWRIGHT], timeout=60)
    return path.strip() if code == 0 and works(path.strip()) else None


def works(path: str) -> bool:
    """Whether this program is there and says its version: a distribution's name may be an empty shell."""
    return quietly([path, "--version"], timeout=60)[0] == 0
