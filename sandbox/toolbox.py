"""The tools of a request and the choice among them, in the new form and the old one (D1, D2; wire.md section 1)."""

import dataclasses
import re
from typing import Any

from sandbox import asgi, checks, errors, tokens

TOOL_OVERHEAD = 8  # tokens that each description costs beside its text
NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


@dataclasses.dataclass(frozen=True)
class Tool:
    """One tool: kind function or custom, and the JSON Schema of its arguments."""

    name: str
    kind: str = "function"
    description: str = ""
    parameters: dict[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Toolbox:
    """What may be called: mode is none, auto, required or the name of one tool; old means the functions form (D1)."""

    tools: tuple[Tool, ...] = ()
    mode: str = "none"
    named: str = ""
    parallel: bool = True
    old: bool = False

    def tokens(self) -> int:
        """Return what the descriptions cost as prompt tokens (D9)."""
        texts = [tool.name + tool.description + asgi.dump(tool.parameters).decode() for tool in self.tools]
        return tokens.count(*texts) + TOOL_OVERHEAD * len(texts)

    def find(self, name: str) -> Tool | None:
        """Return a tool by name, None when there is none."""
        return next((tool for tool in self.tools if tool.name == name), None)


def check_name(value: Any, param: str) -> str:
    """Check a tool's or schema's name: 1 to 64 of a-z A-Z 0-9 _ - (C5, D1)."""
    name = checks.text(64)(value, param)
    if not NAME.fullmatch(name):
        message = f"Invalid '{param}': string does not match pattern. Expected '^[a-zA-Z0-9_-]+$'."
        raise errors.bad_request(message, param, "invalid_value")
    return str(name)


def check_strict(schema: Any, what: str, param: str) -> None:
    """Refuse a schema that strict mode cannot take: every object closed, and every property of it required."""
    _strict(checks.mapping(schema, param), what, param, ())


def _strict(schema: Any, what: str, param: str, path: tuple[str, ...]) -> None:
    if isinstance(schema, list):
        for one in schema:
            _strict(one, what, param, path)
    if not isinstance(schema, dict):
        return
    if "properties" in schema:
        place = f"Invalid schema for {what}: In context={path!r},"
        if schema.get("additionalProperties") is not False:
            raise errors.bad_request(
                f"{place} 'additionalProperties' is required to be supplied and to be false.", param
            )
        left_out = sorted(set(schema["properties"]) - set(schema.get("required", [])))
        if left_out:
            message = (
                f"{place} 'required' is required to be supplied and to be an array including every key in properties."
            )
            raise errors.bad_request(f"{message} Missing '{left_out[0]}'.", param)
    for key in ("properties", "$defs", "definitions"):
        inner = schema.get(key)
        for name, one in inner.items() if isinstance(inner, dict) else ():
            _strict(one, what, param, (*path, key, name))
    for key in ("items", "anyOf", "oneOf", "allOf"):
        _strict(schema.get(key), what, param, (*path, key))


def read(values: dict[str, Any]) -> Toolbox:
    """Return the toolbox of a request; ApiError 400 for a bad definition or a choice without tools."""
    if "functions" in values:
        if "tools" in values:
            raise errors.bad_request("'functions' and 'tools' cannot be given together.", "functions")
        tools = tuple(_function(one, f"functions[{i}]") for i, one in enumerate(values["functions"]))
        return _old_choice(tools, values.get("function_call", "auto"))
    tools = tuple(_tool(one, f"tools[{i}]") for i, one in enumerate(values.get("tools", [])))
    for name in ("tool_choice", "parallel_tool_calls") if not tools else ():
        if name in values:
            raise errors.bad_request(f"'{name}' is only allowed when 'tools' are specified.", name)
    if "function_call" in values:
        raise errors.bad_request("'function_call' is only allowed when 'functions' are specified.", "function_call")
    parallel = values.get("parallel_tool_calls", True)
    return _choice(tools, values.get("tool_choice", "auto" if tools else "none"), parallel)


def _function(body: dict[str, Any], param: str, what: str = "function") -> Tool:
    if "name" not in body:
        raise errors.missing(f"{param}.name")
    name = check_name(body["name"], f"{param}.name")
    description = checks.text()(body.get("description") or "", f"{param}.description")
    parameters = checks.mapping(body.get("parameters") or {}, f"{param}.parameters")
    if parameters and parameters.get("type", "object") != "object":
        message = f"Invalid schema for {what} '{name}': schema must be a JSON Schema of 'type: \"object\"'."
        raise errors.bad_request(message, f"{param}.parameters", "invalid_function_parameters")
    if body.get("strict"):
        check_strict(parameters, f"{what} '{name}'", f"{param}.parameters")
    return Tool(name, "function", description, parameters)


def _tool(body: dict[str, Any], param: str) -> Tool:
    if "type" not in body:
        raise errors.missing(f"{param}.type")
    kind = checks.word("function", "custom")(body["type"], f"{param}.type")
    if kind not in body:
        raise errors.missing(f"{param}.{kind}")
    inner = checks.mapping(body[kind], f"{param}.{kind}")
    if kind == "function":
        return _function(inner, f"{param}.function")
    if "name" not in inner:
        raise errors.missing(f"{param}.custom.name")
    return Tool(check_name(inner["name"], f"{param}.custom.name"), "custom", str(inner.get("description") or ""))


def _choice(tools: tuple[Tool, ...], choice: Any, parallel: bool) -> Toolbox:
    if isinstance(choice, str):
        return Toolbox(tools, checks.word("none", "auto", "required")(choice, "tool_choice"), parallel=parallel)
    body = checks.mapping(choice, "tool_choice")
    kind = checks.word("function", "custom", "allowed_tools")(body.get("type"), "tool_choice.type")
    inner = checks.mapping(body.get(kind), f"tool_choice.{kind}")
    if kind == "allowed_tools":
        mode = checks.word("auto", "required")(inner.get("mode"), "tool_choice.allowed_tools.mode")
        names = {
            one.get(one.get("type"), {}).get("name")
            for one in checks.array(checks.mapping)(inner.get("tools"), "tool_choice.allowed_tools.tools")
        }
        return Toolbox(tuple(tool for tool in tools if tool.name in names), mode, parallel=parallel)
    return Toolbox(tools, "named", _known(tools, inner.get("name"), "tool_choice"), parallel)


def _old_choice(tools: tuple[Tool, ...], choice: Any) -> Toolbox:
    if isinstance(choice, str):
        return Toolbox(tools, checks.word("none", "auto")(choice, "function_call"), parallel=False, old=True)
    named = _known(tools, checks.mapping(choice, "function_call").get("name"), "function_call")
    return Toolbox(tools, "named", named, parallel=False, old=True)


def _known(tools: tuple[Tool, ...], name: Any, param: str) -> str:
    if not any(tool.name == name for tool in tools):
        sort = "tools" if param == "tool_choice" else "functions"
        raise errors.bad_request(f"Tool choice '{errors.clip(name)}' not found in '{sort}' parameter.", param)
    return str(name)
