"""A request as people type it elsewhere: for curl, and for Python with the official package, without keys; pure."""

import json
import keyword
import shlex
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import openai_client as oc
from providers.offers import Offer
from providers.registry import Provider

KEY = "OPENAI_API_KEY"
_HELLO = [{"role": "user", "content": "Hello"}]


def of_model(offer: Offer) -> list[tuple[str, str]]:
    """[(what it is: "curl", "python" or "retrieve", the words)] for the question that a model is made for."""
    path, body = _question(offer.id, offer.known["capabilities"])
    return [
        ("curl", curl(offer.provider, path, body)),
        ("python", python(offer.provider, path, body)),
        ("retrieve", curl(offer.provider, f"/models/{quote(offer.id, safe='')}")),
    ]


def curl(provider: Provider, path: str, body: Mapping[str, Any] | None = None) -> str:
    """A command line: POST with a body, GET without one. No secret is in it, only names of variables."""
    address = oc.address_of(provider.base_url, path, (body or {}).get("model"))
    lines = [f"curl {shlex.quote(address)}"]
    lines += [f'-H "{name}: {value}"' for name, value in _headers(provider)]
    if body is not None:
        lines += ['-H "Content-Type: application/json"', f"-d {shlex.quote(_json(body))}"]
    return " \\\n  ".join(lines)


def python(provider: Provider, path: str, body: Mapping[str, Any]) -> str:
    """A program for the `openai` package."""
    call = path.strip("/").replace("/", ".")
    known = {name: value for name, value in body.items() if name.isidentifier() and not keyword.iskeyword(name)}
    others = {name: value for name, value in body.items() if name not in known}
    arguments = "".join(f"    {name}={value!r},\n" for name, value in known.items())
    arguments += f"    extra_body={others!r},\n" if others else ""
    name, options = _client(provider)
    lines = "".join(f"    {option}={value},\n" for option, value in options.items())
    reads = "from os import environ\n\n" if "environ[" in lines else ""
    return (
        f"{reads}from openai import {name}\n\nclient = {name}(\n{lines})\n"
        f"answer = client.{_call(call)}(\n{arguments})\nprint(answer)"
    )


def _question(model_id: str, can: Mapping[str, bool]) -> tuple[str, dict[str, Any]]:
    if can.get("embeddings") and not can.get("chat"):
        return "/embeddings", {"model": model_id, "input": "Hello"}
    if can.get("images") and not can.get("chat"):
        return "/images/generations", {"model": model_id, "prompt": "A house by the sea"}
    if can.get("moderation") and not can.get("chat"):
        return "/moderations", {"model": model_id, "input": "Hello"}
    if can.get("completion") and not can.get("chat"):
        return "/completions", {"model": model_id, "prompt": "Hello"}
    return "/chat/completions", {"model": model_id, "messages": _HELLO}


def _headers(provider: Provider) -> list[tuple[str, str]]:
    found = [("Authorization", f"Bearer ${KEY}")] if provider.api_key else []
    found += [("OpenAI-Organization", "$OPENAI_ORG_ID")] if provider.organization else []
    found += [("OpenAI-Project", "$OPENAI_PROJECT_ID")] if provider.project else []
    return found + [(name, f"${_variable(name)}") for name, _value in provider.headers]


def _client(provider: Provider) -> tuple[str, dict[str, str]]:
    """The package's class for this server, and what it is made with, as Python writes it."""
    base, _, query = provider.base_url.partition("?")
    options = {"base_url": repr(base)}
    name = "OpenAI"
    keyed = bool(provider.api_key)
    if query and urlsplit(base).path == "/openai":
        name, keyed = "AzureOpenAI", True
        options = {
            "azure_endpoint": repr(base.removesuffix("/openai")),
            "api_version": repr(query.removeprefix("api-version=")),
        }
    options["api_key"] = f'environ["{KEY}"]' if keyed else '"none"'
    if provider.organization:
        options["organization"] = 'environ["OPENAI_ORG_ID"]'
    if provider.project:
        options["project"] = 'environ["OPENAI_PROJECT_ID"]'
    sent = [(header, _variable(header)) for header, _value in provider.headers if name == "OpenAI"]
    if sent:
        options["default_headers"] = (
            "{" + ", ".join(f'{header!r}: environ["{variable}"]' for header, variable in sent) + "}"
        )
    return name, options


def _call(dotted: str) -> str:
    """The package's method for an endpoint."""
    return {"images.generations": "images.generate"}.get(dotted, f"{dotted}.create")


def _variable(header: str) -> str:
    if header.lower() == "api-key":
        return KEY
    return "".join(letter if letter.isalnum() else "_" for letter in header).upper()


def _json(body: Mapping[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, indent=2)
