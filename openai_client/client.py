"""The client: one method per endpoint, each a few lines over Call and the readers of its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Self, TypeVar
from urllib.parse import quote

import httpx

from openai_client import _files, _keys, _lists
from openai_client._call import OnRetry, Setup
from openai_client._dialect import Dialect
from openai_client._files import File, FileContent, FileList, FileStream
from openai_client._http import Request, Wire
from openai_client._images import ImageStream
from openai_client._keys import AdminKey, AdminKeyList
from openai_client._media import Upload
from openai_client._pictures import Spool
from openai_client._secret import Secret
from openai_client._settings import Retries, SizeLimits, Timeouts
from openai_client._stream import ChatStream
from openai_client._values import ChatCompletion, Deleted, Engine, EngineList, Model, ModelList
from openai_client._whole import Read, download, fetch
from openai_client.transports import default_transport

T = TypeVar("T")
_ADMIN_KEYS = "/organization/admin_api_keys"
_NO_HEADERS: Mapping[str, str] = {}


class Client:
    """An OpenAI-compatible server and how to talk to it. Cheap calls, shared connections; close it at the end.

    `base_url` ends in ".../v1", or names Azure's older addresses by an api-version (see normalize_base_url). `headers`
    are sent with every request and treated as secret, because some servers take their key there. `transport` None means
    transports.default_transport(). The client may
    be shared by any number of tasks of one event loop.
    """

    def __init__(
        self,
        base_url: str,
        api_key: Secret | str | None = None,
        *,
        organization: str | None = None,
        project: str | None = None,
        headers: Mapping[str, str] = _NO_HEADERS,
        transport: httpx.AsyncBaseTransport | None = None,
        timeouts: Timeouts = Timeouts(),  # noqa: B008  frozen, as the next two
        retries: Retries = Retries(),  # noqa: B008
        limits: SizeLimits = SizeLimits(),  # noqa: B008
        dialect: Dialect | None = None,
    ) -> None:
        sent = {name: Secret(value.strip()) for name, value in headers.items()}
        secrets = list(sent.values())
        key = Secret((api_key.reveal() if isinstance(api_key, Secret) else api_key or "").strip())
        if key:
            secrets.append(key)
            sent["Authorization"] = Secret(f"Bearer {key.reveal()}")
        if organization:
            sent["OpenAI-Organization"] = Secret(organization)
        if project:
            sent["OpenAI-Project"] = Secret(project)
        self._limits = limits
        self._setup = Setup(
            wire=Wire(base_url, transport or default_transport(), timeouts, sent, tuple(secrets)),
            timeouts=timeouts,
            retries=retries,
            limits=limits,
            dialect=dialect if dialect is not None else Dialect(),
        )

    def __repr__(self) -> str:
        return f"Client({self._setup.wire!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *ended: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Closes the connections. The client is not used afterwards."""
        await self._setup.wire.aclose()

    def stream_chat(
        self,
        request: Mapping[str, object],
        on_retry: OnRetry | None = None,
        *,
        streamed: bool = True,
        total: float | None = None,
    ) -> ChatStream:
        """POST /chat/completions, streamed (wire.md 1, 1.3). `request` holds wire fields; what is not in it, or None,
        is not sent, and `stream` is added; unless `streamed`, the answer is asked for whole, and read the same way.

        `on_retry` is called before each wait. `total` seconds, at most those of the client, are all that this call may
        take. Any exception of this package may come out of the iteration; what arrived before it is in
        `stream.completion`.
        """
        setup = self._setup if total is None else replace(self._setup, timeouts=self._setup.timeouts.within(total))
        body = {**request, "stream": True} if streamed else _unstreamed(request)
        return ChatStream(setup, Request("POST", "/chat/completions", body=body, stream=streamed), on_retry)

    async def chat(self, request: Mapping[str, object], on_retry: OnRetry | None = None) -> ChatCompletion:
        """POST /chat/completions, whole (wire.md 1.2). Raises any exception of this package."""
        return await self._whole("/chat/completions", request, on_retry)

    def stream_completion(self, request: Mapping[str, object], on_retry: OnRetry | None = None) -> ChatStream:
        """POST /completions, the legacy endpoint, streamed (wire.md 2). Its text comes as TextDelta."""
        return self._stream("/completions", request, on_retry)

    async def completions(self, request: Mapping[str, object], on_retry: OnRetry | None = None) -> ChatCompletion:
        """POST /completions, the legacy endpoint, whole (wire.md 2). Log probabilities keep their legacy shape."""
        return await self._whole("/completions", request, on_retry)

    async def models(self) -> ModelList:
        """GET /models (wire.md 3, quirks 7)."""
        return await self._fetch(Request("GET", "/models"), partial(_lists.read_models, self._limits.items))

    async def model(self, model_id: str) -> Model:
        """GET /models/{id} (wire.md 3). The id may hold slashes and colons."""
        return await self._fetch(Request("GET", _path("models", model_id)), partial(_lists.read_model, model_id))

    async def delete_model(self, model_id: str) -> Deleted:
        """DELETE /models/{id}: own fine-tuned models only (wire.md 3)."""
        return await self._delete(_path("models", model_id), model_id)

    async def admin_keys(self) -> AdminKeyList:
        """GET /organization/admin_api_keys (wire.md 12): the newest hundred; an admin key is needed."""
        return await self._fetch(Request("GET", _ADMIN_KEYS, query={"limit": 100, "order": "desc"}), _keys.read_keys)

    async def create_admin_key(self, name: str, expires_in_seconds: int | None = None) -> AdminKey:
        """POST /organization/admin_api_keys (wire.md 12): its value is in this answer and in no other."""
        body = {"name": name, "expires_in_seconds": expires_in_seconds}
        return await self._fetch(Request("POST", _ADMIN_KEYS, body=body), _keys.read_key)

    async def delete_admin_key(self, key_id: str) -> Deleted:
        """DELETE /organization/admin_api_keys/{id} (wire.md 12): who uses it is refused from then on."""
        return await self._delete(_path(_ADMIN_KEYS.strip("/"), key_id), key_id)

    async def engines(self) -> EngineList:
        """GET /engines: the model list of 2022, still served by some (wire.md 13)."""
        return await self._fetch(Request("GET", "/engines"), partial(_lists.read_engines, self._limits.items))

    async def engine(self, engine_id: str) -> Engine:
        """GET /engines/{id} (wire.md 13)."""
        return await self._fetch(Request("GET", _path("engines", engine_id)), partial(_lists.read_engine, engine_id))

    def stream_images(
        self, request: Mapping[str, object], spool: Spool, on_retry: OnRetry | None = None
    ) -> ImageStream:
        """POST /images/generations (wire.md 4), streamed where `request` says so; both forms are read the same way.

        `spool` opens an empty binary file for each picture. A prompt the filter refuses raises ContentFiltered.
        """
        streamed = bool(request.get("stream"))
        return ImageStream(
            self._setup, Request("POST", "/images/generations", body=request, stream=streamed), spool, on_retry
        )

    def stream_edit(
        self,
        request: Mapping[str, object],
        images: Sequence[Upload],
        spool: Spool,
        mask: Upload | None = None,
        on_retry: OnRetry | None = None,
    ) -> ImageStream:
        """POST /images/edits, multipart (wire.md 4): one to 16 pictures; `mask` applies to the first."""
        name = "image" if len(images) == 1 else "image[]"
        uploads = [(name, image) for image in images] + ([("mask", mask)] if mask else [])
        return self._uploading("/images/edits", request, uploads, spool, on_retry)

    def stream_variation(
        self, request: Mapping[str, object], image: Upload, spool: Spool, on_retry: OnRetry | None = None
    ) -> ImageStream:
        """POST /images/variations, multipart (wire.md 4): retired at OpenAI, which answers NotFound or BadRequest."""
        return self._uploading("/images/variations", request, [("image", image)], spool, on_retry)

    async def files_list(
        self,
        *,
        purpose: str | None = None,
        limit: int | None = None,
        order: str | None = None,
        after: str | None = None,
    ) -> FileList:
        """GET /files (wire.md 8): `limit` to 10,000, `order` asc or desc, `after` a file id."""
        query = _files.query_of(purpose=purpose, limit=limit, order=order, after=after)
        return await self._fetch(
            Request("GET", "/files", query=query), partial(_files.read_files, self._limits.items, limit)
        )

    async def files_upload(
        self, file: Upload, purpose: str, expires_after: int | None = None, **fields: str | int
    ) -> File:
        """POST /files, multipart (wire.md 8), read in pieces. `expires_after` in seconds; `fields` are sent as well."""
        form = _files.form_of(purpose, expires_after, fields)
        return await self._fetch(Request("POST", "/files", form=form, uploads=[("file", file)]), _files.read_file)

    async def files_retrieve(self, file_id: str) -> File:
        """GET /files/{id} (wire.md 8)."""
        return await self._fetch(Request("GET", _path("files", file_id)), _files.read_file)

    async def files_content(self, file_id: str) -> FileContent:
        """GET /files/{id}/content: raw bytes (wire.md 8), at most SizeLimits.download."""
        return await download(self._setup, Request("GET", _path("files", file_id) + "/content"))

    def files_stream(self, file_id: str) -> FileStream:
        """The same as it comes (wire.md 8), never whole in memory."""
        return FileStream(self._setup, Request("GET", _path("files", file_id) + "/content"))

    async def files_delete(self, file_id: str) -> Deleted:
        """DELETE /files/{id} (wire.md 8)."""
        return await self._delete(_path("files", file_id), file_id)

    def _stream(self, path: str, request: Mapping[str, object], on_retry: OnRetry | None) -> ChatStream:
        body = {**request, "stream": True}
        return ChatStream(self._setup, Request("POST", path, body=body, stream=True), on_retry)

    async def _whole(self, path: str, request: Mapping[str, object], on_retry: OnRetry | None) -> ChatCompletion:
        async with ChatStream(self._setup, Request("POST", path, body=_unstreamed(request)), on_retry) as stream:
            while await stream.batch():
                pass
            return stream.completion

    def _uploading(
        self,
        path: str,
        request: Mapping[str, object],
        uploads: list[tuple[str, Upload]],
        spool: Spool,
        on_retry: OnRetry | None,
    ) -> ImageStream:
        streamed = bool(request.get("stream"))
        asked = Request("POST", path, form=request, uploads=uploads, stream=streamed)
        return ImageStream(self._setup, asked, spool, on_retry)

    async def _delete(self, path: str, ident: str) -> Deleted:
        return await self._fetch(Request("DELETE", path), partial(_lists.read_deleted, ident), empty=True)

    async def _fetch(self, request: Request, read: Read[T], *, empty: bool = False) -> T:
        return await fetch(self._setup, request, read, empty=empty)


def _unstreamed(request: Mapping[str, object]) -> dict[str, object]:
    """Without what only streams have: some servers refuse the options where there is no stream."""
    return {name: value for name, value in request.items() if name not in {"stream", "stream_options"}}


def _path(room: str, ident: str) -> str:
    """The path of one object; ids may hold slashes and colons (H2)."""
    return f"/{room}/{quote(ident, safe='')}"
