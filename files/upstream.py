"""The files that a provider keeps, asked for at its own server (wire.md section 8, requirements L1 to L5)."""

import asyncio
import contextlib
import dataclasses
import re
from collections.abc import AsyncIterator
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

import openai_client as oc
from files.errors import DiskFull
from providers import clients, failures
from providers.failures import RunFailed
from providers.registry import Provider

PURPOSES = ("user_data", "fine-tune", "batch", "evals", "vision", "assistants")  # those that OpenAI takes
PAGE = 50  # files shown at once
PREVIEW = 32 * 1024  # bytes of a file that are shown
MOST = 512 * 1024 * 1024  # bytes of one file, as OpenAI has it
SHORTEST, LONGEST = 3600, 2_592_000  # seconds that a file may be kept for, where it expires
_TALK = oc.Timeouts(10.0, 20.0, 20.0, 40.0)  # a page waits for it
_ONCE = oc.Retries(attempts=1)  # an upload whose answer is lost must not be sent, and kept, twice
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")

NO_FILES = gettext_noop(
    "%(provider)s keeps no files: its server does not have this function. Everything else works as before."
)
NOT_THERE = gettext_noop("%(provider)s has no file with this id. It may be deleted, or it expired.")
NOT_GIVEN = gettext_noop(
    "%(provider)s does not give back what is in this file. Files of some purposes cannot be downloaded."
)
REFUSED = gettext_noop("%(provider)s refused this file. The details say what it objects to.")
TOO_LARGE = gettext_noop("This file is larger than %(provider)s accepts.")
BROKE_OFF = gettext_noop("The connection to %(provider)s broke off before everything had arrived. Try again.")
LARGER = gettext_noop("This file is larger than this site takes.")


class Unhelpful(Exception):
    """The provider did not do what it was asked. `failed` says why, `status` is what a door answers."""

    def __init__(self, failed: RunFailed, *, status: int = 502) -> None:
        super().__init__(failed.code)
        self.failed, self.status = failed, status


@dataclasses.dataclass(frozen=True)
class Page:
    """Some of a provider's files; `after` asks for those that follow, None: these are the last."""

    files: tuple[oc.File, ...]
    after: str | None


@dataclasses.dataclass(frozen=True)
class Preview:
    """How a file begins. `text` None: it is no text; `cut`: there is more of it; `failed`: it is not given back."""

    text: str | None = None
    cut: bool = False
    failed: RunFailed | None = None


async def listing(provider: Provider, *, purpose: str = "", order: str = "desc", after: str = "") -> Page:
    """A page of the provider's files, newest first or (`asc`) oldest first. Raises Unhelpful."""
    async with _asking(provider, "list") as client:
        found = await client.files_list(purpose=purpose or None, limit=PAGE, order=order, after=after or None)
    return page_of(found, purpose, after)


def page_of(found: oc.FileList, purpose: str, after: str, size: int = PAGE) -> Page:
    """A page of what a server answered, which may know neither filter nor limit nor `after` (the shape of 2023).

    What stands before `after` has been shown already; a page that does not get on is the last one.
    """
    rows = list(found)
    places = [place for place, row in enumerate(rows) if row.id == after]
    if places:
        rows = rows[places[-1] + 1 :]
    last = None if places or found.last_id == after else found.last_id
    rows = [row for row in rows if not purpose or row.purpose in (purpose, "")]
    if len(rows) > size:
        return Page(tuple(rows[:size]), rows[size - 1].id)
    return Page(tuple(rows), last if found.has_more else None)


async def detail(provider: Provider, file_id: str) -> oc.File:
    """What is known about one file. Raises Unhelpful, with status 404 for one that is not there."""
    async with _asking(provider, "one") as client:
        found = await client.files_retrieve(file_id)
        if found.id and found.id != file_id:
            raise oc.UnexpectedAnswer("The server answered with another file", code="not_an_answer")
    return dataclasses.replace(found, id=file_id)


