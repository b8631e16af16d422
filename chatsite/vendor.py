"""Serve an explicit list of files out of node_modules, and what is built from several files, as static files."""

import functools
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core import checks
from django.core.files.storage import FileSystemStorage

from chatsite import icons, styles

# Languages that people ask models about; any other is shown without colours.
LANGUAGES = (
    *("bash", "c", "cpp", "csharp", "css", "dart", "diff", "dockerfile", "go", "graphql", "haskell", "ini", "java"),
    *("javascript", "json", "julia", "kotlin", "latex", "lua", "makefile", "markdown", "matlab", "nginx", "perl"),
    *("php", "powershell", "python", "r", "ruby", "rust", "scala", "shell", "sql", "swift", "typescript", "xml"),
    "yaml",
)

# Static name -> file in node_modules. Only what the pages import is ever served.
FILES = {
    "vendor/markdown-it.js": "markdown-it/dist/browser/markdown-it.esm.min.mjs",
    "vendor/dompurify.js": "dompurify/dist/purify.min.js",
    "vendor/katex.js": "katex/dist/katex.min.js",
    "vendor/highlight.js": "@highlightjs/cdn-assets/es/core.min.js",
    **{f"vendor/languages/{name}.js": f"@highlightjs/cdn-assets/es/languages/{name}.min.js" for name in LANGUAGES},
}

# What a module imports -> static name (see templatetags/assets.py).
IMPORTS = {
    "markdown-it": "vendor/markdown-it.js",
    "dompurify": "vendor/dompurify.js",
    "katex": "vendor/katex.js",
    "highlight.js": "vendor/highlight.js",
    **{f"highlight.js/{name}.js": f"vendor/languages/{name}.js" for name in LANGUAGES},
}

# Static name -> its text, made from many small files so that a page asks for one.
BUILT: dict[str, Callable[[], str]] = {
    "icons.svg": icons.sprite,
    **{name: functools.partial(styles.sheet, name) for name in styles.SHEETS},
}


class RenamedStorage(FileSystemStorage):
    """A folder whose files are served under other names; read only."""

    def __init__(self, location: Path, names: dict[str, str]) -> None:
        super().__init__(location=location)
        self.names = names

    def path(self, name: str) -> str:
        return str(Path(self.location) / self.names[name])


class BuiltStorage(FileSystemStorage):
    """A folder of generated files; a file is written anew when its text has changed."""

    def path(self, name: str) -> str:
        path = Path(self.location) / name
        text = BUILT[name]()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return str(path)


class NodeModulesFinder(BaseFinder):
    """Finds the files above; without node_modules it finds none of the libraries, and pages stay plain text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.libraries = RenamedStorage(settings.NODE_MODULES, FILES)
        self.built = BuiltStorage(location=settings.DATA_DIR / "built")
        self.storages = {"libraries": self.libraries, "built": self.built}
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        missing = [source for source in FILES.values() if not (settings.NODE_MODULES / source).exists()]
        if not missing:
            return []
        return [
            checks.Warning(
                f"{len(missing)} front-end files are missing, {missing[0]} among them.",
                hint="Run npm ci. Until then answers are shown as plain text.",
                id="chatsite.W001",
            )
        ]

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = [storage.path(path) for name, storage in self._all() if name == path]
        if find_all:
            return found
        return found[0] if found else []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        for name, storage in self._all():
            if not matches_patterns(name, ignore_patterns or []):
                yield name, storage

    def _all(self) -> Iterator[tuple[str, FileSystemStorage]]:
        for name, source in FILES.items():
            if (settings.NODE_MODULES / source).exists():
                yield name, self.libraries
        for name in BUILT:
            yield name, self.built
