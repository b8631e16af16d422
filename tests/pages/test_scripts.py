"""Modules without their comments: the same program, on the same lines."""

import json
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from chatsite.scripts import without_comments

TSC = settings.BASE_DIR / "node_modules" / ".bin" / "tsc"
COMPILE = ("--allowJs", "--removeComments", "--noCheck", "--noResolve", "--target", "esnext", "--module", "esnext")


@pytest.mark.parametrize(
    ("source", "served"),
    [
        ("/** What it is. */\n\nconst a = 1; // one\n", "\n\nconst a = 1;\n"),
        ("/**\n * Long.\n */\nf();\n", "\n\n\nf();\n"),
        ("const a = /** @type {string} */ (b);\n", "const a = (b);\n"),
        ('const a = "https://example.org"; // there\n', 'const a = "https://example.org";\n'),
        ("const a = 'it\\'s // not'; // one\n", "const a = 'it\\'s // not';\n"),
        ("const a = `ws://${host}/* no */`;\n", "const a = `ws://${host}/* no */`;\n"),
        ('const a = /[/*"]{2}\\/\\/x/; // a pattern\n', 'const a = /[/*"]{2}\\/\\/x/;\n'),
        ("const a = b / c; // half\n", "const a = b / c;\n"),
        ("f(/\\*\\*/g, 1); /* two */ g();\n", "f(/\\*\\*/g, 1); g();\n"),
    ],
)
def test_comments_go_and_nothing_else(source: str, served: str) -> None:
    assert without_comments(source) == served


@pytest.mark.skipif(not TSC.exists(), reason="needs npm ci")
def test_every_module_is_the_same_program_without_them(tmp_path: Path) -> None:
    """A compiler that reads JavaScript properly writes the same for both."""
    folder = settings.BASE_DIR / "static" / "js"
    for path in folder.rglob("*.js"):
        served = without_comments(path.read_text())
        assert served.count("\n") == path.read_text().count("\n")
        for name, text in (("source", path.read_text()), ("served", served)):
            copy = tmp_path / name / path.relative_to(folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(text)
    for name in ("source", "served"):
        (tmp_path / f"{name}.json").write_text(
            json.dumps({"include": [f"{name}/**/*.js"], "compilerOptions": {"rootDir": name}})
        )
        words = [str(TSC), "-p", f"{name}.json", "--outDir", f"out-{name}", *COMPILE]
        subprocess.run(words, cwd=tmp_path, check=True, timeout=60)
    outs = {
        name: {p.relative_to(tmp_path / f"out-{name}"): p.read_text() for p in (tmp_path / f"out-{name}").rglob("*.js")}
        for name in ("source", "served")
    }
    assert outs["source"] == outs["served"]
    assert len(outs["source"]) == len(list(folder.rglob("*.js")))
