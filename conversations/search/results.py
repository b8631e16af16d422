"""What was found, as pages, the palette and programs are shown it (docs/protocol.md)."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations import addresses
from conversations.models import Conversation, Message
from conversations.search import finding, queries, snippets
from conversations.search.entries import readable
from conversations.search.queries import Query

Json = dict[str, Any]


def search(user: Any, text: str, place: str) -> Json:
    """A page of what this person's query finds, with what there is to say about the query."""
    query = queries.parse(text)
    found = finding.find(user.pk, query, finding.place(place))
    hits = _hits(user, query, found.hits)
    return {
        "q": text[: queries.LENGTH],
        "hits": hits,
        "more": str(found.more) if found.more else None,
        "messages": found.messages,
        "conversations": found.conversations,
        "notes": _notes(user, text, query, found_some=bool(found.hits)),
    }


def _hits(user: Any, query: Query, found: Iterable[finding.Hit]) -> list[Json]:
    """Looked up once more, by whose they are: the index says where, never who may see it."""
    found = list(found)
    keys = {hit.conversation for hit in found}
    conversations = {one.pk: one for one in Conversation.objects.filter(owner=user, deleted_at=None, pk__in=keys)}
    there = Message.objects.filter(conversation__in=conversations, deleted_at=None)
    messages = {one.pk: one for one in there.filter(pk__in=[hit.message for hit in found if hit.message])}
    return [
        _hit(conversations[hit.conversation], messages.get(hit.message) if hit.message else None, query, hit.start)
        for hit in found
        if hit.conversation in conversations and (hit.message is None or hit.message in messages)
    ]


def _hit(conversation: Conversation, message: Message | None, query: Query, start: int) -> Json:
    said = snippets.snippet(readable(message.parts), query, start) if message else []
    at = message.created_at if message else conversation.updated_at
    return {
        "conversation": str(conversation.pk),
        "message": str(message.pk) if message else None,
        "url": addresses.hit(conversation.pk, message.pk) if message else addresses.conversation(conversation.pk),
        "title": _pieces(snippets.title(conversation.title, query)),
        "snippet": _pieces(said),
        "role": message.role if message else None,
        "model_id": message.model_id if message else None,
        "at": at.isoformat(),
        "pinned": conversation.pinned_at is not None,
        "archived": conversation.archived_at is not None,
    }


def _pieces(marked: snippets.Marked) -> list[Json]:
    return [{"text": text, "found": found} for text, found in marked]


def _notes(user: Any, text: str, query: Query, *, found_some: bool) -> list[str]:
    """Sentences: what was not understood, and what helps when nothing was found."""
    notes = []
    if len(text) > queries.LENGTH:
        notes.append(_("Only the first %(limit)s characters are looked for.") % {"limit": queries.LENGTH})
    notes += [_("“%(words)s” says nothing here and was left out.") % {"words": words} for words in query.unclear]
    if query.empty and text.strip() and not query.unclear:
        notes.append(_("There is no word in this to look for."))
    if query.narrows and query.terms and not found_some:
        count = finding.find(user.pk, Query(query.terms), finding.Place()).messages
        if count is None:
            notes.append(_("Without the filters there are many."))
        elif count:
            words = ngettext("Without the filters there is one.", "Without the filters there are %(count)s.", count)
            notes.append(words % {"count": count})
    return notes
