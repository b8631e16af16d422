"""Database calls beside each other: writers wait in line, however long the line is."""

import threading
import time

import pytest
from django.db import connection, transaction

from live.database import query
from live.models import Process


@pytest.mark.django_db(transaction=True)
def test_writers_wait_longer_than_the_busy_timeout_of_sqlite() -> None:
    """Sixteen transactions of 0.4 s: the last one waits longer than SQLite's own five seconds."""
    failures: list[Exception] = []

    def write(number: int) -> None:
        try:
            with transaction.atomic():
                Process.objects.create(host=f"host {number}", pid=number)
                time.sleep(0.4 if connection.vendor == "sqlite" else 0)
        except Exception as error:  # noqa: BLE001 - a thread's failure is reported by the test
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert Process.objects.count() == 16


@pytest.mark.django_db(transaction=True)
def test_a_failed_transaction_lets_the_next_one_begin() -> None:
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            Process.objects.create(host="x", pid=1)
            raise ZeroDivisionError
    with transaction.atomic():
        Process.objects.create(host="y", pid=2)
    assert Process.objects.count() == 1


@pytest.mark.django_db(transaction=True)
async def test_a_query_runs_in_a_thread_and_gives_its_answer_or_its_error() -> None:
    def work(number: int) -> tuple[int, str]:
        Process.objects.create(host="thread", pid=number)
        return Process.objects.count(), threading.current_thread().name

    count, thread = await query(work, 7)
    assert count == 1 and thread.startswith("database")
    with pytest.raises(Process.DoesNotExist):
        await query(Process.objects.get, pid=8)
