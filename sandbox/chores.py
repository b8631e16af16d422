"""Small things that a model is asked for beside chatting: a title for a conversation, a summary, counting, sums."""

import ast
import operator
import re
from typing import Any

TITLE = re.compile(
    r"\b(write|give|create|generate|suggest|make|reply with|answer with|provide|find)\b.{0,60}\btitle\b|标题"
    r"|\btitle (for|of) (this|the) (chat|conversation)",
    re.IGNORECASE | re.DOTALL,
)
SUMMARY = re.compile(r"\b(summari[sz]e|summary of|sum up)\b|(总结|概括|摘要)", re.IGNORECASE)
COUNT = re.compile(r"\bcount (?:from (\d{1,4}) )?(?:up )?to (\d{1,4})\b|数到\s*(\d{1,4})", re.IGNORECASE)
SUM = re.compile(
    r"(?:what(?:'s| is)|how much is|calculate|compute|算一?下?|计算)?\s*([\d.(-][\d\s.+*/()×÷-]*[\d)])"
    r"\s*(?:=|等于多少|是多少)?\s*[?？]?",
    re.IGNORECASE,
)
OPERATORS: dict[type[ast.AST], Any] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.USub: operator.neg,
}
SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]?")
SUMMARY_SENTENCES = 5
QUESTIONS = re.compile(r"^\W*(what|how|why|where|when|who|which|is|are|can|does|do)\b|\?|？", re.IGNORECASE)


def title(instructions: str, texts: list[str]) -> str:
    """Return a title of a few words when the instructions ask for one, else ""; texts is the conversation."""
    if not TITLE.search(instructions) or (len(instructions) < 80 and QUESTIONS.search(instructions)):
        return ""
    source = (
        next((text for text in texts if text.strip() and text != instructions), "") or instructions.rsplit("\n", 1)[-1]
    )
    line = re.sub(r"^(user|human|person)\s*:\s*|[#*`>_]", "", source.strip().splitlines()[0], flags=re.IGNORECASE)
    short = " ".join(line.split()[:7])[:48].rstrip(" ,.;:?!，。；：？！")
    return short or "Sandbox conversation"


def summary(instructions: str, texts: list[str]) -> str:
    """Return the first sentence of each text when a summary is asked for, else "": it is cut out, and says so."""
    if not SUMMARY.search(instructions):
        return ""
    source = [text for text in texts if text != instructions]
    if not source and ":" in instructions:
        source = [paragraph for paragraph in instructions.split(":", 1)[1].split("\n\n") if paragraph.strip()]
    firsts = [match[0].strip() for text in source if (match := SENTENCE.search(text.strip()))]
    if not firsts:
        return ""
    kept = firsts if len(firsts) <= SUMMARY_SENTENCES else firsts[:2] + firsts[2 - SUMMARY_SENTENCES :]
    return "Sandbox summary (the first sentences, cut out):\n\n" + "\n".join(f"- {one[:200]}" for one in kept)


def counting(question: str) -> str:
    """Return the numbers when somebody says "count to 20" (a long answer on demand, to try Stop with), else ""."""
    match = COUNT.search(question)
    if not match or len(question) > 80:
        return ""
    first, last = int(match[1] or 1), int(match[2] or match[3])
    return (
        "Sandbox, counting: " + ", ".join(str(number) for number in range(first, last + 1)) + "."
        if first <= last
        else ""
    )


def arithmetic(question: str) -> str:
    """Return the result when the whole message is a sum such as "what is 2 + 2?", else ""."""
    match = SUM.fullmatch(question.strip()[:80])
    if not match or not re.search(r"\d\s*[-+*/×÷]", match[1]):
        return ""
    try:
        value = _value(ast.parse(match[1].replace("×", "*").replace("÷", "/").strip(), mode="eval").body)
    except (SyntaxError, ValueError, ArithmeticError):
        return ""
    shown = int(value) if isinstance(value, float) and value.is_integer() else value
    return f"Sandbox arithmetic: {match[1].strip()} = {shown}"


def _value(node: ast.AST) -> float:
    """Return the value of a tree of numbers and the four operations; ValueError for anything else."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return node.value  # type: ignore[return-value]
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return OPERATORS[type(node.op)](_value(node.left), _value(node.right))
    if isinstance(node, ast.UnaryOp) and type(node.op) in OPERATORS:
        return OPERATORS[type(node.op)](_value(node.operand))
    raise ValueError(ast.dump(node))
