"""What an entry is for, in words and as a link: registered by the app whose call it was."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Links = Callable[[Any, Iterable[str]], Mapping[str, str]]  # (user, source ids) -> id -> address


@dataclasses.dataclass(frozen=True)
class Source:
    """`sentence` has a place for the entry's label, such as "Answer in “%(label)s”"; `name` is the kind's own."""

    name: Any
    sentence: Any
    links: Links | None = None


_sources: dict[str, Source] = {}


def register(kind: str, *, name: Any, sentence: Any, links: Links | None = None) -> None:
    """Say what entries of this `source_kind` are called and where they lead. For `hooks.py`."""
    _sources[kind] = Source(name, sentence, links)


def name(kind: str) -> str:
    """A kind in one or two words; one that nobody registered names itself."""
    found = _sources.get(kind)
    return str(found.name) if found else kind


def names() -> dict[str, str]:
    """Every kind of call that there is, with its name."""
    return {kind: str(source.name) for kind, source in _sources.items()}


def words(kind: str, label: str) -> str:
    """What an entry was for."""
    found = _sources.get(kind)
    if found is None:
        return label or kind
    return str(found.sentence) % {"label": label} if label else str(found.name)


def links(user: Any, wanted: Mapping[str, Iterable[str]]) -> dict[tuple[str, str], str]:
    """(kind, id) -> address, for what is still there and this person's: one question for each kind."""
    found: dict[tuple[str, str], str] = {}
    for kind, ids in wanted.items():
        source = _sources.get(kind)
        if source is not None and source.links is not None:
            found |= {(kind, id_): address for id_, address in source.links(user, ids).items()}
    return found
