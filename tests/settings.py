"""The site's own settings, with everything it keeps in a temporary folder and no environment of the machine's."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_folder = tempfile.mkdtemp(prefix="chatsite-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
_kept = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if name in os.environ}  # make test-cluster
for _name in ("HOST", "PORT", "SITE_URL", "EMAIL_URL", "ALLOWED_HOSTS", "REGISTRATION", "SECRET_KEY", "FIELD_KEYS"):
    os.environ.pop(_name, None)
for _name in [name for name in os.environ if name.startswith("OPENAI_")]:
    del os.environ[_name]
os.environ.update(_kept, DATA_DIR=_folder, ENV_FILE=f"{_folder}/none.env", LOG_LEVEL="WARNING")
os.environ["STATIC_ROOT"] = f"{_folder}/static"
(Path(_folder) / "static").mkdir()

from chatsite.settings import *  # noqa: E402, F403

ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # sign-up in a millisecond
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
if DATABASES["default"]["ENGINE"] == "live.sqlite":  # noqa: F405
    # A file: threads and processes of one test must see one database, and memory is per connection.
    DATABASES["default"]["TEST"] = {"NAME": f"{_folder}/tests.sqlite3"}  # noqa: F405
else:
    DATABASES["default"]["TEST"] = {"NAME": f"tests_{os.getpid()}"}  # noqa: F405 - of this process alone
