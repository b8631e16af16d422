"""Keys of an organisation, as an admin key may list, make and delete them (wire.md section 12, requirements A2, A3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from openai_client import _json
from openai_client._secret import Secret
from openai_client._values import NO_META, ResponseMeta
from openai_client.exceptions import UnexpectedAnswer


@dataclass(frozen=True, slots=True)
class AdminKey:
    """A key as its server tells of it; `value` is there in the answer to its making and never again.

    `created`, `last_used` and `expires` are Unix seconds.
    """

    id: str
    name: str = ""
    redacted_value: str = ""
    owner: str = ""
    created: int | None = None
    last_used: int | None = None
    expires: int | None = None
    value: Secret = field(default=Secret(""))
    meta: ResponseMeta = field(default=NO_META, repr=False)


@dataclass(frozen=True, slots=True)
class AdminKeyList:
    """The keys of an organisation, the newest page of them."""

    keys: tuple[AdminKey, ...] = ()
    has_more: bool = False
    meta: ResponseMeta = field(default=NO_META, repr=False)

    def __iter__(self) -> Iterator[AdminKey]:
        return iter(self.keys)

    def __len__(self) -> int:
        return len(self.keys)


def read_keys(value: object, meta: ResponseMeta) -> AdminKeyList:
    """A list of keys; rows without an id are none. Raises UnexpectedAnswer for what is no list."""
    fields = _json.as_mapping(value)
    if not isinstance(fields.get("data"), list):
        raise UnexpectedAnswer("The server answered, but not with a list of keys", code="not_an_answer")
    rows = [_json.as_mapping(row) for row in _json.as_list(fields["data"])[:500]]
    keys = tuple(_key(row, NO_META) for row in rows if _json.as_text(row.get("id")))
    return AdminKeyList(keys, fields.get("has_more") is True, meta)


def read_key(value: object, meta: ResponseMeta) -> AdminKey:
    """A key that was just made."""
    return _key(_json.as_mapping(value), meta)


def _key(row: Mapping[str, object], meta: ResponseMeta) -> AdminKey:
    owner = _json.as_mapping(row.get("owner"))
    return AdminKey(
        id=_json.as_text(row.get("id")),
        name=_json.as_text(row.get("name")),
        redacted_value=_json.as_text(row.get("redacted_value")),
        owner=_json.as_text(owner.get("name") or owner.get("id")),
        created=_json.as_seconds(row.get("created_at")),
        last_used=_json.as_seconds(row.get("last_used_at")),
        expires=_json.as_seconds(row.get("expires_at")),
        value=Secret(_json.as_text(row.get("value"))),
        meta=meta,
    )
