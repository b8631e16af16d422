"""Small things that sites ask a model for beside chatting: a title for a conversation, a summary, counting."""

import re

TITLE = re.compile(
    r"\b(write|give|create|generate|suggest|make|reply with|answer with|provide|find)\b.{0,60}\btitle\b|标题"
    r"|\btitle (for|of) (this|the) (chat|conversation)",
    re.IGNORECASE | re.DOTALL,
)
SUMMARY = re.compile(r"\b(summari[sz]e|summary of|sum up)\b|(总结|概括|摘要)", re.IGNORECASE)
COUNT = re.compile(r"\bcount (?:from (\d{1,4}) )?(?:up )?to (\d{1,4})\b|数到\s*(\d{1,4})", re.IGNORECASE)
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
