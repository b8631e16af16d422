"""`make messages`: bring the catalogues in `locale/` up to date with the sources, then compile them."""

import re
import shutil

from tools import catalogues, debian
from tools.install import PYTHON, python_packages
from tools.steps import ROOT, StepError, main, run, say

LANGUAGES = ("zh_Hans", "zh_Hant")  # the languages of chatsite/settings.py besides the source's English
IGNORED = (".venv*", "node_modules", "data", "staticfiles", "tests", "tools")


def program() -> None:
    """Extract, merge, compile, and say what is still to be translated."""
    python_packages("dev")
    if not shutil.which("xgettext") and not debian.install("gettext"):
        raise StepError("make messages needs GNU gettext (xgettext). Debian: apt install gettext")
    languages = [f"--locale={name}" for name in LANGUAGES]
    ignored = [f"--ignore={name}" for name in IGNORED]
    calm = ["--no-wrap", "--add-location=file", "--verbosity=0"]  # a moved line is no change
    (ROOT / "locale").mkdir(exist_ok=True)
    run("Catalogues", [PYTHON, "manage.py", "makemessages", *languages, *ignored, *calm])
    for source in sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po")):
        texts = [entry for entry in catalogues.entries(source) if entry["msgid"]]
        done = sum(1 for entry in texts if all(text for key, text in entry.items() if key.startswith("msgstr")))
        after_header = source.read_text(encoding="utf-8").partition('msgid ""\nmsgstr ""\n')[2]
        guessed = len(re.findall(r"^#, .*fuzzy", after_header, re.MULTILINE))
        say(f"{source.relative_to(ROOT)}: {done} of {len(texts) + guessed} translated, {guessed} only guessed")
    catalogues.compile_all(ROOT / "locale")


if __name__ == "__main__":
    main(program)
