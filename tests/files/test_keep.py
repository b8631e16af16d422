"""actions.keep: bytes become somebody's file, once, looked at, or not at all."""

import io
import os
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from PIL import Image

from files import access, actions, storage
from files.errors import FileEmpty, FileTooLarge, KindRefused, QuotaExceeded
from files.models import Blob, File
from live.errors import NotFound

pytestmark = pytest.mark.django_db(transaction=True)
MEGABYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def folder(tmp_path: Any, settings: Any) -> None:
    """A storage of this test's own."""
    backend = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "files": backend}


@pytest.fixture
def alice() -> Any:
    return get_user_model().objects.create_user("alice@example.org")


@pytest.fixture
def bob() -> Any:
    return get_user_model().objects.create_user("bob@example.org")


def picture(size: tuple[int, int] = (300, 200)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, "PNG")
    return out.getvalue()


def stored_paths(tmp_path: Any) -> list[Any]:
    return [path for path in tmp_path.rglob("*") if path.is_file()]


def test_bytes_become_a_file_of_their_owner(alice: Any) -> None:
    file = actions.keep(alice.pk, "notes.txt", b"Milk and honey.")

    assert (file.name, file.kind, file.mime, file.size) == ("notes.txt", "text", "text/plain", 15)
    assert storage.read(access.file_of(alice, file.pk)) == b"Milk and honey."


def test_a_picture_is_looked_at_and_has_thumbnails(alice: Any, tmp_path: Any) -> None:
    file = actions.keep(alice.pk, "teal.jpg", picture())

    assert (file.kind, file.mime, file.width, file.height) == ("image", "image/png", 300, 200)
    assert len(stored_paths(tmp_path)) == 4


def test_the_same_bytes_twice_are_stored_once_per_person(alice: Any, bob: Any, tmp_path: Any) -> None:
    first, second = (actions.keep(alice.pk, name, b"the same") for name in ("one.txt", "two.txt"))
    other = actions.keep(bob.pk, "one.txt", b"the same")

    assert first.blob_id == second.blob_id != other.blob_id
    assert len(stored_paths(tmp_path)) == 2
    assert access.used(alice.pk) == len(b"the same")


def test_bytes_that_were_lost_on_the_disk_are_written_again(alice: Any) -> None:
    first = actions.keep(alice.pk, "one.txt", b"the same")
    storage.delete_blob(first.blob.path)

    actions.keep(alice.pk, "two.txt", b"the same")

    assert storage.read(access.file_of(alice, first.pk)) == b"the same"


def test_nobody_else_finds_the_file(alice: Any, bob: Any) -> None:
    file = actions.keep(alice.pk, "notes.txt", b"mine")

    with pytest.raises(NotFound):
        access.file_of(bob, file.pk)


@pytest.mark.parametrize(
    ("name", "data", "limits", "refusal"),
    [
        ("empty.txt", b"", {}, FileEmpty),
        ("large.txt", b"x" * (MEGABYTE + 1), {"MAX_FILE_BYTES": MEGABYTE}, FileTooLarge),
        ("large.py", b"x" * 11, {"MAX_FILE_BYTES_BY_KIND": {"code": 10}}, FileTooLarge),
        ("song.mp3", b"ID3 la la la", {"MAX_FILE_BYTES_BY_KIND": {"audio": 0}}, KindRefused),
        ("notes.txt", b"x" * 11, {"MAX_FILES_BYTES": 10}, QuotaExceeded),
    ],
)
def test_what_is_refused_leaves_nothing_behind(
    name: str, data: bytes, limits: dict[str, Any], refusal: type[Exception], alice: Any, settings: Any, tmp_path: Any
) -> None:
    for setting, value in limits.items():
        setattr(settings, setting, value)

    with pytest.raises(refusal):
        actions.keep(alice.pk, name, data)

    assert stored_paths(tmp_path) == []
    assert not Blob.objects.exists()
    assert not File.objects.exists()


def test_what_was_made_here_is_kept_whatever_the_quota_says(alice: Any, settings: Any) -> None:
    settings.MAX_FILES_BYTES = 10

    assert actions.keep(alice.pk, "made.png", picture(), source="image").kind == "image"


def test_deleted_files_come_back_until_they_are_purged(alice: Any, tmp_path: Any) -> None:
    kept, gone = (actions.keep(alice.pk, "a.txt", data) for data in (b"kept", b"gone"))
    actions.delete([kept, gone])
    assert access.used(alice.pk) == 0
    actions.restore([access.file_of(alice, kept.pk, deleted=True)])

    gone.refresh_from_db()
    actions.purge(before=gone.deleted_at.replace(year=9999))

    assert list(File.objects.values_list("pk", flat=True)) == [kept.pk]
    assert len(stored_paths(tmp_path)) == 1


def test_what_is_deleted_and_kept_again_and_again_does_not_fill_the_disk(alice: Any, settings: Any) -> None:
    settings.MAX_FILES_BYTES = 1000
    for number in range(3):
        actions.delete([actions.keep(alice.pk, "a.txt", b"%d" % number * 600)])
    with pytest.raises(QuotaExceeded) as refused:
        actions.keep(alice.pk, "a.txt", b"4" * 600)
    assert refused.value.data == {"needed": 600, "left": 200}
    actions.purge(timezone.now())
    assert actions.keep(alice.pk, "a.txt", b"4" * 600).size == 600


def test_bytes_without_a_row_are_found_and_those_with_one_are_left(alice: Any, tmp_path: Any) -> None:
    actions.keep(alice.pk, "teal.png", picture())
    path = storage.new_path(storage.BLOBS)
    storage.write(path, [b"written by somebody who died"])
    now = timezone.now()

    actions.drop_unowned(now)
    assert storage.exists(path), "perhaps its row is just being written"
    for stored in stored_paths(tmp_path):
        os.utime(stored, (now.timestamp() - 7200, now.timestamp() - 7200))
    actions.drop_unowned(now)

    assert not storage.exists(path)
    assert len(stored_paths(tmp_path)) == 4


def test_an_upload_that_nobody_goes_on_with_is_forgotten(alice: Any, tmp_path: Any) -> None:
    upload, _ = actions.begin_upload(alice.pk, client_id=uuid.uuid4(), name="a.txt", size=3)
    actions.put_part(upload, 0, io.BytesIO(b"abc"))

    actions.drop_forgotten(timezone.now() + timedelta(hours=23))
    assert access.unfinished(alice) == [upload]
    actions.drop_forgotten(timezone.now() + timedelta(hours=25))

    assert access.unfinished(alice) == []
    assert stored_paths(tmp_path) == []


def test_who_goes_takes_their_bytes_along(alice: Any, tmp_path: Any) -> None:
    actions.keep(alice.pk, "teal.png", picture())

    alice.delete()

    assert stored_paths(tmp_path) == []
