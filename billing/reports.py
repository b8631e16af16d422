"""What the balance page shows: sums from the tallies, and entries by pages; no more queries for more."""

import dataclasses
import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import F, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from billing import sources
from billing.amounts import MINUS
from billing.models import Account, Entry, EntryKind, Span, Tally
from live import rows

PAGE = 50
SERIES = 4  # models with a colour of their own; the others share the last
USAGE_ROWS = 200
MODELS = 200  # to choose from
LONGEST_RANGE = 366
_NUMBERS = ("calls", "prompt_tokens", "cached_tokens", "completion_tokens", "reasoning_tokens", "cost", "unpriced")


_MODELS = """
    WITH RECURSIVE found(model_id) AS (
        SELECT min(model_id) FROM billing_entry WHERE account_id = %s AND model_id > ''
        UNION ALL
        SELECT (SELECT min(model_id) FROM billing_entry WHERE account_id = %s AND model_id > found.model_id)
        FROM found WHERE found.model_id IS NOT NULL
    )
    SELECT model_id FROM found WHERE model_id IS NOT NULL LIMIT %s
"""


@dataclasses.dataclass(frozen=True)
class Range:
    """Days, both included, in the site's time (UTC)."""

    first: datetime.date
    last: datetime.date

    @classmethod
    def last_days(cls, days: int, last: datetime.date | None = None) -> "Range":
        """So many days up to today."""
        end = last or timezone.localdate()
        return cls(end - datetime.timedelta(days=days - 1), end)

    @property
    def days(self) -> list[datetime.date]:
        return [self.first + datetime.timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    @property
    def before(self) -> "Range":
        """As many days, right before these."""
        return Range.last_days(len(self.days), self.first - datetime.timedelta(days=1))

    @property
    def by_hour(self) -> bool:
        """Whether usage is told by the hour: for a day or two."""
        return len(self.days) <= 2

    def of(self, account: Account, span: Span = Span.DAY) -> QuerySet[Tally]:
        """An account's tallies of these days."""
        start, end = (
            datetime.datetime.combine(day, datetime.time(), datetime.UTC)
            for day in (self.first, self.last + datetime.timedelta(days=1))
        )
        return account.tallies.filter(span=span, hour__gte=start, hour__lt=end)


@dataclasses.dataclass
class Line:
    """One model, or one kind of call, over a range. `before`: its cost in the range before; None: it had none."""

    name: str
    calls: int = 0
    cost: int = 0
    unpriced: int = 0
    before: int | None = None
    by_day: dict[datetime.date, int] = dataclasses.field(default_factory=lambda: defaultdict(int))

    @property
    def change(self) -> str:
        """Against the range before, in percent; nothing where there is nothing to compare."""
        if self.before is None:
            return _("new") if self.cost else ""
        if not self.before:
            return ""
        percent = (200 * (self.cost - self.before) // self.before + 1) // 2
        sign = "+" if percent > 0 else MINUS if percent < 0 else ""
        return f"{sign}{abs(percent)}%"


def spending(account: Account, range_: Range, by: str) -> list[Line]:
    """Lines by `model_id` or `kind`, the dearest first; those beyond SERIES as one."""
    rows = range_.of(account).values("hour", by)
    lines: dict[str, Line] = {}
    for row in rows.annotate(calls=Sum("calls"), cost=Sum("cost"), unpriced=Sum("unpriced")).order_by():
        line = lines.setdefault(row[by], Line(row[by]))
        line.calls += row["calls"]
        line.cost += row["cost"]
        line.unpriced += row["unpriced"]
        line.by_day[row["hour"].date()] += row["cost"]
    before = range_.before.of(account).values(by).annotate(cost=Sum("cost")).order_by()
    earlier = {row[by]: row["cost"] for row in before}
    for line in lines.values():
        line.before = earlier.get(line.name)
    in_order = sorted(lines.values(), key=lambda line: (-line.cost, -line.calls, line.name))
    named, others = in_order[:SERIES], in_order[SERIES:]
    rest = sum(cost for name, cost in earlier.items() if name not in {line.name for line in named})
    return [*named, *([_joined(others, rest)] if others else [])]


def _joined(lines: list[Line], before: int) -> Line:
    joined = Line(_("%(count)s others") % {"count": len(lines)}, before=before)
    for line in lines:
        joined.calls += line.calls
        joined.cost += line.cost
        joined.unpriced += line.unpriced
        for day, cost in line.by_day.items():
            joined.by_day[day] += cost
    return joined


def usage(account: Account, range_: Range, limit: int | None = USAGE_ROWS) -> list[dict[str, Any]]:
    """Requests and tokens by time and model, the latest first: by the hour for one day or two, by the day for more."""
    sums = {name: Sum(name) for name in _NUMBERS}
    rows = range_.of(account, Span.HOUR if range_.by_hour else Span.DAY).values("provider", "model_id", time=F("hour"))
    found = rows.annotate(**sums).order_by("-time", "provider", "model_id")
    shown = found[:limit] if limit else found
    if range_.by_hour:
        return [{**row, "by_hour": True} for row in shown]
    return [{**row, "by_hour": False, "time": row["time"].date()} for row in shown]


def models_used(account: Account) -> list[str]:
    """Every model id that this person's calls went to, from one to the next in the index past all that is between."""
    return [model_id for (model_id,) in rows.ask(_MODELS, account.pk, account.pk, MODELS)]


@dataclasses.dataclass(frozen=True)
class Page:
    """Entries, the newest first, and where the next ones begin; None: there are none."""

    entries: list[Entry]
    older: int | None
    newer: int | None


def entries(account: Account, *, kind: str, model_id: str, before: int | None, after: int | None) -> Page:
    """One page: below `before`, or the page above `after`. The counterparts of unbilled charges are told with them."""
    rows = filtered(account, kind=kind, model_id=model_id)
    if after is not None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: PAGE + 1])
        more, shown = len(found) > PAGE, found[:PAGE][::-1]
        return Page(shown, shown[-1].pk if shown else None, shown[0].pk if more else None)
    found = list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[: PAGE + 1])
    shown = found[:PAGE]
    return Page(shown, shown[-1].pk if len(found) > PAGE else None, shown[0].pk if before and shown else None)


def filtered(account: Account, *, kind: str = "", model_id: str = "") -> QuerySet[Entry]:
    """An account's entries of one kind and one model; without a kind, all but the counterparts of unbilled charges."""
    rows = account.entries.all()
    if model_id:  # only charges and their counterparts have one
        return rows.filter(model_id=model_id, kind=kind or EntryKind.CHARGE)
    return rows.filter(kind=kind) if kind else rows.exclude(kind=EntryKind.UNBILLED)


def links(user: Any, found: Iterable[Entry]) -> dict[tuple[str, str], str]:
    """Where the entries' causes are, as far as they are still there."""
    wanted: defaultdict[str, list[str]] = defaultdict(list)
    for entry in found:
        wanted[entry.source_kind].append(entry.source_id)
    return sources.links(user, wanted)


def words(entry: Entry) -> str:
    """What an entry is for."""
    match entry.kind:
        case EntryKind.GRANT:
            return _("Grant: %(label)s") % {"label": entry.label} if entry.label else _("Grant")
        case EntryKind.EXPIRY:
            return _("Expired: %(label)s") % {"label": entry.label} if entry.label else _("Expired grant")
        case EntryKind.CORRECTION:
            return _("Correction: %(label)s") % {"label": entry.label} if entry.label else _("Correction")
    return sources.words(entry.source_kind, entry.label)
