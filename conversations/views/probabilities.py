"""How likely each word of an answer was: as JSON whole, as a page in helpings."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from accounts.access import signed_in
from conversations import access, behind
from conversations import probabilities as odds
from live.errors import NotFound
from live.replies import wants_json

Json = dict[str, Any]
PAGE = 500  # words


def probabilities(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002 - the address says id
    """The tokens of an answer with what might have stood in their place."""
    message = access.message(signed_in(request), id)
    parts = behind.tokens(message)
    if not parts:
        raise NotFound()
    if wants_json(request):
        return JsonResponse({"parts": [_part_json(part) for part in parts]})
    context = {"message": message, "conversation": message.conversation}
    return render(request, "conversations/probabilities.html", {**context, **_page(parts, _start(request))})


def _part_json(part: behind.Part) -> Json:
    tokens = [odds.as_json(token) for token in part.tokens]
    return {"run": str(part.run.pk), "characters": part.characters, "tokens": tokens}


def _start(request: HttpRequest) -> int:
    """The first word to show; what is no number is the first of all."""
    text = request.GET.get("from", "")
    return int(text) if text.isdecimal() and len(text) < 8 else 0


def _page(parts: list[behind.Part], start: int) -> Json:
    words: list[Json] = []
    for part in parts:
        if part.tokens:
            words += [{"cell": cell} for cell in odds.cells(part.tokens)]
        elif part.characters:
            words.append({"gap": part.characters})
    if all("gap" in word for word in words):
        words = []
    for number, word in enumerate(words, 1):
        word["number"] = number
    start = min(start, max(len(words) - 1, 0)) // PAGE * PAGE
    end = min(start + PAGE, len(words))
    return {
        "words": words[start:end],
        "before": start - PAGE if start else None,
        "after": end if end < len(words) else None,
        "first": start + 1,
        "last": end,
        "total": len(words),
    }
