"""Reading settings from the environment: each reader returns a checked value or stops the start with a sentence."""

import ipaddress
import os
import re
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

type_url = "a whole address such as https://chat.example.org"
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


def is_loopback(host: str) -> bool:
    """Whether `host` (a name or an address, with or without brackets) can only be reached from this machine."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def port(env: environ.Env, name: str, default: int) -> int:
    """A TCP port; 0 lets the system choose."""
    value = env.str(name, default=str(default))
    if not value.isdecimal() or int(value) > 65535:
        raise ImproperlyConfigured(f"{name} must be a port number from 0 to 65535, not {value!r}.")
    return int(value)


def site_url(env: environ.Env, default: str) -> str:
    """The address people type, without a path; empty means: the address the request came to."""
    value = env.str("SITE_URL", default=default).rstrip("/")
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query):
        raise ImproperlyConfigured(f"SITE_URL must be {type_url}, without a path, not {value!r}.")
    return value


def base_url(env: environ.Env, name: str) -> str:
    """An upstream's address; empty when unset."""
    value = env.str(name, default="").strip()
    if value and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname):
        raise ImproperlyConfigured(f"{name} must be an http or https address such as https://api.openai.com/v1.")
    return value


def choice(env: environ.Env, name: str, allowed: tuple[str, ...], default: str) -> str:
    """One of `allowed`."""
    value = env.str(name, default=default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")
    return value


def currency(env: environ.Env) -> str:
    """The site's one currency as an ISO 4217 code."""
    value = env.str("CURRENCY", default="USD")
    if not re.fullmatch(r"[A-Z]{3}", value):
        raise ImproperlyConfigured(f"CURRENCY must be three capital letters such as USD or CNY, not {value!r}.")
    return value


def seconds(env: environ.Env, name: str, default: float) -> float:
    """A duration in seconds, zero or more."""
    value = env.str(name, default=str(default))
    try:
        number = float(value)
    except ValueError:
        number = -1
    if not 0 <= number < 86_400:
        raise ImproperlyConfigured(f"{name} must be a number of seconds from 0 to 86400, not {value!r}.")
    return number


def networks(env: environ.Env, name: str, default: list[str]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Addresses or networks, separated by commas."""
    try:
        return [ipaddress.ip_network(item.strip()) for item in env.list(name, default=default) if item.strip()]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must list addresses or networks such as 10.0.0.0/8: {error}.") from error


def database(env: environ.Env, data_dir: Path) -> dict:
    """Django's description of the database: SQLite in `data_dir`, or the PostgreSQL that DATABASE_URL names.

    SQLite: WAL lets readers go on while one writes; an IMMEDIATE transaction waits for the write lock at its start,
    where the busy timeout applies, instead of failing half-way. PostgreSQL always goes through the pool; the two
    timeouts keep a frozen process from holding rows that others wait for.
    """
    found: dict = env.db_url("DATABASE_URL", default=f"sqlite:///{data_dir / 'chatsite.sqlite3'}")
    if found["ENGINE"] == "django.db.backends.sqlite3":
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
        found["OPTIONS"] = {"timeout": 5, "transaction_mode": "IMMEDIATE", "init_command": pragmas}
    elif found["ENGINE"] == "django.db.backends.postgresql":
        found["OPTIONS"] = {
            **found.get("OPTIONS", {}),
            "pool": {"min_size": 2, "max_size": 20, "timeout": 10},
            "options": "-c lock_timeout=5s -c idle_in_transaction_session_timeout=8s",
        }
    else:
        raise ImproperlyConfigured("DATABASE_URL must start with sqlite:/// or postgres://.")
    return found


def stored_secret(path: Path, make: Callable[[], str]) -> str:
    """The secret kept in `path`, made at the first start; two starts at once agree on one."""
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=path.name, delete=False) as draft:
            draft.write(make())
        try:
            os.link(draft.name, path)
        except FileExistsError:
            pass  # another process was first: its secret is the one
        finally:
            Path(draft.name).unlink()
    return path.read_text(encoding="ascii").strip()


def secret_key(env: environ.Env, data_dir: Path) -> str:
    """Django's SECRET_KEY: from the environment, else generated into `data_dir`."""
    given = env.str("SECRET_KEY", default="")
    if given and len(given) < 50:
        raise ImproperlyConfigured("SECRET_KEY must have 50 characters or more; unset it to have one made.")
    return given or stored_secret(data_dir / "secret_key", lambda: secrets.token_urlsafe(64))


def field_keys(env: environ.Env, data_dir: Path) -> list[str]:
    """Fernet keys for secrets at rest, newest first: from the environment, else generated into `data_dir`."""
    keys = env.list("FIELD_KEYS", default=[])
    keys = keys or stored_secret(data_dir / "field_keys", lambda: Fernet.generate_key().decode()).split(",")
    try:
        for key in keys:
            Fernet(key)
    except ValueError as error:
        raise ImproperlyConfigured("FIELD_KEYS must be Fernet keys, separated by commas, newest first.") from error
    return keys
