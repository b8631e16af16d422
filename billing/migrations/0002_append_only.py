"""The ledger is append-only in the database itself, and the sandbox's models cost nothing, which is not unknown."""

from datetime import UTC, datetime
from typing import Any

from django.db import migrations

SQLITE = [
    f"""CREATE TRIGGER billing_entry_no_{verb} BEFORE {verb.upper()} ON billing_entry
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"""
    for verb in ("update", "delete")
]
POSTGRESQL = [
    """CREATE FUNCTION billing_entry_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$""",
    """CREATE TRIGGER billing_entry_no_update BEFORE UPDATE ON billing_entry
    FOR EACH ROW EXECUTE FUNCTION billing_entry_append_only()""",
    """CREATE TRIGGER billing_entry_no_delete BEFORE DELETE ON billing_entry
    FOR EACH ROW EXECUTE FUNCTION billing_entry_append_only()""",
]
UNDO = {
    "sqlite": [f"DROP TRIGGER billing_entry_no_{verb}" for verb in ("update", "delete")],
    "postgresql": [
        "DROP TRIGGER billing_entry_no_update ON billing_entry",
        "DROP TRIGGER billing_entry_no_delete ON billing_entry",
        "DROP FUNCTION billing_entry_append_only()",
    ],
}


def protect(apps: Any, schema_editor: Any) -> None:
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def unprotect(apps: Any, schema_editor: Any) -> None:
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def price_sandbox(apps: Any, schema_editor: Any) -> None:
    always = datetime(2000, 1, 1, tzinfo=UTC)
    for unit in ("prompt", "completion", "image", "minute", "character"):
        apps.get_model("billing", "Price").objects.create(
            provider="sandbox", model_id="*", unit=unit, amount=0, starts_at=always
        )


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]

    operations = [
        migrations.RunPython(protect, unprotect),
        migrations.RunPython(price_sandbox, migrations.RunPython.noop),
    ]
