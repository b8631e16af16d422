"""The guide: greets, gives a tour, and answers questions about this site from its documents, naming the section."""

import dataclasses

from sandbox import house, phrases, search, smalltalk, tour

ENOUGH = 0.45  # of the question's weight must occur in a section for it to be an answer
ENOUGH_NAMED = 0.2  # where the section's own heading holds a word of the question
NEAR = 0.15  # where a section is not an answer but worth a hint
EXCERPT = 1_100  # characters of a section that are quoted
LONGEST_BLOCK = 3 * EXCERPT  # a list, table or listing beyond it is quoted from its beginning only


@dataclasses.dataclass(frozen=True)
class Said:
    """What the guide says, and how it came to it."""

    text: str
    thoughts: str


def plain(text: str) -> str:
    """Return a text without the blanks and marks around it, for comparing with fixed questions."""
    return text.strip().strip(" .!?,;:~。！？，；～…").lower()


def answer(questions: list[str], model: str, here: house.House) -> Said:
    """Return the answer to the last of a person's messages; "more" goes on with the question before it."""
    asked = list(questions)
    further = 0
    while len(asked) > 1 and smalltalk.MORE.fullmatch(plain(asked[-1])):
        asked.pop()
        further += 1
    question = asked[-1] if asked else ""
    speech = phrases.language(question)
    if not plain(question):
        return Said(phrases.say("empty", speech), "The message holds no words. I will ask for some.")
    if not further:
        for name, pattern in smalltalk.TALK:
            if pattern.fullmatch(plain(question)):
                return Said(
                    phrases.say(name, speech, model=model), f"“{question.strip()}” is small talk; no search is needed."
                )
        if shown := tour.asked_for(question, speech):
            return Said(shown, "They want to see what can be shown. I have a tour for that; no search is needed.")
    return look_up(question, speech, further, here)


def look_up(question: str, speech: str, further: int, here: house.House) -> Said:
    """Search the documents; further counts how many times "more" was said."""
    index = here.library.open().index
    sought = search.question_words(question)
    found = index.find(sought)
    thoughts = _thoughts(question, sought, found, len(index.sections))
    hits = [hit for hit in found if hit.share >= (ENOUGH_NAMED if hit.named else ENOUGH)]
    if not hits:
        lines = [phrases.say("nothing", speech)]
        if found and found[0].share >= NEAR:
            lines.append(phrases.say("near", speech, name=found[0].section.name))
        return Said(
            "\n\n".join(lines), thoughts + "That is too little to be an answer, so I will say that I found nothing."
        )
    if further >= len(hits):
        return Said(phrases.say("no_more", speech), thoughts + "All of them were shown already.")
    hit = hits[further]
    opening = phrases.say("more" if further else "found", speech, name=hit.section.name)
    lines = [opening, excerpt(hit.section.text, sought)]
    if others := [f"**{other.section.name}**" for other in hits[further + 1 : further + 3]]:
        lines.append(phrases.say("see", speech, names=", ".join(others)))
    return Said("\n\n".join(lines), thoughts + f"I will quote “{hit.section.name}”.")


def _thoughts(question: str, sought: list[str], found: list[search.Hit], total: int) -> str:
    """Return what was really done, for the model that reasons aloud."""
    lines = [
        f"The question is: “{' '.join(question.split())[:200]}”",
        f"Words to look for: {', '.join(sought[:20]) or 'none'}.",
    ]
    lines.append(f"I compare them with {total} sections of this site's documents.")
    for hit in found[:3]:
        lines.append(f"- {hit.section.name}: score {hit.score:.1f}, {hit.share:.0%} of the words' weight.")
    if not found:
        lines.append("None of the sections holds any of these words.")
    return "\n".join(lines) + "\n"


def blocks(text: str) -> list[str]:
    """Return the blocks of a Markdown text (paragraphs, lists, tables, code with its fences), never cut inside."""
    found: list[list[str]] = [[]]
    fence = ""
    for line in text.splitlines():
        mark = search.FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        if line.strip() or fence:
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [_shortened("\n".join(lines)) for lines in found if lines]


def _shortened(block: str) -> str:
    """Return a block whole, or the first lines of one that is too long, its fence closed."""
    if len(block) <= LONGEST_BLOCK:
        return block
    kept = block[:EXCERPT].rpartition("\n")[0] or block[:EXCERPT]
    mark = search.FENCE.match(block)
    return f"{kept}\n{mark[1]}\n\n…" if mark else f"{kept}\n\n…"


def excerpt(text: str, sought: list[str]) -> str:
    """Return whole blocks of a section from the best one on, about EXCERPT characters; all of a short section."""
    if len(text) <= EXCERPT:
        return text
    pieces = blocks(text)
    wanted = set(sought)
    best = max(range(len(pieces)), key=lambda place: (len(wanted & set(search.question_words(pieces[place]))), -place))
    chosen = [pieces[best]]
    for piece in pieces[best + 1 :]:
        if sum(map(len, chosen)) + len(piece) > EXCERPT:
            break
        chosen.append(piece)
    return "\n\n".join(["…"] * (best > 0) + chosen + ["…"] * (best + len(chosen) < len(pieces)))
