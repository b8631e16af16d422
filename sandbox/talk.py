"""Which answer a chat model gives: JSON, a tool call, what a tool said, an echo, or the guide's words."""

import dataclasses
import re

from sandbox import answers, ask, chores, faults, guide, house, jsonmode, results, toolcalls, vision

AGAIN = re.compile(r"\b(continue|carry on|go on)\b|继续|接着", re.IGNORECASE)


def answers_to(wanted: ask.Ask, here: house.House) -> list[answers.Answer]:
    """Return n answers. Blocking (search, pictures): call it in a thread."""
    first = faults.ending(wanted.question) if wanted.model.id == "sandbox-error" else None
    first = first or _answer(wanted, here)
    if wanted.model.id == "sandbox-breaks-off":
        first = dataclasses.replace(first, ending="breaks")
    return [first] + [_other(first, number, wanted) for number in range(2, wanted.n + 1)]


def _other(first: answers.Answer, number: int, wanted: ask.Ask) -> answers.Answer:
    """Return a further answer: the same, told apart by a line of its own where it is plain text."""
    calls = tuple(answers.Call(call.name, call.arguments, call.kind) for call in first.calls)
    mark = "" if calls or wanted.json_mode else f"(Sandbox answer {number} of {wanted.n}.)\n\n"
    return dataclasses.replace(first, text=mark + first.text, calls=calls)


def _answer(wanted: ask.Ask, here: house.House) -> answers.Answer:
    effort = wanted.set_fields.get("reasoning_effort", "medium")
    thinks = wanted.model.reasons and effort != "none"
    if calls := toolcalls.calls(wanted, here):
        thoughts = f"A tool can tell: {', '.join(call.name for call in calls)}. I take its arguments from the message."
        return answers.Answer("", thoughts if thinks else "", calls)
    text, thoughts = _words(wanted, here)
    if wanted.json_mode:
        text = jsonmode.write(wanted, text, here)
        thoughts = "The answer has to be JSON, so I will write nothing else."
    return answers.Answer(text, thoughts if thinks else "")


def _words(wanted: ask.Ask, here: house.House) -> tuple[str, str]:
    """Return what is said in plain text and how it was found."""
    if wanted.last.role in ("tool", "function"):
        return results.tell(wanted.turns), "The tool has answered; I will say what it said."
    if wanted.model.id == "sandbox-echo":
        return wanted.question, "I say what was said."
    if seen := vision.tell(wanted.turns, here):
        return seen, "There is something attached; I read its header and its pixels."
    instructions = "\n".join(turn.text for turn in wanted.turns if turn.role in ("system", "developer"))
    texts = [turn.text for turn in wanted.turns if turn.role in ("user", "assistant")]
    for asked in (wanted.question, instructions):
        if done := chores.title(asked, texts) or chores.summary(asked, texts):
            return done, "This is a chore: I cut it out of the conversation."
    if counted := chores.counting(wanted.question) or chores.arithmetic(wanted.question):
        return counted, "They want numbers; I can count."
    return _guided(wanted, here)


def _guided(wanted: ask.Ask, here: house.House) -> tuple[str, str]:
    """Return the guide's answer; where the last one was cut (E3), the rest of it."""
    questions = [turn.text for turn in wanted.turns if turn.role == "user"]
    said = next((turn.text for turn in reversed(wanted.turns) if turn.role == "assistant"), "")
    if said and wanted.last.role == "user" and AGAIN.search(wanted.question):
        before = guide.answer(questions[:-1], wanted.model.id, here)
        if len(before.text) > len(said) and before.text.startswith(said):
            return before.text[len(said) :], "My last answer was cut; I go on where it ended."
    answer = guide.answer(questions, wanted.model.id, here)
    if said and wanted.last.role == "assistant" and answer.text.startswith(said):
        return answer.text[len(said) :], "My answer has begun already; I go on where it ends."
    return answer.text, answer.thoughts