async def upload(
    provider: Provider, source: IO[bytes], name: str, mime: str, purpose: str, expires_after: int | None
) -> oc.File:
    """Send a file, read in pieces from its beginning. Raises Unhelpful."""
    async with _asking(provider, "upload", provider.timeouts) as client:
        kept = await client.files_upload(oc.Upload(name, source, mime), purpose, expires_after)
        if not kept.id:
            raise oc.UnexpectedAnswer("The server answered, but named no file", code="not_an_answer")
    return kept


async def delete(provider: Provider, file_id: str) -> None:
    """Have the provider delete a file. Raises Unhelpful."""
    async with _asking(provider, "one") as client:
        done = await client.files_delete(file_id)
        if not done.deleted:
            raise oc.APIError("The server did not delete it")


@contextlib.asynccontextmanager
async def content(provider: Provider, file_id: str) -> AsyncIterator[oc.FileStream]:
    """A file's content as it comes. Raises Unhelpful, also in the middle."""
    async with (
        _asking(provider, "content", provider.timeouts) as client,
        client.files_stream(file_id) as stream,
    ):
        yield stream


async def fetch_into(provider: Provider, file_id: str, out: IO[bytes], limit: int) -> None:
    """Write a file's content into `out`, at most `limit` bytes. Raises Unhelpful, DiskFull."""
    written = 0
    async with content(provider, file_id) as stream:
        async for piece in stream:
            written += len(piece)
            if written > limit:
                raise oc.TooLarge(f"The file is larger than {limit} bytes", code="answer_too_large")
            try:
                await asyncio.to_thread(out.write, piece)
            except OSError as error:
                raise DiskFull() from error


async def beginning(provider: Provider, file_id: str) -> Preview:
    """How a file begins, where it is text."""
    raw = bytearray()
    try:
        async with (
            _asking(provider, "content", _TALK) as client,
            client.files_stream(file_id) as stream,
        ):
            async for piece in stream:
                raw += piece
                if len(raw) > PREVIEW:
                    break
    except Unhelpful as error:
        return Preview(failed=error.failed)
    cut = len(raw) > PREVIEW
    return Preview(_as_text(bytes(raw[:PREVIEW]), cut=cut), cut)


def _as_text(raw: bytes, *, cut: bool) -> str | None:
    """Text that a page can show, None for what is none. A character that the cut went through is left out."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if not cut or error.start < len(raw) - 3:
            return None
        text = raw[: error.start].decode("utf-8-sig")
    return None if "\0" in text else _CONTROL.sub("�", text.replace("\r\n", "\n"))


@contextlib.asynccontextmanager
async def _asking(provider: Provider, what: str, timeouts: oc.Timeouts = _TALK) -> AsyncIterator[oc.Client]:
    """A client for one question; what it raises becomes a sentence about files."""
    limits = dataclasses.replace(clients.LIST_LIMITS, download=MOST)
    async with clients.new_client(provider, timeouts=timeouts, retries=_ONCE, limits=limits) as client:
        try:
            yield client
        except oc.OpenAIClientError as error:
            raise _explained(error, provider, what) from None


def _explained(error: oc.OpenAIClientError, provider: Provider, what: str) -> Unhelpful:
    """Why it was not done. The sentences of chats would speak of models and of texts that are kept."""
    failed = failures.explain(error, provider=provider.name, model_id="")
    reason, status = failed.details["reason"], 502
    if what == "list" and reason in ("address", "model", "unsupported", "no_answer"):
        failed, words = dataclasses.replace(failed, code="no_files"), NO_FILES
    elif reason in ("address", "model") and what in ("one", "content"):
        failed, words, status = dataclasses.replace(failed, code="not_found"), NOT_THERE, 404
    elif what == "content" and reason in ("refused", "parameter", "permission", "unsupported", "picture"):
        failed, words = dataclasses.replace(failed, code="not_given"), NOT_GIVEN
    elif reason == "request_too_large":
        words = TOO_LARGE
    elif what == "upload" and reason in ("refused", "picture", "too_long", "json_word", "tool_result"):
        words = REFUSED
    elif reason in ("stalled", "broken_off"):
        words = BROKE_OFF
    elif reason == "too_large":
        words = LARGER
    else:
        return Unhelpful(failed)
    return Unhelpful(dataclasses.replace(failed, message=_(words) % {"provider": provider.name}), status=status)
