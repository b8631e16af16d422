"""Static files under hashed names, compressed. Of JavaScript only comments go; the import map leads to it."""

from typing import Any

from django.contrib.staticfiles.storage import HashedFilesMixin
from django.core.files.base import ContentFile
from servestatic.storage import CompressedManifestStaticFilesStorage

from chatsite import scripts

# Django's rules for CSS without source maps, which are not served.
CSS_ONLY = tuple(
    (glob, tuple(rule for rule in rules if "sourceMappingURL" not in str(rule)))
    for glob, rules in HashedFilesMixin.patterns
    if glob == "*.css"
)


class Storage(CompressedManifestStaticFilesStorage):
    """Hashed names once `collectstatic` has run, plain names before (tests, DEBUG)."""

    patterns = CSS_ONLY

    def stored_name(self, name: str) -> str:
        if not self.hashed_files:
            return name
        return str(super().stored_name(name))

    def _save(self, name: str, content: Any) -> str:
        if name.startswith("js/") and name.endswith(".js"):
            content = ContentFile(scripts.without_comments(content.read().decode()).encode())
        return str(super()._save(name, content))
