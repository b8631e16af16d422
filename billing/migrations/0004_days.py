"""Tallies of whole days beside those of hours, and an index for the entries of one model and one kind."""

from typing import Any

from django.db import migrations, models
from django.db.models import Sum
from django.db.models.functions import TruncDay

_KEY = ("account_id", "provider", "model_id", "kind")
_NUMBERS = (
    *("calls", "prompt_tokens", "cached_tokens", "completion_tokens", "reasoning_tokens"),
    *("cost", "unpriced", "estimated"),
)


def add_up(apps: Any, schema_editor: Any) -> None:
    """The days so far."""
    tally = apps.get_model("billing", "Tally")
    rows = tally.objects.filter(span="hour").annotate(day=TruncDay("hour")).values("day", *_KEY)
    sums = rows.annotate(**{f"sum_{name}": Sum(name) for name in _NUMBERS}).order_by()
    tally.objects.bulk_create(
        (
            tally(
                span="day",
                hour=row["day"],
                **{name: row[name] for name in _KEY},
                **{name: row[f"sum_{name}"] for name in _NUMBERS},
            )
            for row in sums
        ),
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [("billing", "0003_quicker_calls")]

    operations = [
        migrations.AddField(
            "tally",
            "span",
            models.CharField(choices=[("hour", "Hour"), ("day", "Day")], default="hour", max_length=4),
        ),
        migrations.AlterField("tally", "hour", models.DateTimeField(help_text="A day's is its first.")),
        migrations.RemoveConstraint("tally", "one_tally_per_hour_and_model"),
        migrations.AddConstraint(
            "tally",
            models.UniqueConstraint(
                fields=["account", "span", "hour", "provider", "model_id", "kind"],
                name="one_tally_per_time_and_model",
            ),
        ),
        migrations.AddConstraint(
            "tally", models.CheckConstraint(condition=models.Q(span__in=["hour", "day"]), name="span_known")
        ),
        migrations.RunPython(add_up, migrations.RunPython.noop),
        migrations.RemoveIndex("entry", "entries_by_model"),
        migrations.AddIndex(
            "entry", models.Index(fields=["account", "model_id", "kind", "-id"], name="entries_of_model")
        ),
    ]
