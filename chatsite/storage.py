"""Static files under hashed names, compressed; JavaScript is never rewritten, the import map leads it there."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from servestatic.storage import CompressedManifestStaticFilesStorage

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
