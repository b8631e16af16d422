"""Bad settings stop the start with a sentence; secrets are made once and kept private."""

import stat
import threading
from pathlib import Path

import pytest

from chatsite import environment
from tests.project.test_env_example import DEFAULTS, VARIABLE
from tests.project.tree import python

REFUSED = [
    ({"PORT": "x"}, "PORT must be a port number"),
    ({"PORT": "65536"}, "PORT must be a port number"),
    ({"PORT": "-1"}, "PORT must be a port number"),
    ({"PORT": "٣"}, "PORT must be a port number"),
    ({"DEBUG": "perhaps"}, "DEBUG must be true or false"),
    ({"HOST": "0.0.0.0"}, "HOST=0.0.0.0 can be reached from outside: set SITE_URL"),
    ({"SITE_URL": "foo"}, "SITE_URL must be a whole address"),
    ({"SITE_URL": "ftp://chat.example.org"}, "SITE_URL must be a whole address"),
    ({"SITE_URL": "https://["}, "SITE_URL must be a whole address"),
    ({"SITE_URL": "https://chat.example.org:99999"}, "SITE_URL must be a whole address"),
    ({"SITE_URL": "https://me:secret@chat.example.org"}, "SITE_URL must be a whole address"),
    ({"SITE_URL": "https://chat.example.org/path"}, "SITE_URL must be a whole address"),
    ({"TRUSTED_PROXIES": "nginx"}, "TRUSTED_PROXIES must list addresses or networks"),
    ({"DATA_DIR": "/dev/null/data"}, "DATA_DIR /dev/null/data cannot be used"),
    ({"DATABASE_URL": "mysql://user@localhost/chat"}, "DATABASE_URL must start with sqlite:/// or postgres://"),
    ({"DATABASE_URL": "nonsense"}, "DATABASE_URL must"),
    ({"DATABASE_URL": "postgres://"}, "DATABASE_URL must name a database"),
    ({"EMAIL_URL": "pigeon://mail.example.org"}, "EMAIL_URL must be an address"),
    ({"OPENAI_BASE_URL": "https://["}, "OPENAI_BASE_URL must be an http or https address"),
    ({"REDIS_URL": "localhost:6379"}, "REDIS_URL must start with redis://"),
    ({"SECRET_KEY": "short"}, "SECRET_KEY must have 50 characters or more"),
    ({"FIELD_KEYS": "abc"}, "FIELD_KEYS must be Fernet keys"),
    ({"CURRENCY": "dollars"}, "CURRENCY must be three capital letters"),
    ({"REGISTRATION": "maybe"}, "REGISTRATION must be one of open, invitation, closed"),
    ({"OPENAI_BASE_URL": "api.example.org"}, "OPENAI_BASE_URL must be an http or https address"),
    ({"DRAIN_SECONDS": "soon"}, "DRAIN_SECONDS must be a number of seconds"),
    ({"DRAIN_SECONDS": "nan"}, "DRAIN_SECONDS must be a number of seconds"),
    ({"RETENTION_DAYS": "0"}, "RETENTION_DAYS must be a number of days from 1"),
    ({"LOG_LEVEL": "loud"}, "LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR"),
]
SECRETS = "from chatsite import settings; print(settings.SECRET_KEY, *settings.FIELD_KEYS)"


@pytest.mark.parametrize(("variables", "sentence"), REFUSED, ids=["=".join(*bad.items()) for bad, _ in REFUSED])
def test_a_bad_value_stops_the_start_with_a_sentence(tmp_path: Path, variables: dict[str, str], sentence: str) -> None:
    started = python("manage.py", "check", data=tmp_path, **variables)
    said, _ = started.communicate(timeout=60)

    assert started.returncode != 0
    last = said.strip().splitlines()[-1]
    assert last.removeprefix("django.core.exceptions.ImproperlyConfigured: ").startswith(sentence)
    assert last.endswith(".") or "'" in last


def test_without_any_setting_the_site_is_sound(tmp_path: Path) -> None:
    started = python("manage.py", "check", data=tmp_path)
    said, _ = started.communicate(timeout=60)

    assert started.returncode == 0, said


def test_an_empty_value_counts_as_not_set(tmp_path: Path) -> None:
    names = [name for name, _ in VARIABLE.findall(DEFAULTS) if name not in ("DATA_DIR", "ENV_FILE")]
    started = python("manage.py", "check", data=tmp_path, **dict.fromkeys(names, ""))
    said, _ = started.communicate(timeout=60)

    assert started.returncode == 0, said


def test_two_processes_that_start_at_once_agree_on_the_secrets(tmp_path: Path) -> None:
    data = tmp_path / "data"
    started = [python("-c", SECRETS, data=data) for _ in range(3)]
    said = {process.communicate(timeout=60)[0] for process in started}

    assert len(said) == 1
    assert len(said.pop().split()) == 2
    assert sorted(path.name for path in data.iterdir()) == ["field_keys", "secret_key"]


def test_the_first_secret_stays_when_two_are_made_at_the_same_moment(tmp_path: Path) -> None:
    both_make = threading.Barrier(2, timeout=30)
    found = {}

    def start(name: str) -> None:
        def make() -> str:
            both_make.wait()
            return name

        found[name] = environment.stored_secret(tmp_path / "secret", make)

    starts = [threading.Thread(target=start, args=[name]) for name in ("one", "two")]
    for thread in starts:
        thread.start()
    for thread in starts:
        thread.join()

    assert found["one"] == found["two"]
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_secrets_stay_the_same_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    data = tmp_path / "data"
    first, second = (python("-c", SECRETS, data=data).communicate(timeout=60)[0] for _ in range(2))

    assert first == second
    for name in ("secret_key", "field_keys"):
        assert stat.S_IMODE((data / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
