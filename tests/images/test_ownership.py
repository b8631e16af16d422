"""A job belongs to one process: whoever is not, or is not any more, neither stores nor tells anything."""

import uuid

import pytest
from django.contrib.auth import get_user_model

from files.models import File
from images import actions
from images.actions import Ended
from images.models import Job, JobStatus, Partial, Picture
from live.models import Process


@pytest.fixture
def job(db: None) -> Job:
    owner = get_user_model().objects.create_user("alice@example.org")
    here = Process.objects.create(host="here", pid=1)
    return Job.objects.create(owner=owner, client_id=uuid.uuid4(), process=here, provider="p", model_id="m", prompt="x")


def a_file(job: Job) -> File:
    return File.objects.create(
        owner=job.owner, name="a.png", folded_name="a.png", kind="image", mime="image/png", size=1
    )


def test_another_process_changes_nothing(job: Job) -> None:
    other = Process.objects.create(host="there", pid=2).pk
    ended = Ended(JobStatus.COMPLETED)
    assert actions.begin_job(job.pk, other) is None
    assert actions.add_picture(other, job.pk, 0, a_file(job), "") is None
    assert actions.finish_job(other, job.pk, ended) is None
    assert not actions.interrupt(job.pk, other, {"code": "interrupted"})
    assert actions.look_after(other, [job.pk]) == {}
    actions.add_partial(other, job.pk, 0, 1, "image/webp", b"x")
    actions.note_retry(other, job.pk, 2, None)
    job.refresh_from_db()
    assert (job.status, job.attempt, Picture.objects.count(), Partial.objects.count()) == ("queued", 1, 0, 0)


def test_an_end_is_the_end(job: Job) -> None:
    mine = job.process_id
    assert mine is not None
    assert actions.begin_job(job.pk, mine) is not None
    assert actions.begin_job(job.pk, mine) is None, "it is taken up once"
    actions.add_partial(mine, job.pk, 0, 1, "image/webp", b"x")
    actions.add_partial(mine, job.pk, 0, 2, "image/webp", b"y")
    assert [one.seq for one in Partial.objects.all()] == [2]
    assert actions.add_picture(mine, job.pk, 0, a_file(job), "") is not None
    assert Partial.objects.count() == 0
    assert actions.finish_job(mine, job.pk, Ended(JobStatus.COMPLETED, received=1)) is not None
    assert actions.add_picture(mine, job.pk, 1, a_file(job), "") is None
    assert actions.finish_job(mine, job.pk, Ended(JobStatus.FAILED)) is None
    assert not actions.request_stop(job).is_live
    job.refresh_from_db()
    assert (job.status, job.received) == ("completed", 1)


def test_a_stop_before_it_was_taken_up_is_seen(job: Job) -> None:
    assert actions.request_stop(job).is_live
    assert job.process_id is not None
    assert actions.begin_job(job.pk, job.process_id) is None
    assert actions.look_after(job.process_id, [job.pk]) == {job.pk: True}
