"""Reading settings from the environment: each reader returns a checked value or stops the start with a sentence."""

import ipaddress
import os
import re
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

type_url = "a whole address such as https://chat.example.org"
SWITCHED_ON, SWITCHED_OFF = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
FILE_KINDS = ("image", "text", "code", "csv", "pdf", "word", "html", "audio", "other")  # files.models.Kind
MEGABYTE = 1024 * 1024
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


def is_loopback(host: str) -> bool:
    """Whether `host` (a name or an address, with or without brackets) can only be reached from this machine."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def given(env: environ.Env, name: str, default: str = "") -> str:
    """The value as text; an empty one counts as not set, as in `NAME=` of an uncommented line."""
    return env.str(name, default="").strip() or default


def port(env: environ.Env, name: str, default: int) -> int:
    """A TCP port; 0 lets the system choose."""
    value = given(env, name, str(default))
    if not re.fullmatch("[0-9]{1,5}", value) or int(value) > 65535:
        raise ImproperlyConfigured(f"{name} must be a port number from 0 to 65535, not {value!r}.")
    return int(value)


def address(value: str) -> SplitResult | None:
    """The parts of an http or https address; None when it is none."""
    try:
        parts = urlsplit(value)
        return parts if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 else None
    except ValueError:  # brackets that do not match, or a port over 65535
        return None


def site_url(env: environ.Env, default: str) -> str:
    """The address people type, without a path; empty means: the address the request came to."""
    value = given(env, "SITE_URL", default).rstrip("/")
    parts = address(value)
    if value and (not parts or parts.path or parts.query or parts.fragment or "@" in parts.netloc):
        raise ImproperlyConfigured(f"SITE_URL must be {type_url}, without a path, not {value!r}.")
    return value


def base_url(env: environ.Env, name: str) -> str:
    """An upstream's address; empty when unset."""
    value = given(env, name)
    if value and not address(value):
        raise ImproperlyConfigured(f"{name} must be an http or https address such as https://api.openai.com/v1.")
    return value


def switch(env: environ.Env, name: str, default: bool) -> bool:
    """Yes or no, as people write it."""
    value = given(env, name, str(default)).lower()
    if value not in (*SWITCHED_ON, *SWITCHED_OFF):
        raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}.")
    return value in SWITCHED_ON


def email(env: environ.Env) -> dict:
    """Django's e-mail settings from EMAIL_URL; none when it is unset."""
    if not given(env, "EMAIL_URL"):
        return {}
    try:
        return env.email_url("EMAIL_URL")
    except (ImproperlyConfigured, ValueError) as error:  # the value stays out of the sentence: it holds a password
        raise ImproperlyConfigured(
            "EMAIL_URL must be an address such as smtp+tls://user:password@mail.example.org:587."
        ) from error


def choice(env: environ.Env, name: str, allowed: tuple[str, ...], default: str) -> str:
    """One of `allowed`."""
    value = given(env, name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")
    return value


def currency(env: environ.Env) -> str:
    """The site's one currency as an ISO 4217 code."""
    value = given(env, "CURRENCY", "USD")
    if not re.fullmatch(r"[A-Z]{3}", value):
        raise ImproperlyConfigured(f"CURRENCY must be three capital letters such as USD or CNY, not {value!r}.")
    return value


def money(env: environ.Env, name: str, default: str) -> int:
    """An amount of the site's currency such as 0.50, in micro-units."""
    value = given(env, name, default)
    if not re.fullmatch(r"\d{1,9}(\.\d{1,6})?", value):
        raise ImproperlyConfigured(f"{name} must be an amount such as 0.50, not {value!r}.")
    whole, _, part = value.partition(".")
    return int(whole) * 1_000_000 + int(part.ljust(6, "0"))


def key_variables(env: environ.Env) -> dict[str, str]:
    """Every variable named like a key, `..._API_KEY`: the ones that the owner may name in place of a key."""
    named = {
        name: value.strip() for name, value in env.ENVIRON.items() if re.fullmatch(r"[A-Z][A-Z0-9_]*_API_KEY", name)
    }
    return {name: value for name, value in named.items() if value}


def seconds(env: environ.Env, name: str, default: float) -> float:
    """A duration in seconds, zero or more."""
    value = given(env, name, str(default))
    try:
        number = float(value)
    except ValueError:
        number = -1
    if not 0 <= number < 86_400:
        raise ImproperlyConfigured(f"{name} must be a number of seconds from 0 to 86400, not {value!r}.")
    return number


def days(env: environ.Env, name: str) -> int | None:
    """A number of days from 1 to 36500; None when it is not set."""
    value = given(env, name)
    if value and not (re.fullmatch("[0-9]{1,5}", value) and 1 <= int(value) <= 36_500):
        raise ImproperlyConfigured(f"{name} must be a number of days from 1 to 36500, not {value!r}.")
    return int(value) if value else None


def megabytes(env: environ.Env, name: str, default: int) -> int:
    """A size in megabytes (1,048,576 bytes), one or more; returned in bytes."""
    value = given(env, name, str(default))
    if not re.fullmatch("[0-9]{1,9}", value) or int(value) == 0:
        raise ImproperlyConfigured(f"{name} must be a whole number of megabytes, 1 or more, not {value!r}.")
    return int(value) * MEGABYTE


def megabytes_by_kind(env: environ.Env, name: str) -> dict[str, int]:
    """`image=20, audio=0`: sizes in megabytes for kinds of files; 0 takes none of them. Returned in bytes."""
    found = {}
    for item in env.list(name, default=[]):
        kind, _, value = (part.strip() for part in item.partition("="))
        if kind not in FILE_KINDS or not re.fullmatch("[0-9]{1,9}", value):
            words = ", ".join(FILE_KINDS)
            raise ImproperlyConfigured(f"{name} must be like image=20,audio=0 with kinds of {words}, not {item!r}.")
        found[kind] = int(value) * MEGABYTE
    return found


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
    value = given(env, "DATABASE_URL", f"sqlite:///{data_dir / 'chatsite.sqlite3'}")
    try:
        found: dict = env.db_url_config(value)
    except (ImproperlyConfigured, ValueError):
        found = {}
    if not found.get("NAME"):
        raise ImproperlyConfigured("DATABASE_URL must name a database: postgres://user:password@host:5432/name.")
    if found["ENGINE"] == "django.db.backends.sqlite3":
        found["ENGINE"] = "live.sqlite"  # the same, with its writers in line
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
        found["OPTIONS"] = {"timeout": 5, "transaction_mode": "IMMEDIATE", "init_command": pragmas}
    elif found["ENGINE"] == "django.db.backends.postgresql":
        found["OPTIONS"] = {
            **found.get("OPTIONS", {}),
            "pool": {"min_size": 2, "max_size": 20, "timeout": 5},
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
