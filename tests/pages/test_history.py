"""The history by date, as the server draws it before a script knows the reader's own clock."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone, translation

from chatsite.templatetags.history import by_date


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)


def conversation(moment: str) -> dict[str, Any]:
    return {"id": moment, "title": moment, "url": "/", "updated_at": moment, "running": False}


def test_days_have_names() -> None:
    moments = {
        "2026-11-20T00:00:01+00:00": "Today",
        "2026-11-19T23:59:59+00:00": "Yesterday",
        "2026-11-13T12:00:00+00:00": "Previous 7 days",
        "2026-10-21T12:00:00+00:00": "Previous 30 days",
        "2026-10-20T12:00:00+00:00": "October 2026",
        "2025-12-31T12:00:00+00:00": "December 2025",
    }
    with translation.override("en"):
        groups = by_date([conversation(moment) for moment in moments])
    assert [group["name"] for group in groups] == list(moments.values())


def test_what_is_of_one_day_stands_together_in_its_order() -> None:
    groups = by_date([conversation("2026-11-20T11:00:00+00:00"), conversation("2026-11-20T10:00:00Z")])
    assert [[row["id"] for row in group["conversations"]] for group in groups] == [
        ["2026-11-20T11:00:00+00:00", "2026-11-20T10:00:00Z"]
    ]


def test_nothing_yet() -> None:
    assert by_date([]) == []
    assert by_date(None) == []
