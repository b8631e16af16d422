"""What is public: one sorted list, typed, documented; the tree of exceptions as it is drawn; who imports what."""

# ruff: noqa: E501  in a table a case is a row

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path

import pytest

import openai_client as oc
from openai_client import exceptions

PACKAGE = Path(oc.__file__).parent
MODULES = sorted(PACKAGE.glob("*.py"))


def test_the_public_names_are_sorted_and_exist() -> None:
    assert oc.__all__ == sorted(oc.__all__)
    assert all(hasattr(oc, name) for name in oc.__all__)
    imported = {name for name, value in vars(oc).items() if not name.startswith("_") and not inspect.ismodule(value)}
    assert imported == set(oc.__all__)
    assert (PACKAGE / "py.typed").exists()


def test_the_tree_of_exceptions_is_as_drawn() -> None:
    drawn: dict[str, str] = {}
    path: list[str] = []
    for line in (exceptions.__doc__ or "").splitlines():
        stem = line[4:].lstrip("│├└─ ")
        if not line.startswith("    ") or not stem[:1].isupper():
            continue
        depth = (len(line[4:]) - len(stem)) // 4
        path[depth:] = [stem.split()[0]]
        drawn[path[-1]] = path[-2] if depth else "Exception"
    real = {
        name: value.__bases__[0].__name__
        for name, value in vars(exceptions).items()
        if inspect.isclass(value) and issubclass(value, Exception)
    }
    assert drawn == real
    assert set(real) <= set(oc.__all__)


def test_every_exception_has_a_code_of_its_own() -> None:
    kinds = [getattr(oc, name) for name in oc.__all__ if inspect.isclass(getattr(oc, name))]
    codes = [kind.default_code for kind in kinds if issubclass(kind, oc.OpenAIClientError)]
    assert len(set(codes)) == len(codes) == 17
    error = oc.RateLimited("Too fast", status=429, request_id="r")
    assert repr(error) == "RateLimited('Too fast', code='rate_limit_exceeded', status=429, request_id='r')"


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_modules_import_the_standard_library_and_httpx_only(module: Path) -> None:
    found = re.findall(r"^\s*(?:import|from) (\w+)", module.read_text(), re.MULTILINE)
    outside = set(found) - set(sys.stdlib_module_names) - {"openai_client"}
    allowed = {"_connection.py", "_dial.py", "_direct.py", "_http.py", "_multipart.py", "_proxy.py", "_socks.py"}
    allowed |= {"client.py", "transports.py"}
    assert outside <= ({"httpx"} if module.name in allowed else set())


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_modules_say_their_purpose_and_stay_small(module: Path) -> None:
    text = module.read_text()
    assert text.startswith('"""') or not text
    assert len(text.splitlines()) < 300


def test_every_public_method_says_what_it_does() -> None:
    for name, method in inspect.getmembers(oc.Client, inspect.isfunction):
        if not name.startswith("_") and name != "aclose":
            assert "wire.md" in (method.__doc__ or ""), name


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("https://api.openai.com/v1", "https://api.openai.com/v1"),
        ("https://api.openai.com/v1/", "https://api.openai.com/v1"),
        ("api.openai.com", "https://api.openai.com/v1"),
        (" https://api.openai.com/v1/chat/completions ", "https://api.openai.com/v1"),
        ("https://x.example/v1/v1", "https://x.example/v1"),
        ("https://x.example/v1/models/", "https://x.example/v1"),
        ("https://x.example//v1//", "https://x.example/v1"),
        ("https://api.deepseek.com", "https://api.deepseek.com/v1"),
        ("https://openrouter.ai/api/v1", "https://openrouter.ai/api/v1"),
        ("https://generativelanguage.googleapis.com/v1beta/openai/", "https://generativelanguage.googleapis.com/v1beta/openai"),
        ("localhost:11434", "http://localhost:11434/v1"),
        ("127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"),
        ("192.168.1.5:1234", "http://192.168.1.5:1234/v1"),
        ("[::1]:8080", "http://[::1]:8080/v1"),
        ("gpu-box:8000", "http://gpu-box:8000/v1"),
        ("https://x.example/v1?key=1#a", "https://x.example/v1"),
        ("HTTPS://X.example/V1", "https://X.example/V1"),
        ("https://x.example/v1/audio/speech", "https://x.example/v1"),
        ("my-res.openai.azure.com", "https://my-res.openai.azure.com/openai/v1"),
        ("https://my-res.openai.azure.com/openai/", "https://my-res.openai.azure.com/openai/v1"),
        ("https://my-res.openai.azure.com/openai/deployments/d-1/chat/completions?api-version=2024-10-21", "https://my-res.openai.azure.com/openai?api-version=2024-10-21"),
        ("my-res.openai.azure.com?api-version=2024-10-21&x=1", "https://my-res.openai.azure.com/openai?api-version=2024-10-21"),
        ("https://my-res.openai.azure.com/openai/v1/?api-version=preview", "https://my-res.openai.azure.com/openai/v1?api-version=preview"),
    ],
)  # fmt: skip
def test_6_17_addresses_are_normalised(typed: str, meant: str) -> None:
    assert oc.normalize_base_url(typed) == meant
    assert oc.normalize_base_url(meant) == meant


@pytest.mark.parametrize(
    ("typed", "deployment"),
    [
        ("https://r.openai.azure.com/openai/deployments/my%20d/chat/completions?api-version=1", "my d"),
        ("https://r.openai.azure.com/openai/deployments/d?api-version=1", "d"),
        ("https://r.openai.azure.com/openai/deployments/d", ""),
        ("https://r.openai.azure.com/openai?api-version=1", ""),
    ],
)
def test_a_deployment_in_an_address_is_found(typed: str, deployment: str) -> None:
    assert oc.deployment_of(typed) == deployment


CLASSIC = "https://r.openai.azure.com/openai"


@pytest.mark.parametrize(
    ("base_url", "path", "model", "address"),
    [
        ("https://x/v1", "/chat/completions", "m", "https://x/v1/chat/completions"),
        ("https://x/v1/", "/models", None, "https://x/v1/models"),
        (f"{CLASSIC}?api-version=1", "/chat/completions", "a/b", f"{CLASSIC}/deployments/a%2Fb/chat/completions?api-version=1"),
        (f"{CLASSIC}?api-version=1", "/images/edits", "d", f"{CLASSIC}/deployments/d/images/edits?api-version=1"),
        (f"{CLASSIC}?api-version=1", "/models", None, f"{CLASSIC}/models?api-version=1"),
        (f"{CLASSIC}/v1?api-version=preview", "/chat/completions", "m", f"{CLASSIC}/v1/chat/completions?api-version=preview"),
    ],
)  # fmt: skip
def test_where_a_call_goes(base_url: str, path: str, model: str | None, address: str) -> None:
    assert oc.address_of(base_url, path, model) == address


@pytest.mark.parametrize(
    "typed", ["", "ftp://x", "https://", "http://x:port", "http://x y/", "javascript://x", "http://x:99999"]
)
def test_6_17_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        oc.normalize_base_url(typed)
