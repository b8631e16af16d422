"""Fills a database with so many messages, has them indexed, and looks for things in them: beside a plain LIKE.

Called with the environment of a site that does not run: `python -m tests.bench.searching 100000`; prints JSON.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatsite.settings")
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402 - once Django is ready
from django.db import connection, transaction  # noqa: E402

from conversations.models import Conversation, Message  # noqa: E402
from conversations.search import indexing, results  # noqa: E402

LENGTH = 50  # messages of a conversation
ROUNDS = 5
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
_SYLLABLES = [
    "ka",
    "to",
    "ri",
    "mo",
    "ne",
    "sul",
    "ver",
    "tan",
    "lo",
    "pi",
    "gra",
    "den",
    "fo",
    "shi",
    "wel",
    "ban",
    "cor",
    "dis",
    "ex",
    "ture",
]
_LIKE = (
    "SELECT m.id FROM conversations_message m JOIN conversations_conversation c ON c.id = m.conversation_id "
    "WHERE c.owner_id = %s AND m.{} LIKE %s ORDER BY m.created_at DESC LIMIT 20"
)


class Words:
    """Sentences in which some words are as common as "the", and most are rare; every fifth is Chinese."""

    def __init__(self) -> None:
        self._chance = random.Random(5)
        made = (
            "".join(self._chance.choice(_SYLLABLES) for _ in range(self._chance.randint(2, 4))) for _ in range(30_000)
        )
        self.words = ["the", "of", "and", "to", "in", "a", *dict.fromkeys(made)]
        self.signs = [chr(0x4E00 + 7 * number) for number in range(2_500)]
        self._words = list(itertools.accumulate(1 / (place + 2.7) for place in range(len(self.words))))
        self._signs = list(itertools.accumulate(1 / (place + 5) for place in range(len(self.signs))))

    def sentence(self, number: int) -> str:
        if number % 5 == 0:
            length = self._chance.randint(20, 300)
            return "".join(self._chance.choices(self.signs, cum_weights=self._signs, k=length))
        length = self._chance.randint(10, 240)
        return " ".join(self._chance.choices(self.words, cum_weights=self._words, k=length))

    def queries(self) -> list[str]:
        """Common and rare words, several, phrases, beginnings, Chinese, operators, what is not there."""
        words, signs = self.words, self.signs
        rare = words[5_000:5_006]
        return [
            *("the ", "t", "th", "the of and ", '"of the" ', f"the {rare[0]} ", "nothingofthekind "),
            *(f"{word} " for word in (words[40], words[300], words[1_000], *rare)),
            *(f"{words[100]} {words[101]} ", rare[0][:4], rare[1][:5], words[300][:4]),
            *(signs[0], signs[300], signs[5] + signs[9], signs[3] + signs[4] + signs[5], signs[1_000]),
            *(
                "title:the",
                "before:2025-03 the ",
                f"after:2025-02 before:2025-04 {words[300]} ",
                f"{words[50]} has:code",
            ),
        ]


def fill(owner: Any, words: Words, number: int) -> None:
    """So many messages, in conversations that were had one after the other."""
    moments = (BEGIN + timedelta(seconds=300 * place) for place in itertools.count())
    for start in range(0, number, 100 * LENGTH):
        conversations, messages = [], []
        for first in range(start, min(start + 100 * LENGTH, number), LENGTH):
            parent = None
            at = next(moments)
            made = Conversation(owner=owner, title=words.sentence(first + 1)[:80], created_at=at, updated_at=at)
            conversations.append(made)
            for place in range(first, first + LENGTH):
                parts = [{"type": "text", "text": words.sentence(place)}]
                role = "assistant" if place % 2 else "user"
                parent = Message(conversation=made, parent=parent, role=role, parts=parts, created_at=next(moments))
                messages.append(parent)
        with transaction.atomic():
            Conversation.objects.bulk_create(conversations)
            Message.objects.bulk_create(messages, batch_size=500)


def timed(what: Callable[[], Any]) -> list[float]:
    """Seconds that it took, each of ROUNDS times."""
    found = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        what()
        found.append(time.perf_counter() - began)
    return found


def like(owner: Any, query: str) -> None:
    """What sites without an index do: the newest twenty messages that hold these letters."""
    column = "parts" if connection.vendor == "sqlite" else "parts::text"
    letters = json.dumps(query.strip().strip('"'))[1:-1].replace("\\", "\\\\")
    with connection.cursor() as cursor:
        ending = " ESCAPE '\\'" if connection.vendor == "sqlite" else ""
        cursor.execute(_LIKE.format(column).replace("LIKE %s", f"LIKE %s{ending}"), [owner.pk, f"%{letters}%"])
        cursor.fetchall()


def main(number: int) -> None:
    """Prints what was found."""
    words = Words()
    owner = get_user_model().objects.create(email="searching@example.org")
    fill(owner, words, number)
    began, cpu = time.perf_counter(), time.process_time()
    while ready := indexing.prepare():
        indexing.store(ready)
    indexed = {"index_seconds": time.perf_counter() - began, "index_cpu": time.process_time() - cpu}
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    queries = words.queries()
    each = {query: timed(lambda query=query: results.search(owner, query, "")) for query in queries}
    plain = {query: timed(lambda query=query: like(owner, query)) for query in queries if ":" not in query}
    print(json.dumps({"messages": number, **indexed, "load": os.getloadavg(), "each": each, "like": plain}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
