"""Group conversations by the day of their last message, as the sidebar shows them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django import template
from django.utils import formats, timezone
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def by_date(conversations: Iterable[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """Groups in the order given, each `{"name", "conversations"}`; days are the server's, a script puts them right.

    Those that are pinned stand above them. `conversations` are dicts with `updated_at` in ISO 8601, the latest first.
    """
    today = timezone.localdate()
    listed = [conversation for conversation in conversations or [] if not conversation.get("pinned")]

    def name(conversation: dict[str, Any]) -> str:
        return _name(_day(conversation["updated_at"]), today)

    return [{"name": group, "conversations": list(rows)} for group, rows in groupby(listed, key=name)]


def _day(moment: str) -> date:
    return timezone.localdate(datetime.fromisoformat(moment))


def _name(day: date, today: date) -> str:
    if day >= today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    if day >= today - timedelta(days=7):
        return _("Previous 7 days")
    if day >= today - timedelta(days=30):
        return _("Previous 30 days")
    return formats.date_format(day, "F Y")
