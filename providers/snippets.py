"""A request as people type it elsewhere: for curl, and for Python with the official package, without keys; pure."""

import json
import re
import shlex
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import openai_client as oc
from providers.offers import Offer
from providers.registry import Provider

KEY = "OPENAI_API_KEY"
_MASKED = str(oc.Secret(""))  # what stands in place of any secret
CHAT = "/chat/completions"
LONGEST_ARGUMENT = 100_000  # bytes; Linux takes no single argument of 128 KiB or more
_PLAIN = re.compile(r"[A-Za-z0-9-]+")
_END = "END_OF_BODY"
# What the package's own methods take; any other field goes into `extra_body`, which it sends as it is.
_KNOWN = frozenset(
    {"model", "messages", "prompt", "input", "n", "user", "size", "quality", "style", "background", "response_format"}
    | {"frequency_penalty", "presence_penalty", "temperature", "top_p", "seed", "stop", "max_tokens", "logit_bias"}
    | {"max_completion_tokens", "logprobs", "top_logprobs", "stream", "stream_options", "tools", "tool_choice"}
    | {"parallel_tool_calls", "functions", "function_call", "reasoning_effort", "verbosity", "service_tier", "store"}
    | {"metadata", "modalities", "audio", "prediction", "web_search_options", "encoding_format", "dimensions"}
)
_SHOWS_STREAM = """\
for chunk in answer:
    for choice in chunk.choices:
        print(choice.delta.content or "", end="", flush=True)
print()"""
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
    lines = [f"curl {shlex.quote(address)}", *(["-N"] if (body or {}).get("stream") else [])]
    lines += [_header(name, value) for name, value in _headers(provider)]
    below = ""
    if body is not None:
        text = _json(body)
        lines.append('-H "Content-Type: application/json"')
        if len(text.encode()) > LONGEST_ARGUMENT:
            lines.append(f"--data-binary @- <<'{_END}'")
            below = f"\n{text}\n{_END}"
        else:
            lines.append(f"-d {shlex.quote(text)}")
    return " \\\n  ".join(lines) + below


def _header(name: str, value: str) -> str:
    """Its value is a variable, for the shell to put in; a name that a shell might read is quoted by itself."""
    if _PLAIN.fullmatch(name):
        return f'-H "{name}: {value}"'
    return f'-H {shlex.quote(f"{name}: ")}"{value}"'


def python(provider: Provider, path: str, body: Mapping[str, Any]) -> str:
    """A program for the `openai` package; one that prints what it is answered, as it comes where that is asked for."""
    call = path.strip("/").replace("/", ".")
    known = {name: value for name, value in body.items() if name in _KNOWN}
    others = {name: value for name, value in body.items() if name not in known}
    arguments = "".join(f"    {name}={value!r},\n" for name, value in known.items())
    arguments += f"    extra_body={others!r},\n" if others else ""
    name, options = _client(provider)
    lines = "".join(f"    {option}={value},\n" for option, value in options.items())
    reads = "from os import environ\n\n" if "environ[" in lines else ""
    shows = _SHOWS_STREAM if body.get("stream") and path == CHAT else "print(answer)"
    return (
        f"# pip install openai\n{reads}from openai import {name}\n\nclient = {name}(\n{lines})\n"
        f"answer = client.{_call(call)}(\n{arguments})\n{shows}"
    )


def asked(url: str, headers: Mapping[str, str], path: str = CHAT) -> Provider:
    """Whom a request was sent to, from its address and the names of its headers: enough to write it down again."""
    base, _, query = url.partition("?")
    base = base.removesuffix(path)
    if query:
        base = re.sub(r"/deployments/[^/]+$", "", base) + f"?{query}"
    secret = oc.Secret("there was one")
    known = {"Authorization", "OpenAI-Organization", "OpenAI-Project"}
    others = [name for name, value in headers.items() if value == _MASKED and name not in known]
    return Provider(
        id="",
        name="",
        base_url=base,
        api_key=secret if "Authorization" in headers else oc.Secret(""),
        organization="there was one" if "OpenAI-Organization" in headers else "",
        project="there was one" if "OpenAI-Project" in headers else "",
        headers=tuple((name, secret) for name in others),
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
