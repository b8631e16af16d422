"""The answer after a tool has answered: its result in words (D6)."""

import json
from typing import Any

from sandbox import messages, phrases

LONGEST = 600  # characters of one result that are repeated
TOLD = {
    "nothing": ("Sandbox: the tool `{name}` answered nothing.", "沙盒（sandbox）：工具 `{name}` 没有返回内容。"),
    "fault": (
        "Sandbox: the tool `{name}` reported a fault: {shown}",
        "沙盒（sandbox）：工具 `{name}` 报告了错误：{shown}",
    ),
    "said": ("Sandbox: the tool `{name}` answered: {shown}", "沙盒（sandbox）：工具 `{name}` 返回：{shown}"),
}


def tell(turns: list[messages.Message]) -> str:
    """Return a sentence for each result at the end of the conversation, in the language of the question."""
    question = next((turn.text for turn in reversed(turns) if turn.role == "user"), "")
    speech = phrases.language(question)
    tail: list[messages.Message] = []
    for turn in reversed(turns):
        if turn.role not in ("tool", "function"):
            break
        tail.insert(0, turn)
    names = {call_id: name for turn in turns for call_id, name, _ in turn.calls}
    lines = [_line(names.get(turn.answers, turn.answers), turn.text, speech) for turn in tail]
    return "\n\n".join(lines)


def _line(name: str, text: str, speech: str) -> str:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = text
    shown = in_words(value)
    kind = "nothing" if not shown.strip() else "said"
    if isinstance(value, dict) and set(value) & {"error", "errors"}:
        kind = "fault"
    return TOLD[kind][speech == "zh"].format(name=name, shown=shown)


def in_words(value: Any) -> str:
    """Return a JSON value as words: fields with their values, lists as bullets, the end of long texts left out."""
    if isinstance(value, dict) and value:
        return _cut("; ".join(f"{str(name).replace('_', ' ')}: **{_flat(one)}**" for name, one in value.items()))
    if isinstance(value, list) and value:
        return "\n\n" + "\n".join(f"- {_cut(_flat(one))}" for one in value[:20]) + ("\n- …" if len(value) > 20 else "")
    return _cut(_flat(value))


def _flat(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
