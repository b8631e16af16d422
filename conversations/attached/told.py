"""What is said of files before they are sent: how they would go, about how many tokens, what stands against it."""

import functools
import uuid
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from billing import tokens as counting
from conversations.attached import chosen, parts
from files import access, texts
from files.models import Extraction, File, Kind, ReadingStatus
from providers import offers, registry

Json = dict[str, Any]


def of(user: Any, ids: Sequence[uuid.UUID], provider_id: str, model_id: str) -> Json:
    """docs/protocol.md, "Files in messages". Raises NotFound for what is not theirs, or not there."""
    files = access.files_of(user, ids)
    facts = texts.facts_of(files)
    model = _model(user, provider_id, model_id)
    return {"files": [_file(file, facts.get(file.pk), model) for file in files], "model": model}


def _model(user: Any, provider_id: str, model_id: str) -> Json:
    """What is known of whom it goes to; null: nothing."""
    unknown: Json = {"sees": None, "hears": None, "context_length": None, "name": model_id}
    if not (provider_id and model_id):
        return unknown
    known = offers.one(user, registry.get(user, provider_id), model_id).known
    capabilities = known["capabilities"]
    hears = True if provider_id == registry.SANDBOX else capabilities.get("audio")
    return {
        **unknown,
        "sees": capabilities.get("vision"),
        "hears": hears,
        "context_length": known["context_length"],
    }


def _file(file: File, facts: Extraction | None, model: Json) -> Json:
    way = chosen.usual_way(file, facts)
    problem = chosen.why_not(facts) if way == parts.TEXT and facts and facts.status == ReadingStatus.FAILED else None
    told: Json = {**access.file_json(file), "as": way, "ways": _ways(file, facts), "problem": problem}
    told["text"] = texts.as_json(facts) if facts else None
    told["page_tokens"] = list(page_tokens(facts.pk, facts.pages)) if facts and facts.pages else None
    told["tokens"] = _tokens(file, facts, way, told["page_tokens"])
    return {**told, "warning": _warning(file, way, model)}


def _ways(file: File, facts: Extraction | None) -> list[str]:
    if file.kind == Kind.IMAGE:
        return [parts.IMAGE]
    if file.kind == Kind.AUDIO:
        return [parts.AUDIO] if file.mime in parts.AUDIO_FORMATS else [parts.WHOLE]
    readable = facts is not None and facts.status != ReadingStatus.FAILED
    return [*([parts.TEXT] if readable else []), *([parts.WHOLE] if file.kind in (Kind.PDF, Kind.OTHER) else [])]


def _tokens(file: File, facts: Extraction | None, way: str, pages: Sequence[int] | None) -> int | None:
    """About how many; null where a text has not been read yet."""
    if way == parts.IMAGE:
        return parts.picture_tokens(file.width, file.height, "")
    if way == parts.AUDIO:
        return parts.sound_tokens(file.size)
    if way == parts.WHOLE:
        return chosen.whole_tokens(file, facts)
    return sum(pages) if pages is not None else None


@functools.lru_cache(maxsize=64)
def page_tokens(extraction_id: uuid.UUID, _pages: int) -> tuple[int, ...]:
    """About how many tokens each page of a text has; a text that was read does not change."""
    text = texts.text_of(Extraction.objects.get(pk=extraction_id))
    return tuple(counting.estimate(page) + counting.PER_MESSAGE for page in text.pages)


def _warning(file: File, way: str, model: Json) -> str | None:
    name = {"model": model["name"]}
    if way == parts.IMAGE and model["sees"] is False:
        return _("%(model)s cannot see pictures: it will be told only its name.") % name
    if way == parts.AUDIO and model["hears"] is not True:
        return _("It is not known whether %(model)s can hear. It may refuse this.") % name
    if way == parts.WHOLE:
        return _("It will be sent as it is, and few models take such a file.") if file.kind != Kind.PDF else None
    return None
