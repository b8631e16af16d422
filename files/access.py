"""The only way from (person, id) to a file or an upload; what is not yours looks as if it were not there."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Sum

from files.models import Blob, File, Upload, UploadStatus
from live.errors import NotFound


def file_of(user: Any, id: uuid.UUID | str, *, deleted: bool = False) -> File:  # noqa: A002 - the address says id
    """A person's file with its blob; `deleted=True` finds one that can still be restored. Raises NotFound."""
    return files_of(user, [id], deleted=deleted)[0]


def files_of(user: Any, ids: Sequence[uuid.UUID | str], *, deleted: bool = False) -> list[File]:
    """A person's files in the order of `ids`. Raises NotFound when one of them is not theirs, or not there."""
    wanted = [_as_uuid(one) for one in ids]
    mine = File.objects.filter(owner=user, pk__in=set(wanted), blob__isnull=False, deleted_at__isnull=not deleted)
    found = {file.pk: file for file in mine.select_related("blob")}
    if missing := set(wanted) - found.keys():
        raise NotFound() from KeyError(len(missing))
    return [found[one] for one in wanted]


def of_an_address(id: uuid.UUID) -> File | None:  # noqa: A002
    """The picture that a signed address names (files.sent), whoever asks: the signature is what they need."""
    found: File | None = File.objects.there().filter(pk=id, blob__isnull=False).select_related("blob").first()
    return found if found and found.is_picture else None


def newest(user: Any, most: int) -> list[File]:
    """A person's latest files."""
    mine = File.objects.there().filter(owner=user, blob__isnull=False)
    return list(mine.order_by("-created_at", "id")[:most])


def upload_of(user: Any, id: uuid.UUID) -> Upload:  # noqa: A002
    """An upload of a person's, under way or finished."""
    found = Upload.objects.filter(owner=user, pk=id).select_related("file").first()
    if found is None:
        raise NotFound()
    return found


def unfinished(user: Any) -> list[Upload]:
    """A person's uploads that are under way, the oldest first."""
    open_ones = Upload.objects.filter(owner=user).exclude(status=UploadStatus.FINISHED)
    return list(open_ones.order_by("created_at").prefetch_related("parts"))


def used(user_id: int) -> int:
    """Bytes that a person's files take: the same bytes count once, deleted files not at all."""
    mine = Blob.objects.filter(owner=user_id, pk__in=File.objects.there().filter(owner=user_id).values("blob"))
    return int(mine.aggregate(total=Sum("size"))["total"] or 0)


def promised(user_id: int) -> int:
    """Bytes that a person's unfinished uploads will take."""
    open_ones = Upload.objects.filter(owner=user_id).exclude(status=UploadStatus.FINISHED)
    return int(open_ones.aggregate(total=Sum("size"))["total"] or 0)


def stored(user_id: int) -> int:
    """Bytes that lie on the disk for a person, those of deleted files too until they are gone for good."""
    return int(Blob.objects.filter(owner=user_id).aggregate(total=Sum("size"))["total"] or 0)


def room_left(user_id: int) -> int:
    """Bytes that a person may still store.

    Deleting makes room at once, but what is deleted and stored again and again fills the disk all the same: what can
    still be brought back may take as much as the person's share once more.
    """
    share = settings.MAX_FILES_BYTES
    return max(0, min(share - used(user_id), 2 * share - stored(user_id)) - promised(user_id))


def file_json(file: File) -> dict[str, Any]:
    """A file as programs and events have it."""
    return {
        "id": str(file.pk),
        "name": file.name,
        "kind": file.kind,
        "mime": file.mime,
        "size": file.size,
        "width": file.width,
        "height": file.height,
        "source": file.source,
        "created_at": file.created_at.isoformat(),
        "url": f"/files/{file.pk}/",
        "content": f"/files/{file.pk}/content",
        "thumb": f"/files/{file.pk}/thumb/256" if file.is_picture else None,
    }


def _as_uuid(value: uuid.UUID | str) -> uuid.UUID:
    try:
        return value if isinstance(value, uuid.UUID) else uuid.UUID(value)
    except (ValueError, AttributeError, TypeError) as error:
        raise NotFound() from error


def listing(files: Iterable[File]) -> list[dict[str, Any]]:
    """Files as programs have them."""
    return [file_json(file) for file in files]
