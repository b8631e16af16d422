"""Which of the given tools a model calls, and with what arguments (D2, D3, D7)."""

import json
import re

from sandbox import answers, ask, house, messages, schema, search, toolbox

USE = re.compile(
    r"\b(use|call|run|invoke|try) (the|a|any|your|my|this|that|some)?\s*(tools?|functions?)\b"
    r"|(用|调用|使用)(一下)?(这个)?(工具|函数)",
    re.IGNORECASE,
)
TERMS = {
    "天气": "weather",
    "时间": "time",
    "计算": "calculate",
    "搜索": "search",
    "翻译": "translate",
    "邮件": "mail",
    "算": "calculate",
}
MOST_AT_ONCE = 4


def calls(wanted: ask.Ask, here: house.House) -> tuple[answers.Call, ...]:
    """Return the calls that the model makes now, none when it answers in words."""
    box = wanted.tools
    if not box.tools or box.mode == "none":
        return ()
    if box.mode == "named":
        tool = box.find(box.named)
        return _of(tool, wanted.question)[:1] if tool else ()
    done = _done(wanted.turns)
    suited = [tool for tool in _suited(wanted.question, box) if tool.name not in done]
    if not suited and box.mode == "required":
        suited = [tool for tool in box.tools if tool.name not in done][:1] or [box.tools[0]]
    made = [call for tool in suited for call in _of(tool, wanted.question)]
    return tuple(made[: MOST_AT_ONCE if box.parallel else 1])


def _done(turns: list[messages.Message]) -> set[str]:
    """Return the names of the tools that were called since the last question."""
    names: set[str] = set()
    for turn in reversed(turns):
        if turn.role == "user":
            break
        names.update(name for _, name, _ in turn.calls)
    return names


def _suited(question: str, box: toolbox.Toolbox) -> list[toolbox.Tool]:
    """Return the tools whose name, or a telling word of it, occurs in the question; the first for "use a tool"."""
    text = question.lower()
    for term, english in TERMS.items():
        text = text.replace(term, f" {english} ")
    asked = set(search.words(text))
    suited = [tool for tool in box.tools if tool.name.lower() in text or _telling(tool) & asked]
    return suited or (list(box.tools[:1]) if USE.search(question) else [])


def _telling(tool: toolbox.Tool) -> set[str]:
    """Return the words of a tool's name that tell what it is about; get, current and the like do not."""
    words = re.sub(r"([a-z])([A-Z])", r"\1 \2", tool.name).replace("_", " ").replace("-", " ")
    common = set(
        search.words("get current fetch list find lookup query run call do set new data info tool function sandbox my")
    )
    return set(search.words(words)) - common


def _of(tool: toolbox.Tool, question: str) -> tuple[answers.Call, ...]:
    """Return the calls of one tool: one for each place that the question names, if the tool takes a place, else one."""
    if tool.kind == "custom":
        return (answers.Call(tool.name, question, "custom"),)
    takes_place = any(schema.PLACES.search(name) for name in tool.parameters.get("properties", {}))
    made = []
    for place in (schema.places(question) if takes_place else []) or [""]:
        hints = schema.Hints(question)
        hints.places = [place] if place else []
        arguments = schema.instance(tool.parameters or {"type": "object"}, hints)
        made.append(answers.Call(tool.name, json.dumps(arguments, ensure_ascii=False)))
    return tuple(made)
