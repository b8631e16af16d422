"""Of an entry its label may be taken away, when the person leaves whose words are in it. Nothing else, ever."""

from typing import Any

from django.db import migrations

KEPT = (
    *("id", "account_id", "kind", "amount", "source_kind", "source_id", "grant_id", "hold_id", "provider", "model_id"),
    *("prompt_tokens", "cached_tokens", "completion_tokens", "reasoning_tokens", "others"),
    *("billed", "priced", "estimated", "overrun", "created_at"),
)
SQLITE = f"""CREATE TRIGGER billing_entry_no_update BEFORE UPDATE ON billing_entry
    WHEN NEW.label <> '' OR {" OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in KEPT)}
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"""
SQLITE_BEFORE = """CREATE TRIGGER billing_entry_no_update BEFORE UPDATE ON billing_entry
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"""
POSTGRESQL = """CREATE TRIGGER billing_entry_no_update BEFORE UPDATE ON billing_entry FOR EACH ROW
    WHEN (NEW.label <> '' OR to_jsonb(NEW) - 'label' IS DISTINCT FROM to_jsonb(OLD) - 'label')
    EXECUTE FUNCTION billing_entry_append_only()"""
POSTGRESQL_BEFORE = """CREATE TRIGGER billing_entry_no_update BEFORE UPDATE ON billing_entry
    FOR EACH ROW EXECUTE FUNCTION billing_entry_append_only()"""


def _replace(schema_editor: Any, sqlite: str, postgresql: str) -> None:
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER billing_entry_no_update")
        schema_editor.execute(sqlite)
    else:
        schema_editor.execute("DROP TRIGGER billing_entry_no_update ON billing_entry")
        schema_editor.execute(postgresql)


def let_go(apps: Any, schema_editor: Any) -> None:
    _replace(schema_editor, SQLITE, POSTGRESQL)


def hold_on(apps: Any, schema_editor: Any) -> None:
    _replace(schema_editor, SQLITE_BEFORE, POSTGRESQL_BEFORE)


class Migration(migrations.Migration):
    dependencies = [("billing", "0004_days")]

    operations = [migrations.RunPython(let_go, hold_on)]
