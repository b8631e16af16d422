"""Removing for good: deleted pictures an hour later with their files, and all of a person's when they leave."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from files.models import File
from files.signals import uses_of
from images import actions
from images.models import Job, Picture, Source
from live.models import Process


@pytest.fixture
def job(db: None) -> Job:
    owner = get_user_model().objects.create_user("alice@example.org")
    here = Process.objects.create(host="here", pid=1)
    return Job.objects.create(
        owner=owner, client_id=uuid.uuid4(), process=here, provider="p", model_id="m", prompt="sea"
    )


def picture(job: Job, index: int, **facts: object) -> Picture:
    file = File.objects.create(owner=job.owner, name="a", folded_name="a", kind="image", mime="image/png", size=1)
    return Picture.objects.create(job=job, owner=job.owner, index=index, file=file, **facts)


def test_deleted_pictures_go_after_an_hour_and_take_their_files_along(job: Job) -> None:
    old, recent = timezone.now() - timedelta(hours=2), timezone.now()
    gone, source = picture(job, 0, deleted_at=old), picture(job, 1, deleted_at=old)
    waiting, there = picture(job, 2, deleted_at=recent), picture(job, 3)
    Source.objects.create(job=job, index=0, file=source.file)
    actions.purge()
    assert set(Picture.objects.all()) == {waiting, there}
    assert set(File.objects.there()) == {source.file, waiting.file, there.file}
    assert File.objects.get(pk=gone.file_id).deleted_at is not None


def test_a_files_page_learns_who_uses_it(job: Job) -> None:
    made, other = picture(job, 0), picture(job, 1, deleted_at=timezone.now())
    Source.objects.create(job=job, index=0, file=other.file)
    found = uses_of(job.owner, [made.file_id, other.file_id])
    assert [(use.kind, use.title, use.url) for use in found[made.file_id]] == [("image", "sea", f"/images/{made.pk}/")]
    assert [use.url for use in found[other.file_id]] == [f"/images/jobs/{job.pk}/"]
    stranger = get_user_model().objects.create_user("charlie@example.org")
    assert uses_of(stranger, [made.file_id]) == {}


def test_whoever_leaves_takes_jobs_and_pictures_along(job: Job) -> None:
    picture(job, 0)
    [gone] = actions.forget_person(job.owner)
    assert (gone.count, Job.objects.count(), Picture.objects.count()) == (1, 0, 0)
