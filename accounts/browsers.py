"""The name of a browser and its system, from what it says about itself; pure."""

import re

from django.utils.translation import gettext

# The first that matches wins: Edge and Opera also say Chrome, and everybody says Safari.
_BROWSERS = [
    (r"Edg(e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/|Chromium/", "Chrome"),
    (r"Safari/", "Safari"),
]
_SYSTEMS = [
    (r"iPhone|iPad|iPod", "iOS"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"CrOS", "ChromeOS"),
    (r"Mac OS X|Macintosh", "macOS"),
    (r"Linux|X11", "Linux"),
]


def describe(user_agent: str) -> str:
    """ "Firefox on Linux"; a program's own first word when it is no browser we know."""
    browser, system = _first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)
    if browser and system:
        return gettext("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or user_agent.split("/")[0].split(" ")[0][:40] or gettext("unknown program")


def _first(table: list[tuple[str, str]], text: str) -> str:
    return next((name for pattern, name in table if re.search(pattern, text)), "")
