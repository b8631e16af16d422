"""What is remembered of prices, and no index that only costs time: every call adds to five tables."""

import uuid
from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import ForeignKey, Q



# Other indexes begin with these, or the rows are few.
COLUMNS = (
    *(("Hold", "account_id"), ("Entry", "account_id"), ("Entry", "grant_id"), ("Entry", "hold_id")),
    ("Tally", "account_id"),
)


def begin_rules(apps: Any, schema_editor: Any) -> None:
    """One row from the start, so that what it says about prices is always there to be read."""
    policy = apps.get_model("billing", "Policy")
    if not policy.objects.update(prices=uuid.uuid4().hex):
        policy.objects.create(prices=uuid.uuid4().hex)


def _indexes(schema_editor: Any, model: Any, column: str) -> list[str]:
    return schema_editor._constraint_names(model, [column], index=True, unique=False, primary_key=False)


def drop(apps: Any, schema_editor: Any) -> None:
    """By name: to change the field would copy the table, on SQLite, and lose the triggers that protect it."""
    for name, column in COLUMNS:
        model = apps.get_model("billing", name)
        for index in _indexes(schema_editor, model, column):
            schema_editor.execute(schema_editor._delete_index_sql(model, index))


def make(apps: Any, schema_editor: Any) -> None:
    for name, column in COLUMNS:
        model = apps.get_model("billing", name)
        field = next(field for field in model._meta.fields if field.column == column)
        schema_editor.execute(schema_editor._create_index_sql(model, fields=[field]))


def without_index(model: str, name: str, to: str, related_name: str, **options: Any) -> Any:
    protect = django.db.models.deletion.PROTECT
    field = ForeignKey(db_index=False, on_delete=protect, related_name=related_name, to=f"billing.{to}", **options)
    return migrations.AlterField(model, name, field)


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_append_only")]

    operations = [
        migrations.AddField(
            "policy",
            "prices",
            models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Another text whenever prices were added.",
                max_length=32,
            ),
        ),
        migrations.RunPython(begin_rules, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(drop, make)],
            state_operations=[
                without_index("hold", "account", "account", "holds"),
                without_index("entry", "account", "account", "entries"),
                without_index("entry", "grant", "grant", "entries", null=True),
                without_index("entry", "hold", "hold", "entries", null=True),
                without_index("tally", "account", "account", "tallies"),
            ],
        ),
        migrations.RemoveIndex("entry", "entries_by_time"),
        migrations.AddIndex(
            "entry", models.Index(condition=Q(grant__isnull=False), fields=["grant"], name="entries_of_grant")
        ),
    ]
